"""The record of mails that came in: each once, with what became of it and the answer that its sender gets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.clock import day_ends, day_of
from config.terms import DeliveryStatus, MailOutcome
from models import IncomingMail
from notifications.letters import Letter
from notifications.queue import Scope

ANSWERS_A_DAY = 20
"""Answers that one address gets on a day: more is a loop between two programs. Source: office ruling."""

_BEYOND = f"（该地址当日已答复 {ANSWERS_A_DAY} 封，不再答复）"


@dataclass(frozen=True)
class Verdict:
    """What became of a mail, in words for the office; and for its sender, when it gets an answer (else None)."""

    outcome: MailOutcome
    detail: str
    request_id: int | None = None
    person_id: int | None = None
    answer: str | None = None


def known(session: Session, scope: Scope, key: str) -> MailOutcome | None:
    """Return what became of the mail of that key; None when it has not been met."""
    statement = select(col(IncomingMail.outcome)).where(
        col(IncomingMail.plan_id) == scope.plan_id, col(IncomingMail.key) == key
    )
    return session.scalars(statement).one_or_none()


def keep(session: Session, scope: Scope, letter: Letter, verdict: Verdict, *, at: datetime) -> None:
    """Record the mail in the transaction that did what it asks for, and put its answer up for sending.

    Key: `letter.key`. Beyond ANSWERS_A_DAY the sender gets no answer.
    """
    answer, detail = verdict.answer, verdict.detail
    if answer is not None and _answers(session, scope, letter.sender, at) >= ANSWERS_A_DAY:
        answer, detail = None, detail + _BEYOND
    session.add(
        IncomingMail(
            tenant_id=scope.tenant_id, plan_id=scope.plan_id, key=letter.key, message_id=letter.message_id,
            sender=letter.sender, subject=letter.subject, seen_at=at, outcome=verdict.outcome, detail=detail,
            request_id=verdict.request_id, person_id=verdict.person_id, references=_references(letter), answer=answer,
            answer_status=DeliveryStatus.CREATED if answer is not None else None,
            next_try_at=at if answer is not None else None,
        )
    )  # fmt: skip
    session.flush()


def _answers(session: Session, scope: Scope, sender: str, at: datetime) -> int:
    begins = day_ends(day_of(at)) - timedelta(days=1)
    statement = select(func.count()).where(
        col(IncomingMail.plan_id) == scope.plan_id, col(IncomingMail.sender) == sender,
        col(IncomingMail.seen_at) >= begins, col(IncomingMail.answer).is_not(None),
    )  # fmt: skip
    return session.scalars(statement).one()


_THREAD = 10
"""Message-IDs of a thread that an answer names beside the one it answers."""


def _references(letter: Letter) -> str:
    """Return the thread and the mail itself, as an answer names them. Source: RFC 5322 section 3.6.4."""
    named = [part for part in letter.references.split() if part.startswith("<") and part.endswith(">")]
    own = [letter.message_id] if letter.message_id.startswith("<") and " " not in letter.message_id else []
    kept = [part for part in dict.fromkeys(named) if part.isascii() and part not in own][-_THREAD:]
    return " ".join([*kept, *(part for part in own if part.isascii())])
