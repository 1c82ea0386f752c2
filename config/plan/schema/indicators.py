"""indicators.yaml: what the goals measure, how, and who owns the figure."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.plan.schema.base import (
    ADDITIVE_TYPES,
    WITHOUT_TARGET,
    Code,
    Comparator,
    Entry,
    Figure,
    MeasureType,
    Source,
    Text,
)


class Apportion(Entry):
    """How the city's target reaches the districts: `split` by a base so that the sum is exact, or the `same` for each.

    `base` is a code under `bases` of assessment.yaml, for `split` only.
    """

    method: Literal["split", "same"]
    base: Code | None = None
    source: Source

    @model_validator(mode="after")
    def _base_goes_with_split(self) -> Self:
        if (self.method == "split") != (self.base is not None):
            raise ValueError("分解方法 split 必须写明基数 base，same 不写 base")
        return self


class Indicator(Entry):
    """One target of the plan.

    `target` is in units of `unit_of_measure`, null where the plan names no number; `text` is the plan's wording;
    `decimals` is how many places a figure may have (0: whole numbers). A set that contains this one is `subset_of`.
    `reference` says what relative and direction indicators are compared with. `additive`: districts sum to the city.
    `reported_by` is the unit that reports the figure of every district; without it each district reports its own.
    """

    code: Code
    goal: int
    name: Text
    measure_type: MeasureType
    target: Figure | None
    unit_of_measure: Text
    decimals: Annotated[int, Field(ge=0, le=6)]
    text: Text
    comparator: Comparator | None
    subset_of: Code | None = None
    cumulative_never_falls: bool = False
    reference: Text | None = None
    additive: bool
    owners: Annotated[tuple[Text, ...], Field(min_length=1)]
    owners_source: Source
    apportion: Apportion | None = None
    reported_by: Text | None = None
    note: Text | None = None
    source: Source

    @property
    def strict(self) -> bool:
        """Return whether reaching exactly the target falls short of the wording (超过, 低于)."""
        return self.comparator in (">", "<")

    @model_validator(mode="after")
    def _type_and_target_agree(self) -> Self:
        if (self.target is None) != (self.measure_type in WITHOUT_TARGET):
            raise ValueError(
                f"指标类型 {self.measure_type} 与目标值不相称："
                "relative、direction、rubric 不写数（null），其他类型必须有数"
            )
        if (self.reference is not None) != (self.measure_type in ("relative", "direction")):
            raise ValueError("指标类型 relative、direction 必须写明比较对象 reference，其他类型不写")
        if self.measure_type == "average_growth" and self.target is not None and self.target <= 0:
            raise ValueError("年均增长（average_growth）的目标值必须大于 0")
        if self.cumulative_never_falls and self.measure_type != "cumulative":
            raise ValueError("cumulative_never_falls 只适用于累计指标（cumulative）")
        adds_up = self.additive and self.measure_type in ADDITIVE_TYPES
        if self.apportion is not None and self.apportion.method == "split" and not adds_up:
            raise ValueError(
                "不可加总的指标（additive: false，或类型不是 cumulative、stock、annual_stock）不能按基数分解，"
                "请改用 same 或不分解"
            )
        return self


class IndicatorsFile(Entry):
    """indicators.yaml."""

    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]
