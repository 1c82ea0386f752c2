"""An assessment as its pages show it: who may see it, and the figures that a score rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import UnknownName
from config.terms import AssessmentState, FigureState
from models import Assessment, Figure, Person, ScoreLine, Submission
from supervision.in_force import InForce
from supervision.queries.publication import RunLine, runs
from supervision.queries.sight import Sight


@dataclass(frozen=True)
class FigureBehind:
    """The figure that a line of a score rests on, and the filing that brought it."""

    value: Decimal | None
    state: FigureState
    period: str
    version: int
    filed_at: datetime
    filed_by: str
    request_id: int
    file_name: str


def run_seen(session: Session, force: InForce, sight: Sight, number: int) -> Assessment:
    """Return the run: a draft to who oversees, a result under publicity or published to everybody.

    Raises UnknownName, in the same words, when there is none or it is not to be seen.
    """
    found = session.scalars(
        select(Assessment).where(col(Assessment.plan_id) == force.plan_id, col(Assessment.id) == number)
    ).one_or_none()
    if found is None or not (sight.everything or found.state is not AssessmentState.DRAFT):
        raise UnknownName(f"没有编号为 {number} 的考核结果，或者尚未公示")
    return found


def vintages_seen(session: Session, force: InForce, sight: Sight, run: Assessment) -> tuple[RunLine, ...]:
    """Return the vintages of what the run assesses that this person sees, the first one first."""
    lines = runs(session, force, quarter=run.quarter, drafts=sight.everything)
    return tuple(line for line in reversed(lines) if line.population is run.population)


def lines_seen(run: Assessment, sight: Sight, unit_id: int) -> bool:
    """Return whether the lines of a unit's score are seen: the own ones, and once published everybody's."""
    return run.state is AssessmentState.PUBLISHED or sight.sees_unit(unit_id)


def figures_behind(session: Session, run: Assessment, unit_id: int) -> Mapping[str, FigureBehind]:
    """Return by indicator the figure that each line of the unit's score rests on."""
    statement = (
        select(col(ScoreLine.code), Figure, Submission, col(Person.name))
        .join(Figure, col(Figure.id) == col(ScoreLine.figure_id))
        .join(Submission, col(Submission.id) == col(Figure.submission_id))
        .outerjoin(Person, col(Person.id) == col(Submission.filed_by))
        .where(col(ScoreLine.assessment_id) == run.id, col(ScoreLine.unit_id) == unit_id)
    )
    return {
        code: FigureBehind(
            figure.value, figure.state, figure.period, figure.version, figure.filed_at, name or "系统",
            submission.request_id, submission.file_name,
        )
        for code, figure, submission, name in session.execute(statement).tuples()
    }  # fmt: skip


def clauses_of(session: Session, run: Assessment, unit_id: int) -> Mapping[tuple[str, str], str]:
    """Return by component and line the clause that it comes from."""
    rows = session.execute(
        select(col(ScoreLine.component), col(ScoreLine.code), col(ScoreLine.clause)).where(
            col(ScoreLine.assessment_id) == run.id, col(ScoreLine.unit_id) == unit_id
        )
    ).tuples()
    return {(component, code): clause for component, code, clause in rows}
