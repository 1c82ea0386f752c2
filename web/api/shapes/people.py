"""People."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from web.api.shapes.base import Shape


class Me(Shape):
    """Who the token stands for."""

    login: str
    name: str
    plan: str
    today: dt.date = Field(description="计划所在的日期；演示数据停在某一天")
    simulated: bool = Field(description="是否模拟数据")
    roles: list[str]
    units: list[str]
