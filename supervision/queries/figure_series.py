"""Reading the figures of all periods as the analysis looks at them: one series for each place and indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_ends, day_of
from config.plan import Indicator, Plan
from config.terms import Cadence, Population
from models import Figure, ReportingRequest, Submission
from supervision.analysis.series import Observation, Series, Topic, Topics
from supervision.in_force import InForce
from supervision.indicators import MeasureType
from supervision.periods import Period, parse_period, periods
from supervision.queries.case import assessed_units, form_of
from supervision.queries.figures import KnownFigure, figures_as_known
from supervision.queries.targets import KnownTarget, targets_as_known


def topics_of(plan: Plan) -> Topics:
    """Return the plan's indicators as the analysis calls and counts them, by code."""
    return {indicator.code: _topic(indicator) for indicator in plan.indicators}


def _topic(indicator: Indicator) -> Topic:
    return Topic(indicator.code, indicator.name, indicator.unit_of_measure, indicator.decimals)


def series_as_known(
    session: Session,
    force: InForce,
    quarter: Period,
    population: Population,
    *,
    as_of: date,
    since: date | None = None,
) -> tuple[Series, ...]:
    """Return every figure through `quarter` that was known and confirmed at the close of `as_of`, as series.

    One for each assessed unit and indicator that has any: a district's own, or what stands for the city as a whole at
    the unit that reports it. `since`: the earlier day as whose knowledge `frozen` is given.
    """
    known = figures_as_known(session, force, known_at=day_ends(as_of), through=quarter)
    frozen = (
        figures_as_known(session, force, known_at=day_ends(since), through=quarter.previous)
        if since is not None
        else {}
    )
    dues = _dues(session, force)
    targets = targets_as_known(session, force, known_at=day_ends(as_of))
    units = {unit.code for unit in assessed_units(force, population)}
    indicators = {indicator.code for indicator in force.plan.indicators}  # a later version may drop some
    places: dict[tuple[str, str], list[tuple[Period, Observation]]] = {}
    for (code, unit, text), figure in known.items():
        if unit in units and code in indicators and figure.value is not None:
            period, before = parse_period(text), frozen.get((code, unit, text))
            seen = _observation(period, figure.value, figure, before, dues.get(figure.figure_id))
            places.setdefault((unit, code), []).append((period, seen))
    return tuple(
        series_at(
            force, unit, code, [seen for _, seen in sorted(found, key=lambda each: each[0])], targets, as_of=as_of
        )
        for (unit, code), found in sorted(places.items())
    )


def _observation(
    period: Period, value: Decimal, figure: KnownFigure, before: KnownFigure | None, due: date | None
) -> Observation:
    return Observation(
        period,
        value,
        filed_on=day_of(figure.filed_at),
        due=due,
        frozen=None if before is None else before.value,
        note=figure.note,
    )


def series_at(
    force: InForce,
    unit: str,
    code: str,
    observations: Sequence[Observation],
    targets: Mapping[tuple[str, str], KnownTarget],
    *,
    as_of: date,
) -> Series:
    """Return the series of the form's own kind of period; a figure of another kind is of a form since replaced."""
    plan = force.plan
    indicator, owner, own = plan.indicator(code), plan.unit(unit), targets.get((code, unit))
    is_district = owner.kind == "district"
    target, baseline = (own.target, own.baseline) if own is not None else (None, None)
    if not is_district:
        target, baseline = indicator.target, plan.baseline(code)
    form = form_of(plan, indicator, is_district=is_district)
    span = () if form is None else periods(Cadence(form.frequency), start=plan.start, end=plan.end)
    length = observations[-1].period.months if observations else span[0].months if span else 0
    return Series(
        unit=unit,
        unit_name=owner.name_on(as_of),
        topic=_topic(indicator),
        measure_type=MeasureType(indicator.measure_type),
        observations=tuple(each for each in observations if each.period.months == length),
        target=target,
        baseline=baseline,
        plan=(span[0], span[-1]) if span and span[0].months == length else None,
        filed_by="、".join(form.reporters) if form is not None and form.areas == "districts" else None,
        never_falls=indicator.cumulative_never_falls,
    )


def _dues(session: Session, force: InForce) -> Mapping[int, date]:
    """Return by figure the last day on which it was on time."""
    statement = (
        select(col(Figure.id), col(ReportingRequest.due))
        .join(Submission, col(Submission.id) == col(Figure.submission_id))
        .join(ReportingRequest, col(ReportingRequest.id) == col(Submission.request_id))
        .where(col(Figure.plan_id) == force.plan_id)
    )
    return {number or 0: due for number, due in session.execute(statement).tuples()}
