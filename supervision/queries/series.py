"""Reading statistical series: as known on a day, with every vintage, with growth and alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import UnknownName
from config.plan.schema.statistics import Index, Series
from config.terms import ReleaseStatus, ValueMark
from models import Person, SeriesValue
from models import Series as SeriesRow
from supervision.exact import plain
from supervision.in_force import InForce
from supervision.indices.growth import Raised, alert
from supervision.indices.vintages import Vintage, in_order, known_on
from supervision.periods import Period, parse_period


@dataclass(frozen=True, slots=True)
class Point:
    """One vintage of one value, with where it comes from. `recorded_by` None: it came with the plan."""

    series: str
    area: str
    period: Period
    vintage: int
    value: Decimal | None
    growth: Decimal | None
    mark: ValueMark
    status: ReleaseStatus
    known_from: date
    released_on: date | None
    source: str
    note: str | None
    reason: str | None
    recorded_at: datetime
    recorded_by: str | None

    @property
    def text(self) -> str | None:
        """The value as it is printed: an own index with all its decimals, what others say without superfluous zeros."""
        if self.value is None:
            return None
        return format(self.value, "f") if self.mark is ValueMark.INTERNAL else plain(self.value)

    @property
    def as_vintage(self) -> Vintage:
        """The vintage as the rules see it."""
        return Vintage(self.vintage, self.known_from, self.value, self.growth, self.mark, self.status)


Place = tuple[str, str, str]
"""Series, area and period."""


def points(
    session: Session,
    force: InForce,
    codes: Iterable[str],
    *,
    as_of: date,
    area: str | None = None,
    recorded_before: datetime | None = None,
) -> Mapping[Place, Point]:
    """Return by place the vintage that was known at the close of `as_of`, in order of series, area and period.

    Known is what had been released by then; where the release is not dated, what had been recorded. With
    `recorded_before` only what this database held before that instant counts: the same question then has the same
    answer for ever, also when an old release is recorded later.
    """
    found = {}
    for place, vintages in all_vintages(session, force, codes, area=area, recorded_before=recorded_before).items():
        known = known_on([point.as_vintage for point in vintages], as_of)
        if known is not None:
            found[place] = next(point for point in vintages if point.vintage == known.number)
    return found


def all_vintages(
    session: Session,
    force: InForce,
    codes: Iterable[str],
    *,
    area: str | None = None,
    recorded_before: datetime | None = None,
) -> Mapping[Place, tuple[Point, ...]]:
    """Return by place every vintage, as they became known; places in order of series, area and period."""
    statement = (
        select(col(SeriesRow.code), SeriesValue, col(Person.login))
        .join(SeriesRow, col(SeriesRow.id) == col(SeriesValue.series_id))
        .outerjoin(Person, col(Person.id) == col(SeriesValue.recorded_by_person_id))
        .where(col(SeriesValue.plan_id) == force.plan_id, col(SeriesRow.code).in_(list(codes)))
        .order_by(col(SeriesRow.sort_order), col(SeriesValue.area), col(SeriesValue.vintage))
    )
    if area is not None:
        statement = statement.where(col(SeriesValue.area) == area)
    if recorded_before is not None:
        statement = statement.where(col(SeriesValue.recorded_at) < recorded_before)
    found: dict[Place, list[Point]] = {}
    for code, row, login in session.execute(statement).tuples():
        found.setdefault((code, row.area, row.period), []).append(_point(code, row, login))
    order = _order(force)
    return {place: _ordered(found[place]) for place in sorted(found, key=lambda place: order(found[place][0]))}


def _order(force: InForce) -> Callable[[Point], tuple[int, int, str, Period]]:
    """Return how points are put in order: series and areas as the plan lists them, then by period."""
    statistics = force.plan.statistics
    entries: list[Series | Index] = [*statistics.series, *statistics.indices]
    series = {entry.code: place for place, entry in enumerate(entries)}
    areas = {entry.code: areas_of(force, entry) for entry in entries}

    def position(point: Point) -> tuple[int, int, str, Period]:
        known = areas.get(point.series, ())
        place = known.index(point.area) if point.area in known else len(known)
        return series.get(point.series, len(series)), place, point.area, point.period

    return position


def _ordered(vintages: Sequence[Point]) -> tuple[Point, ...]:
    by_number = {point.vintage: point for point in vintages}
    return tuple(by_number[vintage.number] for vintage in in_order([point.as_vintage for point in vintages]))


def _point(code: str, row: SeriesValue, login: str | None) -> Point:
    return Point(
        series=code,
        area=row.area,
        period=parse_period(row.period),
        vintage=row.vintage,
        value=row.value,
        growth=row.growth,
        mark=row.mark,
        status=row.status,
        known_from=row.known_from,
        released_on=row.released_on,
        source=row.source,
        note=row.note,
        reason=row.reason,
        recorded_at=row.recorded_at,
        recorded_by=login,
    )


def line_of(known: Mapping[Place, Point], series: str, area: str) -> Mapping[Period, Decimal]:
    """Return the values of one series and area by period."""
    return {
        point.period: point.value
        for (code, where, _), point in known.items()
        if (code, where) == (series, area) and point.value is not None
    }


def raised_alerts(session: Session, force: InForce, *, as_of: date) -> list[Raised]:
    """Return the alerts that the newest period of every watched series and area raises, as known on `as_of`."""
    statistics = force.plan.statistics
    known = points(session, force, {rule.series for rule in statistics.alerts}, as_of=as_of)
    return alerts_of(force, known)


def alerts_of(force: InForce, known: Mapping[Place, Point]) -> list[Raised]:
    """Return the alerts of the plan that the newest period of each series and area among `known` raises."""
    found = []
    for rule in force.plan.statistics.alerts:
        series = force.plan.statistics.series_of(rule.series)
        for area in dict.fromkeys(where for code, where, _ in known if code == rule.series):
            line = line_of(known, rule.series, area)
            raised = alert(rule, series, line, max(line), area=area) if line else None
            if raised is not None:
                found.append(raised)
    return found


def area_named(force: InForce, entry: Series | Index, name: str) -> str:
    """Return the area of a series or index that `name` means; a district also by its code or alias.

    Raises UnknownName with the areas there are.
    """
    areas = areas_of(force, entry)
    if name in areas:
        return name
    for unit in force.plan.districts if entry.districts else ():
        if name in (unit.code, unit.official_name, *unit.aliases):
            return unit.name
    raise UnknownName(f"{entry.code} 没有地区“{name}”，有：{'、'.join(areas)}")


def areas_of(force: InForce, entry: Series | Index) -> tuple[str, ...]:
    """Return the areas of a series or an index: its own, then the districts in official order if it has them."""
    return (*entry.areas, *(unit.name for unit in force.plan.districts if entry.districts))
