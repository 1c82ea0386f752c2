"""Sending the answers to mails that came in: claim, send with no transaction open, settle. At any hour: somebody waits.

What holds of notices holds here: the answer to a mail is one message with one Message-ID, from the key of that mail.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlmodel import Session, col

from config.clock import day_of
from config.settings import Settings
from config.terms import DeliveryStatus
from database import Database, reading, writing
from models import IncomingMail, Person
from notifications.channels import Channel, EmailChannel, MaildirChannel, Outcome, Outgoing
from notifications.claims import new_owner
from notifications.facts import Recipient, Sender
from notifications.mime import compose_answer, name_of
from notifications.queue import LEASE, Scope
from notifications.retries import next_try
from notifications.sender import read_sender
from notifications.tokens import Asked, reply_number
from notifications.wording import shortened

ANSWERS_AT_ONCE = 200
"""Answers claimed at once."""

SUBJECT_LIMIT = 200
"""Characters of an answer's subject."""

_GIVEN_UP = "多次发送失败，不再发送"


@dataclass(frozen=True)
class Answered:
    """How many answers went out, how many did not, and why, a line for each reason."""

    sent: int = 0
    failed: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Waiting:
    """One answer that was claimed."""

    row_id: int
    key: str
    subject: str
    references: str
    text: str
    recipient: Recipient
    request_id: int | None


async def send_answers(database: Database, settings: Settings, scope: Scope, *, at: datetime) -> Answered:
    """Send the answers that may go out at `at`. Twice or concurrently: nobody is answered twice."""
    channel: Channel = EmailChannel(settings) if settings.smtp_host else MaildirChannel(settings)
    owner = new_owner(f"{socket.gethostname()}:{os.getpid()}")
    with reading(database) as session:
        sender = read_sender(session, settings, scope.plan_id, on=day_of(at))
    waiting = await asyncio.to_thread(_claim, database, scope, owner, at)
    outgoing: list[Outgoing] = []
    outcomes: list[Outcome] = []
    for each in waiting:
        address = channel.address_of(each.recipient)
        if address is None:
            outcomes.append(Outcome(each.row_id, DeliveryStatus.PERMANENT, "没有可用的邮箱地址"))
        else:
            outgoing.append(_outgoing(each, sender, address, at))
    if outgoing:
        outcomes += (await channel.send(outgoing)).outcomes
    await asyncio.to_thread(_settle, database, scope, owner, outcomes, at)
    failed = [outcome.detail for outcome in outcomes if outcome.status is not DeliveryStatus.DELIVERED]
    return Answered(len(outcomes) - len(failed), len(failed), tuple(dict.fromkeys(failed)))


def _outgoing(waiting: _Waiting, sender: Sender, address: str, at: datetime) -> Outgoing:
    key = f"answer/{waiting.key}"
    content = compose_answer(
        _subject(waiting, sender), waiting.text, sender, key=key, name=waiting.recipient.name, address=address,
        references=waiting.references, at=at,
    )  # fmt: skip
    return Outgoing(waiting.row_id, name_of(sender.plan_id, key), address, content)


def _subject(waiting: _Waiting, sender: Sender) -> str:
    """Return the subject of the answer, which can be answered again: it bears the number, wherever the mail had it."""
    subject = waiting.subject if waiting.subject[:3].lower() == "re:" else f"Re: {waiting.subject}"
    if waiting.request_id is None or not sender.reply_secret:
        return shortened(subject, SUBJECT_LIMIT)
    number = reply_number(sender.reply_secret, Asked(sender.plan_id, waiting.request_id))
    mark = f" [{number}]"
    without = re.sub(rf"\s*\[?{number}\]?", "", subject, flags=re.IGNORECASE)
    return shortened(without, SUBJECT_LIMIT - len(mark)) + mark


def _claim(database: Database, scope: Scope, owner: str, at: datetime) -> list[_Waiting]:
    with writing(database) as session:
        due = (
            select(col(IncomingMail.id))
            .where(
                col(IncomingMail.plan_id) == scope.plan_id,
                col(IncomingMail.next_try_at) <= at,
                or_(col(IncomingMail.claimed_at).is_(None), col(IncomingMail.claimed_at) <= at - LEASE),
            )
            .order_by(col(IncomingMail.next_try_at), col(IncomingMail.id))
            .limit(ANSWERS_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        rows = [number or 0 for number in session.scalars(due)]
        claimed = {"claimed_at": at, "claimed_by": owner, "answer_status": DeliveryStatus.SENDING}
        session.execute(update(IncomingMail).where(col(IncomingMail.id).in_(rows)).values(**claimed))
        return [_waiting(session, row_id) for row_id in rows]


def _waiting(session: Session, row_id: int) -> _Waiting:
    row = session.get_one(IncomingMail, row_id)
    person = session.get_one(Person, row.person_id)
    recipient = Recipient(person.id or 0, person.login, person.name, row.sender, person.synthetic)
    return _Waiting(row_id, row.key, row.subject, row.references, row.answer or "", recipient, row.request_id)


def _settle(database: Database, scope: Scope, owner: str, outcomes: list[Outcome], at: datetime) -> None:
    """Write what became of the answers; what was not tried is given back. Who settles must still hold the claim."""
    with writing(database) as session:
        held = col(IncomingMail.plan_id) == scope.plan_id, col(IncomingMail.claimed_by) == owner
        for outcome in outcomes:
            row = session.scalars(
                select(IncomingMail).where(*held, col(IncomingMail.id) == outcome.message_id).with_for_update()
            ).one_or_none()
            if row is not None:
                _write(row, outcome, at)
        session.flush()
        back: dict[str, Any] = {"claimed_at": None, "claimed_by": None, "answer_status": DeliveryStatus.CREATED}
        session.execute(update(IncomingMail).where(*held).values(**back))


def _write(row: IncomingMail, outcome: Outcome, at: datetime) -> None:
    row.claimed_at = row.claimed_by = None
    row.answer_status, row.answer_detail = outcome.status, outcome.detail or None
    if outcome.status is DeliveryStatus.DELIVERED:
        row.answered_at, row.next_try_at = at, None
        return
    row.attempts += 1
    row.next_try_at = None if outcome.status is DeliveryStatus.PERMANENT else next_try(row.attempts, at=at)
    if row.next_try_at is None and outcome.status is not DeliveryStatus.PERMANENT:
        row.answer_status, row.answer_detail = DeliveryStatus.PERMANENT, f"{_GIVEN_UP}（{outcome.detail}）"
