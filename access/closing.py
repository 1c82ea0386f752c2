"""Closing an account: nothing is left that opens a door, whenever its person is switched on again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col

from access import accounts
from database import chain
from models import AccessToken, CalendarLink


def close_account(session: Session, tenant_id: int, person_id: int, *, login: str, at: datetime, by: str) -> None:
    """End every sign-in, token and calendar link of the person, and take password and identity away.

    Done when somebody is switched off, and again before they are switched on: access is always given anew.
    """
    accounts.end_sign_ins(session, tenant_id, person_id, at=at)
    tokens = col(AccessToken.tenant_id) == tenant_id, col(AccessToken.person_id) == person_id
    session.execute(update(AccessToken).where(*tokens, col(AccessToken.revoked_at).is_(None)).values(revoked_at=at))
    links = col(CalendarLink.tenant_id) == tenant_id, col(CalendarLink.person_id) == person_id
    session.execute(delete(CalendarLink).where(*links))
    account = accounts.of_person(session, tenant_id, person_id)
    if account is not None:
        account.password_hash = account.subject = None
        account.must_change, account.failures, account.locked_until = False, 0, None
    chain.append(session, tenant_id, [chain.Entry("close_account", at, by, data={"login": login})])
    session.flush()
