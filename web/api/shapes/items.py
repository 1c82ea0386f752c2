"""Items, what happened to them, and acts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import ConfigDict, Field

from config.terms import Action, Level, MatterKind, Responsibility, Status
from supervision.deadlines import Light
from web.api.shapes.base import Revision, Shape, Short, Text


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


class ItemDetail(ItemShape):
    """An item with what the caller may do to it now."""

    basis: str
    next_step: str | None
    actions: list[Action]


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
