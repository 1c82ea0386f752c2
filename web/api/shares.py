"""An item shared out and put together again: its parts inside the unit, and the lead's merging of the others' words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from sqlmodel import Session

from supervision.in_force import InForce
from supervision.ledger.sub_items import break_down
from supervision.queries.merging import Voice, draft_of, merging
from supervision.queries.people import Actor
from web.api.calling import Calling, Once, digest_of
from web.api.routing import Endpoints
from web.api.shapes.base import Number
from web.api.shapes.items import MergingShape, PartGiven, PartMade, VoiceShape
from web.rules import UNITS

endpoints = Endpoints("事项")


@endpoints.post("/items/{number}/parts", UNITS, PartMade, "分解为子事项")
def part(call: Calling, request: Request, number: Number, given: PartGiven, key: Once = None) -> JSONResponse:
    """Give a part of the item to a person or a bureau of the unit."""
    call.sight.item(call.session, call.force, number)

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        made = break_down(
            session, force, number, title=given.title, due=given.due, by=actor, at=force.now,
            assignee=given.assignee, bureau=given.bureau,
        )  # fmt: skip
        return PartMade(item=number, part=made).model_dump(mode="json")

    return call.once(key, digest_of(request, given.model_dump_json()), do)


@endpoints.get("/items/{number}/merging", UNITS, MergingShape, "汇总各单位的反馈")
async def merge(call: Calling, number: Number) -> MergingShape:
    """Give the other units' last words on the lead's item, and a draft of its report made from them."""
    item = call.sight.item(call.session, call.force, number)
    found = merging(call.session, call.force, call.sight, item, as_of=call.force.today)
    draft = draft_of((found.own, *found.others))
    return MergingShape(
        own=_voice(found.own), others=[_voice(voice) for voice in found.others], silent=list(found.silent),
        progress=draft.progress, problems=draft.problems, next_steps=draft.next_steps,
    )  # fmt: skip


def _voice(voice: Voice) -> VoiceShape:
    item, said = voice.item, voice.said
    return VoiceShape(
        item=item.id, unit=item.unit, title=item.title, seen=voice.seen, day=said.day if said else None,
        progress=said.progress if said else "", problems=said.problems if said else "",
        next_steps=said.next_steps if said else "",
    )  # fmt: skip
