"""Mail that did not arrive for good: a to-do of the office, seen until somebody has acted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, exists, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from config.errors import Conflict
from config.terms import EXTERNAL_CHANNELS, Channel, DeliveryStatus, NoticeKind
from database import chain
from models import Delivery, Message, Notice, Person, Unit
from notifications.queue import UNFINISHED


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """One notice that did not reach one person, and why.

    `blocks`: nobody of the unit has been reached, so the ladder stands still until the notice is served in person.
    """

    delivery_id: int
    notice_id: int
    kind: NoticeKind
    item_id: int | None
    request_id: int | None
    unit: str
    person_id: int
    person: str
    email: str | None
    failed_at: datetime
    detail: str
    blocks: bool
    channel: Channel = Channel.EMAIL


def failed_deliveries(session: Session, plan_id: int) -> list[FailedDelivery]:
    """Return the permanent failures that nobody has cured: first those that hold up the ladder, then by age.

    Cured is a notice that was served in person, and one that the person has got, or is about to get, by another
    channel; one that does not stand any more needs no cure.
    """
    personal, other = aliased(Delivery), aliased(Delivery)
    served = exists().where(col(personal.notice_id) == col(Notice.id), col(personal.channel) == Channel.PERSONAL)
    under_way = exists().where(
        col(other.notice_id) == col(Notice.id),
        col(other.person_id) == col(Delivery.person_id),
        col(other.channel).in_(EXTERNAL_CHANNELS),
        col(other.status).in_((*UNFINISHED, DeliveryStatus.DELIVERED)),
    )
    blocks = case((col(Notice.delivered_at).is_(None), col(Delivery.of_unit)), else_=False)
    statement = (
        select(
            col(Delivery.id), col(Notice.id), col(Notice.kind), col(Notice.item_id), col(Notice.request_id),
            col(Unit.name), col(Person.id), col(Person.name), col(Person.email),
            col(Delivery.next_try_at), col(Delivery.detail), blocks, col(Delivery.channel),
        )
        .join(Notice, col(Notice.id) == col(Delivery.notice_id))
        .join(Unit, col(Unit.id) == col(Notice.unit_id))
        .join(Person, col(Person.id) == col(Delivery.person_id))
        .where(
            col(Delivery.plan_id) == plan_id,
            col(Delivery.status) == DeliveryStatus.PERMANENT,
            col(Notice.cancelled_at).is_(None),
            ~or_(served, under_way),
        )
        .order_by(blocks.desc(), col(Delivery.next_try_at), col(Delivery.id))
    )  # fmt: skip
    return [FailedDelivery(*row) for row in session.execute(statement)]


def send_again(
    session: Session, *, tenant_id: int, plan_id: int, delivery_ids: Sequence[int], by_person_login: str, at: datetime
) -> int:
    """Put failed mail back into the outbox, once what was wrong is put right; return how many deliveries.

    A message goes again as a whole, under its key. Raises Conflict when none of them is a permanent failure any more.
    """
    chain.lock(session, tenant_id)
    failed = (col(Delivery.plan_id) == plan_id, col(Delivery.status) == DeliveryStatus.PERMANENT)
    chosen = select(col(Delivery.message_id)).where(*failed, col(Delivery.id).in_(delivery_ids))
    messages = {number for number in session.scalars(chosen) if number is not None}
    if not messages:
        raise Conflict("所选通知已不在发送失败之列，请刷新待办清单")
    connection = session.connection()
    again = {"status": DeliveryStatus.CREATED, "attempts": 0, "next_try_at": at, "detail": None}
    carried = update(Delivery).where(*failed, col(Delivery.message_id).in_(messages)).values(again)
    numbers = sorted(number for number in connection.scalars(carried.returning(col(Delivery.id))) if number is not None)
    reopened = {"status": DeliveryStatus.CREATED, "detail": None}
    connection.execute(update(Message).where(col(Message.id).in_(messages)).values(reopened))
    entry = chain.Entry("send_again", at, by_person_login, plan_id=plan_id, data={"deliveries": numbers})
    chain.append(session, tenant_id, [entry])
    return len(numbers)
