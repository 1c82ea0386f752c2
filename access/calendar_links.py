"""Secret links to a person's calendar: a calendar program has no cookie and cannot sign in."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from access.accounts import Known
from access.sign_ins import digest
from database import chain
from models import CalendarLink, Person


def make(session: Session, known: Known, *, at: datetime) -> str:
    """Make the person's link anew and return its secret, which is never shown again; the one before ends."""
    mine = (col(CalendarLink.tenant_id) == known.tenant_id, col(CalendarLink.person_id) == known.person_id)
    session.execute(delete(CalendarLink).where(*mine))
    secret = secrets.token_urlsafe(32)
    session.add(
        CalendarLink(tenant_id=known.tenant_id, person_id=known.person_id, token_digest=digest(secret), created_at=at)
    )
    session.flush()
    chain.append(session, known.tenant_id, [chain.Entry("make_calendar_link", at, known.login)])
    return secret


def made_at(session: Session, known: Known) -> datetime | None:
    """Return when the person's link was made; None when there is none."""
    mine = (col(CalendarLink.tenant_id) == known.tenant_id, col(CalendarLink.person_id) == known.person_id)
    return session.scalars(select(col(CalendarLink.created_at)).where(*mine)).one_or_none()


def whose(session: Session, secret: str) -> Known | None:
    """Return whose calendar a secret opens; None for an unknown one, or of somebody switched off."""
    person = session.scalars(
        select(Person)
        .join(CalendarLink, col(CalendarLink.person_id) == col(Person.id))
        .where(col(CalendarLink.token_digest) == digest(secret), col(Person.active))
    ).one_or_none()
    return None if person is None else Known(person.tenant_id, person.id or 0, person.login)
