"""消息: the notices that were addressed to a person, and which of them have been opened in the portal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Exists, Select, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from config.errors import UnknownName
from config.terms import Channel, NoticeKind
from models import Delivery, Notice
from supervision.in_force import InForce
from supervision.queries.items import unit_name

PAGE = 50


@dataclass(frozen=True)
class Received:
    """One notice to a person. `opened`: it was opened in the portal; `stands`: it was not cancelled since."""

    id: int
    kind: NoticeKind
    item: int | None
    request: int | None
    unit: str
    due: date | None
    because: str
    issued_at: datetime
    urgent: bool
    opened: bool
    stands: bool


def received(
    session: Session, force: InForce, *, person_id: int, unread: bool = False, page: int = 1
) -> tuple[Sequence[Received], int]:
    """Return a page of the person's notices, newest first, and how many there are in all."""
    statement = _mine(force, person_id)
    if unread:
        statement = statement.where(~_opened(person_id))
    total = session.scalars(select(func.count()).select_from(statement.subquery())).one()
    rows = session.execute(
        statement.order_by(col(Notice.issued_at).desc(), col(Notice.id).desc()).limit(PAGE).offset((page - 1) * PAGE)
    ).tuples()
    return [_line(force, row, opened) for row, opened in rows], total


def one_received(session: Session, force: InForce, *, person_id: int, number: int) -> Received:
    """Return one notice to the person. Raises UnknownName when it is not theirs."""
    row = session.execute(_mine(force, person_id).where(col(Notice.id) == number)).tuples().one_or_none()
    if row is None:
        raise UnknownName("没有这条消息，或者不是发给您的")
    return _line(force, *row)


def unread(session: Session, force: InForce, *, person_id: int) -> int:
    """Return how many standing notices the person has not opened in the portal."""
    mine = _mine(force, person_id).where(~_opened(person_id), col(Notice.cancelled_at).is_(None))
    return session.scalars(select(func.count()).select_from(mine.subquery())).one()


def _opened(person_id: int) -> Exists:
    portal = aliased(Delivery)
    return exists().where(
        col(portal.notice_id) == col(Notice.id),
        col(portal.person_id) == person_id,
        col(portal.channel) == Channel.PORTAL,
    )


def _mine(force: InForce, person_id: int) -> Select[tuple[Notice, bool]]:
    to_me = exists().where(col(Delivery.notice_id) == col(Notice.id), col(Delivery.person_id) == person_id)
    return select(Notice, _opened(person_id)).where(
        col(Notice.plan_id) == force.plan_id, col(Notice.issued_at).is_not(None), to_me
    )


def _line(force: InForce, row: Notice, opened: bool) -> Received:
    issued = row.issued_at or row.created_at
    return Received(
        row.id or 0, row.kind, row.item_id, row.request_id, unit_name(force, row.unit_id, force.today), row.due,
        row.because, issued, row.urgent, bool(opened), row.cancelled_at is None,
    )  # fmt: skip
