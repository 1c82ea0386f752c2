"""Messages to the caller, and for who oversees every notice with its deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from sqlmodel import Session

from config.errors import UnknownName
from config.terms import DeliveryStatus
from notifications.in_person import log_opened, log_personal_service
from supervision.in_force import InForce
from supervision.queries import notices as outgoing
from supervision.queries.inbox import PAGE, one_received, received
from supervision.queries.people import Actor
from supervision.queries.register import logins
from web.api.calling import Calling, Once, digest_of
from web.api.routing import Endpoints
from web.api.shapes.base import Number, PageNumber
from web.api.shapes.messages import (
    Inbox,
    MessageShape,
    NoticeList,
    NoticeShape,
    Opened,
    OpenedGiven,
    Served,
    ServedGiven,
)
from web.rules import EVERYBODY, OFFICE, OVERSIGHT

endpoints = Endpoints("消息和通知")


@endpoints.get("/inbox", EVERYBODY, Inbox, "列出消息")
async def inbox(call: Calling, unread: bool = False, page: PageNumber = 1) -> Inbox:
    """Give a page of the notices to the caller. A program that reads them does not open them: see `/inbox/opened`."""
    found, total = received(call.session, call.force, person_id=_person(call.actor), unread=unread, page=page)
    messages = [MessageShape(**asdict(each)) for each in found]
    return Inbox(messages=messages, total=total, page=page, pages=max(1, -(-total // PAGE)))


@endpoints.get("/inbox/{number}", EVERYBODY, MessageShape, "一条消息")
async def one(call: Calling, number: Number) -> MessageShape:
    """Give one notice to the caller."""
    found = one_received(call.session, call.force, person_id=_person(call.actor), number=number)
    return MessageShape(**asdict(found))


@endpoints.post("/inbox/opened", EVERYBODY, Opened, "标为已读")
def opened(call: Calling, request: Request, given: OpenedGiven, key: Once = None) -> JSONResponse:
    """Keep that the person has read these, wherever they were shown: that counts as delivery, as on the page.

    What is not addressed to the caller, or does not stand any more, is passed over.
    """

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        many = log_opened(
            session, tenant_id=force.tenant_id, plan_id=force.plan_id, person_id=_person(actor),
            notice_ids=given.messages, at=force.now,
        )  # fmt: skip
        return Opened(opened=many).model_dump(mode="json")

    return call.once(key, digest_of(request, given.model_dump_json()), do)


@endpoints.get("/notices", OVERSIGHT, NoticeList, "列出通知和送达情况")
async def listed(
    call: Calling,
    item: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="事项的编号")] = None,
    request: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="报送任务的编号")] = None,
    unit: Annotated[str | None, Query(max_length=100, description="单位的名称或代码")] = None,
    status: DeliveryStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> NoticeList:
    """Give the newest notices that meet every condition."""
    found = outgoing.notices(
        call.session, call.force, item=item, request=request, unit=unit, status=status, limit=limit
    )
    return NoticeList(notices=[NoticeShape(**asdict(line)) for line in found])


@endpoints.post("/notices/{number}/served", OFFICE, Served, "登记当面、电话送达")
def served(call: Calling, request: Request, number: Number, given: ServedGiven, key: Once = None) -> JSONResponse:
    """Record that a notice was given to a person of the unit by word or on paper: that counts as its delivery."""

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        person = logins(session, force.tenant_id).get(given.person)
        if person is None:
            raise UnknownName(f"没有登录名为 {given.person} 的人员")
        log_personal_service(
            session, tenant_id=force.tenant_id, plan_id=force.plan_id, notice_id=number, person_id=person,
            by_person_login=actor.login, at=force.now, how=given.how,
        )  # fmt: skip
        return Served(notice=number, person=given.person).model_dump(mode="json")

    return call.once(key, digest_of(request, given.model_dump_json()), do)


def _person(actor: Actor) -> int:
    return actor.person_id or 0
