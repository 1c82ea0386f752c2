"""Papers that people sign: drafted, then 审核 → 签发 (a second person) → 送达 → 回执.

督办单, 通报 and the 函 in their place are drafted by the ladder and go to one unit. The bulletin (考核通报) of a
published result goes the same way to many: supervision/ledger/bulletins.py.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Refused, UnknownName
from config.numbering import document_number, series_of
from config.terms import RUNNING_REQUESTS, RUNNING_STATUSES, Level, PaperState, UnitKind
from database import chain
from models import Event, Item, Notice, Paper, ReportingRequest
from supervision import in_force
from supervision.in_force import InForce
from supervision.ledger import bulletins, notices, publication
from supervision.ledger.capacity import DECIDERS, OFFICE, capacity, refuse_own_units
from supervision.ledger.items import audience_of
from supervision.ledger.waking import wake
from supervision.queries.dossiers import kind_of
from supervision.queries.hands import is_same_hand
from supervision.queries.items import unit_name
from supervision.queries.papers import DRAFT, RECEIPT, RETURN, REVIEW, SERVE, SIGN
from supervision.queries.people import UNIT_ROLES, Actor, acting_for, unit_people

_ORDER = (PaperState.DRAFTED, PaperState.REVIEWED, PaperState.ISSUED, PaperState.SERVED, PaperState.RECEIPTED)


def review(session: Session, force: InForce, paper_id: int, *, by: Actor, at: datetime) -> None:
    """Pass the draft on for signature (审核). Only the office; the signer will have to be somebody else.

    Raises Refused for another role, or when the paper is not a draft any more.
    """
    chain.lock(session, force.tenant_id)
    paper = _paper(session, force, paper_id)
    owner = capacity(by, OFFICE, "审核")
    _expect(paper, PaperState.DRAFTED, "审核")
    paper.state, paper.reviewed_by, paper.reviewed_at, paper.remark = PaperState.REVIEWED, by.person_id, at, None
    _record(session, force, paper, REVIEW, by, at, owner)


def send_back(session: Session, force: InForce, paper_id: int, *, comment: str, by: Actor, at: datetime) -> None:
    """Give a reviewed paper back to be drafted again (退回), with the reason: it is not signed as it stands.

    Raises Refused for anybody but the office and the leaders, for the addressed unit's own people, who would put off
    what is about themselves, and for what is not reviewed or is signed already; BadInput without a reason.
    """
    chain.lock(session, force.tenant_id)
    paper = _paper(session, force, paper_id)
    owner = capacity(by, DECIDERS, "退回")
    _expect(paper, PaperState.REVIEWED, "退回")
    if not comment.strip():
        raise BadInput("退回必须写明理由（--comment）")
    refuse_own_units(by, _addressed(session, force, paper), "退回")
    paper.state, paper.reviewed_by, paper.reviewed_at = PaperState.DRAFTED, None, None
    paper.remark = comment.strip()
    _record(session, force, paper, RETURN, by, at, owner, comment=comment.strip())


def sign(session: Session, force: InForce, paper_id: int, *, by: Actor, at: datetime) -> str:
    """Sign the paper (签发): it gets its number and goes into the outbox; of the ladder, its rung counts as issued.

    Numbers run per series and year without gaps; returned is the whole 文号, like 杭小微办督〔2022〕3号, or
    杭小微办函〔2022〕1号 to a central unit.
    Raises Refused for who reviewed or drafted it and who acts for them, for the people of a unit that it is about,
    when it has not been reviewed, while the clock of what it is about stands still, and for the bulletin of a result
    that a newer vintage replaces.
    """
    chain.lock(session, force.tenant_id)
    paper = _paper(session, force, paper_id)
    owner = capacity(by, DECIDERS, "签发")
    _expect(paper, PaperState.REVIEWED, "签发")
    if paper.reviewed_at is not None and at < paper.reviewed_at:
        raise Refused("签发时刻早于审核时刻，请核对 --at")
    if is_same_hand(session, by, _hands(session, paper)):
        raise Refused("签发人不能是拟稿人或审核人，请由另一人签发")
    refuse_own_units(by, _addressed(session, force, paper), "签发")
    _refuse_stale(session, force, paper)
    number = _numbered(session, force, paper, at)
    paper.state, paper.issued_by, paper.issued_at = PaperState.ISSUED, by.person_id, at
    if paper.assessment_id is not None:
        bulletins.put_out(session, force, paper, number, at=at)
    else:
        _put_out(session, force, session.get_one(Notice, paper.notice_id), at)
    _record(session, force, paper, SIGN, by, at, owner, number=number)
    return number


def serve(
    session: Session, force: InForce, paper_id: int, *, by: Actor, at: datetime, how: str, unit: str | None = None
) -> None:
    """Record that the paper was handed over (送达) in person, by phone or on paper; `how` says so.

    `unit` says whose copy of a bulletin it was. Raises Refused before it is signed, BadInput without `how` or without
    the unit, UnknownName for a unit that has no copy.
    """
    chain.lock(session, force.tenant_id)
    paper = _paper(session, force, paper_id)
    owner = capacity(by, OFFICE, "登记送达")
    _expect(paper, PaperState.ISSUED, "登记送达")
    if not how.strip():
        raise BadInput("登记送达必须写明方式（--how，如“当面送交办公室签收”）")
    if paper.assessment_id is not None:
        served = bulletins.serve_copy(session, force, paper, unit, at=at)
        return _record(session, force, paper, SERVE, by, at, owner, how=how.strip(), unit=served)
    notice = session.get_one(Notice, paper.notice_id)
    _refuse_other_unit(force, notice, unit)
    paper.state, paper.served_at = PaperState.SERVED, at
    notice.delivered_at = notice.delivered_at or at
    wake(session, notice, at)
    _record(session, force, paper, SERVE, by, at, owner, how=how.strip())


def receipt(
    session: Session, force: InForce, paper_id: int, *, by: Actor, at: datetime, unit: str | None = None
) -> None:
    """Record the unit's receipt (回执), given by its own people or taken by the office.

    `unit` says whose copy of a bulletin it is about; not needed by who is of one unit. Raises Refused before it has
    been served, BadInput without the unit, UnknownName for a unit that has no copy.
    """
    chain.lock(session, force.tenant_id)
    paper = _paper(session, force, paper_id)
    if paper.assessment_id is not None:
        _expect(paper, PaperState.ISSUED, "登记回执")
        owner, taken = bulletins.receipt_copy(session, force, paper, unit, by=by, at=at)
        return _record(session, force, paper, RECEIPT, by, at, owner, unit=taken)
    notice = session.get_one(Notice, paper.notice_id)
    _refuse_other_unit(force, notice, unit)
    own = by.holding(UNIT_ROLES, notice.unit_id)
    owner = acting_for(own) if own else capacity(by, OFFICE, "登记回执")
    _expect(paper, PaperState.SERVED, "登记回执")
    paper.state, paper.receipted_at = PaperState.RECEIPTED, at
    _record(session, force, paper, RECEIPT, by, at, owner)


def _refuse_other_unit(force: InForce, notice: Notice, unit: str | None) -> None:
    if unit is not None and force.unit_id(unit) != notice.unit_id:
        raise BadInput(f"该文书只发给{unit_name(force, notice.unit_id, force.today)}，请核对单位")


def _put_out(session: Session, force: InForce, notice: Notice, at: datetime) -> None:
    """Give the signed notice its recipients, and note the rung on its subject."""
    subject = _subject(session, notice)
    notice.issued_at = at
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


def _refuse_stale(session: Session, force: InForce, paper: Paper) -> None:
    """Refuse to climb while a dispute is open, and to circulate a result that is being corrected.

    What has ended otherwise has taken its drafts along.
    """
    if paper.assessment_id is not None:
        return publication.refuse_replaced(session, publication.run_of(session, force, paper.assessment_id))
    subject = _subject(session, session.get_one(Notice, paper.notice_id))
    state = subject.status if isinstance(subject, Item) else subject.state
    if state not in RUNNING_STATUSES | RUNNING_REQUESTS:
        raise Refused(f"该事项现为“{state.label}”，暂不签发；有了结论、仍须督办的再签发")


def _addressed(session: Session, force: InForce, paper: Paper) -> Collection[int]:
    """Return the units that the paper is about, by number: none of their people may decide on it."""
    if paper.assessment_id is not None:
        return publication.assessed(session, publication.run_of(session, force, paper.assessment_id))
    return (session.get_one(Notice, paper.notice_id).unit_id,)


def _hands(session: Session, paper: Paper) -> frozenset[str]:
    """Return the logins of who drafted or reviewed the paper, and of for whom it was done."""
    notice = session.get_one(Notice, paper.notice_id) if paper.notice_id is not None else None
    done = select(Event).where(
        col(Event.plan_id) == paper.plan_id,
        col(Event.action).in_([DRAFT, REVIEW]),
        col(Event.item_id) == notice.item_id if notice and notice.item_id else col(Event.item_id).is_(None),
        col(Event.request_id) == notice.request_id if notice and notice.request_id else col(Event.request_id).is_(None),
        col(Event.data)["paper"].as_integer() == paper.id,
    )
    return frozenset(name for each in session.scalars(done) for name in (each.actor, each.acting_for) if name)


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
        corrected = "该文书已作废：所通报的结果正在更正，请办理更正后的通报"
        ended = "该文书已作废：所督办的事项在签发前已有结果或换了期限"
        raise Refused(corrected if paper.assessment_id is not None else ended)
    if _ORDER.index(paper.state) > _ORDER.index(state):
        raise Refused(f"该文书现为“{paper.state.label}”，“{label}”已经办过，不必重复")
    raise Refused(f"该文书现为“{paper.state.label}”，不能“{label}”；“{label}”须在“{state.label}”之后")


def _numbered(session: Session, force: InForce, paper: Paper, at: datetime) -> str:
    """Give the paper the number after the highest of its series in that year, over all plans of the tenant.

    The caller holds the tenant's chain, so that no other signature counts at the same time. A bulletin is a 通报; the
    central units among those assessed get a copy of it.
    """
    notice = session.get_one(Notice, paper.notice_id) if paper.notice_id is not None else None
    kind = kind_of(session, notice.unit_id) if notice is not None else UnitKind.MUNICIPAL
    series, year = series_of(force.plan.office, paper.level, kind), day_of(at).year
    highest = select(func.max(Paper.number)).where(
        col(Paper.tenant_id) == force.tenant_id, col(Paper.series) == series, col(Paper.year) == year
    )
    number = (session.scalars(highest).one() or 0) + 1
    paper.series, paper.year, paper.number = series, year, number
    return document_number(series, year, number)


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
    notice = session.get_one(Notice, paper.notice_id) if paper.notice_id is not None else None
    about = {"assessment": paper.assessment_id} if notice is None else {}
    entry = chain.Entry(
        action, at, by.login, plan_id=force.plan_id, acting_for=owner, item_id=notice.item_id if notice else None,
        request_id=notice.request_id if notice else None, data={"paper": paper.id, **about, "name": by.name, **facts},
    )  # fmt: skip
    chain.append(session, force.tenant_id, [entry])
    session.flush()
