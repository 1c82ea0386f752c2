"""督办文书: 拟稿 → 审核 → 签发 → 送达 → 回执, the papers themselves to be printed, and what is written on a quarter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from config.errors import BadInput
from config.terms import PaperState, Role
from documents.papers.briefing import Reader, briefing
from documents.papers.progress import progress_summary
from supervision.in_force import InForce
from supervision.ledger import papers as ledger
from supervision.periods import parse_quarter
from supervision.queries import papers as queries
from supervision.queries.people import Actor
from web import inputs
from web.attempts import attempt
from web.printing import item_paper_file, paper_file, printed
from web.routing import Pages
from web.rules import DECIDERS, EVERYBODY, OFFICE, OVERSIGHT
from web.visit import Visit, Visiting

pages = Pages()


@pages.show("/papers", EVERYBODY)
async def listed(visit: Visiting) -> Response:
    """Show the papers: to who oversees all of them, to a unit what was issued to it."""
    return _list(visit)


def _list(visit: Visit, *, error: str = "", status: int = 200, tried: int = 0) -> Response:
    state = inputs.term(PaperState, visit.request.query_params, "state", "状态")
    found = queries.papers(visit.session, visit.force, state=state, sight=visit.sight)
    waiting = [line for line in found if line.state in {PaperState.DRAFTED, PaperState.REVIEWED}]
    return visit.page(
        "papers/list.html", status=status, error=error, tried=tried, given=visit.form, state=state, states=PaperState,
        waiting=waiting, others=[line for line in found if line not in waiting], **_may(visit),
    )  # fmt: skip


@pages.show("/papers/{number:int}", EVERYBODY)
async def show(visit: Visiting, number: int) -> Response:
    """Show one paper: through whose hands it went, and of a bulletin every unit's copy."""
    return _page(visit, number)


def _page(visit: Visit, number: int, *, error: str = "", status: int = 200) -> Response:
    line = queries.paper_seen(visit.session, visit.force, visit.sight, number)
    steps = queries.steps(visit.session, visit.force, number) if visit.sight.everything else []
    return visit.page(
        "papers/paper.html", status=status, error=error, given=visit.form, paper=line,
        steps=steps, **_may(visit),
    )  # fmt: skip


def _may(visit: Visit) -> dict[str, bool]:
    return {
        "office": visit.actor.holds(Role.OFFICE),
        "decides": visit.actor.holds(Role.OFFICE) or visit.actor.holds(Role.LEADER),
        "everything": visit.sight.everything,
    }


@pages.show("/papers/{number:int}.{kind}", EVERYBODY)
def download(visit: Visiting, number: int, kind: str) -> Response:
    """Hand out a paper as .docx or .pdf."""
    queries.paper_seen(visit.session, visit.force, visit.sight, number)
    return paper_file(visit.portal.settings.home, visit.session, visit.force, number, kind)


@pages.do("/papers/{number:int}/review", OFFICE)
def review(visit: Visiting, number: int) -> Response:
    """Pass the draft on for signature."""
    return _step(visit, number, "已审核，待签发", ledger.review)


@pages.do("/papers/{number:int}/return", DECIDERS)
def send_back(visit: Visiting, number: int) -> Response:
    """Give a reviewed paper back to be drafted again, with the reason."""
    return _step(visit, number, "已退回拟稿", ledger.send_back, comment="退回理由")


@pages.do("/papers/{number:int}/sign", DECIDERS)
def sign(visit: Visiting, number: int) -> Response:
    """Sign the paper: it gets its number and goes out."""
    return _step(visit, number, "已签发，文号 {}", ledger.sign)


@pages.do("/papers/{number:int}/serve", OFFICE)
def serve(visit: Visiting, number: int) -> Response:
    """Record that it was handed over; `unit` says whose copy of a bulletin."""
    return _step(visit, number, "送达已登记", ledger.serve, how="送达方式", unit="")


@pages.do("/papers/{number:int}/receipt", EVERYBODY)
def receipt(visit: Visiting, number: int) -> Response:
    """Record the unit's receipt; `unit` says for whose copy of a bulletin."""
    return _step(visit, number, "回执已登记", ledger.receipt, unit="")


def _step(visit: Visit, number: int, words: str, step: Callable[..., Any], **fields: str) -> Response:
    """Do one step with the fields of its form, by their labels; show what came of it where the step was taken from.

    A paper that this person does not see is not there, whatever they would do to it.
    """
    queries.paper_seen(visit.session, visit.force, visit.sight, number)
    here = f"/papers/{number}"
    on_its_page = visit.form.get("from") == "paper"

    def again(error: str, status: int) -> Response:
        if on_its_page:
            return _page(visit, number, error=error, status=status)
        return _list(visit, error=error, status=status, tried=number)

    def taken(session: Session, force: InForce, actor: Actor) -> tuple[str, str]:
        typed = {name: inputs.text(visit.form, name, label, longest=500) for name, label in fields.items()}
        given = {name: text for name, text in typed.items() if text or name != "unit"}
        made = step(session, force, number, by=actor, at=force.now, **given)
        return here if on_its_page else "/papers", f"文书 {number} {words.format(made)}"

    return attempt(visit, taken, again)


@pages.show("/items/{number:int}/paper.{kind}", EVERYBODY)
def item_paper(visit: Visiting, number: int, kind: str) -> Response:
    """Hand out the 交办单 of an item, or with `?of=urge` its 催办单."""
    visit.sight.item(visit.session, visit.force, number)
    urges = visit.request.query_params.get("of") == "urge"
    return item_paper_file(visit.portal.settings.home, visit.session, visit.force, number, kind, urges=urges)


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
