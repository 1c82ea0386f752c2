"""Objections to a draft under publicity (申诉), and the rulings on them by somebody other than the scorer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Refused, UnknownName
from config.terms import AssessmentState, Decision, NoticeKind
from database import chain
from models import Assessment, Objection, Score, ScoreLine
from supervision.in_force import InForce
from supervision.ledger.capacity import DECIDERS, capacity, refuse_own_units, refuse_same_person
from supervision.ledger.publication import OPEN, record, refuse_replaced, run_of, tell_unit, term_end
from supervision.periods import parse_period
from supervision.queries.people import UNIT_ROLES, Actor, acting_for

RAISE = "raise_objection"
RULE = "rule_objection"

RULINGS = {Decision.PENDING: "待复核", Decision.APPROVED: "采纳", Decision.REJECTED: "不予采纳"}
"""What a decision is called on an objection."""


def object_to(
    session: Session, force: InForce, assessment_id: int, *, subject: str, grounds: str, by: Actor, at: datetime,
    unit: str | None = None,
) -> Objection:  # fmt: skip
    """Keep the objection of `by`'s unit to the run, or to its line `subject` (a component's or indicator's code).

    `unit` is needed only by somebody who belongs to several. One objection to a line waits at a time. Raises Refused
    outside the term of publicity, for a run that a newer one replaced (that has a term of its own) and for who is of
    no assessed unit, BadInput without grounds, UnknownName for a line that the score does not have.
    """
    chain.lock(session, force.tenant_id)
    run = run_of(session, force, assessment_id)
    unit_id, owner = _own_unit(session, force, run, by, unit)
    if not grounds.strip():
        raise BadInput("申诉必须写明理由（--grounds）")
    _refuse_outside_term(run, at)
    refuse_replaced(session, run)
    _check_subject(session, run, unit_id, subject)
    waiting = select(col(Objection.id)).where(
        col(Objection.assessment_id) == run.id, col(Objection.unit_id) == unit_id,
        col(Objection.subject) == subject, col(Objection.decision) == Decision.PENDING,
    )  # fmt: skip
    if (found := session.scalars(waiting).first()) is not None:
        raise Refused(f"贵单位对该项已有申诉（编号 {found}）待复核，不必重复提出")
    row = Objection(
        tenant_id=force.tenant_id, plan_id=force.plan_id, assessment_id=run.id or 0, unit_id=unit_id, subject=subject,
        grounds=grounds.strip(), raised_by_person_id=by.person_id or 0, raised_at=at,
        ruling_due=term_end(force, force.plan.assessment.appeals.ruling, day_of(at)),
    )  # fmt: skip
    session.add(row)
    session.flush()
    facts = {"objection": row.id, "unit": force.unit_codes[unit_id], "subject": subject, "grounds": row.grounds}
    record(session, force, run, RAISE, by, at, owner, **facts)
    return row


def rule(
    session: Session, force: InForce, objection_id: int, *, uphold: bool, ruling: str, by: Actor, at: datetime
) -> Objection:
    """Rule on the objection (复核决定): uphold it or reject it, with reasons; the unit is told.

    What is upheld is mended by the ordinary acts (a corrected submission, an approved adjustment), and then the run
    is corrected. Raises Refused for who raised it, for who opened the run to objections, for the unit's own people,
    and when it has been ruled on; BadInput without reasons.
    """
    chain.lock(session, force.tenant_id)
    row = _objection(session, force, objection_id)
    run = run_of(session, force, row.assessment_id)
    owner = capacity(by, DECIDERS, "复核")
    if row.decision is not Decision.PENDING:
        raise Refused(f"该申诉已有复核决定：{RULINGS[row.decision]}")
    if at < row.raised_at:
        raise Refused("复核时刻早于申诉时刻，请核对 --at")
    refuse_same_person(session, by, plan_id=run.plan_id, act=RAISE, about={"objection": objection_id}, label="复核")
    refuse_same_person(session, by, plan_id=run.plan_id, act=OPEN, about={"assessment": run.id or 0}, label="复核")
    refuse_own_units(by, [row.unit_id], "复核")
    if not ruling.strip():
        raise BadInput("复核决定必须写明理由（--ruling）")
    row.decision = Decision.APPROVED if uphold else Decision.REJECTED
    row.decided_by_person_id, row.decided_at, row.ruling = by.person_id, at, ruling.strip()
    because = f"{parse_period(run.quarter).in_words}考核的申诉{RULINGS[row.decision]}：{row.ruling}"
    tell_unit(
        session, force, run, row.unit_id, kind=NoticeKind.OBJECTION_DECIDED, name=f"objection/{row.id}",
        because=because, due=None, at=at,
    )  # fmt: skip
    facts = {"objection": row.id, "upheld": uphold, "ruling": row.ruling}
    record(session, force, run, RULE, by, at, owner, **facts)
    return row


def _own_unit(session: Session, force: InForce, run: Assessment, by: Actor, unit: str | None) -> tuple[int, str | None]:
    """Return for which assessed unit `by` objects, and for whom; the unit's own people alone may."""
    scored = set(session.scalars(select(col(Score.unit_id)).where(col(Score.assessment_id) == run.id)))
    held = [h for h in by.holding(UNIT_ROLES) if h.unit_id in scored]
    if unit is not None:
        wanted = force.unit_id(unit)
        held = [h for h in held if h.unit_id == wanted]
    units = {h.unit_id for h in held if h.unit_id is not None}
    if not units:
        raise Refused("申诉由被考核单位的联络员或分管负责人提出")
    if len(units) > 1:
        raise BadInput("您在多个被考核单位任职，请写明为哪个单位申诉（--unit）")
    return units.pop(), acting_for(held)


def _refuse_outside_term(run: Assessment, at: datetime) -> None:
    if run.state is not AssessmentState.PUBLICITY or run.objections_until is None or run.opened_at is None:
        raise Refused(f"该考核结果现为“{run.state.label}”，只有公示期内可以申诉")
    if day_of(at) > run.objections_until:
        raise Refused(f"公示期已于 {run.objections_until} 届满，申诉不再受理")
    if at < run.opened_at:
        raise Refused("申诉时刻早于公示时刻，请核对 --at")


def _check_subject(session: Session, run: Assessment, unit_id: int, subject: str) -> None:
    if not subject:
        return
    lines = select(col(ScoreLine.component), col(ScoreLine.code)).where(
        col(ScoreLine.assessment_id) == run.id, col(ScoreLine.unit_id) == unit_id
    )
    known = {code for line in session.execute(lines).tuples() for code in line}
    if subject not in known:
        raise UnknownName(f"得分里没有“{subject}”这一项，可用：{'、'.join(sorted(known))}")


def _objection(session: Session, force: InForce, number: int) -> Objection:
    statement = select(Objection).where(col(Objection.plan_id) == force.plan_id, col(Objection.id) == number)
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise UnknownName(f"没有编号为 {number} 的申诉；请用 duban objection list 查看")
    return found
