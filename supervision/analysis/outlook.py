"""What-if, first half: what is still to be done each quarter, and where a figure will be, and how that is told.

Source: docs/analysis.md, Outlook.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from supervision.analysis.series import Topic, percent
from supervision.exact import plain, plain_or_none
from supervision.periods import Period


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
        return "；".join(part for part in (said, self._task, self.prospect) if part)

    @property
    def prospect(self) -> str:
        """Return what is to be expected, without the figures that a table has in columns of their own."""
        return "；".join(part for part in (self._forecast, self.course.label) if part)

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
