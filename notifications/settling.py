"""Settling: writing down what became of a claimed batch, in one transaction with its chained events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select, update
from sqlmodel import Session, col

from config.terms import DeliveryStatus
from database import chain
from models import Delivery, Message, Paper
from notifications.channels import Outcome
from notifications.facts import Parcel
from notifications.order import ONLY_MAIL, Ways, fall_back
from notifications.queue import Scope, close_empty
from notifications.reach import reach_units, serve
from notifications.retries import next_try

ACTOR = "flow:deliver"
ACTION = "deliver"

_RETRIED = (DeliveryStatus.TEMPORARY, DeliveryStatus.TECHNICAL)
_GIVEN_UP = "；多次重发未成，不再自动重发"


@dataclass(frozen=True)
class Batch:
    """A claimed batch: the name of its claim, the claimed messages, and what they carry."""

    owner: str
    messages: Sequence[int]
    parcels: Sequence[Parcel]


@dataclass(frozen=True)
class Tally:
    """Deliveries counted by what became of them. `retried` are those of `failed` that are tried again.

    `details` counts the failed by their reason.
    """

    sent: int = 0
    failed: int = 0
    retried: int = 0
    details: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        details = Counter(self.details) + Counter(other.details)
        return Tally(self.sent + other.sent, self.failed + other.failed, self.retried + other.retried, details)


@dataclass(frozen=True)
class _Settled:
    """One message and how it is written down."""

    parcel: Parcel
    status: DeliveryStatus
    detail: str
    next_try_at: datetime


def settle(
    session: Session,
    scope: Scope,
    batch: Batch,
    outcomes: Iterable[Outcome],
    subjects: Mapping[int, str],
    *,
    at: datetime,
    ways: Ways = ONLY_MAIL,
) -> Tally:
    """Write down the outcomes and what follows from them; give back what was not tried. Return the count.

    What has failed for good is opened on the next of `ways`.

    Takes the tenant's chain first, like every writer. What this claim lost to another one in the meantime, because
    it took longer than its lease, is left to that one.
    """
    chain.lock(session, scope.tenant_id)
    held = _still_held(session, batch)
    parcels = {parcel.message_id: parcel for parcel in batch.parcels if parcel.message_id in held}
    settled = [_settled(parcels[each.message_id], each, at) for each in outcomes if each.message_id in parcels]
    _write_messages(session, settled, subjects, at)
    _write_deliveries(session, settled, at)
    delivered = [each.parcel.message_id for each in settled if each.status is DeliveryStatus.DELIVERED]
    _follow_up(session, scope, delivered, at)
    tried = {each.parcel.message_id for each in settled}
    _give_back(session, [number for number in held if number not in tried], at)
    failed = [each.parcel.message_id for each in settled if each.status is DeliveryStatus.PERMANENT]
    opened = fall_back(session, scope, ways, failed, at=at)
    chain.append(session, scope.tenant_id, [*_entries(scope, settled, at), *opened])
    return _count(settled)


def _still_held(session: Session, batch: Batch) -> set[int]:
    statement = select(col(Message.id)).where(
        col(Message.id).in_(batch.messages),
        col(Message.status) == DeliveryStatus.SENDING,
        col(Message.claimed_by) == batch.owner,
    )
    return {number for number in session.scalars(statement.with_for_update(of=Message)) if number is not None}


def _settled(parcel: Parcel, outcome: Outcome, at: datetime) -> _Settled:
    if outcome.status not in _RETRIED:
        return _Settled(parcel, outcome.status, outcome.detail, at)
    again = next_try(parcel.attempts + 1, at=at)
    if again is None:
        return _Settled(parcel, DeliveryStatus.PERMANENT, outcome.detail + _GIVEN_UP, at)
    return _Settled(parcel, outcome.status, outcome.detail, max(again, at + outcome.wait))


def _write_messages(session: Session, settled: Sequence[_Settled], subjects: Mapping[int, str], at: datetime) -> None:
    rows = [
        {
            "message": each.parcel.message_id,
            "becomes": each.status,
            "why": each.detail or None,
            "titled": subjects.get(each.parcel.message_id, ""),
            "sent": at if each.status is DeliveryStatus.DELIVERED else None,
        }
        for each in settled
    ]
    values: dict[str, Any] = {
        "status": bindparam("becomes"),
        "detail": bindparam("why"),
        "subject": bindparam("titled"),
        "sent_at": bindparam("sent"),
    }
    if rows:
        session.connection().execute(
            update(Message).where(col(Message.id) == bindparam("message")).values(values), rows
        )


def _write_deliveries(session: Session, settled: Sequence[_Settled], at: datetime) -> None:
    rows = [
        {
            "message": each.parcel.message_id,
            "becomes": each.status,
            "why": each.detail or None,
            "again": each.next_try_at,
            "reached": at if each.status is DeliveryStatus.DELIVERED else None,
        }
        for each in settled
    ]
    values = {
        "status": bindparam("becomes"),
        "detail": bindparam("why"),
        "attempts": col(Delivery.attempts) + 1,
        "next_try_at": bindparam("again"),
        "delivered_at": bindparam("reached"),
    }
    if rows:
        sending = col(Delivery.status) == DeliveryStatus.SENDING
        statement = update(Delivery).where(col(Delivery.message_id) == bindparam("message"), sending)
        session.connection().execute(statement.values(values), rows)


def _follow_up(session: Session, scope: Scope, messages: Sequence[int], at: datetime) -> None:
    if not messages:
        return
    carried = select(col(Delivery.notice_id)).where(
        col(Delivery.message_id).in_(messages), col(Delivery.status) == DeliveryStatus.DELIVERED
    )
    reach_units(session, scope.plan_id, carried.where(col(Delivery.of_unit)), at=at)
    # A circular to the leading group alone has nobody in the unit to reach; it is served when somebody has it.
    of_unit = exists().where(col(Delivery.notice_id) == col(Paper.notice_id), col(Delivery.of_unit))
    copies = select(col(Paper.notice_id)).where(col(Paper.notice_id).in_(carried), ~of_unit)
    serve(session, scope.plan_id, copies, at=at)


def _give_back(session: Session, messages: list[int], at: datetime) -> None:
    """Free the messages that were not tried, as if they had never been claimed; close those that carry nothing."""
    if not messages:
        return
    connection = session.connection()
    for table, number in ((Delivery, col(Delivery.message_id)), (Message, col(Message.id))):
        sending = col(table.status) == DeliveryStatus.SENDING
        connection.execute(update(table).where(number.in_(messages), sending).values(status=DeliveryStatus.CREATED))
    close_empty(session, messages, at=at)


def _entries(scope: Scope, settled: Sequence[_Settled], at: datetime) -> list[chain.Entry]:
    """Return one entry for each outcome that occurred."""
    by_status: dict[DeliveryStatus, list[_Settled]] = {}
    for each in settled:
        by_status.setdefault(each.status, []).append(each)
    return [
        chain.Entry(ACTION, at, ACTOR, plan_id=scope.plan_id, data=_data(status, by_status[status]))
        for status in sorted(by_status)
    ]


def _data(status: DeliveryStatus, settled: Sequence[_Settled]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "outcome": status.value,
        "deliveries": sorted(number for each in settled for number in each.parcel.delivery_ids),
    }
    reasons = sorted({each.detail for each in settled if each.detail})
    return data | {"details": reasons} if reasons else data


def _count(settled: Sequence[_Settled]) -> Tally:
    sent = sum(len(each.parcel.delivery_ids) for each in settled if each.status is DeliveryStatus.DELIVERED)
    failed = [each for each in settled if each.status is not DeliveryStatus.DELIVERED]
    details: Counter[str] = Counter()
    for each in failed:
        details[each.detail] += len(each.parcel.delivery_ids)
    retried = sum(len(each.parcel.delivery_ids) for each in failed if each.status in _RETRIED)
    return Tally(sent, sum(details.values()), retried, details)
