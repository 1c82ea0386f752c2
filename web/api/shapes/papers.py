"""督办单, 通报 and bulletins on their way through the signatures."""

from __future__ import annotations

import datetime as dt

from pydantic import ConfigDict, Field

from config.terms import NoticeKind, PaperState
from web.api.shapes.base import Name, Shape, Short, Text


class CopyShape(Shape):
    """One unit's copy of a bulletin."""

    code: str
    unit: str
    copied: bool = Field(description="抄送，不作通报")
    served_at: dt.datetime | None
    receipted_at: dt.datetime | None


class PaperShape(Shape):
    """One paper. It is about an item, a reporting request, or an assessment."""

    id: int
    notice: int | None
    kind: NoticeKind
    letter: bool = Field(description="以函的形式发给中央驻杭单位")
    state: PaperState
    number: str | None = Field(description="文号，签发后才有")
    item: int | None
    request: int | None
    assessment: int | None
    unit: str
    because: str
    remark: str | None = Field(description="退回重拟的意见")
    copies: list[CopyShape]


class StepShape(Shape):
    """One step that a person took: what, when, who (and for whom, by login), and what was said of it."""

    what: str
    at: dt.datetime
    who: str
    acting_for: str | None
    told: str


class PaperDetail(PaperShape):
    """A paper with its steps, the earliest first; a unit is not told through whose hands it went."""

    steps: list[StepShape]


class PaperList(Shape):
    """The papers, newest first."""

    papers: list[PaperShape]


class HowServed(Shape):
    """How a paper was handed over."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"how": "当面送交办公室签收"}]})

    how: Short = Field(description="送达方式")
    unit: Name | None = Field(default=None, description="送达哪个单位；只在考核通报时填写")


class ReceiptGiven(Shape):
    """Whose receipt it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})

    unit: Name | None = Field(default=None, description="哪个单位的回执；只在考核通报、代登记时填写")


class SentBack(Shape):
    """Why a paper is to be drafted again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"comment": "事由请写明逾期天数"}]})

    comment: Text
