"""assessment.yaml: schemes, appeals, bases of apportionment, baselines, and the analysis around an assessment."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.plan.schema.analysis import (
    Final,
    Irregularities,
    Outlook,
    Robustness,
    default_irregularities,
    default_outlook,
    default_robustness,
)
from config.plan.schema.base import Code, DueText, Entry, Figure, PointRule, Source, Text

Quarter = Annotated[str, Field(pattern=r"^[0-9]{4}Q[1-4]$")]
"""A quarter like 2022Q3; as text, quarters sort in time."""

Share = Annotated[Figure, Field(ge=0, le=1)]

Positive = Annotated[Figure, Field(gt=0)]

Population = Literal["districts", "units"]


class SchemeItem(Entry):
    """One indicator in a scheme; `measure_type` and `strict` are the indicator's own.

    `rule` goes before the scheme's; `basis` gain measures from the baseline; `trajectory` lists (quarter, share of
    the target); `tolerance` is in percentage points, for relative indicators only. `good` and `bad` are the values
    that earn full marks and 60 of 100 under `efficacy`, in the indicator's unit of measure, the same for all.
    """

    code: Code
    weight: Positive
    rule: PointRule | None = None
    basis: Literal["level", "gain"] = "level"
    trajectory: tuple[tuple[Quarter, Share], ...] | None = None
    tolerance: Annotated[Figure, Field(ge=0)] | None = None
    good: Figure | None = None
    bad: Figure | None = None

    @model_validator(mode="after")
    def _trajectory_rises(self) -> Self:
        steps = self.trajectory or ()
        for (before, low), (after, high) in pairwise(steps):
            if after <= before or high < low:
                raise ValueError("序时进度 trajectory 的季度必须递增、份额不得下降")
        return self


class Component(Entry):
    """A part of the total; `items` belong to targets only and their weights sum to the component's."""

    code: Literal["targets", "key_tasks", "reporting", "supervision"]
    weight: Positive
    items: tuple[SchemeItem, ...] = ()
    source: Source

    @model_validator(mode="after")
    def _items_belong_to_targets(self) -> Self:
        if (self.code == "targets") != bool(self.items):
            raise ValueError("只有 targets 列指标 items，且至少一项；其他部分不列")
        return self


class SchemeLights(Entry):
    """A line is green from attainment 1, yellow from `yellow_from`, red below."""

    yellow_from: Share


class Freeze(Entry):
    """The day after a quarter on which its figures are frozen; forward to the next working day."""

    rule: DueText
    move: Literal["forward"] = "forward"
    source: Source


class Scheme(Entry):
    """A scheme of assessment, in force from `first_quarter` until a later scheme of the same population."""

    code: Code
    title: Text
    population: Population
    first_quarter: Quarter
    rule: PointRule
    cap: Positive
    min_coverage: Share
    adjustment_limit: Annotated[Figure, Field(ge=0)]
    max_total: Positive | None = None
    lights: SchemeLights
    components: Annotated[tuple[Component, ...], Field(min_length=1)]
    grades: Annotated[tuple[tuple[Figure, Text], ...], Field(min_length=1)]
    freeze: Freeze
    final: Final | None = None
    """How the plan as a whole is assessed at its end; None: as its last quarter is."""
    source: Source

    @model_validator(mode="after")
    def _grades_fall_to_zero(self) -> Self:
        floors = [floor for floor, _ in self.grades]
        if floors != sorted(set(floors), reverse=True) or floors[-1] != 0:
            raise ValueError("等次 grades 的分数线必须由高到低、互不相同，最后一档为 0")
        return self


class Term(Entry):
    """A number of days, working or calendar."""

    days: Annotated[int, Field(ge=1)]
    counted: Literal["working", "calendar"]
    source: Source


class Appeals(Entry):
    """How long a draft result stands open to objections, and within which term an appeal is ruled."""

    publicity: Term
    ruling: Term


class BaseShare(Entry):
    """What one district has of a base."""

    district: Text
    value: Positive


class Base(Entry):
    """A base of apportionment: what each district has of it. `label` is printed wherever the base is used."""

    code: Code
    title: Text
    label: Text
    unit_of_measure: Text
    method: Literal["largest_remainder"] = "largest_remainder"
    shares: Annotated[tuple[BaseShare, ...], Field(min_length=1)]
    source: Source


class Baseline(Entry):
    """The figure of an indicator on the day `on`, of a district or (without one) of the city.

    `value` is null while it is not established.
    """

    indicator: Code
    district: Text | None = None
    value: Figure | None
    on: dt.date
    source: Source


class AssessmentFile(Entry):
    """assessment.yaml."""

    schemes: Annotated[tuple[Scheme, ...], Field(min_length=1)]
    appeals: Appeals
    bases: tuple[Base, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    irregularities: Irregularities = Field(default_factory=default_irregularities)
    robustness: Robustness = Field(default_factory=default_robustness)
    outlook: Outlook = Field(default_factory=default_outlook)
