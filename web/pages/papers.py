"""督办单和通报: 拟稿 → 审核 → 签发 → 送达 → 回执, the paper itself to be printed, and what is written on a quarter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from config.errors import BadInput, DubanError, UnknownName
from config.terms import PaperState, Role
from documents.papers.assignment import assignment
from documents.papers.briefing import Reader, briefing
from documents.papers.progress import progress_summary
from documents.papers.signed import signed_paper
from documents.papers.urging import urging
from supervision.ledger import papers as ledger
from supervision.periods import parse_quarter
from supervision.queries import notices as queries
from supervision.queries.notices import PaperLine
from web import inputs
from web.printing import printed
from web.routing import Pages
from web.rules import DECIDERS, EVERYBODY, OFFICE, OVERSIGHT
from web.visit import Visit, Visiting, status_of
from web.wording import for_page

pages = Pages()

_OUT = frozenset({PaperState.ISSUED, PaperState.SERVED, PaperState.RECEIPTED})
"""What has left the office: from then on the unit addressed sees it."""


@pages.show("/papers", EVERYBODY)
async def listed(visit: Visiting) -> Response:
    """Show the papers: to who oversees all of them, to a unit what was issued to it."""
    return _page(visit)


def _page(visit: Visit, *, error: str = "", status: int = 200, tried: int = 0) -> Response:
    state = inputs.term(PaperState, visit.request.query_params, "state", "状态")
    found = queries.papers(visit.session, visit.force, state=state)
    if not visit.sight.everything:
        own = {visit.force.unit_names.get(unit, "") for unit in visit.sight.units}
        found = [line for line in found if line.state in _OUT and line.unit in own]
    waiting = [line for line in found if line.state in {PaperState.DRAFTED, PaperState.REVIEWED}]
    return visit.page(
        "papers/list.html", status=status, error=error, tried=tried, state=state, states=PaperState,
        waiting=waiting, others=[line for line in found if line not in waiting], office=visit.actor.holds(Role.OFFICE),
        decides=visit.actor.holds(Role.OFFICE) or visit.actor.holds(Role.LEADER),
        everything=visit.sight.everything,
    )  # fmt: skip


@pages.show("/papers/{number:int}.{kind}", EVERYBODY)
def download(visit: Visiting, number: int, kind: str) -> Response:
    """Hand out a paper as .docx or .pdf."""
    if not visit.sight.everything:
        _own(visit, number)
    found = signed_paper(visit.session, visit.force, number)
    return printed(visit, found, f"{found.number or f'文书{found.state}'}-{number}", kind)


def _own(visit: Visit, number: int) -> PaperLine:
    own = {visit.force.unit_names.get(unit, "") for unit in visit.sight.units}
    for line in queries.papers(visit.session, visit.force):
        if line.id == number and line.state in _OUT and line.unit in own:
            return line
    raise UnknownName(f"没有编号为 {number} 的文书，或者您无权查看")


@pages.do("/papers/{number:int}/review", OFFICE)
def review(visit: Visiting, number: int) -> Response:
    """Pass the draft on for signature."""
    return _step(visit, number, "已审核，待签发", ledger.review)


@pages.do("/papers/{number:int}/sign", DECIDERS)
def sign(visit: Visiting, number: int) -> Response:
    """Sign the paper: it gets its number and goes out."""
    return _step(visit, number, "已签发，文号 {}", ledger.sign)


@pages.do("/papers/{number:int}/serve", OFFICE)
def serve(visit: Visiting, number: int) -> Response:
    """Record that it was handed over."""
    return _step(visit, number, "送达已登记", ledger.serve, how=inputs.text(visit.form, "how", longest=500))


@pages.do("/papers/{number:int}/receipt", EVERYBODY)
def receipt(visit: Visiting, number: int) -> Response:
    """Record the unit's receipt."""
    if not visit.sight.everything:
        _own(visit, number)
    return _step(visit, number, "回执已登记", ledger.receipt)


def _step(visit: Visit, number: int, words: str, step: Callable[..., Any], **more: str) -> Response:
    try:
        with visit.writing() as (session, force, actor):
            made = step(session, force, number, by=actor, at=force.now, **more)
    except DubanError as refused:
        return _page(visit, error=for_page(str(refused)), status=status_of(refused), tried=number)
    return visit.done("/papers", f"文书 {number} {words.format(made)}")


@pages.show("/items/{number:int}/paper.{kind}", EVERYBODY)
def item_paper(visit: Visiting, number: int, kind: str) -> Response:
    """Hand out the 交办单 of an item, or with `?of=urge` its 催办单."""
    visit.sight.item(visit.session, visit.force, number)
    urges = visit.request.query_params.get("of") == "urge"
    found = (urging if urges else assignment)(visit.session, visit.force, number)
    return printed(visit, found, f"{'催办单' if urges else '交办单'}-{number}", kind)


@pages.show("/documents", OVERSIGHT)
async def documents(visit: Visiting) -> Response:
    """Offer what can be made for a quarter."""
    return visit.page("papers/documents.html")


@pages.show("/documents/{what}.{kind}", OVERSIGHT)
def document(visit: Visiting, what: str, kind: str) -> Response:
    """Hand out a 进展汇总 or 工作简报 of a quarter, as known today."""
    quarter = parse_quarter(inputs.text(visit.request.query_params, "quarter", "季度", needed=True, longest=10).upper())
    day = visit.force.today
    if what == "progress":
        return printed(
            visit, progress_summary(visit.session, visit.force, quarter, as_of=day), f"进展汇总{quarter}", kind
        )
    readers = {"briefing": Reader.GROUP, "briefing-province": Reader.PROVINCE}
    if what not in readers:
        raise BadInput("没有这种材料，请从“生成材料”中选择")
    made = briefing(visit.session, visit.force, quarter, reader=readers[what], as_of=day)
    return printed(visit, made, f"工作简报{quarter}", kind)
