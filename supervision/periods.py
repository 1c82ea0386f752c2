"""Periods of the plan: months 2022-07, quarters 2022Q3, half-years 2022H1, years 2022 and spans 2021-2023."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from config.errors import BadInput
from config.terms import Cadence

_MONTH, _QUARTER, _HALF_YEAR, _YEAR = 1, 3, 6, 12

_LENGTHS = {
    Cadence.MONTHLY: _MONTH,
    Cadence.QUARTERLY: _QUARTER,
    Cadence.HALF_YEARLY: _HALF_YEAR,
    Cadence.YEARLY: _YEAR,
    Cadence.CONTINUOUS: _QUARTER,  # 持续推进 gives feedback once a quarter
}

_MONTH_TEXT = re.compile(r"([1-9][0-9]{3})-(0[1-9]|1[0-2])")
_PART_TEXT = re.compile(r"([1-9][0-9]{3})(?:Q([1-4])|H([12]))?")
_SPAN_TEXT = re.compile(r"([1-9][0-9]{3})-([1-9][0-9]{3})")

_ORDINALS = "一二三四"
_HALVES = "上下"


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A run of whole months on the grid of the calendar, in order of its first month, the shorter one first.

    `month` is the first month, `months` the length: 1, 3, 6, or 12 for each year of a span.
    """

    year: int
    month: int
    months: int

    def __post_init__(self) -> None:
        grid = self.months if self.months in (_MONTH, _QUARTER, _HALF_YEAR) else _YEAR
        years = max(self.months // _YEAR, 1)
        within = date.min.year <= self.year and self.year + years - 1 <= date.max.year
        if self.months < 1 or self.months % grid or not 1 <= self.month <= _YEAR or (self.month - 1) % grid:
            raise BadInput(f"{self.year} 年 {self.month} 月起的 {self.months} 个月不是月、季度、半年或整年")
        if not within:
            raise BadInput(f"周期的年份超出范围：{self.year}")

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        end = self.month_after(0)
        return date(end.year, end.month, monthrange(end.year, end.month)[1])

    @property
    def next(self) -> Period:
        """The period of the same length that follows."""
        return self._shifted(self.months, self.months)

    @property
    def previous(self) -> Period:
        """The period of the same length that goes before."""
        return self._shifted(-self.months, self.months)

    @property
    def year_before(self) -> Period:
        """The same period of the year before."""
        return Period(self.year - 1, self.month, self.months)

    def month_after(self, k: int) -> Period:
        """Return the k-th month after the last month of this period; k = 0 is that last month itself."""
        return self._shifted(self.months - 1 + k, _MONTH)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        if self.months == _MONTH:
            return f"{self.year}-{self.month:02}"
        if self.months == _QUARTER:
            return f"{self.year}Q{self._number}"
        if self.months == _HALF_YEAR:
            return f"{self.year}H{self._number}"
        return f"{self.year}" if self.months == _YEAR else f"{self.year}-{self.last.year}"

    @property
    def in_words(self) -> str:
        """The period as official papers write it: 2022年第三季度, 2022年上半年, 2021—2023年."""
        if self.months == _MONTH:
            return f"{self.year}年{self.month}月"
        if self.months == _QUARTER:
            return f"{self.year}年第{_ORDINALS[self._number - 1]}季度"
        if self.months == _HALF_YEAR:
            return f"{self.year}年{_HALVES[self._number - 1]}半年"
        return f"{self.year}年" if self.months == _YEAR else f"{self.year}—{self.last.year}年"

    @property
    def _number(self) -> int:
        return (self.month - 1) // self.months + 1

    def _shifted(self, by: int, months: int) -> Period:
        year, month = divmod(self.year * _YEAR + self.month - 1 + by, _YEAR)
        return Period(year, month + 1, months)


def parse_period(text: str) -> Period:
    """Return the period that `text` names: 2022-07, 2022Q3, 2022H1, 2022 or 2021-2023.

    Raises BadInput for anything else, a backward span included.
    """
    if found := _MONTH_TEXT.fullmatch(text):
        return Period(int(found[1]), int(found[2]), _MONTH)
    if found := _PART_TEXT.fullmatch(text):
        year, quarter, half = (int(part or 0) for part in found.groups())
        months = _QUARTER if quarter else _HALF_YEAR if half else _YEAR
        return Period(year, max(quarter + half - 1, 0) * months + 1, months)
    if (found := _SPAN_TEXT.fullmatch(text)) and int(found[1]) < int(found[2]):
        return span(int(found[1]), int(found[2]))
    raise BadInput(f"周期“{text}”无法识别，应写成 2022-07、2022Q3、2022H1、2022 或 2021-2023")


def parse_quarter(text: str) -> Period:
    """Return the quarter that `text` names, like 2022Q3. Raises BadInput for anything else."""
    found = _PART_TEXT.fullmatch(text)
    if not found or not found[2]:
        raise BadInput(f"季度“{text}”无法识别，应写成 2022Q3")
    return parse_period(text)


def span(first_year: int, last_year: int) -> Period:
    """Return the whole years from `first_year` through `last_year`; raise BadInput when they run backwards."""
    if first_year > last_year:
        raise BadInput(f"起始年份 {first_year} 晚于终止年份 {last_year}")
    return Period(first_year, 1, (last_year - first_year + 1) * _YEAR)


def day_in_words(day: date) -> str:
    """Return `day` as official papers write it: 2022年7月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def quarter_of(day: date) -> Period:
    """Return the quarter in which `day` lies."""
    return _holding(day, _QUARTER)


def periods(cadence: Cadence, *, start: date, end: date) -> tuple[Period, ...]:
    """Return the periods of `cadence` that the closed interval touches, in order.

    `once` has one: the span of the years touched. `continuous` has one for each quarter.
    Raises BadInput for an interval that runs backwards.
    """
    if start > end:
        raise BadInput(f"起始日期 {start} 晚于截止日期 {end}，请把两个日期对调")
    if cadence is Cadence.ONCE:
        return (span(start.year, end.year),)
    return tuple(_onward(_holding(start, _LENGTHS[cadence]), end))


def quarters_to_date(quarter: Period) -> tuple[Period, ...]:
    """Return the quarters of the year through `quarter`, which raises BadInput when it is no quarter."""
    if quarter.months != _QUARTER:
        raise BadInput(f"“{quarter}”不是季度，应写成 2022Q3")
    return tuple(_onward(Period(quarter.year, 1, _QUARTER), quarter.last))


def _onward(period: Period, end: date) -> Iterator[Period]:
    while period.first <= end:
        yield period
        period = period.next


def _holding(day: date, months: int) -> Period:
    return Period(day.year, (day.month - 1) // months * months + 1, months)
