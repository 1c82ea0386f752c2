"""委托: between two dates, both included, one person acts for another; circles are refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import BadInput, Refused
from database import chain
from models import Delegation
from supervision.ledger.persons import active_person, person, record

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The days from `first` through `last`."""

    first: date
    last: date

    def shared(self, other: Span) -> Span | None:
        """Return the days that both have; None when there are none."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Span(first, last) if first <= last else None


def delegate(
    session: Session,
    tenant_id: int,
    *,
    login: str,
    to: str,
    since: date,
    until: date,
    reason: str,
    at: datetime,
    by: str,
) -> None:
    """Let `to` act for `login` from `since` through `until`.

    Raises BadInput for dates in the wrong order, Refused for a circle (A for B while B acts for A, over any number
    of steps), for a second delegation of the same person in the same time, and for somebody who is switched off.
    """
    chain.lock(session, tenant_id)
    if until < since:
        raise BadInput(f"委托止日 {until} 早于起日 {since}")
    owner, deputy = active_person(session, tenant_id, login), active_person(session, tenant_id, to)
    span = Span(since, until)
    known = _in(session, tenant_id, span)
    for other in known:
        if other.from_person_id == owner.id:
            raise Refused(f"{login} 在 {other.since} 至 {other.until} 已有委托，请先结束原委托")
    if (owner.id or 0) in _reached(known, deputy.id or 0, span):
        raise Refused(f"委托成环：{to} 在这段时间（间接）由 {login} 代为办理")
    session.add(
        Delegation(tenant_id=tenant_id, from_person_id=owner.id or 0, to_person_id=deputy.id or 0, since=since,
                   until=until, reason=reason)
    )  # fmt: skip
    session.flush()
    record(session, tenant_id, "delegate", at, by, login=login, to=to, since=str(since), until=str(until))


def end_delegation(session: Session, tenant_id: int, *, login: str, on: date, at: datetime, by: str) -> None:
    """Let `login` act alone again from `on`. Raises Refused when nobody acts for them on that day."""
    chain.lock(session, tenant_id)
    owner = person(session, tenant_id, login)
    running = [each for each in _in(session, tenant_id, Span(on, on)) if each.from_person_id == owner.id]
    if not running:
        raise Refused(f"{login} 在 {on} 没有委托他人代办")
    for delegation in running:
        if delegation.since == on:
            session.delete(delegation)
        else:
            delegation.until = on - _ONE_DAY
    session.flush()
    record(session, tenant_id, "end_delegation", at, by, login=login, on=str(on))


def _in(session: Session, tenant_id: int, span: Span) -> Sequence[Delegation]:
    statement = select(Delegation).where(
        col(Delegation.tenant_id) == tenant_id,
        col(Delegation.since) <= span.last,
        col(Delegation.until) >= span.first,
    )
    return session.scalars(statement.order_by(col(Delegation.id))).all()


def _reached(known: Sequence[Delegation], start: int, span: Span) -> Iterator[int]:
    """Yield `start` and whoever acts for them in turn on some day that all of the steps share."""
    yield start
    for each in known:
        shared = span.shared(Span(each.since, each.until))
        if each.from_person_id == start and shared is not None:
            yield from _reached(known, each.to_person_id, shared)
