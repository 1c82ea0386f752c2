"""The rows of people: finding one, and chaining what was done to one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import Refused, UnknownName
from database import chain
from models import Person


def person(session: Session, tenant_id: int, login: str) -> Person:
    """Return the person of that login. Raises UnknownName."""
    found = session.scalars(
        select(Person).where(col(Person.tenant_id) == tenant_id, col(Person.login) == login)
    ).one_or_none()
    if found is None:
        raise UnknownName(f"没有登录名为 {login} 的人员；请用 duban user list 查看")
    return found


def active_person(session: Session, tenant_id: int, login: str) -> Person:
    """Return the person of that login. Raises UnknownName, Refused for one that is switched off."""
    row = person(session, tenant_id, login)
    if not row.active:
        raise Refused(f"人员 {login} 已停用，不能接任或代办")
    return row


def record(session: Session, tenant_id: int, action: str, at: datetime, by: str, **data: object) -> None:
    """Chain what was done to a person's posts."""
    chain.append(session, tenant_id, [chain.Entry(action, at, by, data=data)])
