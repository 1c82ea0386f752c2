"""督办单, 通报 and the 函 in their place: drafted by the ladder, then 审核 → 签发 (a second person) → 送达 → 回执."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Refused, UnknownName
from config.numbering import document_number, series_of
from config.terms import RUNNING_REQUESTS, RUNNING_STATUSES, Level, PaperState
from database import chain
from models import Event, Item, Notice, Paper, ReportingRequest
from supervision import in_force
from supervision.in_force import InForce
from supervision.ledger import notices
from supervision.ledger.capacity import DECIDERS, OFFICE, capacity
from supervision.ledger.items import audience_of
from supervision.ledger.waking import wake
from supervision.queries.dossiers import kind_of
from supervision.queries.hands import is_same_hand
from supervision.queries.people import UNIT_ROLES, Actor, acting_for, unit_people

REVIEW = "review_paper"
"""What the review is called in the chain, where the signature looks it up."""

_ORDER = (PaperState.DRAFTED, PaperState.REVIEWED, PaperState.ISSUED, PaperState.SERVED, PaperState.RECEIPTED)


def review(session: Session, force: InForce, paper_id: int, *, by: Actor, at: datetime) -> None:
    """Pass the draft on for signature (审核). Only the office; the signer will have to be somebody else.

    Raises Refused for another role, or when the paper is not a draft any more.
    """
    chain.lock(session, force.tenant_id)
    paper = _paper(session, force, paper_id)
    owner = capacity(by, OFFICE, "审核")
    _expect(paper, PaperState.DRAFTED, "审核")
    paper.state, paper.reviewed_by, paper.reviewed_at = PaperState.REVIEWED, by.person_id, at
    _record(session, force, paper, REVIEW, by, at, owner)


def sign(session: Session, force: InForce, paper_id: int, *, by: Actor, at: datetime) -> str:
    """Sign the paper (签发): it gets its number, goes into the outbox, and its rung counts as issued.

    Numbers run per series and year without gaps; returned is the whole 文号, like 杭小微办督〔2022〕3号, or
    杭小微办函〔2022〕1号 to a central unit.
    Raises Refused for the reviewer and who acts for the reviewer, for the addressed unit's own people, when it has
    not been reviewed, or while the clock of what it is about stands still.
    """
    chain.lock(session, force.tenant_id)
    paper = _paper(session, force, paper_id)
    owner = capacity(by, DECIDERS, "签发")
    _expect(paper, PaperState.REVIEWED, "签发")
    notice = session.get_one(Notice, paper.notice_id)
    if paper.reviewed_at is not None and at < paper.reviewed_at:
        raise Refused("签发时刻早于审核时刻，请核对 --at")
    if is_same_hand(session, by, _reviewers(session, notice, paper)):
        raise Refused("签发人不能是审核人，请由另一人签发")
    if notice.unit_id in by.unit_ids:
        raise Refused("签发对象是您所在单位，须由外单位人员或领导小组领导签发")
    _refuse_paused(_subject(session, notice))
    series, year = series_of(force.plan.office, paper.level, kind_of(session, notice.unit_id)), day_of(at).year
    order = _next_number(session, force, series, year)
    paper.series, paper.year, paper.number = series, year, order
    paper.state, paper.issued_by, paper.issued_at = PaperState.ISSUED, by.person_id, at
    notice.issued_at = at
    _put_out(session, force, notice, at)
    number = document_number(series, year, order)
    _record(session, force, paper, "sign_paper", by, at, owner, number=number)
    return number


def serve(session: Session, force: InForce, paper_id: int, *, by: Actor, at: datetime, how: str) -> None:
    """Record that the paper was handed over (送达) in person, by phone or on paper; `how` says so.

    Raises Refused before it is signed, BadInput without `how`.
    """
    chain.lock(session, force.tenant_id)
    paper = _paper(session, force, paper_id)
    owner = capacity(by, OFFICE, "登记送达")
    _expect(paper, PaperState.ISSUED, "登记送达")
    if not how.strip():
        raise BadInput("登记送达必须写明方式（--how，如“当面送交办公室签收”）")
    paper.state, paper.served_at = PaperState.SERVED, at
    notice = session.get_one(Notice, paper.notice_id)
    notice.delivered_at = notice.delivered_at or at
    wake(session, notice, at)
    _record(session, force, paper, "serve_paper", by, at, owner, how=how.strip())


def receipt(session: Session, force: InForce, paper_id: int, *, by: Actor, at: datetime) -> None:
    """Record the unit's receipt (回执), given by its own people or taken by the office.

    Raises Refused before it has been served.
    """
    chain.lock(session, force.tenant_id)
    paper = _paper(session, force, paper_id)
    notice = session.get_one(Notice, paper.notice_id)
    own = by.holding(UNIT_ROLES, notice.unit_id)
    owner = acting_for(own) if own else capacity(by, OFFICE, "登记回执")
    _expect(paper, PaperState.SERVED, "登记回执")
    paper.state, paper.receipted_at = PaperState.RECEIPTED, at
    _record(session, force, paper, "receipt_paper", by, at, owner)


def _put_out(session: Session, force: InForce, notice: Notice, at: datetime) -> None:
    """Give the signed notice its recipients, and note the rung on its subject."""
    subject = _subject(session, notice)
    subject.rung = Level(notice.kind.value)
    ladder = in_force.ladders(session, force)[subject.ladder_id]
    people = unit_people(session, force.tenant_id, on=day_of(at))
    audience = ladder.at(notice.rung or 0).audience
    chosen = audience_of(people, notice.unit_id, None, audience)
    notices.deliver_to(session, force, notice.id or 0, chosen, at=at)


def _subject(session: Session, notice: Notice) -> Item | ReportingRequest:
    if notice.item_id is not None:
        return session.get_one(Item, notice.item_id, populate_existing=True)
    return session.get_one(ReportingRequest, notice.request_id, populate_existing=True)


def _refuse_paused(subject: Item | ReportingRequest) -> None:
    """Refuse to climb while a dispute is open; what has ended otherwise has taken its drafts along."""
    state = subject.status if isinstance(subject, Item) else subject.state
    if state not in RUNNING_STATUSES | RUNNING_REQUESTS:
        raise Refused(f"该事项现为“{state.label}”，暂不签发；有了结论、仍须督办的再签发")


def _reviewers(session: Session, notice: Notice, paper: Paper) -> frozenset[str]:
    """Return the logins of who reviewed the paper, and of for whom it was done."""
    reviews = select(Event).where(
        col(Event.plan_id) == paper.plan_id,
        col(Event.action) == REVIEW,
        col(Event.item_id) == notice.item_id if notice.item_id else col(Event.request_id) == notice.request_id,
    )
    done = [review for review in session.scalars(reviews) if review.data.get("paper") == paper.id]
    return frozenset(name for review in done for name in (review.actor, review.acting_for) if name)


def _paper(session: Session, force: InForce, number: int) -> Paper:
    statement = select(Paper).where(col(Paper.plan_id) == force.plan_id, col(Paper.id) == number)
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise UnknownName(f"没有编号为 {number} 的文书；请用 duban paper list 查看")
    return found


def _expect(paper: Paper, state: PaperState, label: str) -> None:
    if paper.state is state:
        return
    if paper.state is PaperState.CANCELLED:
        raise Refused("该文书已作废：所督办的事项在签发前已有结果或换了期限")
    if _ORDER.index(paper.state) > _ORDER.index(state):
        raise Refused(f"该文书现为“{paper.state.label}”，“{label}”已经办过，不必重复")
    raise Refused(f"该文书现为“{paper.state.label}”，不能“{label}”；“{label}”须在“{state.label}”之后")


def _next_number(session: Session, force: InForce, series: str, year: int) -> int:
    """Return the number after the highest of the series in that year, over all plans of the tenant.

    The caller holds the tenant's chain, so that no other signature counts at the same time.
    """
    highest = select(func.max(Paper.number)).where(
        col(Paper.tenant_id) == force.tenant_id, col(Paper.series) == series, col(Paper.year) == year
    )
    return (session.scalars(highest).one() or 0) + 1


def _record(
    session: Session,
    force: InForce,
    paper: Paper,
    action: str,
    by: Actor,
    at: datetime,
    owner: str | None,
    **facts: str,
) -> None:
    paper.revision += 1
    notice = session.get_one(Notice, paper.notice_id)
    entry = chain.Entry(
        action, at, by.login, plan_id=force.plan_id, acting_for=owner, item_id=notice.item_id,
        request_id=notice.request_id, data={"paper": paper.id, "name": by.name, **facts},
    )  # fmt: skip
    chain.append(session, force.tenant_id, [entry])
    session.flush()
