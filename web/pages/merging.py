"""牵头单位汇总: the supporting units' feedback beside the lead's own report, which is written from it."""

from __future__ import annotations

from datetime import datetime

from starlette.datastructures import FormData
from starlette.responses import Response

from config.errors import BadInput, DubanError
from config.terms import Action
from models import Item
from supervision import workflow
from supervision.ledger.acts import Act
from supervision.ledger.standing import standing
from supervision.queries.merging import Merging, draft_of, merging
from supervision.queries.people import Actor
from web import inputs
from web.acting import gone
from web.lights import light_names
from web.routing import Pages
from web.rules import UNITS
from web.uploads import perform_with_files, sent_files, upload_terms
from web.visit import Visit, Visiting, status_of
from web.wording import for_page

pages = Pages()

_REPORTS = (Action.REPORT_PROGRESS, Action.REPORT_COMPLETION)


@pages.show("/items/{number:int}/merge", UNITS)
async def show(visit: Visiting, number: int) -> Response:
    """Show what the others reported, and a draft of it; `from` chooses whose, all of them when none is chosen."""
    item, found = _merging(visit, number)
    stands = standing(visit.session, item, visit.actor, action=Action.REPORT_PROGRESS)
    workflow.decide(item.status, Action.REPORT_PROGRESS, stands.roles)
    chosen = {int(each) for each in visit.request.query_params.getlist("from") if each.isascii() and each.isdigit()}
    voices = [voice for voice in (found.own, *found.others) if not chosen or voice.item.id in chosen]
    draft = draft_of(voices)
    typed = {"comment": draft.progress, "problems": draft.problems, "next_steps": draft.next_steps}
    return _page(visit, item, found, typed, chosen={voice.item.id for voice in voices})


def _merging(visit: Visit, number: int) -> tuple[Item, Merging]:
    """Return the item and what can be merged. Raises Refused for an item that is no lead's."""
    item = visit.sight.item(visit.session, visit.force, number)
    return item, merging(visit.session, visit.force, visit.sight, item, as_of=visit.force.today)


def _page(
    visit: Visit, item: Item, found: Merging, typed: FormData | dict[str, str], *, chosen: set[int], error: str = "",
    status: int = 200, files_lost: bool = False,
) -> Response:  # fmt: skip
    return visit.page(
        "items/merge.html", status=status, found=found, item=found.own.item, row=item, typed=typed, chosen=chosen,
        error=error, lights=light_names(visit.force), actions=_REPORTS, files_lost=files_lost,
        **upload_terms(visit),
    )  # fmt: skip


@pages.do("/items/{number:int}/merge", UNITS)
def report(visit: Visiting, number: int) -> Response:
    """Report what was written from the others' feedback, as any report on the item."""
    try:
        item, _ = _merging(visit, number)
        action = inputs.term(Action, visit.form, "action", "办理")
        if action not in _REPORTS:
            raise BadInput("请选择“进展反馈”或“报请办结”")
        done = perform_with_files(visit, item, lambda by, at: _act(visit.form, number, action, by, at))
    except DubanError as refused:
        return _again(visit, number, refused)
    return visit.done(f"/items/{number}", f"汇总已作为“{done.action.label}”报送，事项现为“{done.status.label}”")


def _act(form: FormData, number: int, action: Action, by: Actor, at: datetime) -> Act:
    return Act(
        number, action, by, at, comment=inputs.text(form, "comment", "进展情况"),
        problems=inputs.text(form, "problems", "存在的问题"), next_steps=inputs.text(form, "next_steps", "下一步措施"),
        revision=inputs.whole(form, "revision", "版本", default=0) or None,
    )  # fmt: skip


def _again(visit: Visit, number: int, refused: DubanError) -> Response:
    """Return the page with the refusal and everything that was typed."""
    try:
        item, found = _merging(visit, number)
    except DubanError as unseen:
        return gone(visit, unseen)
    return _page(
        visit, item, found, visit.form, chosen={voice.item.id for voice in (found.own, *found.others)},
        error=for_page(str(refused)), status=status_of(refused), files_lost=sent_files(visit.form),
    )  # fmt: skip
