"""Sign-ins: a secret in the browser's cookie, its digest in the database, an idle and an absolute end."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from access.accounts import Known
from database import chain
from models import Account, Person, SignIn

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a browser was last seen: a page need not write for less."""

_BROWSER_SHOWN = 200


@dataclass(frozen=True)
class Terms:
    """How long a sign-in lasts: without a request, and at all."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)


@dataclass(frozen=True)
class SignedIn:
    """Who a request comes from."""

    tenant_id: int
    person_id: int
    login: str
    name: str
    must_change: bool
    plan_id: int | None
    number: int
    csrf: str
    """What every form that changes something has to bring back."""
    stale: bool
    """Whether it is time to keep that the browser was seen."""


def opened(session: Session, known: Known, *, at: datetime, terms: Terms, browser: str = "") -> str:
    """Begin a sign-in; return the secret for the cookie. It is always a new one: none given from outside is taken."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            tenant_id=known.tenant_id, person_id=known.person_id, token_digest=digest(token), opened_at=at,
            seen_at=at, expires_at=at + terms.absolute, browser=browser[:_BROWSER_SHOWN],
        )
    )  # fmt: skip
    return token


def found(session: Session, token: str, *, at: datetime, terms: Terms) -> SignedIn | None:
    """Return who the cookie's secret stands for, None when it is unknown, ended, expired, or its person is off."""
    row = session.execute(_FOUND, {"digest": digest(token)}).one_or_none()
    if row is None or row.ended_at is not None or not row.active:
        return None
    if at >= row.expires_at or at >= row.seen_at + terms.idle:
        return None
    return SignedIn(
        tenant_id=row.tenant_id, person_id=row.person_id, login=row.login, name=row.name,
        must_change=bool(row.must_change), plan_id=row.plan_id, number=row.id, csrf=csrf_of(token),
        stale=at - row.seen_at >= SEEN_EVERY,
    )  # fmt: skip


# Every request asks this one: it is built once.
_FOUND = (
    select(
        col(SignIn.id), col(SignIn.plan_id), col(SignIn.seen_at), col(SignIn.expires_at), col(SignIn.ended_at),
        col(SignIn.person_id), col(Person.tenant_id), col(Person.login), col(Person.name), col(Person.active),
        col(Account.must_change),
    )
    .join(Person, col(Person.id) == col(SignIn.person_id))
    .outerjoin(Account, col(Account.person_id) == col(SignIn.person_id))
    .where(col(SignIn.token_digest) == bindparam("digest"))
)  # fmt: skip


def seen(session: Session, number: int, *, at: datetime) -> None:
    """Keep that the browser was there, which moves the idle end."""
    session.execute(update(SignIn).where(col(SignIn.id) == number, col(SignIn.seen_at) < at).values(seen_at=at))


def look_at(session: Session, number: int, plan_id: int) -> None:
    """Keep which plan is looked at from now on."""
    session.execute(update(SignIn).where(col(SignIn.id) == number).values(plan_id=plan_id))


def ended(session: Session, signed: SignedIn, *, at: datetime) -> None:
    """End the sign-in, and say so in the audit."""
    session.execute(update(SignIn).where(col(SignIn.id) == signed.number).values(ended_at=at))
    chain.append(session, signed.tenant_id, [chain.Entry("sign_out", at, signed.login)])


def digest(token: str) -> str:
    """Return under what the database knows a secret: a stolen database holds none that opens a door."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_of(token: str) -> str:
    """Return what the forms of this sign-in bring back; it follows from the secret and does not give it away."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()
