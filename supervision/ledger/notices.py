"""Making notices: the verdict that somebody is to be told something, once per key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from config.clock import day_of, moment
from config.terms import Channel, DeliveryStatus, NoticeKind, PaperState
from database.rows import put
from models import Delivery, Notice, Paper
from supervision.in_force import InForce
from supervision.queries.people import Recipient

KEYS_PER_QUERY = 500
"""How many keys are asked for at once: below the limit of variables of either database."""


@dataclass(frozen=True)
class Draft:
    """A notice to be made. `signed`: it waits for a person's signature, and only then has deliveries."""

    key: str
    kind: NoticeKind
    unit_id: int
    because: str
    recipients: tuple[Recipient, ...]
    item_id: int | None = None
    request_id: int | None = None
    due_version: int = 1
    rung: int | None = None
    due: date | None = None
    urgent: bool = False
    signed: bool = False
    not_before: datetime | None = None


def subject_key(item_id: int | None, request_id: int | None) -> str:
    """Return the part of a notice's key that names what it is about."""
    return f"item/{item_id}" if item_id is not None else f"request/{request_id}"


def rung_key(item_id: int | None, request_id: int | None, *, version: int, offset: int) -> str:
    """Return the key of a rung: item or request, due-date version, offset."""
    return f"{subject_key(item_id, request_id)}/v{version}/{offset:+d}"


def make(session: Session, force: InForce, drafts: Sequence[Draft], *, at: datetime) -> list[Draft]:
    """Make the notices whose key is not there yet, with their deliveries or paper; return those made.

    The caller holds the tenant's chain (database.chain.lock), so what is looked up here stays true.
    """
    known = _known(session, force.plan_id, [draft.key for draft in drafts])
    fresh = list({draft.key: draft for draft in drafts if draft.key not in known}.values())
    if not fresh:
        return []
    put(session, Notice, [_notice(force, draft, at) for draft in fresh])
    numbers = _known(session, force.plan_id, [draft.key for draft in fresh])
    unsigned = [draft for draft in fresh if not draft.signed]
    put(session, Delivery, [row for draft in unsigned for row in _deliveries(force, draft, numbers, at)])
    put(session, Paper, [_paper(force, draft, numbers[draft.key]) for draft in fresh if draft.signed])
    return fresh


def deliver_to(
    session: Session, force: InForce, notice_id: int, recipients: Sequence[Recipient], *, at: datetime
) -> None:
    """Put one notice into the outbox for `recipients`."""
    put(session, Delivery, [_delivery(force, notice_id, recipient, at) for recipient in recipients])


def cancel_open(session: Session, force: InForce, *, item_id: int | None, request_id: int | None, at: datetime) -> None:
    """End the present ladder: what has not gone out does not go out any more.

    A notice that has reached the unit stands, but nobody else gets it now. A paper that is signed has its number and
    goes its way; a draft is cancelled.
    """
    about = col(Notice.item_id) == item_id if item_id is not None else col(Notice.request_id) == request_id
    signed = select(col(Paper.id)).where(col(Paper.notice_id) == Notice.id, col(Paper.issued_at).is_not(None))
    made = select(col(Notice.id)).where(
        col(Notice.plan_id) == force.plan_id, about, col(Notice.rung).is_not(None),
        col(Notice.cancelled_at).is_(None), ~signed.exists(),
    )  # fmt: skip
    _cancel(session, list(session.scalars(made)), at)


def take_back(session: Session, force: InForce, kind: NoticeKind, *, request_id: int, at: datetime) -> None:
    """Take back the notices of that kind about a request: what has not gone out does not go out any more.

    A notice that has reached the unit stands, but nobody else gets it now.
    """
    made = select(col(Notice.id)).where(
        col(Notice.plan_id) == force.plan_id, col(Notice.request_id) == request_id, col(Notice.kind) == kind,
        col(Notice.cancelled_at).is_(None),
    )  # fmt: skip
    _cancel(session, list(session.scalars(made)), at)


def _cancel(session: Session, numbers: Sequence[int | None], at: datetime) -> None:
    """Cancel the notices that have reached nobody, the drafts of their papers, and whatever delivery is not out yet."""
    if not numbers:
        return
    unheard = col(Notice.id).in_(numbers), col(Notice.delivered_at).is_(None)
    session.execute(update(Notice).where(*unheard).values(cancelled_at=at))
    drafts = col(Paper.state).in_([PaperState.DRAFTED, PaperState.REVIEWED])
    session.execute(update(Paper).where(col(Paper.notice_id).in_(numbers), drafts).values(state=PaperState.CANCELLED))
    unsent = col(Delivery.status).in_([DeliveryStatus.CREATED, DeliveryStatus.TEMPORARY, DeliveryStatus.TECHNICAL])
    session.execute(
        update(Delivery).where(col(Delivery.notice_id).in_(numbers), unsent).values(status=DeliveryStatus.CANCELLED)
    )


def _known(session: Session, plan_id: int, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(keys), KEYS_PER_QUERY):
        part = keys[start : start + KEYS_PER_QUERY]
        rows = session.execute(
            select(col(Notice.key), col(Notice.id)).where(col(Notice.plan_id) == plan_id, col(Notice.key).in_(part))
        )
        found.update({key: number for key, number in rows if number is not None})
    return found


def _notice(force: InForce, draft: Draft, at: datetime) -> dict[str, Any]:
    return {
        "tenant_id": force.tenant_id,
        "plan_id": force.plan_id,
        "key": draft.key,
        "kind": draft.kind,
        "item_id": draft.item_id,
        "request_id": draft.request_id,
        "unit_id": draft.unit_id,
        "due_version": draft.due_version,
        "rung": draft.rung,
        "due": draft.due,
        "because": draft.because,
        "urgent": draft.urgent,
        "not_before": draft.not_before or at,
        "created_at": at,
        "issued_at": None if draft.signed else at,
    }


def _deliveries(force: InForce, draft: Draft, numbers: dict[str, int], at: datetime) -> list[dict[str, Any]]:
    when = draft.not_before or at
    return [_delivery(force, numbers[draft.key], recipient, when) for recipient in draft.recipients]


def _delivery(force: InForce, notice_id: int, recipient: Recipient, when: datetime) -> dict[str, Any]:
    return {
        "tenant_id": force.tenant_id,
        "plan_id": force.plan_id,
        "notice_id": notice_id,
        "person_id": recipient.person_id,
        "channel": Channel.EMAIL,
        "of_unit": recipient.of_unit,
        "status": DeliveryStatus.CREATED,
        "attempts": 0,
        "next_try_at": when,
    }


def _paper(force: InForce, draft: Draft, notice_id: int) -> dict[str, Any]:
    return {
        "tenant_id": force.tenant_id,
        "plan_id": force.plan_id,
        "notice_id": notice_id,
        "level": draft.kind.value,
        "state": PaperState.DRAFTED,
        "revision": 1,
    }


def digest_moment(force: InForce, at: datetime) -> datetime:
    """Return from when a routine notice made at `at` may leave: with the day's digest, after the morning's flows."""
    return max(at, moment(day_of(at), force.plan.ladder.working_time.digest_from))
