"""Reading how far the assessments have got: runs, objections, adjustments, vetoes and flags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from config.terms import AssessmentState, Decision, Finding, Population
from models import Adjustment, Assessment, Flag, Objection, Proposal, Veto
from supervision.in_force import InForce
from supervision.periods import parse_period
from supervision.queries.items import unit_name
from supervision.queries.people import logins_by_person


@dataclass(frozen=True)
class RunLine:
    """One run on its way: `current` is false when a later one has replaced it."""

    id: int
    quarter: str
    population: Population
    vintage: int
    as_of: date
    state: AssessmentState
    corrects: int | None
    reason: str | None
    objections_until: date | None
    published_at: datetime | None
    open_objections: int
    open_flags: int
    current: bool


@dataclass(frozen=True)
class ObjectionLine:
    """One objection and what was ruled on it."""

    id: int
    assessment: int
    quarter: str
    unit: str
    subject: str
    grounds: str
    raised_by: str
    raised_at: datetime
    ruling_due: date
    decision: Decision
    ruling: str | None
    decided_by: str | None


@dataclass(frozen=True)
class VerdictLine:
    """One adjustment (`points`) or veto (`evidence`) and what was decided on it."""

    id: int
    quarter: str
    unit: str
    points: Decimal | None
    reason: str
    evidence: str | None
    proposed_by: str
    decision: Decision
    decided_by: str | None
    comment: str | None


@dataclass(frozen=True)
class FlagLine:
    """One irregularity that the program saw, and what a person found out about it."""

    id: int
    assessment: int
    quarter: str
    unit: str
    subject: str
    kind: str
    words: str
    evidence: Mapping[str, Any]
    finding: Finding
    comment: str | None


def called(run: Assessment) -> str:
    """Return what the run is called in a notice: quarter, who was assessed, and whether it is a correction."""
    mark = "（更正）" if run.corrects else ""
    return f"{parse_period(run.quarter).in_words}{run.population.label}考核{mark}"


def runs(session: Session, force: InForce, *, quarter: str | None = None, drafts: bool = True) -> list[RunLine]:
    """Return the runs, the newest quarter and vintage first; of one quarter when it is given.

    Without `drafts` as somebody sees them to whom drafts are not shown: what only a draft replaces is current.
    """
    statement = select(Assessment).where(col(Assessment.plan_id) == force.plan_id)
    if quarter is not None:
        statement = statement.where(col(Assessment.quarter) == quarter)
    if not drafts:
        statement = statement.where(col(Assessment.state) != AssessmentState.DRAFT)
    rows = session.scalars(
        statement.order_by(col(Assessment.quarter).desc(), col(Assessment.population), col(Assessment.vintage).desc())
    ).all()
    waiting = _counts(session, select(col(Objection.assessment_id)).where(col(Objection.decision) == Decision.PENDING))
    unseen = _counts(session, select(col(Flag.assessment_id)).where(col(Flag.finding) == Finding.OPEN))
    seen: set[tuple[str, str]] = set()
    found = []
    for row in rows:
        key = (row.quarter, row.population.value)
        found.append(
            RunLine(
                row.id or 0, row.quarter, row.population, row.vintage, row.as_of, row.state, row.corrects, row.reason,
                row.objections_until, row.published_at, waiting[row.id], unseen[row.id],
                key not in seen,
            )
        )  # fmt: skip
        seen.add(key)
    return found


def objections(session: Session, force: InForce, *, assessment: int | None = None) -> list[ObjectionLine]:
    """Return the objections, those that wait first, then by number; to one run when it is given."""
    statement = (
        select(Objection, col(Assessment.quarter))
        .join(Assessment, col(Assessment.id) == col(Objection.assessment_id))
        .where(col(Objection.plan_id) == force.plan_id)
    )
    if assessment is not None:
        statement = statement.where(col(Objection.assessment_id) == assessment)
    names = logins_by_person(session, force.tenant_id)
    found = [
        ObjectionLine(
            row.id or 0, row.assessment_id, quarter, unit_name(force, row.unit_id, force.today),
            row.subject, row.grounds,
            names[row.raised_by_person_id], row.raised_at, row.ruling_due, row.decision, row.ruling,
            names.get(row.decided_by_person_id or 0),
        )
        for row, quarter in session.execute(statement).tuples()
    ]  # fmt: skip
    return sorted(found, key=lambda line: (line.decision is not Decision.PENDING, line.id))


def adjustments(session: Session, force: InForce, *, quarter: str | None = None) -> list[VerdictLine]:
    """Return the adjustments by number; of one quarter when it is given."""
    return _verdicts(session, force, Adjustment, quarter)


def proposed_vetoes(session: Session, force: InForce, *, quarter: str | None = None) -> list[VerdictLine]:
    """Return the vetoes by number; of one quarter when it is given."""
    return _verdicts(session, force, Veto, quarter)


def flags(session: Session, force: InForce, *, assessment: int | None = None) -> list[FlagLine]:
    """Return the flags, those that wait for a person first, then by number; of one run when it is given."""
    statement = (
        select(Flag, col(Assessment.quarter))
        .join(Assessment, col(Assessment.id) == col(Flag.assessment_id))
        .where(col(Flag.plan_id) == force.plan_id)
    )
    if assessment is not None:
        statement = statement.where(col(Flag.assessment_id) == assessment)
    found = [
        FlagLine(
            row.id or 0, row.assessment_id, quarter, unit_name(force, row.unit_id, force.today),
            row.subject, row.kind, row.words,
            row.evidence, row.finding, row.comment,
        )
        for row, quarter in session.execute(statement).tuples()
    ]  # fmt: skip
    return sorted(found, key=lambda line: (line.finding is not Finding.OPEN, line.id))


def vetoes(session: Session, run: Assessment) -> Mapping[int, str]:
    """Return the reason by unit of each veto that the run stands under.

    A published run stands under those that were approved before its publication, any other under all there are.
    """
    statement = select(Veto).where(
        col(Veto.plan_id) == run.plan_id, col(Veto.quarter) == run.quarter, col(Veto.decision) == Decision.APPROVED
    )
    if run.published_at is not None:
        statement = statement.where(col(Veto.decided_at) <= run.published_at)
    return {row.unit_id: row.reason for row in session.scalars(statement.order_by(col(Veto.id)))}


def lineage(session: Session, run: Assessment) -> tuple[Assessment, ...]:
    """Return the runs that led to `run` by correction, the first one first; none for a run that corrects nothing."""
    found: list[Assessment] = []
    number = run.corrects
    while number is not None:
        statement = select(Assessment).where(
            col(Assessment.plan_id) == run.plan_id, col(Assessment.quarter) == run.quarter,
            col(Assessment.population) == run.population, col(Assessment.vintage) == number,
        )  # fmt: skip
        found.append(session.scalars(statement).one())
        number = found[-1].corrects
    return tuple(reversed(found))


def _verdicts(session: Session, force: InForce, kind: type[Proposal], quarter: str | None) -> list[VerdictLine]:
    statement = select(kind).where(col(kind.plan_id) == force.plan_id)
    if quarter is not None:
        statement = statement.where(col(kind.quarter) == quarter)
    names = logins_by_person(session, force.tenant_id)
    return [
        VerdictLine(
            row.id or 0, row.quarter, unit_name(force, row.unit_id, force.today), getattr(row, "points", None),
            row.reason,
            getattr(row, "evidence", None), names[row.proposed_by_person_id], row.decision,
            names.get(row.decided_by_person_id or 0), row.comment,
        )
        for row in session.scalars(statement.order_by(col(kind.id)))
    ]  # fmt: skip


def _counts(session: Session, assessments: Select[tuple[int]]) -> Counter[int | None]:
    return Counter(session.scalars(assessments))
