"""What-if, first half: what is still to be done each quarter, and where a figure will be at the plan's end.

The required run-rate and the projected figure are exact. The interval around the projection is a statement about
chance and the only place here that uses floating point; it is widened to whole units of the figure.
Source: docs/analysis.md, Outlook; assessment.yaml, outlook.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from config.plan.schema.analysis import Outlook
from supervision.analysis.chances import student_quantile
from supervision.analysis.series import Observation, Series, Topic, distance, percent
from supervision.exact import exact, plain, plain_or_none
from supervision.indicators import MeasureType
from supervision.periods import Period, quarter_of

PROJECTED = frozenset({MeasureType.CUMULATIVE, MeasureType.STOCK})
"""What grows towards a target at the plan's end, so that a run-rate means something."""


class Course(StrEnum):
    """Whether the target will be reached at the present pace."""

    REACHED = "reached"
    SURE = "sure"
    LIKELY = "likely"
    DOUBTFUL = "doubtful"
    UNLIKELY = "unlikely"
    MISSED = "missed"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """Return the word for it."""
        return _LABELS[self]


_LABELS = {
    Course.REACHED: "已完成",
    Course.SURE: "可望完成",
    Course.LIKELY: "有望完成，尚不稳固",
    Course.DOUBTFUL: "有缺口，需加力",
    Course.UNLIKELY: "难以完成",
    Course.MISSED: "未完成",
    Course.UNKNOWN: "无法判断",
}


@dataclass(frozen=True, slots=True)
class Projection:
    """The figure at the plan's end when the mean pace goes on.

    `pace` is gained per quarter; `interval` holds the figure with the probability `confidence`, None when
    `increments`, the number of known gains, are too few.
    """

    pace: Fraction
    point: Fraction
    interval: tuple[Decimal, Decimal] | None
    increments: int
    confidence: Decimal


@dataclass(frozen=True, slots=True)
class IndicatorOutlook:
    """One indicator of one place, seen from the end of `quarter`.

    `known` is the newest figure and its quarter, None without any; `remaining` the quarters after `quarter`;
    `required` what is to be gained in each of them to reach the target, rounded up to what can be filed: 0 when it
    is reached, None without a figure, a target or a remaining quarter.
    """

    unit: str
    unit_name: str
    topic: Topic
    quarter: Period
    known: tuple[Period, Decimal] | None
    target: Decimal | None
    remaining: int
    required: Decimal | None
    projection: Projection | None
    course: Course

    @property
    def is_on_course(self) -> bool | None:
        """Return whether the target is reached, or will be at the mean pace; None when that cannot be said."""
        if self.course is Course.UNKNOWN:
            return None
        return self.course in {Course.REACHED, Course.SURE, Course.LIKELY}

    @property
    def words(self) -> str:
        """Return the outlook in a sentence."""
        if self.known is None or self.target is None:
            return f"{self.topic.title}：{'尚无数值' if self.known is None else '没有目标值'}，{self.course.label}"
        when, value = self.known
        late = "" if when == self.quarter else f"（本季度未报，为{when.in_words}的数）"
        said = f"{self.topic.title}：现为 {self.topic.amount(value)}{late}，目标 {self.topic.amount(self.target)}"
        return "；".join(part for part in (said, self._task, self._forecast, self.course.label) if part)

    @property
    def _task(self) -> str:
        if self.required is None or not self.required:
            return ""
        return f"其余 {self.remaining} 个季度每季度至少要增加 {self.topic.amount(self.required)}"

    @property
    def _forecast(self) -> str:
        found = self.projection
        if found is None or not self.remaining:
            return ""
        said = (
            f"按已有 {found.increments} 次增量，平均每季度增加 {self.topic.amount(found.pace)}，"
            f"预计期末 {self.topic.amount(_shown(self.topic, found.point))}"
        )
        if found.interval is None:
            return f"{said}（观测太少，不给区间）"
        low, high = (self.topic.amount(bound) for bound in found.interval)
        return f"{said}，{percent(found.confidence)} 的把握在 {low} 至 {high} 之间"

    def as_json(self) -> dict[str, object]:
        """Return plain data; numbers as text, in the unit of measure."""
        found = self.projection
        return {
            "unit": self.unit,
            "name": self.unit_name,
            "code": self.topic.code,
            "indicator": self.topic.name,
            "unit_of_measure": self.topic.unit_of_measure,
            "value": None if self.known is None else plain(self.known[1]),
            "value_of": None if self.known is None else str(self.known[0]),
            "target": plain_or_none(self.target),
            "remaining_quarters": self.remaining,
            "required": plain_or_none(self.required),
            "pace": None if found is None else plain(_shown(self.topic, found.pace)),
            "projection": None if found is None else plain(_shown(self.topic, found.point)),
            "interval": None if found is None or found.interval is None else [plain(each) for each in found.interval],
            "increments": 0 if found is None else found.increments,
            "on_course": self.is_on_course,
            "course": self.course.value,
            "words": self.words,
        }


def _shown(topic: Topic, number: Fraction) -> Decimal:
    """Return a projected figure with the decimals that are filed, half up; a pace is shown the same way."""
    return topic.rounded(number + Fraction(1, 2 * 10**topic.decimals), up=False)


def outlook_of(series: Series, *, quarter: Period, end: Period, rule: Outlook) -> IndicatorOutlook | None:
    """Return the outlook of one place and indicator from the close of `quarter` to `end`, the plan's last quarter.

    None for an indicator that does not grow towards a target. What was filed for later periods is not looked at.
    """
    if series.measure_type not in PROJECTED:
        return None
    observed = _by_quarter(series.observations, quarter)
    known = (quarter_of(observed[-1].period.last), observed[-1].value) if observed else None
    remaining = distance(quarter, end)
    projection = _projection(series, observed, end=end, rule=rule)
    return IndicatorOutlook(
        series.unit,
        series.unit_name,
        series.topic,
        quarter,
        known,
        series.target,
        remaining,
        _required(series, known, remaining),
        projection,
        _course(series.target, known, remaining, projection),
    )


def _by_quarter(observations: Sequence[Observation], quarter: Period) -> list[Observation]:
    """Return the last observation of each quarter through `quarter`; of a monthly figure that is its newest month."""
    newest = {quarter_of(each.period.last): each for each in observations if each.period.last <= quarter.last}
    return list(newest.values())


def _required(series: Series, known: tuple[Period, Decimal] | None, remaining: int) -> Decimal | None:
    if known is None or series.target is None:
        return None
    short = exact(series.target) - exact(known[1])
    if short <= 0:
        return Decimal(0)
    return series.topic.rounded(short / remaining, up=True) if remaining else None


def _projection(series: Series, observed: Sequence[Observation], *, end: Period, rule: Outlook) -> Projection | None:
    """Return the projection by the mean gain a quarter; None while no gain is known.

    Gains are taken as independent with one mean and one variance per quarter, so that one over g quarters has g
    times both (a random walk with drift). Over Q known quarters and m gains, h quarters ahead:
    s² = Σ (Δ − g·mean)² ÷ g ÷ (m − 1); half-width = t · s · √(h + h² ÷ Q), t of m − 1 degrees of freedom.
    """
    points = [(_elapsed(each), exact(each.value)) for each in observed]
    if series.start is not None and series.plan is not None:
        points.insert(0, (_index(quarter_of(series.plan[0].first)) - 1, exact(series.start)))
    gains = [(later - earlier, after - before) for (earlier, before), (later, after) in pairwise(points)]
    if not observed or not gains:
        return None
    quarters = sum(length for length, _ in gains)
    pace = (points[-1][1] - points[0][1]) / quarters
    ahead = max(_index(end) - points[-1][0], 0)
    point = points[-1][1] + pace * ahead
    interval = None
    if len(gains) >= rule.least_increments:
        half = _half_width(gains, pace, ahead, quarters, rule)
        low = point - half
        if series.never_falls:
            low = max(low, points[-1][1])
        elif series.measure_type is MeasureType.STOCK:
            low = max(low, Fraction(0))
        interval = (series.topic.rounded(low, up=False), series.topic.rounded(point + half, up=True))
    return Projection(pace, point, interval, len(gains), rule.confidence)


def _half_width(
    gains: Sequence[tuple[int, Fraction]], pace: Fraction, ahead: int, quarters: int, rule: Outlook
) -> Fraction:
    degrees = len(gains) - 1
    variance = sum(((gain - pace * length) ** 2 / length for length, gain in gains), Fraction(0)) / degrees
    quantile = student_quantile((1 + float(rule.confidence)) / 2, degrees)
    spread = variance * (ahead + Fraction(ahead**2, quarters))
    return Fraction(quantile * math.sqrt(spread))


def _elapsed(observation: Observation) -> int:
    return _index(quarter_of(observation.period.last))


def _index(quarter: Period) -> int:
    """Return a number that counts quarters: one more for each."""
    return (quarter.year * 12 + quarter.month - 1) // quarter.months


def _course(
    target: Decimal | None, known: tuple[Period, Decimal] | None, remaining: int, projection: Projection | None
) -> Course:
    if target is None or known is None:
        return Course.UNKNOWN
    if known[1] >= target:
        return Course.REACHED
    if not remaining:
        return Course.MISSED
    if projection is None:
        return Course.UNKNOWN
    low, high = projection.interval or (None, None)
    if projection.point >= exact(target):
        return Course.SURE if low is not None and low >= target else Course.LIKELY
    return Course.UNLIKELY if high is not None and high < target else Course.DOUBTFUL
