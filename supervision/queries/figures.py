"""Reading figures: as known at a moment, and as they stand beside a new submission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from config.plan import Form
from config.terms import FigureState, SubmissionState
from models import Figure, Indicator, Submission
from supervision.collection.checks import Standing
from supervision.in_force import InForce
from supervision.periods import Period, parse_period


@dataclass(frozen=True, slots=True)
class KnownFigure:
    """The version of a figure that was known at a moment. `ruled`: a second person or the closing confirmed it.

    A claim of 不适用 is confirmed by a person only.
    """

    figure_id: int
    state: FigureState
    value: Decimal | None
    note: str | None
    version: int
    filed_at: datetime
    ruled: bool


def figures_as_known(
    session: Session,
    force: InForce,
    *,
    known_at: datetime,
    period: str | None = None,
    through: Period | None = None,
    confirmed_only: bool = True,
) -> Mapping[tuple[str, str, str], KnownFigure]:
    """Return by indicator code, unit code and period the newest version known before `known_at` (exclusive).

    `period`: of that period alone; `through`: of the periods that have ended by its end. With `confirmed_only` a
    version counts from its confirmation on and an unconfirmed one hides nothing; without, from its filing on.
    The unit is the area a figure is about. The same moment gives the same table for ever.
    """
    clock = col(Figure.confirmed_at) if confirmed_only else col(Figure.filed_at)
    known = [col(Figure.plan_id) == force.plan_id, clock < known_at]
    if period is not None:
        known.append(col(Figure.period) == period)
    place = (col(Figure.indicator_id), col(Figure.unit_id), col(Figure.period))
    newest = select(*place, func.max(Figure.version).label("version")).where(*known).group_by(*place).subquery()
    statement = (
        select(col(Indicator.code), Figure)
        .join(Indicator, col(Indicator.id) == col(Figure.indicator_id))
        .join(
            newest,
            (newest.c.indicator_id == col(Figure.indicator_id))
            & (newest.c.unit_id == col(Figure.unit_id))
            & (newest.c.period == col(Figure.period))
            & (newest.c.version == col(Figure.version)),
        )
        .where(col(Figure.plan_id) == force.plan_id)
    )
    return {
        (code, force.unit_codes[row.unit_id], row.period): _known(row, known_at)
        for code, row in session.execute(statement).tuples()
        if through is None or parse_period(row.period).last <= through.last
    }


def _known(row: Figure, known_at: datetime) -> KnownFigure:
    ruled = row.confirmed_at is not None and row.confirmed_at < known_at
    return KnownFigure(row.id or 0, row.state, row.value, row.note, row.version, row.filed_at, ruled)


def standing_numbers(
    session: Session, force: InForce, form: Form, areas: Sequence[int], *, besides: int
) -> tuple[Standing, ...]:
    """Return the numbers that stand for the form's indicators and their sets and parts, in any period.

    Standing is the newest version that is confirmed or waits for a decision; what was returned or superseded is
    not. A form about one area is given that area's numbers alone. `besides`: the request being filed, left out.
    """
    statement = (
        select(col(Indicator.code), col(Figure.unit_id), col(Figure.period), col(Figure.value))
        .join(Indicator, col(Indicator.id) == col(Figure.indicator_id))
        .join(Submission, col(Submission.id) == col(Figure.submission_id))
        .where(
            col(Figure.plan_id) == force.plan_id,
            col(Indicator.code).in_(_related(force, form)),
            or_(col(Figure.confirmed_at).is_not(None), col(Submission.state) == SubmissionState.FILED),
            col(Submission.request_id) != besides,
        )
        .order_by(col(Figure.version))
    )
    if form.areas == "self":
        statement = statement.where(col(Figure.unit_id).in_(areas))
    newest = {(code, unit, period): value for code, unit, period, value in session.execute(statement).tuples()}
    return tuple(
        Standing(code, force.unit_codes[unit], parse_period(period), value)
        for (code, unit, period), value in newest.items()
        if value is not None
    )


def _related(force: InForce, form: Form) -> list[str]:
    """Return the form's indicators with the sets they belong to and the parts they have."""
    asked = set(form.indicators)
    sets = {force.plan.indicator(code).subset_of for code in asked}
    parts = {indicator.code for indicator in force.plan.indicators if indicator.subset_of in asked}
    return sorted(asked | parts | {code for code in sets if code is not None})
