"""People."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field

from config.terms import Role, UnitKind
from web.api.shapes.base import Day, Name, Shape


class Me(Shape):
    """Who the token stands for."""

    login: str
    name: str
    plan: str
    today: dt.date = Field(description="计划所在的日期；演示数据停在某一天")
    simulated: bool = Field(description="是否模拟数据")
    roles: list[str]
    units: list[str]


class PostShape(Shape):
    """One post. `unit` is null for the leaders' and the auditors'."""

    role: Role
    unit: str | None
    since: dt.date
    until: dt.date | None


class PersonShape(Shape):
    """One person with the posts of the day. `stand_in` is the login of who acts for them today."""

    login: str
    name: str
    email: str | None
    phone: str | None
    active: bool
    synthetic: bool = Field(description="模拟人员")
    posts: list[PostShape]
    stand_in: str | None


class PeopleList(Shape):
    """One page of people, by login."""

    people: list[PersonShape]
    total: int
    page: int
    pages: int


class DelegationShape(Shape):
    """One delegation: `deputy` acts for `owner` from `since` through `until`; both are logins."""

    owner: str
    deputy: str
    since: dt.date
    until: dt.date
    reason: str


class PersonDetail(PersonShape):
    """A person with every post ever held, and the delegations given and taken, the newest first."""

    history: list[PostShape]
    given: list[DelegationShape]
    taken: list[DelegationShape]


class MembershipShape(Shape):
    """That a unit belongs to a group, through which days."""

    group: str
    since: dt.date
    until: dt.date | None


class UnitShape(Shape):
    """One unit, or a bureau under one."""

    code: str
    name: str
    kind: UnitKind | None = Field(description="下属单位没有类别")
    under: str | None = Field(description="上级单位，只有下属单位才有")
    memberships: list[MembershipShape]


class UnitList(Shape):
    """The units in official order, then the bureaus."""

    units: list[UnitShape]


class DelegationGiven(Shape):
    """Who stands in, and when."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"to": "jxj.head", "since": "2022-07-11", "until": "2022-07-15", "reason": "出差"}]
        },
    )

    to: Name
    since: Day | None = Field(default=None, description="起日，默认今日")
    until: Day
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class EndGiven(Shape):
    """From which day one acts alone again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})

    on: Day | None = Field(default=None, description="恢复本人办理之日，默认今日")


class OwnDelegations(Shape):
    """The caller's own delegations after the act: those given and those taken, the newest first."""

    given: list[DelegationShape]
    taken: list[DelegationShape]
