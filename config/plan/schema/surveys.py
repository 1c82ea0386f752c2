"""The sample surveys of statistics.yaml: what is asked, by what it is broken down, and what may be shown."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.plan.schema.base import Code, Entry, Figure, Frequency, Source, Text


class Question(Entry):
    """What a survey asks: a `mean` or `total` of a number, or the `share` of those who answer 1 (yes) and not 0."""

    code: Code
    title: Text
    kind: Literal["mean", "total", "share"]
    unit_of_measure: Text
    decimals: Annotated[int, Field(ge=1, le=6)]

    @model_validator(mode="after")
    def _shares_are_percent(self) -> Self:
        if self.kind == "share" and self.unit_of_measure != "%":
            raise ValueError('比例（share）的计量单位须为 "%"')
        return self


class Breakdown(Entry):
    """A breakdown (分组) of the results by a column of the file; `values` are its groups in printing order."""

    code: Code
    title: Text
    values: Annotated[tuple[Text, ...], Field(min_length=2)]


class Quality(Entry):
    """From a coefficient of variation above `above` (a share, 0.15) on, a result is printed with this mark."""

    above: Annotated[Figure, Field(ge=0)]
    mark: Text


class Survey(Entry):
    """A sample survey (抽样调查). A cell with fewer than `min_respondents` respondents is not shown."""

    code: Code
    title: Text
    frequency: Frequency
    min_respondents: Annotated[int, Field(ge=2)]
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    breakdowns: tuple[Breakdown, ...] = ()
    quality: tuple[Quality, ...] = ()
    source: Source

    @model_validator(mode="after")
    def _quality_rises(self) -> Self:
        limits = [entry.above for entry in self.quality]
        if limits != sorted(set(limits)):
            raise ValueError("质量标记 quality 的界限 above 必须由小到大、互不相同")
        return self
