"""How a series moves: 同比, 环比, and the alert when it moves the wrong way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from config.plan.schema.statistics import Alert, Series
from supervision.exact import exact, half_up, plain
from supervision.indicators import PERCENT
from supervision.indices import OWN
from supervision.periods import Period

Comparison = Literal["previous", "year_ago"]

COMPARISONS: tuple[Comparison, ...] = ("year_ago", "previous")

WORDS: Mapping[str, str] = {"previous": "环比", "year_ago": "同比"}

PLACES = 2
"""Decimals of a rate as it is printed."""


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure compares with a reference.

    `by` is in percent of the reference, or in percentage points when `in_points`; None when it cannot be compared:
    one of the two is not known, or the reference is not above 0.
    """

    compare: Comparison
    figure: Decimal | None
    reference: Decimal | None
    reference_period: Period
    in_points: bool
    by: Fraction | None

    @property
    def text(self) -> str | None:
        """The change as it is printed: percent to 2 places, percentage points to the last digit of the figures."""
        if self.by is None:
            return None
        if self.in_points and self.figure is not None and self.reference is not None:
            return plain(self.figure - self.reference)
        return half_up(self.by, PLACES)

    @property
    def words(self) -> str:
        """The change as a report says it: 同比增长 5.20%（内部测算）."""
        name = WORDS[self.compare]
        if self.by is None or self.text is None:
            return f"{name}由 0 升起" if self.reference == 0 and self.figure else f"{name}无法计算"
        if self.by == 0:
            return f"{name}持平（{OWN}）"
        verb = "下降" if self.by < 0 else "提高" if self.in_points else "增长"
        unit = " 个百分点" if self.in_points else "%"
        return f"{name}{verb} {self.text.removeprefix('-')}{unit}（{OWN}）"


def reference_period(period: Period, compare: Comparison) -> Period:
    """Return the period that `period` is compared with."""
    return period.previous if compare == "previous" else period.year_before


def change(points: Mapping[Period, Decimal], period: Period, compare: Comparison, *, unit_of_measure: str) -> Change:
    """Return how the figure of `period` compares: in percent, a series in % in percentage points.

    Source: 国家统计局, 同比与环比的计算; a rate on a reference of 0 or below has no meaning and is not given.
    """
    before = reference_period(period, compare)
    figure, reference = points.get(period), points.get(before)
    in_points = unit_of_measure == PERCENT
    by: Fraction | None = None
    if figure is not None and reference is not None:
        if in_points:
            by = exact(figure) - exact(reference)
        elif reference > 0:
            by = (exact(figure) / exact(reference) - 1) * 100
    return Change(compare, figure, reference, before, in_points, by)


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert that was raised: the change behind it, the threshold it went beyond, and where that comes from."""

    code: str
    title: str
    series: str
    area: str
    period: Period
    change: Change
    threshold: Decimal
    source: str

    @property
    def words(self) -> str:
        """The alert in one sentence for the person who has to look into it."""
        figure, reference = self.change.figure or Decimal(0), self.change.reference or Decimal(0)
        unit = " 个百分点" if self.change.in_points else "%"
        return (
            f"{self.title}：{self.area} {self.period.in_words}为 {plain(figure)}，"
            f"{self.change.reference_period.in_words}为 {plain(reference)}，{self.change.words}，"
            f"超过预警线 {plain(self.threshold)}{unit}"
        )


def alert(rule: Alert, series: Series, points: Mapping[Period, Decimal], period: Period, *, area: str) -> Raised | None:
    """Return the alert of `rule` for `period`, or None.

    Raised by a change beyond the threshold in the rule's direction; reaching it exactly raises none. What cannot be
    compared raises none either, except a figure that rises from exactly 0, whatever the threshold.
    Source: statistics.yaml, alerts.
    """
    found = change(points, period, rule.compare, unit_of_measure=series.unit_of_measure)
    if found.by is None:
        begins = found.reference == 0 and found.figure is not None and found.figure > 0
        beyond = begins and rule.direction == "rise"
    else:
        beyond = (found.by if rule.direction == "rise" else -found.by) > exact(rule.threshold)
    if not beyond:
        return None
    return Raised(rule.code, rule.title, series.code, area, period, found, rule.threshold, rule.source)
