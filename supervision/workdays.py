"""Working days: the national arrangement of holidays and make-up days, and counting along it.

国务院办公厅 publishes each year's arrangement in the autumn before. A year that is not published is never
guessed: whatever needs one of its days raises CalendarNotPublished, and whatever does not need it goes on.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import chinese_calendar

from config.clock import ZONE, day_of, moment
from config.errors import BadInput, CalendarNotPublished
from supervision.arrangement import YearArrangement, read_arrangement

__all__ = ["Workdays", "WorkingTime", "YearArrangement", "at_most_days", "published", "read_arrangement"]

_SATURDAY = 5
_DECEMBER = 12

_LONGEST_HOLIDAY = 14
_DAYS_PER_WORKING_DAY = 2


@dataclass(frozen=True, slots=True)
class _Year:
    """The working days of one year, in order and as a set."""

    days: tuple[date, ...]
    working: frozenset[date]


@dataclass(frozen=True)
class Workdays:
    """The calendar of working days: what the office has loaded goes before what is published nationally.

    Immutable in what it says; a year is worked out when one of its days is first asked for, then kept.
    Every method raises CalendarNotPublished for a year it needs and does not have.
    """

    loaded: tuple[YearArrangement, ...] = ()
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def with_year(self, arrangement: YearArrangement) -> Workdays:
        """Return a calendar where `arrangement` stands for its whole year and the December days it names.

        A later file for the same year takes the place of the earlier one.
        """
        others = (known for known in self.loaded if known.year != arrangement.year)
        return Workdays(tuple(sorted((*others, arrangement), key=lambda known: known.year)))

    def is_published(self, year: int) -> bool:
        """Return whether the working days of `year` are known."""
        return any(known.year == year for known in self.loaded) or year in _national()

    def is_working(self, day: date) -> bool:
        """Return whether `day` is worked: Monday to Friday but for holidays, and make-up weekend days."""
        return day in self._year_of(day).working

    def count(self, first: date, last: date) -> int:
        """Return the number of working days in the closed interval; 0 when `first` is after `last`."""
        if first > last:
            return 0
        if first.year == last.year:
            days = self._year_of(first).days
            return bisect_right(days, last) - bisect_left(days, first)
        here = self._year_of(first).days
        between = sum(len(self._year(year).days) for year in range(first.year + 1, last.year))
        return len(here) - bisect_left(here, first) + between + bisect_right(self._year_of(last).days, last)

    def between(self, first: date, last: date) -> int:
        """Return the number of working days in the closed interval; raise BadInput when it runs backwards."""
        if first > last:
            raise BadInput(f"起始日期 {first} 晚于截止日期 {last}，请把两个日期对调")
        return self.count(first, last)

    def add(self, day: date, n: int) -> date:
        """Return the n-th working day after `day`, which is not counted itself; negative n counts back.

        n = 0: `day`, or the next working day when it is a day off.
        Source: 民法典 201 (the day on which a period begins is not counted), by analogy.
        """
        if n < 0:
            return self._back(day, -n)
        return self._forward(day, n) if n else self.on_or_after(day)

    def on_or_after(self, day: date) -> date:
        """Return `day`, or the next working day when it is a day off (顺延, 民法典 203)."""
        return day if self.is_working(day) else self._forward(day, 1)

    def on_or_before(self, day: date) -> date:
        """Return `day`, or the last working day before it when it is a day off (提前)."""
        return day if self.is_working(day) else self._back(day, 1)

    def _forward(self, day: date, n: int) -> date:
        days = self._year_of(day).days
        index, year = bisect_right(days, day) + n - 1, day.year
        while index >= len(days):
            index, year = index - len(days), year + 1
            days = self._year(year).days
        return days[index]

    def _back(self, day: date, n: int) -> date:
        days = self._year_of(day).days
        index, year = bisect_left(days, day) - n, day.year
        while index < 0:
            year -= 1
            days = self._year(year).days
            index += len(days)
        return days[index]

    def _year_of(self, day: date) -> _Year:
        if isinstance(day, datetime):  # a datetime equals no date: it would pass for a day off, in silence
            raise TypeError(f"工作日只按日期计算，收到的是时刻 {day.isoformat()}")
        return self._years.get(day.year) or self._year(day.year)

    def _year(self, year: int) -> _Year:
        known = self._years.get(year)
        if known is None:
            off = self._named_days(year)
            days = tuple(day for day in _days_of(year) if not off.get(day, day.weekday() >= _SATURDAY))
            known = self._years[year] = _Year(days, frozenset(days))
        return known

    def _named_days(self, year: int) -> dict[date, bool]:
        """Return the days of `year` that an arrangement names, with whether they are off."""
        own = next((known for known in self.loaded if known.year == year), None)
        national = _national().get(year)
        if own is None and national is None:
            raise CalendarNotPublished(year)
        named = dict(national or {})
        if own is not None:
            # The file stands for the year whole, but December may have been moved by the next year's notice.
            named = {day: off for day, off in named.items() if day.month == _DECEMBER}
        for known in self.loaded:
            named |= {each.day: each.is_off for each in known.days if each.day.year == year}
        return named


def at_most_days(working_days: int) -> int:
    """Return a number of calendar days that is sure to hold so many working days, whatever is published.

    At least every other day is worked but for one long holiday. With it, what lies months ahead is decided
    without a calendar that does not exist yet. A test holds it against every year published.
    """
    return _DAYS_PER_WORKING_DAY * working_days + _LONGEST_HOLIDAY


@lru_cache(maxsize=1)
def published() -> Workdays:
    """Return the national calendar as published: the years chinesecalendar covers (2004 to 2026 in 1.11)."""
    return Workdays()


@lru_cache(maxsize=1)
def _national() -> Mapping[int, Mapping[date, bool]]:
    """Return the days named by the published arrangements, by year, with whether they are off."""
    named: dict[int, dict[date, bool]] = {}
    for day in chinese_calendar.holidays:
        named.setdefault(day.year, {})[day] = True
    for day in chinese_calendar.workdays:
        named.setdefault(day.year, {})[day] = False
    return named


def _days_of(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year, _DECEMBER, 31) - first).days + 1))


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The hours in which notices go out: working days of `calendar`, opens ≤ t < closes in Shanghai."""

    opens: time
    closes: time
    calendar: Workdays

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise BadInput(f"工作时间的起点 {self.opens} 应早于终点 {self.closes}")

    def is_working_time(self, at: datetime) -> bool:
        """Return whether the aware instant `at` lies in working time."""
        day = day_of(at)
        return self.opens <= at.astimezone(ZONE).time() < self.closes and self.calendar.is_working(day)

    def next_working_moment(self, at: datetime) -> datetime:
        """Return `at` when it lies in working time, else the instant at which working time next begins."""
        if self.is_working_time(at):
            return at.astimezone(ZONE)
        day = day_of(at)
        if at.astimezone(ZONE).time() >= self.opens:  # today is over, or was never worked
            day += timedelta(days=1)
        return moment(self.calendar.on_or_after(day), self.opens)
