"""The way of an assessment: draft → 公示 → 发布, and its corrections (更正) as new vintages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Refused, UnknownName
from config.plan.schema.assessment import Term
from config.terms import AssessmentState, Decision, Finding, NoticeKind, PaperState
from database import chain
from models import Assessment, Flag, Objection, Paper, Score, Unit
from supervision.escalation import Audience
from supervision.in_force import InForce
from supervision.ledger import assessments, notices
from supervision.ledger.capacity import DECIDERS, OFFICE, capacity, refuse_own_units, refuse_same_person
from supervision.periods import parse_period
from supervision.queries.people import Actor, recipients, unit_people
from supervision.queries.publication import called, vetoes

OPEN = "open_publicity"
"""What the opening is called in the chain, where publication and rulings look it up."""
PUBLISH = "publish_assessment"
CORRECT = "correct_assessment"

UNIT = (Audience.LIAISON, Audience.UNIT_HEAD)


def open_publicity(session: Session, force: InForce, assessment_id: int, *, by: Actor, at: datetime) -> date:
    """Open the draft to objections (公示); return the last day on which a unit may object.

    Every assessed unit is told. The term is the plan's (assessment.yaml, appeals.publicity). Raises Refused for
    anybody but the office, for what is no draft any more, and for a run that a later one has replaced.
    """
    chain.lock(session, force.tenant_id)
    run = run_of(session, force, assessment_id)
    owner = capacity(by, OFFICE, "公示")
    _expect(run, AssessmentState.DRAFT, "公示")
    refuse_replaced(session, run)
    if at < run.run_at:
        raise Refused("公示时刻早于考核时刻，请核对 --at")
    last = term_end(force, force.plan.assessment.appeals.publicity, day_of(at))
    run.state, run.opened_at, run.opened_by = AssessmentState.PUBLICITY, at, by.person_id
    run.objections_until = last
    _tell(session, force, run, f"{called(run)}结果公示，有异议的请于 {last} 前提出", at)
    record(session, force, run, OPEN, by, at, owner, until=last.isoformat())
    return last


def publish(session: Session, force: InForce, assessment_id: int, *, by: Actor, at: datetime) -> None:
    """Publish the run (发布): from now on it never changes.

    Raises Refused for who opened it to objections and for anybody of an assessed unit, before the term is over, while
    objections or flags wait for a person, and when an objection was upheld: then the run is to be corrected first.
    """
    chain.lock(session, force.tenant_id)
    run = run_of(session, force, assessment_id)
    owner = capacity(by, DECIDERS, "发布")
    _expect(run, AssessmentState.PUBLICITY, "发布")
    refuse_replaced(session, run)
    refuse_same_person(session, by, plan_id=run.plan_id, act=OPEN, about={"assessment": assessment_id}, label="发布")
    refuse_own_units(by, assessed(session, run), "发布")
    if run.objections_until is None or day_of(at) <= run.objections_until:
        raise Refused(f"公示期到 {run.objections_until} 为止，期满后才能发布")
    _refuse_unsettled(session, run)
    run.state, run.published_at, run.published_by = AssessmentState.PUBLISHED, at, by.person_id
    record(session, force, run, PUBLISH, by, at, owner)


def correct(
    session: Session, force: InForce, assessment_id: int, *, as_of: date, reason: str, by: Actor, at: datetime
) -> Assessment:
    """Return a new vintage that corrects the run (更正), as known on `as_of`; it begins as a draft.

    The corrected run stays as it was, and so does the day by which conduct is judged: nobody whose figures were right
    gains or loses by what fell due since. Its bulletin is cancelled unless it is signed. Raises BadInput without a
    reason or for a day before the corrected run's, Refused for anybody but the office, for a run that was replaced or
    never shown to anybody, and when nothing that the result rests on has changed.
    """
    chain.lock(session, force.tenant_id)
    run = run_of(session, force, assessment_id)
    owner = capacity(by, OFFICE, "更正")
    if not reason.strip():
        raise BadInput("更正必须写明理由（--reason）")
    if as_of < run.as_of:
        raise BadInput(f"更正的数据截止日 {as_of} 早于原结果的 {run.as_of}")
    if run.state is AssessmentState.DRAFT:
        raise Refused("草稿尚未公示，不需要更正；请直接用 duban assess 重新考核")
    refuse_replaced(session, run)
    new = assessments.run(
        session, force, parse_period(run.quarter), run.population, as_of=as_of, at=at, actor=by.login, acting_for=owner,
        frozen_on=date.fromisoformat(run.case["as_of"]),
    )  # fmt: skip
    if _rests_on(new) == _rests_on(run) and vetoes(session, run) == vetoes(session, new):
        raise Refused("考核所依据的数据没有变化，无须更正")
    new.corrects, new.reason = run.vintage, reason.strip()
    _drop_bulletin(session, run)
    record(session, force, new, CORRECT, by, at, owner, corrects=run.vintage, reason=reason.strip())
    return new


def _drop_bulletin(session: Session, run: Assessment) -> None:
    """Cancel the bulletin of a run that is being corrected, unless it is signed: what is wrong is not sent out."""
    unsigned = col(Paper.state).in_([PaperState.DRAFTED, PaperState.REVIEWED])
    statement = update(Paper).where(col(Paper.plan_id) == run.plan_id, col(Paper.assessment_id) == run.id, unsigned)
    session.execute(statement.values(state=PaperState.CANCELLED, revision=col(Paper.revision) + 1))


def _rests_on(run: Assessment) -> tuple[object, object]:
    """Return what the result rests on, and what it says of the units; the mere day makes no difference."""
    return {key: value for key, value in run.case.items() if key != "as_of"}, run.result["districts"]


def run_of(session: Session, force: InForce, assessment_id: int) -> Assessment:
    """Return the run of that number. Raises UnknownName."""
    statement = select(Assessment).where(col(Assessment.plan_id) == force.plan_id, col(Assessment.id) == assessment_id)
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise UnknownName(f"没有编号为 {assessment_id} 的考核结果；请用 duban assessment list 查看")
    return found


def assessed(session: Session, run: Assessment) -> Sequence[int]:
    """Return the numbers of the units that the run assesses, in official order."""
    statement = select(col(Score.unit_id)).join(Unit, col(Unit.id) == col(Score.unit_id))
    return session.scalars(statement.where(col(Score.assessment_id) == run.id).order_by(col(Unit.sort_order))).all()


def term_end(force: InForce, term: Term, start: date) -> date:
    """Return the last day of a term that begins on `start`, which is not counted itself (民法典 201)."""
    return force.calendar.add(start, term.days) if term.counted == "working" else start + timedelta(days=term.days)


def record(
    session: Session, force: InForce, run: Assessment, action: str, by: Actor, at: datetime, owner: str | None,
    **facts: object,
) -> None:  # fmt: skip
    """Append the act on a run to the chain."""
    data = {
        "assessment": run.id, "quarter": run.quarter, "population": run.population.value, "vintage": run.vintage,
        "name": by.name, **facts,
    }  # fmt: skip
    entry = chain.Entry(action, at, by.login, plan_id=force.plan_id, acting_for=owner, data=data)
    chain.append(session, force.tenant_id, [entry])
    session.flush()


def tell_unit(
    session: Session, force: InForce, run: Assessment, unit_id: int, *, kind: NoticeKind, name: str, because: str,
    due: date | None, at: datetime,
) -> None:  # fmt: skip
    """Make the notice called `name` about the run to one unit's liaison and head."""
    draft = notices.Draft(
        key=f"assessment/{run.id}/{name}/{unit_id}", kind=kind, unit_id=unit_id, because=because, due=due,
        recipients=recipients(unit_people(session, force.tenant_id, on=day_of(at)), unit_id, UNIT),
        not_before=notices.digest_moment(force, at),
    )  # fmt: skip
    notices.make(session, force, [draft], at=at)


def _tell(session: Session, force: InForce, run: Assessment, because: str, at: datetime) -> None:
    people = unit_people(session, force.tenant_id, on=day_of(at))
    drafts = [
        notices.Draft(
            key=f"assessment/{run.id}/publicity/{unit}", kind=NoticeKind.PUBLICITY, unit_id=unit, because=because,
            due=run.objections_until, recipients=recipients(people, unit, UNIT),
            not_before=notices.digest_moment(force, at),
        )
        for unit in assessed(session, run)
    ]  # fmt: skip
    notices.make(session, force, drafts, at=at)


def _expect(run: Assessment, state: AssessmentState, label: str) -> None:
    if run.state is state:
        return
    if run.state is AssessmentState.PUBLICITY and state is AssessmentState.DRAFT:
        raise Refused(f"该考核结果已在公示，公示期到 {run.objections_until} 为止，不必再次“{label}”")
    raise Refused(f"该考核结果现为“{run.state.label}”，不能“{label}”；“{label}”须在“{state.label}”之后")


def refuse_replaced(session: Session, run: Assessment) -> None:
    """Raise Refused for a run beside which there is a newer one."""
    newest = session.scalars(select(func.max(col(Assessment.vintage))).where(*_same_quarter(run))).one()
    if newest != run.vintage:
        raise Refused(f"该结果（第 {run.vintage} 版）已有更新的第 {newest} 版，请办理最新一版")


def _same_quarter(run: Assessment) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for all vintages of what the run assesses."""
    return (
        col(Assessment.plan_id) == run.plan_id,
        col(Assessment.quarter) == run.quarter,
        col(Assessment.population) == run.population,
    )


def _refuse_unsettled(session: Session, run: Assessment) -> None:
    """Raise Refused while an objection waits, also one to a vintage that this one replaced; or a flag does."""
    every = select(Objection).join(Assessment, col(Assessment.id) == col(Objection.assessment_id))
    objections = session.scalars(every.where(*_same_quarter(run)).order_by(col(Objection.id))).all()
    if waiting := [each.id for each in objections if each.decision is Decision.PENDING]:
        raise Refused(f"还有 {len(waiting)} 件申诉未作出复核决定（编号 {'、'.join(map(str, waiting))}），不能发布")
    if any(each.decision is Decision.APPROVED and _came_after(each, run) for each in objections):
        raise Refused("有申诉已被采纳，请先更正数据并用 duban assessment correct 重新考核、公示")
    flags = select(func.count()).where(col(Flag.assessment_id) == run.id, col(Flag.finding) == Finding.OPEN)
    if open_flags := session.scalars(flags).one():
        raise Refused(f"还有 {open_flags} 条数据疑点待核查（duban flag list），核查后才能发布")


def _came_after(objection: Objection, run: Assessment) -> bool:
    """Return whether the run cannot heed the ruling: it is what was objected to, or was made before the ruling."""
    return objection.assessment_id == run.id or (objection.decided_at or objection.raised_at) > run.run_at
