"""Reaching a unit by other ways than mail: by a person (phone, paper), or by the notice being opened in the portal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, insert, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Conflict, Refused, UnknownName
from config.terms import EXTERNAL_CHANNELS, Channel, DeliveryStatus
from database import chain
from models import Appointment, Delivery, Notice, Person
from notifications.queue import Scope
from notifications.reach import reach_units


def log_personal_service(
    session: Session,
    *,
    tenant_id: int,
    plan_id: int,
    notice_id: int,
    person_id: int,
    by_person_login: str,
    at: datetime,
    how: str,
) -> None:
    """Record that a notice was served on a person of the unit by word or paper: that counts as its delivery.

    It cures a permanent failure of the mail. `how` says by what means, for the record. Once per notice and person.
    Raises BadInput without `how`, UnknownName for a notice or login that is not there, Refused for a notice that is
    not signed yet or does not stand any more and for somebody who is not of the unit, Conflict for a repetition.
    """
    scope = Scope(tenant_id, plan_id)
    chain.lock(session, tenant_id)
    if not how.strip():
        raise BadInput("请写明送达方式，如“电话告知，接听人某某”")
    notice = _notice_to_serve(session, plan_id, notice_id)
    _refuse_stranger(session, tenant_id, by_person_login)
    _refuse_outsider(session, tenant_id, notice, person_id, at)
    _refuse_repetition(session, notice_id, person_id)
    row = _row(scope, notice_id, person_id, Channel.PERSONAL, at, of_unit=True, how=how.strip())
    session.execute(insert(Delivery), [row])
    reach_units(session, plan_id, _only([notice_id]), at=at)
    entry = chain.Entry(
        "log_personal_service", at, by_person_login, plan_id=plan_id,
        item_id=notice.item_id, request_id=notice.request_id,
        data={"notice": notice_id, "person": person_id, "how": how.strip()},
    )  # fmt: skip
    chain.append(session, tenant_id, [entry])


def log_opened(
    session: Session, *, tenant_id: int, plan_id: int, person_id: int, notice_ids: Iterable[int], at: datetime
) -> int:
    """Record that a person opened these notices in the portal; return how many were opened for the first time.

    Counts as delivery when the person got them as one of the unit. Notices that were never addressed to the person,
    are not signed yet or do not stand any more are passed over. Key: notice and person.
    """
    unopened = _unopened(plan_id, person_id, list(notice_ids))
    if not session.execute(unopened).all():
        return 0
    chain.lock(session, tenant_id)
    fresh = dict(session.execute(unopened).tuples().all())  # somebody may have been quicker
    if fresh:
        scope = Scope(tenant_id, plan_id)
        rows = [
            _row(scope, number, person_id, Channel.PORTAL, at, of_unit=of_unit) for number, of_unit in fresh.items()
        ]
        session.execute(insert(Delivery), rows)
        reach_units(session, plan_id, _only([number for number, of_unit in fresh.items() if of_unit]), at=at)
        login = session.scalars(select(col(Person.login)).where(col(Person.id) == person_id)).one()
        entry = chain.Entry("open_notices", at, login, plan_id=plan_id, data={"notices": sorted(fresh)})
        chain.append(session, tenant_id, [entry])
    return len(fresh)


def _unopened(plan_id: int, person_id: int, notices: Sequence[int]) -> Select[tuple[int, bool]]:
    """Ask for those of `notices` that stand, are addressed to the person and not opened yet, with `of_unit`."""
    opened = aliased(Delivery)
    seen = exists().where(
        col(opened.notice_id) == col(Notice.id),
        col(opened.person_id) == person_id,
        col(opened.channel) == Channel.PORTAL,
    )
    return (
        select(col(Delivery.notice_id), col(Delivery.of_unit))
        .join(Notice, col(Notice.id) == col(Delivery.notice_id))
        .where(
            col(Delivery.plan_id) == plan_id,
            col(Delivery.notice_id).in_(notices),
            col(Delivery.person_id) == person_id,
            col(Delivery.channel).in_(EXTERNAL_CHANNELS),
            *_stands(),
            ~seen,
        )
    )


def _stands() -> tuple[ColumnElement[bool], ...]:
    return col(Notice.issued_at).is_not(None), col(Notice.cancelled_at).is_(None)


def _only(notices: Sequence[int]) -> Select[tuple[int | None]]:
    return select(col(Notice.id)).where(col(Notice.id).in_(notices))


def _row(
    scope: Scope,
    notice_id: int,
    person_id: int,
    channel: Channel,
    at: datetime,
    *,
    of_unit: bool,
    how: str | None = None,
) -> dict[str, Any]:
    return {
        "tenant_id": scope.tenant_id,
        "plan_id": scope.plan_id,
        "notice_id": notice_id,
        "person_id": person_id,
        "channel": channel,
        "of_unit": of_unit,
        "status": DeliveryStatus.DELIVERED,
        "attempts": 1,
        "next_try_at": at,
        "delivered_at": at,
        "detail": how,
    }


def _notice_to_serve(session: Session, plan_id: int, notice_id: int) -> Notice:
    notice = session.scalars(
        select(Notice).where(col(Notice.plan_id) == plan_id, col(Notice.id) == notice_id)
    ).one_or_none()
    if notice is None:
        raise UnknownName(f"没有编号为 {notice_id} 的通知，请在待办清单里查看编号")
    if notice.issued_at is None:
        raise Refused("这份文书尚未签发，签发之后才能送达")
    if notice.cancelled_at is not None:
        raise Refused("这份通知已经作废，不必再送达")
    return notice


def _refuse_stranger(session: Session, tenant_id: int, login: str) -> None:
    known = exists().where(col(Person.tenant_id) == tenant_id, col(Person.login) == login, col(Person.active))
    if not session.scalars(select(known)).one():
        raise UnknownName(f"没有登录名为 {login} 的在用账号；请用 duban user list 查看")


def _refuse_outsider(session: Session, tenant_id: int, notice: Notice, person_id: int, at: datetime) -> None:
    """Refuse somebody who neither holds a post in the unit on the day nor was told as one of the unit."""
    day = day_of(at)
    appointed = exists().where(
        col(Appointment.tenant_id) == tenant_id,
        col(Appointment.person_id) == person_id,
        col(Appointment.unit_id) == notice.unit_id,
        col(Appointment.since) <= day,
        or_(col(Appointment.until).is_(None), col(Appointment.until) >= day),
    )
    told = exists().where(
        col(Delivery.notice_id) == notice.id, col(Delivery.person_id) == person_id, col(Delivery.of_unit)
    )
    if not session.scalars(select(or_(appointed, told))).one():
        raise Refused("此人不是责任单位的人员：送达须由责任单位的联络员或负责人接收")


def _refuse_repetition(session: Session, notice_id: int, person_id: int) -> None:
    served = exists().where(
        col(Delivery.notice_id) == notice_id,
        col(Delivery.person_id) == person_id,
        col(Delivery.channel) == Channel.PERSONAL,
    )
    if session.scalars(select(served)).one():
        raise Conflict("这份通知已经登记过向此人当面或电话送达，不必重复登记")
