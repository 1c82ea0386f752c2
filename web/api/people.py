"""People and units: who is who, in which posts, who stands in, and letting somebody stand in for oneself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import JSONResponse
from sqlmodel import Session

from config import clock
from config.terms import Role
from supervision.in_force import InForce
from supervision.ledger import people as ledger
from supervision.queries.people import Actor
from supervision.queries.people_page import DelegationLine, people_page, person_card, person_seen
from supervision.queries.register import PersonLine, bureaus
from supervision.queries.sight import Sight
from web.api.calling import Caller, Calling, Once, digest_of
from web.api.routing import Endpoints
from web.api.shapes.base import PageNumber, PageSize
from web.api.shapes.people import (
    DelegationGiven,
    DelegationShape,
    EndGiven,
    Me,
    MembershipShape,
    OwnDelegations,
    PeopleList,
    PersonDetail,
    PersonShape,
    PostShape,
    UnitList,
    UnitShape,
)
from web.rules import EVERYBODY, SIGNED_IN
from web.standing_in import checked

endpoints = Endpoints("人员和单位")


@endpoints.get("/me", SIGNED_IN, Me, "令牌代表谁")
async def me(call: Calling) -> Me:
    """Say who the token stands for, in which roles, and on which day the plan stands."""
    names = {call.force.unit_names[h.unit_id] for h in call.actor.holdings if h.unit_id is not None}
    return Me(
        login=call.actor.login, name=call.actor.name, plan=call.force.plan.code, today=call.force.today,
        simulated=call.force.demonstrated_until is not None,
        roles=sorted({h.role.value for h in call.actor.holdings}), units=sorted(names),
    )  # fmt: skip


@endpoints.get("/units", EVERYBODY, UnitList, "列出单位")
async def units(call: Calling) -> UnitList:
    """Give the units of the plan with the groups they belong to, in official order, then the bureaus under them."""
    plan, day = call.force.plan, call.force.today
    own = [
        UnitShape(
            code=unit.code, name=unit.name_on(day), kind=unit.kind, under=None,
            memberships=[
                MembershipShape(group=group.name, since=each.start, until=each.end)
                for group in plan.groups
                for each in group.memberships
                if unit.name in each.units
            ],
        )
        for unit in plan.units
    ]  # fmt: skip
    below = [
        UnitShape(code=each.code, name=each.name, kind=None, under=each.unit, memberships=[])
        for each in bureaus(call.session, call.force)
    ]
    return UnitList(units=[*own, *below])


@endpoints.get("/people", EVERYBODY, PeopleList, "列出人员")
async def listed(
    call: Calling,
    unit: Annotated[str | None, Query(max_length=100, description="单位的名称或代码")] = None,
    words: Annotated[str, Query(max_length=100, description="登录名、姓名、邮箱、电话中的关键字")] = "",
    page: PageNumber = 1,
    size: PageSize = 50,
) -> PeopleList:
    """Give a page of people: to a unit its own, to who oversees and to administrators all."""
    number = None if unit is None else call.force.unit_id(unit)
    found = people_page(
        call.session, call.force, on=call.force.today, at=clock.now(), unit_id=number, words=words, page=page,
        size=size, sight=_sight(call),
    )  # fmt: skip
    rows = [PersonShape(**_known(line)) for line, _ in found.rows]
    return PeopleList(people=rows, total=found.total, page=found.page, pages=found.pages)


@endpoints.get("/people/{login}", EVERYBODY, PersonDetail, "一个人")
async def one(call: Calling, login: Annotated[str, Path(max_length=100, pattern=r"^[^\x00]+$")]) -> PersonDetail:
    """Give a person with every post and delegation. How they sign in is told to nobody here."""
    day = call.force.today
    known = person_seen(call.session, call.force, _sight(call), login, on=day)
    card = person_card(call.session, call.force, known, on=day, at=clock.now())
    return PersonDetail(
        **_known(card.line), history=[PostShape(**asdict(post)) for post in card.posts],
        given=_delegations(card.given), taken=_delegations(card.taken),
    )  # fmt: skip


@endpoints.post("/me/delegation", EVERYBODY, OwnDelegations, "委托他人代办")
def delegate(call: Calling, request: Request, given: DelegationGiven, key: Once = None) -> JSONResponse:
    """Let somebody act for oneself between two dates."""

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        wanted = checked(force, to=given.to, since=given.since, until=given.until, reason=given.reason.strip())
        wanted.put(session, force, login=actor.login, by=actor)
        return _own(session, force, actor)

    return call.once(key, digest_of(request, given.model_dump_json()), do)


@endpoints.post("/me/delegation/end", EVERYBODY, OwnDelegations, "结束委托")
def end(call: Calling, request: Request, given: EndGiven, key: Once = None) -> JSONResponse:
    """Act alone again."""

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        ledger.end_delegation(
            session, force.tenant_id, login=actor.login, on=given.on or force.today, at=force.now, by=actor.login
        )
        return _own(session, force, actor)

    return call.once(key, digest_of(request, given.model_dump_json()), do)


def _own(session: Session, force: InForce, actor: Actor) -> dict[str, Any]:
    card = person_card(session, force, actor.login, on=force.today, at=clock.now())
    shape = OwnDelegations(given=_delegations(card.given), taken=_delegations(card.taken))
    return shape.model_dump(mode="json")


def _sight(call: Caller) -> Sight:
    """Return whom the caller sees: administrators, who manage people, everybody."""
    if call.actor.holds(Role.ADMINISTRATOR):
        return Sight(True, frozenset(), frozenset(), call.actor.person_id)
    return call.sight


def _known(line: PersonLine) -> dict[str, Any]:
    return asdict(line) | {"posts": [asdict(post) for post in line.posts]}


def _delegations(lines: Iterable[DelegationLine]) -> list[DelegationShape]:
    return [
        DelegationShape(
            owner=line.owner[0], deputy=line.deputy[0], since=line.since, until=line.until, reason=line.reason
        )
        for line in lines
    ]
