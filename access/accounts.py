"""Accounts: giving a password, and the attempt to sign in with one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from access import passwords
from config.clock import ZONE
from config.errors import BadInput, Refused, UnknownName
from database import Database, chain, writing
from models import Account, Person, SignIn, Tenant

WRONG = "登录名或口令不对；忘记口令请联系系统管理员重置"
"""The same words for an unknown login, a wrong password and a person without an account."""


@dataclass(frozen=True)
class Known:
    """Somebody who has shown who they are."""

    tenant_id: int
    person_id: int
    login: str
    must_change: bool = False


def put_password(
    session: Session, tenant_id: int, *, login: str, password: str, at: datetime, by: str, must_change: bool
) -> None:
    """Give the person of that login a password, and end every sign-in that there is.

    `must_change`: it was made up by somebody else, and has to be changed at the next sign-in. Raises UnknownName for
    the login, Refused for somebody who is switched off, BadInput for a password that breaks the rules.
    """
    passwords.check(password, login=login)
    put_hash(
        session, tenant_id, login=login, password_hash=passwords.hashed(password), at=at, by=by,
        must_change=must_change,
    )  # fmt: skip


def put_hash(
    session: Session, tenant_id: int, *, login: str, password_hash: str, at: datetime, by: str, must_change: bool
) -> None:
    """The same with a hash at hand: many accounts of a demonstration share one password."""
    chain.lock(session, tenant_id)
    person = _person(session, tenant_id, login)
    account = of_person(session, tenant_id, person.id or 0)
    if account is None:
        account = Account(tenant_id=tenant_id, person_id=person.id or 0)
        session.add(account)
    account.password_hash, account.must_change, account.password_set_at = password_hash, must_change, at
    account.failures, account.locked_until = 0, None
    end_sign_ins(session, tenant_id, person.id or 0, at=at)
    entry = chain.Entry("put_password", at, by, data={"login": login, "must_change": must_change})
    chain.append(session, tenant_id, [entry])
    session.flush()


def change_password(session: Session, known: Known, *, old: str, new: str, at: datetime) -> None:
    """Let somebody change the own password; every sign-in ends, this one too.

    Raises Refused when `old` is wrong, BadInput when `new` breaks the rules or is the old one.
    """
    account = of_person(session, known.tenant_id, known.person_id)
    if account is None or not passwords.matches(old, account.password_hash):
        raise Refused("原口令不对，请重新输入")
    if old == new:
        raise BadInput("新口令与原口令相同，请换一个")
    put_password(session, known.tenant_id, login=known.login, password=new, at=at, by=known.login, must_change=False)


def attempt(database: Database, *, tenant: str, login: str, password: str, at: datetime) -> Known:
    """Return who signs in. Each attempt is counted before the password is looked at, so that none slips by at once.

    `tenant` is the tenant's code; empty: the only one that has this login. Raises Refused in the same words whatever
    is wrong, or with the time until which the account is locked.
    """
    found = _count(database, tenant, login, at)
    if not passwords.matches(password, None if found is None else found[1]) or found is None:
        raise Refused(WRONG)
    known = found[0]
    with writing(database) as session:
        account = of_person(session, known.tenant_id, known.person_id)
        if account is None:
            raise Refused(WRONG)
        account.failures, account.locked_until, account.last_sign_in_at = 0, None, at
        chain.append(session, known.tenant_id, [chain.Entry("sign_in", at, known.login)])
    return known


def by_subject(session: Session, subject: str) -> Known | None:
    """Return who bears this subject at the identity provider, None for nobody or somebody switched off."""
    row = (
        session.execute(
            select(Account, Person)
            .join(
                Person, (col(Person.tenant_id) == col(Account.tenant_id)) & (col(Person.id) == col(Account.person_id))
            )
            .where(col(Account.subject) == subject, col(Person.active))
        )
        .tuples()
        .all()
    )
    if len(row) != 1:
        return None
    person = row[0][1]
    return Known(person.tenant_id, person.id or 0, person.login)


def put_subject(session: Session, tenant_id: int, *, login: str, subject: str, at: datetime, by: str) -> None:
    """Say who a person is to the identity provider (its `sub`); an empty subject takes that back.

    Raises UnknownName for the login, Refused for somebody switched off, and when somebody else has this subject.
    """
    chain.lock(session, tenant_id)
    person = _person(session, tenant_id, login)
    taken = session.scalars(
        select(col(Account.person_id)).where(col(Account.tenant_id) == tenant_id, col(Account.subject) == subject)
    ).one_or_none()
    if subject and taken is not None and taken != person.id:
        raise Refused(f"统一身份 {subject} 已绑定他人，请先解除")
    account = of_person(session, tenant_id, person.id or 0)
    if account is None:
        account = Account(tenant_id=tenant_id, person_id=person.id or 0)
        session.add(account)
    account.subject = subject or None
    chain.append(session, tenant_id, [chain.Entry("put_subject", at, by, data={"login": login, "subject": subject})])
    session.flush()


def of_person(session: Session, tenant_id: int, person_id: int) -> Account | None:
    """Return the person's account, None when there is none."""
    statement = select(Account).where(col(Account.tenant_id) == tenant_id, col(Account.person_id) == person_id)
    return session.scalars(statement).one_or_none()


def end_sign_ins(session: Session, tenant_id: int, person_id: int, *, at: datetime) -> None:
    """End every sign-in of the person: after a new password, or when somebody is switched off."""
    statement = select(SignIn).where(
        col(SignIn.tenant_id) == tenant_id, col(SignIn.person_id) == person_id, col(SignIn.ended_at).is_(None)
    )
    for each in session.scalars(statement):
        each.ended_at = at


def _count(database: Database, tenant: str, login: str, at: datetime) -> tuple[Known, str | None] | None:
    """Count one attempt; return who it would be and the hash to compare with. Raises Refused while locked."""
    with writing(database) as session:
        person = _one(session, tenant, login)
        account = None if person is None else of_person(session, person.tenant_id, person.id or 0)
        if person is None or account is None:
            return None
        if account.locked_until is not None and at < account.locked_until:
            until = account.locked_until.astimezone(ZONE)
            raise Refused(f"口令连续错误次数过多，请在 {until:%H:%M} 之后再试，或联系系统管理员重置")
        account.failures += 1
        shut = passwords.delay(account.failures)
        if shut:
            account.locked_until = at + shut
            data = {"failures": account.failures}
            chain.append(session, person.tenant_id, [chain.Entry("sign_in_locked", at, login, data=data)])
        known = Known(person.tenant_id, person.id or 0, person.login, account.must_change)
        return known, account.password_hash


def _one(session: Session, tenant: str, login: str) -> Person | None:
    statement = (
        select(Person)
        .join(Tenant, col(Tenant.id) == col(Person.tenant_id))
        .where(col(Person.login) == login, col(Person.active))
    )
    if tenant:
        statement = statement.where(col(Tenant.code) == tenant)
    found = session.scalars(statement).all()
    return found[0] if len(found) == 1 else None


def _person(session: Session, tenant_id: int, login: str) -> Person:
    statement = select(Person).where(col(Person.tenant_id) == tenant_id, col(Person.login) == login)
    person = session.scalars(statement).one_or_none()
    if person is None:
        raise UnknownName(f"没有登录名为 {login} 的人员；请用 duban user list 查看")
    if not person.active:
        raise Refused(f"人员 {login} 已停用，不能设置口令")
    return person
