"""What came into the mailbox, for the office to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import ZONE
from config.terms import DeliveryStatus, MailOutcome
from models import IncomingMail


@dataclass(frozen=True)
class ReceivedMail:
    """One mail with what became of it. `answered` says how its answer stands; None when nobody is answered."""

    id: int
    seen_at: datetime
    sender: str
    subject: str
    outcome: MailOutcome
    detail: str
    request: int | None
    answered: DeliveryStatus | None


def received(session: Session, plan_id: int, *, outcome: MailOutcome | None, limit: int) -> list[ReceivedMail]:
    """Return at most `limit` mails of the plan, newest first; of one outcome when it is given. Times in Shanghai."""
    statement = select(IncomingMail).where(col(IncomingMail.plan_id) == plan_id)
    if outcome is not None:
        statement = statement.where(col(IncomingMail.outcome) == outcome)
    newest = statement.order_by(col(IncomingMail.seen_at).desc(), col(IncomingMail.id).desc()).limit(limit)
    return [
        ReceivedMail(
            row.id or 0, row.seen_at.astimezone(ZONE), row.sender, row.subject, row.outcome, row.detail,
            row.request_id, row.answer_status,
        )
        for row in session.scalars(newest)
    ]  # fmt: skip
