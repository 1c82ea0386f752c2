"""The districts' targets: as they stand, every version, what a district says to them, and what the office changes."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field

from config.terms import TargetState
from web.api.shapes.base import Name, Shape, Short

Code = Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")]


class TargetShape(Shape):
    """One version of a district's target. People are logins; numbers are exact, in the indicator's unit of measure."""

    indicator: str
    unit: str
    code: str = Field(description="区、县（市）的代码")
    version: int
    target: str | None
    baseline: str | None
    base: str | None = Field(description="分解基数的代码；手工指定的为空")
    by_hand: bool
    source: str
    reason: str | None
    set_by: str | None
    set_at: dt.datetime
    state: TargetState
    confirmed_by: str | None
    confirmed_at: dt.datetime | None
    objected_by: str | None
    objected_at: dt.datetime | None
    comment: str | None = Field(description="异议内容")
    answered_by: str | None
    answered_at: dt.datetime | None
    answer: str | None


class IndicatorTargets(Shape):
    """An indicator's targets with what they rest on. `total` is null where they do not add up or not all have one."""

    indicator: str
    name: str
    unit_of_measure: str
    city_target: str | None
    clause: str
    base: str | None = Field(description="分解基数的名称")
    rulings: list[str]
    total: str | None
    targets: list[TargetShape]


class TargetList(Shape):
    """The targets as they were known at the end of `as_of`, in the plan's and official order."""

    as_of: dt.date
    indicators: list[IndicatorTargets]


class TargetVersions(Shape):
    """Every version of one target, the newest first."""

    versions: list[TargetShape]


class ConfirmationGiven(Shape):
    """What a district confirms."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"indicators": ["T01", "T06"]}]})

    indicators: Annotated[list[Code], Field(max_length=500)] = Field(
        default=[], description="指标编号；不写则确认全部待确认的，提过异议的须逐项写明"
    )
    source: Short | None = Field(default=None, description="代录来源，只由办公室填写")


class ObjectionGiven(Shape):
    """What a district has against a target."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"comment": "规上企业基数过小"}]})

    comment: Short
    source: Short | None = Field(default=None, description="代录来源，只由办公室填写")


class UpholdingGiven(Shape):
    """Why a target is upheld in spite of the objection."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "基数已按人口核减"}]})

    reason: Short


class TargetsAnswered(Shape):
    """What became of the targets that were named."""

    unit: str
    indicators: list[str]
    state: TargetState


class SplitGiven(Shape):
    """How an indicator's target is to be split anew."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"keep_by_hand": True, "reason": "三季度会商", "dry_run": True}]},
    )

    base: Name | None = Field(default=None, description="分解基数的代码，不写则用现用的")
    keep_by_hand: bool = Field(default=False, description="手工指定的不动，只分解其余")
    reason: Short = Field(default="", description="理由；只试算的可以不写")
    dry_run: bool = Field(default=False, description="只试算，列出变动，不写入")


class TargetGiven(Shape):
    """Another target for one district; the others share the rest unless they are kept."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"target": "120", "reason": "高新企业集中，会商同意"}]}
    )

    target: Name = Field(description="目标值，可写 1.2万")
    keep_others: bool = Field(default=False, description="其他区、县（市）的目标不动")
    reason: Short = Field(default="", description="理由；只试算的可以不写")
    dry_run: bool = Field(default=False, description="只试算，列出变动，不写入")


class BaselineGiven(Shape):
    """A district's baseline."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"baseline": "12", "reason": "2020年底台账"}]}
    )

    baseline: Name = Field(description="基期值")
    reason: Short = Field(default="", description="理由；只试算的可以不写")
    dry_run: bool = Field(default=False, description="只试算，列出变动，不写入")


class TargetChange(Shape):
    """One target before and after. `version` is null for what was only tried."""

    indicator: str
    unit: str
    before: str | None
    target: str
    baseline: str | None
    base: str | None
    source: str
    version: int | None


class TargetsChanged(Shape):
    """What a change does to the targets, and which districts are told."""

    applied: bool
    changes: list[TargetChange]
    told: list[str]
