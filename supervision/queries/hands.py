"""Whose acts count as one's own where an act takes two people: one human is one, under whatever login."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import or_, select
from sqlmodel import Session, col

from models import Appointment, Event, Person
from supervision.queries.people import Actor

HAND_OVER = "hand_over"
"""What the handover of a post is called in the chain."""

_MOBILE = re.compile(r"(?:86)?(1\d{10})")


def is_same_hand(session: Session, by: Actor, done_by: Collection[str]) -> bool:
    """Return whether one of the logins `done_by` is `by`, or stands for the same human or the same post.

    That is: the own login and those of whom `by` stands in for; another account of any of these, also one that is
    switched off, by the same mobile number or by the same name with the same address or telephone; and whoever
    handed a post over to any of these: a post does not answer itself because its account was handed on.
    Source: office ruling (decision 006).
    """
    others = frozenset(done_by)
    if others & by.names:
        return True
    if not others or by.person_id is None:
        return False
    tenant = session.get_one(Person, by.person_id).tenant_id
    accounts = _accounts(session, tenant)
    before: Mapping[str, frozenset[str]] = {}
    if _may_have_handed_over(session, tenant, _reached(others, accounts)):
        before = _predecessors(session, tenant)
    return bool(others & _reached(by.names, accounts, before))


def _reached(start: Collection[str], *steps: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return `start` and all logins to which any of `steps` leads, over any number of them."""
    found, pending = set(start), list(start)
    while pending:
        login = pending.pop()
        new = {other for step in steps for other in step.get(login, ())} - found
        found |= new
        pending += new
    return frozenset(found)


def _may_have_handed_over(session: Session, tenant_id: int, logins: Collection[str]) -> bool:
    """Return whether one of `logins` has a post that ended, or none: without one the chain need not be searched."""
    statement = (
        select(col(Appointment.since), col(Appointment.until))
        .select_from(Person)
        .outerjoin(Appointment, col(Appointment.person_id) == col(Person.id))
        .where(col(Person.tenant_id) == tenant_id, col(Person.login).in_(logins))
    )
    return any(since is None or until is not None for since, until in session.execute(statement).tuples())


def _accounts(session: Session, tenant_id: int) -> Mapping[str, frozenset[str]]:
    """Return the logins that belong to the same human, by login."""
    statement = select(col(Person.login), col(Person.name), col(Person.email), col(Person.phone)).where(
        col(Person.tenant_id) == tenant_id, or_(col(Person.email).is_not(None), col(Person.phone).is_not(None))
    )
    by_trait: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for login, name, email, phone in session.execute(statement).tuples():
        for trait in _traits(name, email or "", phone or ""):
            by_trait[trait].add(login)
    found: dict[str, frozenset[str]] = {}
    for logins in by_trait.values():
        for login in logins if len(logins) > 1 else ():
            found[login] = found.get(login, frozenset()) | logins
    return found


def _traits(name: str, email: str, phone: str) -> Iterator[tuple[str, ...]]:
    """Yield what tells a human: an office's telephone or mailbox alone does not, several people share it."""
    digits = re.sub(r"\D", "", phone)
    plain_name = re.sub(r"\s", "", name)
    if email.strip():
        yield "email", plain_name, email.strip().casefold()
    if digits:
        yield "phone", plain_name, digits
    if mobile := _MOBILE.fullmatch(digits):
        yield "mobile", mobile[1]


def _predecessors(session: Session, tenant_id: int) -> Mapping[str, frozenset[str]]:
    """Return who handed a post over to whom, by the login of who took it over."""
    statement = select(col(Event.data)).where(col(Event.tenant_id) == tenant_id, col(Event.action) == HAND_OVER)
    found: dict[str, frozenset[str]] = {}
    for data in session.scalars(statement):
        found[data["to"]] = found.get(data["to"], frozenset()) | {data["login"]}
    return found
