"""Vintages in the tables: what is new becomes one, and nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import ZONE, day_of
from config.errors import Refused
from models import Series, SeriesValue
from supervision.in_force import InForce
from supervision.indices.reading import NewValue
from supervision.indices.releases import planned
from supervision.indices.vintages import Vintage, known_on, status_of
from supervision.periods import parse_period
from supervision.queries.people import Actor
from supervision.queries.series import Place, Point, all_vintages


@dataclass(frozen=True)
class Kept:
    """What became of values: how many are new, how many replace another (revised), how many were known."""

    new: int
    revised: int
    unchanged: int


def series_rows(session: Session, force: InForce) -> Sequence[Series]:
    """Return the series and indices of the plan."""
    return session.scalars(select(Series).where(col(Series.plan_id) == force.plan_id)).all()


def keep(
    session: Session, force: InForce, values: Sequence[NewValue], *, by: Actor | None, at: datetime, correction: str
) -> Kept:
    """Write the values that say something new as vintages, all or none; return what became of them.

    Key: series, area, period and day of release (where it is not known, of recording). `by` None: they come with the
    plan. Raises Refused for a contradiction on one day without a `correction`, and for a recording dated before the
    last one of its series.
    """
    if not values:
        return Kept(0, 0, 0)
    ids = {row.code: row.id or 0 for row in series_rows(session, force)}
    before = all_vintages(session, force, {value.series for value in values})
    if by is not None:
        _refuse_backdated(before, at)
    known = {place: [point.as_vintage for point in found] for place, found in before.items()}
    new = revised = unchanged = 0
    for value in values:
        vintages = known.setdefault((value.series, value.area, value.period), [])
        known_from = value.released or day_of(at)
        vintage = _vintage(force, value, vintages, known_from)
        standing = known_on(vintages, known_from)
        if _is_known(standing, vintages, vintage, value, with_the_plan=by is None):
            unchanged += 1
            continue
        reason = None
        if standing is not None and standing.known_from == known_from:
            reason = _correction(value, standing, correction)
        new, revised = (new + 1, revised) if not vintages else (new, revised + 1)
        vintages.append(vintage)
        session.add(_row(force, value, vintage, ids[value.series], by, at, reason))
    session.flush()
    return Kept(new, revised, unchanged)


def _refuse_backdated(known: Mapping[Place, Sequence[Point]], at: datetime) -> None:
    """Refuse what would change a table that has been told: what was recorded by a moment stays what it was."""
    later = [point for points in known.values() for point in points if point.recorded_by and point.recorded_at > at]
    if later:
        last = max(later, key=lambda point: point.recorded_at)
        when = last.recorded_at.astimezone(ZONE).isoformat("T", "minutes")
        raise Refused(f"{last.series} 在 {when} 已有登记，新的登记不能写更早的时刻，请核对 --at")


def _is_known(
    before: Vintage | None, vintages: Sequence[Vintage], vintage: Vintage, value: NewValue, *, with_the_plan: bool
) -> bool:
    """Return whether nothing new is said. A status counts only where it was given, not worked out from the calendar.

    What comes with the plan is recorded once: loading the plan again does not bring back what has been superseded or
    corrected since.
    """
    if with_the_plan:
        dated = value.released is not None
        same = [found for found in vintages if found.content == vintage.content]
        return any(found.known_from == vintage.known_from for found in same) if dated else bool(same)
    return before is not None and before.content == vintage.content and value.status in (None, before.status)


def _correction(value: NewValue, before: Vintage, correction: str) -> str:
    if not correction:
        told = "、".join(format(n, "f") for n in (before.value, before.growth) if n is not None)
        raise Refused(
            f"{value.series} {value.area} {value.period} 在 {before.known_from} 已有另一个数（{told}），未作改动；"
            "如系另行发布，请写明各自的发布日期；如系订正原登记，请用 --correction 写明理由"
        )
    return correction


def _vintage(force: InForce, value: NewValue, vintages: Sequence[Vintage], known_from: date) -> Vintage:
    status = value.status or status_of(
        vintages, value=value.value, known_from=known_from, final_on=final_date(force, value.series, value.period)
    )
    number = max((vintage.number for vintage in vintages), default=0) + 1
    return Vintage(number, known_from, value.value, value.growth, value.mark, status)


def final_date(force: InForce, series: str, period: str) -> date | None:
    """Return the day on which the calendar makes the period's values final; None without a provisional release."""
    release = next((entry for entry in force.plan.statistics.releases if series in entry.series), None)
    if release is None or release.provisional is None:
        return None
    return planned(release, parse_period(period), calendar=force.calendar).final


def _row(
    force: InForce,
    value: NewValue,
    vintage: Vintage,
    series_id: int,
    by: Actor | None,
    at: datetime,
    reason: str | None,
) -> SeriesValue:
    return SeriesValue(
        tenant_id=force.tenant_id,
        plan_id=force.plan_id,
        series_id=series_id,
        area=value.area,
        period=value.period,
        vintage=vintage.number,
        value=value.value,
        growth=value.growth,
        mark=value.mark,
        status=vintage.status,
        released_on=value.released,
        known_from=vintage.known_from,
        source=value.source,
        note=value.note,
        reason=reason,
        recorded_at=at,
        recorded_by_person_id=by.person_id if by else None,
    )
