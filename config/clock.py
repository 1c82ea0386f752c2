"""The only reader of the clock. Everything else is told the time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
"""The zone in which days begin and end for the office (the whole country keeps it)."""


def now() -> datetime:
    """Return this instant, aware, in Asia/Shanghai."""
    return datetime.now(ZONE)


def today() -> date:
    """Return the date it is now in Asia/Shanghai."""
    return now().date()


def day_of(at: datetime) -> date:
    """Return the Shanghai date on which the aware instant `at` falls.

    Raises ValueError for a naive datetime: an instant without a zone cannot be placed on a day.
    """
    if at.tzinfo is None:
        raise ValueError(f"时刻 {at.isoformat()} 没有时区，请写成如 2022-07-01T09:00:00+08:00")
    return at.astimezone(ZONE).date()


def moment(day: date, at: time) -> datetime:
    """Return the aware instant of wall-clock time `at` on `day` in Asia/Shanghai."""
    return datetime.combine(day, at, tzinfo=ZONE)


def day_ends(day: date) -> datetime:
    """Return the first instant that is no longer `day` in Asia/Shanghai (exclusive bound of a due date)."""
    return moment(day + timedelta(days=1), time.min)
