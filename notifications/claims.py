"""Claiming: which deliveries leave now, bound to messages that nobody else is sending.

A delivery is bound to one message for good, by the message's unique key: what was claimed and not finished is
finished later as the very same message, with the same deliveries and the same Message-ID. Nothing is remembered by
time: a digest of today that is there is why another one is not made.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, bindparam, cast, exists, false, literal, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import String
from sqlmodel import Session, col

from config.clock import day_of
from config.terms import Channel, DeliveryStatus
from models import Delivery, Message, Notice, Person
from notifications.facts import PAPERS
from notifications.queue import Gate, Scope, cancelled, free, unfinished


def digest_key(person_id: int, at: datetime, channel: Channel = Channel.EMAIL) -> str:
    """Return the key of a person's digest of the day by a channel: there is one, whatever happens."""
    return f"digest/{person_id}/{_day_part(at, channel)}"


def paper_key(notice_id: int, person_id: int, channel: Channel = Channel.EMAIL) -> str:
    """Return the key of a message that carries one notice alone, by a channel."""
    return f"notice/{notice_id}/{person_id}{_by(channel)}"


def _day_part(at: datetime, channel: Channel) -> str:
    return f"{day_of(at).isoformat()}{_by(channel)}"


def _by(channel: Channel) -> str:
    """Return what a key ends with: nothing for e-mail, so that its keys stay what they have always been."""
    return "" if channel is Channel.EMAIL else f"/{channel.value}"


def claim(session: Session, scope: Scope, gate: Gate, *, owner: str, limit: int) -> list[int]:
    """Claim up to `limit` messages for `owner` and return their numbers: first those left unfinished, then new ones.

    Exclusive: on SQLite the caller's write transaction keeps others out; on PostgreSQL messages and people are
    locked, and those that somebody else has locked are passed over.
    """
    claimed = _reclaim(session, scope, gate, owner, limit)
    if len(claimed) < limit:
        claimed += _bind(session, scope, gate, owner, limit - len(claimed))
    return claimed


def new_owner(owner: str) -> str:
    """Return the name of one claim: the owner's, and a part that no other claim has."""
    return f"{owner}/{uuid4().hex}"


def _reclaim(session: Session, scope: Scope, gate: Gate, owner: str, limit: int) -> list[int]:
    """Take over messages that failed for the time being and are due again, or whose sender died."""
    due = select(col(Delivery.message_id)).join(Notice, col(Notice.id) == col(Delivery.notice_id))
    due = due.where(*_due(scope, gate), true() if gate.digests else _alone(gate), col(Delivery.message_id).is_not(None))
    statement = (
        select(col(Message.id))
        .where(col(Message.plan_id) == scope.plan_id, col(Message.id).in_(due), free(gate.at))
        .order_by(col(Message.id))
        .limit(limit)
        .with_for_update(skip_locked=True, of=Message)
    )
    claimed = [number for number in session.scalars(statement) if number is not None]
    if not claimed:
        return []
    taken = {"status": DeliveryStatus.SENDING, "claimed_at": gate.at, "claimed_by": owner}
    connection = session.connection()
    connection.execute(update(Message).where(col(Message.id).in_(claimed)).values(taken))
    carried = and_(unfinished(scope.plan_id), col(Delivery.message_id).in_(claimed))
    connection.execute(update(Delivery).where(carried, cancelled()).values(status=DeliveryStatus.CANCELLED))
    connection.execute(update(Delivery).where(carried).values(status=DeliveryStatus.SENDING))
    return claimed


def _bind(session: Session, scope: Scope, gate: Gate, owner: str, limit: int) -> list[int]:
    """Make messages of deliveries that have none: papers and urgent notices alone, the rest as digests.

    The person is what is locked, so that no digest is split between two claims.
    """
    loose = (*_due(scope, gate), col(Delivery.message_id).is_(None), _may_be_bound(gate))
    joined = col(Notice.id) == col(Delivery.notice_id)
    people = (
        select(col(Person.id))
        .where(col(Person.id).in_(select(col(Delivery.person_id)).join(Notice, joined).where(*loose)))
        .order_by(col(Person.id))
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=Person)
    )
    chosen = list(session.scalars(people))
    deliveries = (
        select(col(Delivery.id), col(Delivery.person_id), col(Notice.id), col(Notice.urgent), col(Notice.kind))
        .join(Notice, joined)
        .where(*loose, col(Delivery.person_id).in_(chosen))
        .order_by(col(Delivery.person_id), col(Delivery.id))
    )
    groups: dict[tuple[int, str], list[int]] = {}
    for delivery, person, notice, urgent, kind in session.execute(deliveries):
        alone = urgent or kind in PAPERS
        key = paper_key(notice, person, gate.channel) if alone else digest_key(person, gate.at, gate.channel)
        groups.setdefault((person, key), []).append(delivery)
    return _put(session, scope, gate, owner, dict(islice(groups.items(), limit)))


def _put(session: Session, scope: Scope, gate: Gate, owner: str, groups: dict[tuple[int, str], list[int]]) -> list[int]:
    """Insert messages under their keys and bind their deliveries; a key that is there already is left alone."""
    if not groups:
        return []
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    rows = [_message(scope, gate, owner, person, key) for person, key in groups]
    connection.execute(dialect.insert(Message).on_conflict_do_nothing(), rows)
    keys = [key for _, key in groups]
    ours = select(col(Message.key), col(Message.id)).where(
        col(Message.plan_id) == scope.plan_id, col(Message.key).in_(keys), col(Message.claimed_by) == owner
    )
    numbers = {key: number for key, number in session.execute(ours) if number is not None}
    bound = [
        {"delivery": delivery, "message": numbers[key]}
        for (_, key), carried in groups.items()
        if key in numbers
        for delivery in carried
    ]
    if bound:
        statement = update(Delivery).where(
            col(Delivery.id) == bindparam("delivery"),
            col(Delivery.status) != DeliveryStatus.CANCELLED,
            col(Delivery.channel) == gate.channel,  # somebody may have put it on another one in the meantime
        )
        values = {"status": DeliveryStatus.SENDING, "message_id": bindparam("message")}
        connection.execute(statement.values(values), bound)
    return list(numbers.values())


def _message(scope: Scope, gate: Gate, owner: str, person_id: int, key: str) -> dict[str, Any]:
    return {
        "tenant_id": scope.tenant_id,
        "plan_id": scope.plan_id,
        "key": key,
        "person_id": person_id,
        "channel": gate.channel,
        "subject": "",  # composed after the claim, with no transaction open; written when it is settled
        "status": DeliveryStatus.SENDING,
        "claimed_at": gate.at,
        "claimed_by": owner,
    }


def _due(scope: Scope, gate: Gate) -> tuple[ColumnElement[bool], ...]:
    """Return what holds for what is due by the gate's channel: the notice is issued and stands, its time has come."""
    return (
        unfinished(scope.plan_id),
        col(Delivery.channel) == gate.channel,
        col(Delivery.next_try_at) <= gate.at,
        col(Notice.issued_at).is_not(None),
        col(Notice.cancelled_at).is_(None),
    )


def _alone(gate: Gate) -> ColumnElement[bool]:
    """Return the condition that a notice goes on a message of its own, and may leave now."""
    return or_(col(Notice.urgent), col(Notice.kind).in_(PAPERS) if gate.papers else false())


def _may_be_bound(gate: Gate) -> ColumnElement[bool]:
    if not gate.digests:
        return _alone(gate)
    key = literal("digest/") + cast(col(Delivery.person_id), String) + literal(f"/{_day_part(gate.at, gate.channel)}")
    today = exists().where(col(Message.plan_id) == col(Delivery.plan_id), col(Message.key) == key)
    return or_(_alone(gate), ~today)
