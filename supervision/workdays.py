"""Working days: the national arrangement of holidays and make-up days, and counting along it.

国务院办公厅 publishes each year's arrangement in the autumn before. A year that is not published is never
guessed: whatever needs one of its days raises CalendarNotPublished, and whatever does not need it goes on.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import chinese_calendar

from config.clock import ZONE, day_of, moment
from config.errors import BadInput, CalendarNotPublished

_SATURDAY = 5
_DECEMBER = 12
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class ArrangedDay:
    """A day that the arrangement names: a day off, or a weekend day that is worked (调休上班日)."""

    day: date
    is_off: bool
    name: str


@dataclass(frozen=True, slots=True)
class YearArrangement:
    """The arrangement of one year, in order of days. Days it does not name follow the week.

    It may name days of the December before: the new year's holiday belongs to the new year's notice
    (2018-12-29 to 31 stand in the notice for 2019).
    """

    year: int
    days: tuple[ArrangedDay, ...]


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


def read_arrangement(data: object, name: str) -> YearArrangement:
    """Return the arrangement in `data`: JSON text, or what was parsed from it, in the shape of holiday-cn.

    `name` is what a complaint calls the file. Raises BadInput, naming the entry, for a shape that is not
    {"year", "days": [{"name", "date", "isOffDay"}]}, a day that is outside the year (the December before
    is inside), named twice, or a make-up day that would be worked anyway.
    """
    content = _parsed(data, name)
    year, entries = content.get("year"), content.get("days")
    if not isinstance(year, int) or isinstance(year, bool) or not date.min.year <= year <= date.max.year:
        raise BadInput(f"{name}：year 应为四位年份，现为 {year!r}")
    if not isinstance(entries, list) or not entries:
        raise BadInput(f"{name}：days 应为放假和调休日期的列表，不能为空")
    days: dict[date, ArrangedDay] = {}
    for number, entry in enumerate(entries, start=1):
        arranged = _arranged_day(entry, year, f"{name}：days 第 {number} 项")
        if arranged.day in days:
            raise BadInput(f"{name}：{arranged.day} 重复列出（days 第 {number} 项），请删去一处")
        days[arranged.day] = arranged
    return YearArrangement(year, tuple(days[day] for day in sorted(days)))


def _parsed(data: object, name: str) -> Mapping[object, object]:
    if isinstance(data, str | bytes):
        try:
            data = json.loads(data)
        except ValueError as error:
            raise BadInput(f"{name}：不是有效的 JSON 文件（{error}）") from error
    if not isinstance(data, Mapping):
        raise BadInput(f"{name}：应为含 year 和 days 的 JSON 对象（holiday-cn 格式）")
    return data


def _arranged_day(entry: object, year: int, place: str) -> ArrangedDay:
    if not isinstance(entry, Mapping):
        raise BadInput(f"{place}：应含 name、date、isOffDay")
    name, written, is_off = entry.get("name"), entry.get("date"), entry.get("isOffDay")
    if not isinstance(name, str) or not name.strip():
        raise BadInput(f"{place}：缺少节日名称 name")
    if not isinstance(is_off, bool):
        raise BadInput(f"{place}：isOffDay 应为 true（放假）或 false（上班），现为 {is_off!r}")
    try:
        day = date.fromisoformat(written if isinstance(written, str) else "")
    except ValueError as error:
        raise BadInput(f"{place}：date 应为 {year}-01-01 这样的日期，现为 {written!r}") from error
    if day.year != year and (day.year, day.month) != (year - 1, _DECEMBER):
        raise BadInput(f"{place}：{day} 不在 {year} 年内，请核对文件的年份")
    if not is_off and day.weekday() < _SATURDAY:
        raise BadInput(f"{place}：{day} 是星期{_WEEKDAYS[day.weekday()]}，本来就上班，不能列为调休上班日")
    return ArrangedDay(day, is_off, name.strip())


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
