"""Reading notices: what was said to whom, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import ZONE
from config.terms import Channel, DeliveryStatus, NoticeKind
from models import Delivery, Notice, Person
from supervision.in_force import InForce
from supervision.queries.items import unit_name


@dataclass(frozen=True)
class DeliveryLine:
    """What became of one notice to one person."""

    login: str
    channel: Channel
    status: DeliveryStatus
    delivered_at: datetime | None
    detail: str | None


@dataclass(frozen=True)
class NoticeLine:
    """One notice with its deliveries."""

    id: int
    key: str
    kind: NoticeKind
    item: int | None
    request: int | None
    unit: str
    due: date | None
    because: str
    created_at: datetime
    issued_at: datetime | None
    delivered_at: datetime | None
    cancelled: bool
    deliveries: tuple[DeliveryLine, ...]


def notices(
    session: Session,
    force: InForce,
    *,
    item: int | None = None,
    request: int | None = None,
    unit: str | None = None,
    status: DeliveryStatus | None = None,
    limit: int = 200,
) -> list[NoticeLine]:
    """Return the newest notices that match every filter, newest first. Raises UnknownName for the unit."""
    statement = select(Notice).where(col(Notice.plan_id) == force.plan_id)
    if item is not None:
        statement = statement.where(col(Notice.item_id) == item)
    if request is not None:
        statement = statement.where(col(Notice.request_id) == request)
    if unit is not None:
        statement = statement.where(col(Notice.unit_id) == force.unit_id(unit))
    if status is not None:
        with_status = select(col(Delivery.notice_id)).where(
            col(Delivery.plan_id) == force.plan_id, col(Delivery.status) == status
        )
        statement = statement.where(col(Notice.id).in_(with_status))
    rows = session.scalars(statement.order_by(col(Notice.id).desc()).limit(limit)).all()
    deliveries = _deliveries(session, [row.id or 0 for row in rows]) if rows else {}
    return [_line(force, row, deliveries.get(row.id or 0, ())) for row in rows]


def _deliveries(session: Session, numbers: list[int]) -> Mapping[int, tuple[DeliveryLine, ...]]:
    statement = select(Delivery, col(Person.login)).join(Person, col(Person.id) == col(Delivery.person_id))
    found: dict[int, list[DeliveryLine]] = {}
    for row, login in session.execute(statement.where(col(Delivery.notice_id).in_(numbers))).tuples():
        line = DeliveryLine(login, row.channel, row.status, row.delivered_at, row.detail)
        found.setdefault(row.notice_id, []).append(line)
    return {number: tuple(lines) for number, lines in found.items()}


def _line(force: InForce, row: Notice, deliveries: tuple[DeliveryLine, ...]) -> NoticeLine:
    return NoticeLine(
        id=row.id or 0,
        key=row.key,
        kind=row.kind,
        item=row.item_id,
        request=row.request_id,
        unit=unit_name(force, row.unit_id, row.created_at.astimezone(ZONE).date()),
        due=row.due,
        because=row.because,
        created_at=row.created_at.astimezone(ZONE),
        issued_at=row.issued_at,
        delivered_at=row.delivered_at,
        cancelled=row.cancelled_at is not None,
        deliveries=deliveries,
    )
