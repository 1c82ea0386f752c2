"""Gathering what an assessment is calculated from: the whole input of the calculator, as known on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.clock import day_ends
from config.errors import UnknownName
from config.plan import Form, Indicator, Plan, Scheme, SchemeItem, Unit
from config.plan.view import score_scheme
from config.terms import Cadence, Decision, FigureState, Level, Population
from models import Adjustment, Notice, Paper
from supervision import in_force
from supervision.deadlines import due_date, read_due_rule
from supervision.in_force import InForce
from supervision.periods import Period, periods, quarters_to_date
from supervision.queries.items_as_known import KnownItem
from supervision.queries.judged import Heard, heard, judged_items
from supervision.queries.reporting import KnownFigure, figures_as_known, request_facts
from supervision.queries.targets import KnownTarget, targets_as_known
from supervision.scoring.case import ComponentCode


@dataclass(frozen=True)
class Gathered:
    """The calculator's input, and the figure behind every line: by unit code and indicator code."""

    case: dict[str, Any]
    figure_ids: Mapping[tuple[str, str], int]
    clauses: Mapping[str, str]
    """Where each component of the scheme comes from, by its code."""


def gather(
    session: Session, force: InForce, quarter: Period, population: Population, *, as_of: date,
    known_on: date | None = None,
) -> Gathered:  # fmt: skip
    """Return everything the scheme in force needs, as known at the close of `as_of`, whenever this is asked.

    A correction has a later day, `known_on`: figures that had been filed by `as_of` and points are as known on it, and
    so are the targets and the items that an upheld objection of their unit is about. All else stays judged by `as_of`:
    what fell due, was filed, was verified or was newly set since is the next quarters' affair, and what had not been
    filed by then is not reported.
    An item that waits for verification, is disputed or suspended is left out: the office's pace never costs a unit,
    and an unverified report wins nothing. Withdrawn and retrospective items are left out as well.
    Raises UnknownName when no scheme is in force for the quarter.
    """
    known_on = known_on or as_of
    force = in_force.as_known(session, force, known_at=day_ends(as_of))
    scheme = force.plan.scheme(population.value, quarter=str(quarter))
    units = assessed_units(force, population)
    upheld = heard(session, force, quarter, population, known_on=known_on) if known_on > as_of else Heard()
    figures, ids = _figures(session, force, scheme, units, quarter, as_of, known_on, upheld)
    year = quarters_to_date(quarter)[0].first, quarter.last
    due = _items_due(judged_items(session, force, quarter, as_of=as_of, known_on=known_on, upheld=upheld))
    papers = _papers(session, force, year)
    adjustments = _adjustments(session, force, quarter, known_on)
    rows = []
    for unit in units:
        number = force.unit_ids[unit.code]
        row: dict[str, Any] = {"code": unit.code, "name": unit.name}
        row["group"] = force.plan.peer_group(unit.code, on=quarter.last)
        if figures is not None:
            row["figures"] = figures[unit.code]
        row["items_due"] = due.get(number, [])
        row["requests"] = request_facts(session, force, unit=unit.code, first=year[0], last=year[1], as_of=as_of)
        row["supervision"] = papers.get(number, {"supervision_notices": 0, "circulars": 0})
        row["adjustments"] = adjustments.get(number, [])
        rows.append(row)
    case = {
        "plan": {"start": force.plan.start.isoformat(), "end": force.plan.end.isoformat()},
        "quarter": str(quarter),
        "as_of": as_of.isoformat(),
        "scheme": score_scheme(force.plan, scheme),
        "districts": rows,
    }
    return Gathered(case, ids, {component.code: component.source for component in scheme.components})


def populations(force: InForce, quarter: Period) -> tuple[Population, ...]:
    """Return who is assessed for `quarter`: the populations that have a scheme in force for it."""
    found = []
    for population in Population:
        try:
            force.plan.scheme(population.value, quarter=str(quarter))
        except UnknownName:
            continue
        found.append(population)
    return tuple(found)


def population_of(plan: Plan, unit: str) -> Population:
    """Return among whom the unit (a code) is assessed."""
    return Population.DISTRICTS if plan.unit(unit).kind == "district" else Population.UNITS


def assessed_units(force: InForce, population: Population) -> Sequence[Unit]:
    """Return who is assessed together: the districts, or all other units, in official order."""
    if population is Population.DISTRICTS:
        return force.plan.districts
    return tuple(unit for unit in force.plan.units if unit.kind != "district")


def freeze_date(force: InForce, quarter: Period, population: Population) -> date:
    """Return the day on which the figures of `quarter` are frozen, by the scheme in force."""
    scheme = force.plan.scheme(population.value, quarter=str(quarter))
    return due_date(read_due_rule(scheme.freeze.rule), quarter, force.calendar).day


def _figures(
    session: Session, force: InForce, scheme: Scheme, units: Sequence[Unit], quarter: Period, as_of: date,
    known_on: date, upheld: Heard,
) -> tuple[dict[str, dict[str, Any]] | None, dict[tuple[str, str], int]]:  # fmt: skip
    items = [item for component in scheme.components for item in component.items]
    if not items:
        return None, {}
    known = figures_as_known(session, force, known_at=day_ends(known_on))
    if known_on > as_of:
        filed = figures_as_known(session, force, known_at=day_ends(as_of), confirmed_only=False)
        known = {place: figure for place, figure in known.items() if place in filed}
    targets = _targets(session, force, as_of, known_on, upheld)
    gauged = [(item, force.plan.indicator(item.code)) for item in items]
    periods_of = {indicator.code: reporting_period(force, indicator, quarter) for _, indicator in gauged}
    rows: dict[str, dict[str, Any]] = {}
    ids: dict[tuple[str, str], int] = {}
    for unit in units:
        row = rows.setdefault(unit.code, {})
        for item, indicator in gauged:
            code, period = item.code, periods_of[item.code]
            figure = known.get((code, unit.code, str(period))) if period else None
            row[code] = _figure(indicator, period, unit, figure, known, targets.get((code, unit.code)))
            row[code] |= _good_and_bad(item)
            if figure is not None:
                ids[unit.code, code] = figure.figure_id
    return rows, ids


def _targets(
    session: Session, force: InForce, as_of: date, known_on: date, upheld: Heard
) -> Mapping[tuple[str, str], KnownTarget]:
    """Return the targets of `as_of`; what was set since counts only where the district's objection was upheld."""
    then = targets_as_known(session, force, known_at=day_ends(as_of))
    if not upheld.places:
        return then
    now = targets_as_known(session, force, known_at=day_ends(known_on))
    mended = {place for place in now if upheld.covers(place[1], ComponentCode.TARGETS, place[0])}
    return {**then, **{place: now[place] for place in mended}}


def _good_and_bad(item: SchemeItem) -> dict[str, Any]:
    """Return the values between which `efficacy` places a figure; nothing under any other rule."""
    return {key: _text(value) for key, value in (("good", item.good), ("bad", item.bad)) if value is not None}


def reporting_period(force: InForce, indicator: Indicator, quarter: Period) -> Period | None:
    """Return the last period of the indicator's form that has ended by the end of `quarter`; None: none has."""
    form = form_of(force.plan, indicator)
    if form is None:
        return None
    ended = [
        period
        for period in periods(Cadence(form.frequency), start=force.plan.start, end=quarter.last)
        if period.last <= quarter.last
    ]
    return ended[-1] if ended else None


def form_of(plan: Plan, indicator: Indicator, *, is_district: bool = True) -> Form | None:
    """Return the form in which the figures of a district, or else of the whole city, are filed; None: in none."""
    of_districts = "districts" if indicator.reported_by else "self"
    wanted = of_districts if is_district else "city"
    return next((form for form in plan.forms if indicator.code in form.indicators and form.areas == wanted), None)


def _figure(
    indicator: Indicator,
    period: Period | None,
    unit: Unit,
    figure: KnownFigure | None,
    known: Mapping[tuple[str, str, str], KnownFigure],
    target: KnownTarget | None,
) -> dict[str, Any]:
    row: dict[str, Any] = {"value": None}
    if target is not None:
        row["target"], row["baseline"] = _text(target.target), _text(target.baseline)
    if indicator.reported_by:
        row["reported_by_other"] = True
    if indicator.measure_type == "direction" and period is not None:
        before = known.get((indicator.code, unit.code, str(period.year_before)))
        row["reference"] = _text(before.value) if before else None
    if figure is None:
        return row
    if figure.state is FigureState.NOT_APPLICABLE and figure.ruled:
        row["not_applicable"] = True
    if indicator.measure_type == "rubric":
        row["rating"] = _text(figure.value)
    else:
        row["value"] = _text(figure.value)
    return row


def _items_due(items: Iterable[KnownItem]) -> Mapping[int, list[dict[str, Any]]]:
    """Return by unit the items that count, as the calculator reads them."""
    found: dict[int, list[dict[str, Any]]] = {}
    for item in items:
        completed = item.completed.isoformat() if item.completed else None
        found.setdefault(item.unit_id, []).append({"due": item.due.isoformat(), "completed": completed})
    return found


def _papers(session: Session, force: InForce, year: tuple[date, date]) -> Mapping[int, dict[str, int]]:
    """Count the papers on items that were signed in the year to date; those on requests count in reporting."""
    statement = (
        select(col(Notice.unit_id), col(Paper.level), func.count())
        .join(Notice, col(Notice.id) == col(Paper.notice_id))
        .where(
            col(Paper.plan_id) == force.plan_id,
            col(Notice.item_id).is_not(None),
            col(Paper.issued_at) >= day_ends(date.fromordinal(year[0].toordinal() - 1)),
            col(Paper.issued_at) < day_ends(year[1]),
        )
        .group_by(col(Notice.unit_id), col(Paper.level))
    )
    keys = {Level.SUPERVISION_NOTICE: "supervision_notices", Level.CIRCULAR: "circulars"}
    found: dict[int, dict[str, int]] = {}
    for unit, level, many in session.execute(statement).tuples():
        found.setdefault(unit, {"supervision_notices": 0, "circulars": 0})[keys[level]] = many
    return found


def _adjustments(session: Session, force: InForce, quarter: Period, as_of: date) -> Mapping[int, list[dict[str, str]]]:
    """Return the adjustments of the year to date that a second person has approved by `as_of`."""
    statement = select(Adjustment).where(
        col(Adjustment.plan_id) == force.plan_id,
        col(Adjustment.quarter).in_([str(q) for q in quarters_to_date(quarter)]),
        col(Adjustment.decision) == Decision.APPROVED,
        col(Adjustment.decided_at) < day_ends(as_of),
    )
    found: dict[int, list[dict[str, str]]] = {}
    for row in session.scalars(statement.order_by(col(Adjustment.id))):
        found.setdefault(row.unit_id, []).append({"points": format(row.points, "f"), "reason": row.reason})
    return found


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")
