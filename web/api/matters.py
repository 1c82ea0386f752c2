"""Matters from outside the plan: listing, one with its items, and putting a new one to its units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from sqlmodel import Session

from config.terms import MatterKind
from supervision.in_force import InForce
from supervision.ledger.matters import add_matter, refuse_same_matter
from supervision.queries import matters as queries
from supervision.queries.matters import MatterLine
from supervision.queries.people import Actor
from web.api.calling import Calling, Once, digest_of
from web.api.routing import Endpoints
from web.api.shapes.base import Number, PageNumber
from web.api.shapes.items import ItemShape
from web.api.shapes.matters import MatterGiven, MatterList, MatterMade, MatterShape
from web.rules import OFFICE, OVERSIGHT

endpoints = Endpoints("计划外事项")


@endpoints.get("/matters", OVERSIGHT, MatterList, "列出计划外事项")
async def listed(
    call: Calling,
    kind: MatterKind | None = None,
    words: Annotated[str, Query(max_length=100, description="名称、来源文件、要求中的关键字")] = "",
    page: PageNumber = 1,
) -> MatterList:
    """Give a page of the matters, newest first."""
    found = queries.matters(call.session, call.force, as_of=call.force.today, kind=kind, words=words, page=page)
    lines = [_shape(line) for line in found.lines]
    return MatterList(matters=lines, total=found.total, page=found.page, pages=found.pages)


@endpoints.get("/matters/{number}", OVERSIGHT, MatterShape, "一个计划外事项")
async def one(call: Calling, number: Number) -> MatterShape:
    """Give one matter, and how each unit stands."""
    return _shape(queries.matter(call.session, call.force, number, as_of=call.force.today))


@endpoints.post("/matters", OFFICE, MatterMade, "立项并交办")
def add(call: Calling, request: Request, given: MatterGiven, key: Once = None) -> JSONResponse:
    """Register a matter and assign it to its units. One like it is refused unless `again` says that it is meant."""

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        received = given.received_on or force.today
        if not given.again:
            refuse_same_matter(
                session, force, title=given.title, source_document=given.source_document, received_on=received
            )
        items = add_matter(
            session, force, kind=given.kind, title=given.title, content=given.content,
            source_document=given.source_document, received_on=received, units=given.units, due=given.due,
            by=actor, at=force.now, urgent=given.urgent, key_task=given.key_task,
        )  # fmt: skip
        made = MatterMade(matter=queries.number_of(session, force, items[0]), items=items)
        return made.model_dump(mode="json")

    return call.once(key, digest_of(request, given.model_dump_json()), do)


def _shape(line: MatterLine) -> MatterShape:
    return MatterShape(
        number=line.number, kind=line.kind, title=line.title, content=line.content, due=line.due, light=line.light,
        source_document=line.source_document, received_on=line.received_on, key_task=line.key_task,
        items=[ItemShape(**asdict(item)) for item in line.items],
    )  # fmt: skip
