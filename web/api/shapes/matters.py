"""Matters from outside the plan."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field

from config.terms import MatterKind
from supervision.deadlines import Light
from web.api.shapes.base import Day, Name, Shape, Text
from web.api.shapes.items import ItemShape

Title = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class MatterShape(Shape):
    """One matter with its items, the lead's first."""

    number: int
    kind: MatterKind
    title: str
    content: str
    source_document: str
    received_on: dt.date
    key_task: int | None
    due: dt.date | None
    light: Light | None
    items: list[ItemShape]


class MatterList(Shape):
    """One page of matters, newest first."""

    matters: list[MatterShape]
    total: int
    page: int
    pages: int


class MatterGiven(Shape):
    """A matter to be registered and assigned at once. Its source paper is then handed in as evidence of the items."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "kind": "meeting", "title": "园区用电清理", "source_document": "市政府第12次常务会议纪要",
                    "units": ["市发改委", "市经信局"], "due": "2022-08-31",
                }
            ]
        },
    )  # fmt: skip

    kind: MatterKind
    title: Title
    content: Text = ""
    source_document: Title
    received_on: Day | None = Field(default=None, description="收文日期，默认今日")
    units: Annotated[list[Name], Field(min_length=1, max_length=200)] = Field(
        description="责任单位的名称或代码，列第一位的为牵头单位"
    )
    due: Day
    urgent: bool = Field(default=False, description="特急：通知不等工作时间")
    key_task: Annotated[int, Field(ge=1, le=9999)] | None = None
    again: bool = Field(default=False, description="来源文件和收文日期相同的同名事项已立项，仍要再立一项")


class MatterMade(Shape):
    """The matter and the items that came of it, the lead's first."""

    matter: int
    items: list[int]
