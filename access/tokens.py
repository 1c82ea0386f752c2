"""Personal tokens for the JSON API: shown once, kept as a digest, limited to scopes, ended at any time."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlmodel import Session, col

from access.accounts import Known
from access.sign_ins import digest
from config.errors import BadInput
from database import chain
from models import AccessToken, Person

MOST = 20
"""Tokens of one person that are in force at a time."""
LONGEST = timedelta(days=366)
_NAME = 50
_PREFIX = "duban_"


class TokenScope(StrEnum):
    """What a token may be used for; never more than its person may."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True)
class Bearer:
    """Who a token stands for, and with which scopes."""

    known: Known
    scopes: frozenset[TokenScope]
    number: int


def make_token(
    session: Session, known: Known, *, name: str, scopes: Sequence[TokenScope], days: int, at: datetime
) -> str:
    """Make a token and return it: it is never shown again.

    Raises BadInput for an empty or known name, no scope, a term of no or more than 366 days, and too many tokens.
    """
    name = name.strip()
    if not 0 < len(name) <= _NAME:
        raise BadInput(f"令牌名称应为 1 至 {_NAME} 个字")
    if not scopes:
        raise BadInput("请至少选择一项权限")
    if not timedelta() < timedelta(days=days) <= LONGEST:
        raise BadInput(f"有效期应为 1 至 {LONGEST.days} 天")
    mine = tokens_of(session, known)
    if any(token.name == name for token in mine):
        raise BadInput(f"已有名为“{name}”的令牌，请换一个名称")
    if len([token for token in mine if token.revoked_at is None and token.expires_at > at]) >= MOST:
        raise BadInput(f"有效的令牌最多 {MOST} 个，请先停用不用的")
    token = _PREFIX + secrets.token_urlsafe(32)
    session.add(
        AccessToken(
            tenant_id=known.tenant_id, person_id=known.person_id, name=name, token_digest=digest(token),
            scopes=[scope.value for scope in scopes], created_at=at, expires_at=at + timedelta(days=days),
        )
    )  # fmt: skip
    session.flush()
    data = {"name": name, "scopes": [scope.value for scope in scopes], "days": days}
    chain.append(session, known.tenant_id, [chain.Entry("make_token", at, known.login, data=data)])
    return token


def revoke(session: Session, known: Known, number: int, *, at: datetime) -> None:
    """End an own token; nothing happens when it has ended, or is somebody else's."""
    ended = session.execute(
        update(AccessToken)
        .where(
            col(AccessToken.tenant_id) == known.tenant_id, col(AccessToken.person_id) == known.person_id,
            col(AccessToken.id) == number, col(AccessToken.revoked_at).is_(None),
        )
        .values(revoked_at=at)
        .returning(col(AccessToken.name))
    ).scalars().all()  # fmt: skip
    if ended:
        chain.append(session, known.tenant_id, [chain.Entry("revoke_token", at, known.login, data={"name": ended[0]})])


def tokens_of(session: Session, known: Known) -> Sequence[AccessToken]:
    """Return the person's tokens, newest first."""
    statement = select(AccessToken).where(
        col(AccessToken.tenant_id) == known.tenant_id, col(AccessToken.person_id) == known.person_id
    )
    return session.scalars(statement.order_by(col(AccessToken.id).desc())).all()


def bearer(session: Session, token: str, *, at: datetime) -> Bearer | None:
    """Return who a token stands for; None when it is unknown, ended, expired, or its person is switched off."""
    row = (
        session.execute(
            select(AccessToken, Person)
            .join(Person, col(Person.id) == col(AccessToken.person_id))
            .where(col(AccessToken.token_digest) == digest(token))
        )
        .tuples()
        .one_or_none()
    )
    if row is None:
        return None
    found, person = row
    if found.revoked_at is not None or at >= found.expires_at or not person.active:
        return None
    scopes = frozenset(TokenScope(scope) for scope in found.scopes)
    return Bearer(Known(person.tenant_id, person.id or 0, person.login), scopes, found.id or 0)
