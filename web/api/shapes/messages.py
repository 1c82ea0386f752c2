"""What was said to a person, and what became of every notice."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field

from config.terms import Channel, DeliveryStatus, NoticeKind
from web.api.shapes.base import Name, Revision, Shape, Short


class MessageShape(Shape):
    """One notice to the caller. `stands`: it was not cancelled since."""

    id: int
    kind: NoticeKind
    item: int | None
    request: int | None
    unit: str
    due: dt.date | None
    because: str
    issued_at: dt.datetime
    urgent: bool
    opened: bool = Field(description="已在网页打开，或已由接口标为已读")
    stands: bool


class Inbox(Shape):
    """One page of notices to the caller, newest first."""

    messages: list[MessageShape]
    total: int
    page: int
    pages: int


class OpenedGiven(Shape):
    """What the person has read."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"messages": [31, 32]}]})

    messages: Annotated[list[Revision], Field(min_length=1, max_length=500)] = Field(description="消息的编号")


class Opened(Shape):
    """How many were opened for the first time."""

    opened: int


class DeliveryShape(Shape):
    """What became of a notice to one person."""

    login: str
    channel: Channel
    status: DeliveryStatus
    delivered_at: dt.datetime | None
    detail: str | None


class NoticeShape(Shape):
    """One notice with its deliveries."""

    id: int
    key: str
    kind: NoticeKind
    item: int | None
    request: int | None
    unit: str
    due: dt.date | None
    because: str
    created_at: dt.datetime
    issued_at: dt.datetime | None
    delivered_at: dt.datetime | None
    cancelled: bool
    deliveries: list[DeliveryShape]


class NoticeList(Shape):
    """The newest notices, newest first."""

    notices: list[NoticeShape]


class ServedGiven(Shape):
    """Who was told, and how."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"person": "jxj.liaison", "how": "电话告知，接听人李明"}]}
    )

    person: Name = Field(description="接收人的登录名")
    how: Short = Field(description="送达方式")


class Served(Shape):
    """That a notice counts as delivered."""

    notice: int
    person: str
