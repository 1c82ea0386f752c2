"""The outbox as a queue: what waits in it, who may take it, and what is put in order before anything is taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, func, or_, select, update
from sqlmodel import Session, col

from config.terms import EXTERNAL_CHANNELS, Channel, DeliveryStatus
from models import Delivery, Message, Notice

LEASE = timedelta(minutes=10)
"""How long a claim is respected; an older one was left behind by a process that died."""

CLOSED_AT_ONCE = 500
"""How many numbers stand in one statement: below the limit of variables of either database."""

WAITING = (DeliveryStatus.CREATED, DeliveryStatus.TEMPORARY, DeliveryStatus.TECHNICAL)
"""Not handed over yet, and nobody is at it."""

UNFINISHED = (*WAITING, DeliveryStatus.SENDING)


@dataclass(frozen=True)
class Scope:
    """The plan whose outbox it is."""

    tenant_id: int
    plan_id: int


@dataclass(frozen=True)
class Gate:
    """What may leave at the instant `at`. Urgent notices always; `papers`: signed papers; `digests`: the rest.

    Digests never leave when papers may not. One channel is emptied at a time.
    """

    at: datetime
    papers: bool
    digests: bool
    channel: Channel = Channel.EMAIL


def unfinished(plan_id: int) -> ColumnElement[bool]:
    """Return the condition under which the index of waiting deliveries is used: its predicate, literally."""
    statuses: BindParameter[DeliveryStatus] = bindparam(
        "unfinished", [*UNFINISHED], expanding=True, literal_execute=True, unique=True
    )
    return and_(col(Delivery.plan_id) == plan_id, col(Delivery.status).in_(statuses))


def free(at: datetime) -> ColumnElement[bool]:
    """Return the condition that nobody is sending the message at `at`."""
    left_behind = and_(col(Message.status) == DeliveryStatus.SENDING, col(Message.claimed_at) <= at - LEASE)
    return or_(col(Message.status).in_(WAITING), left_behind)


def cancelled() -> ColumnElement[bool]:
    """Return the condition that a delivery's notice does not stand any more."""
    return exists().where(col(Notice.id) == col(Delivery.notice_id), col(Notice.cancelled_at).is_not(None))


def is_idle(session: Session, plan_id: int) -> bool:
    """Return whether nothing waits for any channel and nothing is being sent."""
    some = exists().where(unfinished(plan_id), col(Delivery.channel).in_(EXTERNAL_CHANNELS))
    return not session.scalars(select(some)).one()


def count_waiting(session: Session, plan_id: int) -> int:
    """Return how many deliveries wait: of notices that stand, and that nobody is sending."""
    statement = (
        select(func.count())
        .select_from(Delivery)
        .join(Notice, col(Notice.id) == col(Delivery.notice_id))
        .where(
            unfinished(plan_id),
            col(Delivery.status).in_(WAITING),
            col(Delivery.channel).in_(EXTERNAL_CHANNELS),
            col(Notice.cancelled_at).is_(None),
        )
    )
    return session.scalars(statement).one()


def tidy(session: Session, scope: Scope, *, at: datetime) -> None:
    """Take what is not to be sent any more out of the queue: the deliveries of cancelled notices."""
    connection = session.connection()
    abandoned = exists().where(col(Message.id) == col(Delivery.message_id), free(at))
    nobody_has_it = or_(col(Delivery.status).in_(WAITING), abandoned)
    dropped = connection.execute(
        update(Delivery)
        .where(unfinished(scope.plan_id), nobody_has_it, cancelled())
        .values(status=DeliveryStatus.CANCELLED)
        .returning(col(Delivery.message_id))
    )
    messages = {number for (number,) in dropped if number is not None}
    close_empty(session, sorted(messages), at=at)


def close_empty(session: Session, messages: list[int], *, at: datetime) -> None:
    """Close those of `messages` that nobody sends and that carry nothing any more."""
    carries = exists().where(
        col(Delivery.message_id) == col(Message.id), col(Delivery.status) != DeliveryStatus.CANCELLED
    )
    for start in range(0, len(messages), CLOSED_AT_ONCE):
        part = messages[start : start + CLOSED_AT_ONCE]
        statement = update(Message).where(col(Message.id).in_(part), free(at), ~carries)
        session.connection().execute(statement.values(status=DeliveryStatus.CANCELLED))
