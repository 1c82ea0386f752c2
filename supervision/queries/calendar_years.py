"""Which years' working days are known, and where from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models import CalendarYear, Event
from supervision.arrangement import ArrangedDay
from supervision.in_force import InForce

_DECEMBER_END = (12, 31)


@dataclass(frozen=True)
class YearLine:
    """One year. `working_days` is None for a year that is not published; `loaded_at` for one that comes with duban.

    `days` are those that the loaded file names.
    """

    year: int
    working_days: int | None
    loaded_at: datetime | None = None
    by: str = ""
    days: tuple[ArrangedDay, ...] = ()


def years(session: Session, force: InForce) -> list[YearLine]:
    """Return the years that the plan needs, from its first to the one after today's or its last, and all loaded."""
    loaded = {
        row.year: row
        for row in session.scalars(select(CalendarYear).where(col(CalendarYear.tenant_id) == force.tenant_id))
    }
    by = _loaders(session, force)
    plan = force.plan
    needed = range(plan.start.year, max(force.today.year, plan.end.year) + 2)
    return [
        YearLine(
            year, _working_days(force, year), loaded[year].loaded_at if year in loaded else None, by.get(year, ""),
            next((known.days for known in force.calendar.loaded if known.year == year), ()),
        )
        for year in sorted({*needed, *loaded})
    ]  # fmt: skip


def _working_days(force: InForce, year: int) -> int | None:
    if not force.calendar.is_published(year):
        return None
    return force.calendar.count(date(year, 1, 1), date(year, *_DECEMBER_END))


def _loaders(session: Session, force: InForce) -> Mapping[int, str]:
    """Return by year who loaded it last."""
    events = select(Event).where(col(Event.tenant_id) == force.tenant_id, col(Event.action) == "load_calendar")
    return {int(event.data["year"]): event.actor for event in session.scalars(events.order_by(col(Event.seq)))}
