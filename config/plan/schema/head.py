"""plan.yaml: which plan this is, whose it is, and its goals."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from config.plan.schema.base import Code, Entry, Source, Text

PlanDay = Annotated[dt.date, Field(ge=dt.date(1949, 10, 1), le=dt.date(2999, 12, 31))]
"""A day on which a plan can begin or end; any other year is a slip of the pen."""


class Tenant(Entry):
    """The city whose office keeps the plan."""

    code: Code
    name: Text


Kind = Annotated[str, StringConstraints(pattern=r"^[\u4e00-\u9fff]{1,4}$")]
"""The part of a 发文字号 that tells one series from another: one to four Chinese characters."""


class Series(Entry):
    """The series in which papers that a person signs are numbered, each for itself from 1 in every year.

    `supervision_notice` and `circular` are those of 督办单 and 通报 to units below the leading group. `letter` is that
    of everything signed to a central unit (units.yaml, `kind: central`), which is written to and not ordered.
    """

    supervision_notice: Kind = "督"
    circular: Kind = "通"
    letter: Kind = "函"
    source: Source = "默认值：督办单编督字、通报编通字；《党政机关公文处理工作条例》第八条：函适用于不相隶属机关之间"


class Office(Entry):
    """The leading group's office: its own name, the unit that houses it, and how its papers are numbered.

    `word` is the 机关代字 that stands before the kind of `series`, as in 督〔年〕n号. Plans of one city may share it,
    and then share the series; no two cities do. `official_name` is the full name over its papers (default: `name`),
    `superior` the office above it that its reports go up to (none: it reports to nobody above).
    """

    name: Text
    official_name: Text | None = None
    unit: Text
    word: Text
    series: Series = Series()
    superior: Text | None = None
    source: Source

    @property
    def full_name(self) -> str:
        """The name that stands over and under its papers."""
        return self.official_name or self.name

    @property
    def all_series(self) -> tuple[str, ...]:
        """The series of its papers with the 机关代字 before them, as in 杭小微办督."""
        kinds = (self.series.supervision_notice, self.series.circular, self.series.letter)
        return tuple(f"{self.word}{kind}" for kind in kinds)


class Goal(Entry):
    """One heading of the part on goals."""

    number: Annotated[int, Field(ge=1)]
    title: Text
    source: Source


class HeadFile(Entry):
    """plan.yaml.

    `start` and `end` are the first and last day of the plan, both included; `issued` is the day it was issued:
    what fell due before it is retrospective. Due dates may run `feedback_grace_days` days beyond `end`.
    """

    tenant: Tenant
    code: Code
    title: Text
    start: PlanDay
    end: PlanDay
    issued: PlanDay
    issuer: Text
    basis: Text
    office: Office
    feedback_grace_days: Annotated[int, Field(ge=0, le=366)]
    goals: Annotated[tuple[Goal, ...], Field(min_length=1)]
    cc: tuple[Text, ...] = ()
    source: Source

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"计划止期 {self.end} 早于起期 {self.start}，请核对")
        if self.issued > self.end:
            raise ValueError(f"印发日期 {self.issued} 晚于计划止期 {self.end}，请核对")
        return self
