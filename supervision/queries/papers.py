"""Reading the papers that people sign: how far each has got, whom it went to, and through whose hands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from config.clock import ZONE
from config.errors import UnknownName
from config.terms import NoticeKind, PaperState, UnitKind
from models import Assessment, Event, Notice, Paper, PaperCopy
from supervision.in_force import InForce
from supervision.queries.dossiers import kind_of, number_of
from supervision.queries.items import unit_name
from supervision.queries.publication import called
from supervision.queries.sight import Sight

DRAFT = "draft_bulletin"
"""What drafting a bulletin, reviewing and sending back a paper are called in the chain."""
REVIEW = "review_paper"
RETURN = "return_paper"
SIGN = "sign_paper"
SERVE = "serve_paper"
RECEIPT = "receipt_paper"

_STEPS = {DRAFT: "拟稿", REVIEW: "审核", RETURN: "退回拟稿", SIGN: "签发", SERVE: "登记送达", RECEIPT: "登记回执"}

_OUT = frozenset({PaperState.ISSUED, PaperState.SERVED, PaperState.RECEIPTED})
"""What has left the office: from then on the unit addressed sees it."""


@dataclass(frozen=True)
class CopyLine:
    """One unit's copy of a bulletin. `copied`: a central unit is not circulated to, it gets the paper for information.

    `served_at` and `receipted_at` are null until then.
    """

    code: str
    unit: str
    copied: bool
    served_at: datetime | None
    receipted_at: datetime | None


@dataclass(frozen=True)
class PaperStep:
    """One step that a person took: what, when, who (and for whom, by login), and what was said of it."""

    what: str
    at: datetime
    who: str
    acting_for: str | None
    told: str


@dataclass(frozen=True)
class PaperLine:
    """One paper on its way through the signatures; `letter`: it is written as a 函, to a central unit.

    A 督办单 or 通报 has `notice` and `item` or `request`, and `unit` to which it goes. A bulletin has `assessment`
    and, once it is signed, `copies`; its `unit` says who is assessed, and its `state` is that of the copy that is
    furthest behind. `remark` is why it was sent back to be drafted again.
    """

    id: int
    notice: int | None
    kind: NoticeKind
    letter: bool
    state: PaperState
    number: str | None
    item: int | None
    request: int | None
    unit: str
    because: str
    assessment: int | None = None
    remark: str | None = None
    copies: tuple[CopyLine, ...] = ()

    @property
    def served(self) -> int:
        """Return how many copies have been served."""
        return sum(each.served_at is not None for each in self.copies)

    @property
    def receipted(self) -> int:
        """Return for how many copies there is a receipt."""
        return sum(each.receipted_at is not None for each in self.copies)


def papers(
    session: Session, force: InForce, *, state: PaperState | None = None, sight: Sight | None = None,
    assessment: int | None = None,
) -> list[PaperLine]:  # fmt: skip
    """Return the papers, newest first, only those in `state` or about `assessment` when it is given.

    `sight`: only what that person sees. A unit sees what was issued to it, and of a bulletin its own copy.
    """
    about = () if assessment is None else (col(Paper.assessment_id) == assessment,)
    found = _found(session, force, sight, *about)
    return [line for line in found if state is None or line.state is state]


def paper_seen(session: Session, force: InForce, sight: Sight | None, number: int) -> PaperLine:
    """Return one paper; without `sight` whatever it is. Raises UnknownName, in the same words, when it is not seen."""
    found = _found(session, force, sight, col(Paper.id) == number)
    if not found:
        raise UnknownName(f"没有编号为 {number} 的文书，或者您无权查看；请用 duban paper list 查看")
    return found[0]


def bulletin_of(session: Session, run: Assessment) -> Paper | None:
    """Return the bulletin of the run, in whatever state; None when nobody has drafted it."""
    about = col(Paper.plan_id) == run.plan_id, col(Paper.assessment_id) == run.id
    return session.scalars(select(Paper).where(*about)).one_or_none()


def signed_bulletins(session: Session, plan_id: int, runs: Collection[int]) -> Mapping[int, tuple[str, datetime]]:
    """Return 文号 and instant of the signature of each of the runs' bulletins that is signed."""
    statement = select(Paper).where(
        col(Paper.plan_id) == plan_id, col(Paper.assessment_id).in_(runs), col(Paper.issued_at).is_not(None)
    )
    return {
        row.assessment_id: (number, row.issued_at)
        for row in session.scalars(statement)
        if row.assessment_id and row.issued_at and (number := number_of(row))
    }


def steps(session: Session, force: InForce, number: int) -> list[PaperStep]:
    """Return what people did to the paper, the earliest first. Raises UnknownName."""
    paper = paper_seen(session, force, None, number)
    item, request = col(Event.item_id), col(Event.request_id)
    statement = select(Event).where(
        col(Event.plan_id) == force.plan_id, col(Event.action).in_(list(_STEPS)),
        item == paper.item if paper.item is not None else item.is_(None),
        request == paper.request if paper.request is not None else request.is_(None),
        col(Event.data)["paper"].as_integer() == paper.id,
    )  # fmt: skip
    return [_step(force, row) for row in session.scalars(statement.order_by(col(Event.seq)))]


def _step(force: InForce, row: Event) -> PaperStep:
    unit = force.unit_ids.get(row.data.get("unit", ""))
    name = unit_name(force, unit, force.today) if unit else None
    told = (row.data.get("number"), row.data.get("comment"), name, row.data.get("how"))
    who = row.data.get("name") or row.actor
    words = "，".join(filter(None, told))
    return PaperStep(_STEPS[row.action], row.at.astimezone(ZONE), who, row.acting_for, words)


def _seen(sight: Sight | None) -> tuple[ColumnElement[bool], ...]:
    if sight is None or sight.everything:
        return ()
    of_copy = aliased(Notice)
    copied = select(col(PaperCopy.paper_id)).join(of_copy, col(of_copy.id) == col(PaperCopy.notice_id))
    own_copy = col(Paper.id).in_(copied.where(col(of_copy.unit_id).in_(sight.units)))
    return col(Paper.state).in_(_OUT), or_(col(Notice.unit_id).in_(sight.units), own_copy)


def _of_units(line: PaperLine, own: Collection[str]) -> PaperLine:
    """Return the paper as these units see it: with their own copies alone, and as far as those have got."""
    copies = tuple(each for each in line.copies if each.code in own)
    return replace(line, copies=copies, state=_reached(line.state, copies))


def _found(session: Session, force: InForce, sight: Sight | None, *conditions: ColumnElement[bool]) -> list[PaperLine]:
    found = _lines(session, force, (*_seen(sight), *conditions))
    if sight is None or sight.everything:
        return found
    own = {force.unit_codes[unit] for unit in sight.units}
    return [_of_units(line, own) for line in found]


def _lines(session: Session, force: InForce, conditions: tuple[ColumnElement[bool], ...]) -> list[PaperLine]:
    statement = (
        select(Paper, Notice, Assessment)
        .outerjoin(Notice, col(Notice.id) == col(Paper.notice_id))
        .outerjoin(Assessment, col(Assessment.id) == col(Paper.assessment_id))
        .where(col(Paper.plan_id) == force.plan_id, *conditions)
        .order_by(col(Paper.id).desc())
    )
    rows = session.execute(statement).tuples().all()
    copies = _copies(session, force, [paper.id or 0 for paper, _, run in rows if run is not None])
    return [
        _line(session, force, paper, notice) if run is None else _bulletin(paper, run, copies.get(paper.id or 0, ()))
        for paper, notice, run in rows
    ]


def _line(session: Session, force: InForce, paper: Paper, notice: Notice) -> PaperLine:
    return PaperLine(
        paper.id or 0, notice.id or 0, notice.kind, kind_of(session, notice.unit_id) is UnitKind.CENTRAL, paper.state,
        number_of(paper), notice.item_id, notice.request_id, unit_name(force, notice.unit_id, force.plan.end),
        notice.because, remark=paper.remark,
    )  # fmt: skip


def _bulletin(paper: Paper, run: Assessment, copies: tuple[CopyLine, ...]) -> PaperLine:
    return PaperLine(
        paper.id or 0, None, NoticeKind.BULLETIN, False, _reached(paper.state, copies), number_of(paper), None, None,
        run.population.label, f"{called(run)}结果（第 {run.vintage} 版）", run.id, paper.remark, copies,
    )  # fmt: skip


def _reached(state: PaperState, copies: tuple[CopyLine, ...]) -> PaperState:
    """Return how far a bulletin has got: served or receipted when every copy is."""
    if not copies:
        return state
    if all(each.receipted_at for each in copies):
        return PaperState.RECEIPTED
    return PaperState.SERVED if all(each.served_at for each in copies) else state


def _local(instant: datetime | None) -> datetime | None:
    return instant and instant.astimezone(ZONE)


def _copies(session: Session, force: InForce, papers: Collection[int]) -> Mapping[int, tuple[CopyLine, ...]]:
    statement = (
        select(PaperCopy, Notice)
        .join(Notice, col(Notice.id) == col(PaperCopy.notice_id))
        .where(col(PaperCopy.plan_id) == force.plan_id, col(PaperCopy.paper_id).in_(papers))
        .order_by(col(PaperCopy.id))
    )
    found: dict[int, list[CopyLine]] = defaultdict(list)
    for copy, notice in session.execute(statement).tuples():
        found[copy.paper_id].append(CopyLine(
            force.unit_codes[notice.unit_id], unit_name(force, notice.unit_id, force.plan.end),
            kind_of(session, notice.unit_id) is UnitKind.CENTRAL, _local(notice.delivered_at),
            _local(copy.receipted_at),
        ))  # fmt: skip
    return {number: tuple(lines) for number, lines in found.items()}
