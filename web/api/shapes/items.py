"""Items, what happened to them, and acts."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from config.terms import Action, DueReason, Level, MatterKind, Responsibility, Status
from supervision.deadlines import Light
from web.api.shapes.base import Day, Name, Revision, Shape, Short, Text


class ItemShape(Shape):
    """One item as it stands today."""

    id: int
    source: MatterKind
    key_task: int | None
    measure: str | None
    title: str
    unit: str
    role: Responsibility
    period: str
    status: Status
    original_due: dt.date
    due: dt.date
    completed: dt.datetime | None
    light: Light | None
    rung: Level | None
    parent: int | None
    retrospective: bool
    revision: int


class ItemList(Shape):
    """One page of items."""

    items: list[ItemShape]
    total: int
    page: int
    pages: int


class DueShape(Shape):
    """One version of the due date. `judges`: it came of an approved extension, and counts in an assessment."""

    version: int
    due: dt.date
    judges: bool
    reason: DueReason
    set_at: dt.datetime
    set_by: str


class ReportShape(Shape):
    """One report of the unit."""

    at: dt.datetime
    by: str
    progress: str
    problems: str
    next_steps: str
    completion: bool
    recorded_from: str | None


class AskedShape(Shape):
    """An extension that waits for an answer."""

    due: dt.date
    reason: str
    by: str
    at: dt.datetime


class ItemDetail(ItemShape):
    """An item with its due dates, its reports, its parts, and what the caller may do to it now."""

    basis: str
    next_step: str | None
    actions: list[Action]
    merges: bool = Field(description="牵头单位可以汇总其他单位的反馈")
    extension: AskedShape | None
    dues: list[DueShape]
    reports: list[ReportShape]
    parts: list[ItemShape]


class PartGiven(Shape):
    """A part of an item, for a person or a bureau of the unit."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"title": "核对企业名单", "due": "2022-07-22", "assignee": "jxj.head"}]},
    )

    title: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    due: Day
    assignee: Name | None = Field(default=None, description="承办人的登录名")
    bureau: Name | None = Field(default=None, description="下属单位的代码；与承办人两者择一")


class PartMade(Shape):
    """The part that was given out."""

    item: int
    part: int


class VoiceShape(Shape):
    """A unit's last word on its item. `day` is null while it has said nothing; `seen`: the caller may open the item."""

    item: int
    unit: str
    title: str
    seen: bool
    day: dt.date | None
    progress: str
    problems: str
    next_steps: str


class MergingShape(Shape):
    """What the lead merges, and a draft of its report; it is reported by an ordinary act on the item."""

    own: VoiceShape
    others: list[VoiceShape]
    silent: list[str] = Field(description="尚无反馈的单位")
    progress: str
    problems: str
    next_steps: str


class Event(Shape):
    """One event of an item's timeline."""

    seq: int
    at: dt.datetime
    actor: str
    acting_for: str | None
    action: str
    data: dict[str, Any]


class History(Shape):
    """An item's timeline, oldest first."""

    events: list[Event]


class ActGiven(Shape):
    """An act on an item."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"action": "report_progress", "comment": "已完成七成", "revision": 3}]},
    )

    action: Action
    comment: Text = ""
    date: dt.date | None = Field(default=None, description="新的期限（延期、退回）")
    to_unit: Short | None = Field(default=None, description="接办单位的名称或代码（转办）")
    reason: Short | None = Field(default=None, description="暂缓事由的代码")
    source: Short | None = Field(default=None, description="代录来源，只由办公室填写")
    problems: Text = ""
    next_steps: Text = ""
    revision: Revision | None = Field(default=None, description="所见的版本；此后有人办理过的，不予办理")


class ActDone(Shape):
    """How the item stands after the act."""

    item: int
    action: Action
    status: Status
    due: dt.date
    revision: int


class TaskShape(Shape):
    """A key task's light."""

    number: int
    title: str
    lead_unit: str
    light: Light | None
    units: list[str]
    counts: dict[str, int]
    items: int


class Board(Shape):
    """The lights of all key tasks."""

    as_of: dt.date
    tasks: list[TaskShape]
