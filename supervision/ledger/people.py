"""People: adding, appointing, delegating, handing over, ending a post, switching off and on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlmodel import Session, col

from config.errors import BadInput, Refused
from config.terms import OPEN_STATUSES, Role
from database import chain
from models import Appointment, Item, Person
from supervision.ledger.delegations import delegate, end_delegation
from supervision.ledger.leaving import Left, disable, enable, end_post
from supervision.ledger.persons import active_person, held_posts, pass_on, person, record
from supervision.queries.hands import HAND_OVER
from supervision.queries.people import UNIT_ROLES

__all__ = [
    "Left", "add_person", "appoint", "delegate", "disable", "enable", "end_delegation", "end_post", "hand_over",
    "person", "put_contact",
]  # fmt: skip


def add_person(
    session: Session,
    tenant_id: int,
    *,
    login: str,
    name: str,
    role: Role,
    unit_id: int | None,
    since: date,
    at: datetime,
    by: str,
    email: str | None = None,
    phone: str | None = None,
    synthetic: bool = False,
) -> Person:
    """Add a person with a first role; return the row.

    Raises Refused when the login is taken, BadInput for a unit role without a unit.
    """
    chain.lock(session, tenant_id)
    taken = select(col(Person.id)).where(col(Person.tenant_id) == tenant_id, col(Person.login) == login)
    if session.scalars(taken).one_or_none() is not None:
        raise Refused(f"登录名 {login} 已有人使用，请换一个")
    row = Person(tenant_id=tenant_id, login=login, name=name, email=email, phone=phone, synthetic=synthetic)
    session.add(row)
    session.flush()
    record(session, tenant_id, "add_person", at, by, login=login, name=name)
    appoint(session, tenant_id, login=login, role=role, unit_id=unit_id, since=since, at=at, by=by)
    return row


def appoint(
    session: Session,
    tenant_id: int,
    *,
    login: str,
    role: Role,
    unit_id: int | None,
    since: date,
    at: datetime,
    by: str,
    until: date | None = None,
) -> None:
    """Give a person a role from `since` through `until`.

    Raises BadInput for a unit role without a unit or an end before the beginning, Refused when already held or when
    the person is switched off.
    """
    chain.lock(session, tenant_id)
    if role in UNIT_ROLES and unit_id is None:
        raise BadInput(f"“{role.label}”属于某个单位，请用 --unit 写明单位")
    if role is Role.SYSTEM:
        raise BadInput("“系统”不是可以任命的身份")
    if until is not None and until < since:
        raise BadInput(f"任期止日 {until} 早于起日 {since}")
    who = active_person(session, tenant_id, login)
    held = select(col(Appointment.id)).where(
        col(Appointment.person_id) == who.id,
        col(Appointment.role) == role,
        col(Appointment.unit_id).is_(None) if unit_id is None else col(Appointment.unit_id) == unit_id,
        or_(col(Appointment.until).is_(None), col(Appointment.until) >= since),
        col(Appointment.since) <= (until or date.max),
    )
    if session.scalars(held).first() is not None:
        raise Refused(f"{login} 已任“{role.label}”，不必重复任命")
    session.add(
        Appointment(tenant_id=tenant_id, person_id=who.id or 0, unit_id=unit_id, role=role, since=since, until=until)
    )
    session.flush()
    record(session, tenant_id, "appoint", at, by, login=login, role=role, unit_id=unit_id, since=str(since))


def put_contact(
    session: Session, tenant_id: int, *, login: str, name: str, email: str | None, phone: str | None, at: datetime,
    by: str,
) -> None:  # fmt: skip
    """Put name, address and telephone in place of those before. Raises Refused when all of them are the same.

    The audit keeps which of them changed and the name, not the address: it outlives the person's post.
    """
    chain.lock(session, tenant_id)
    row = person(session, tenant_id, login)
    new = {"name": name, "email": email, "phone": phone}
    changed = sorted(key for key, value in new.items() if getattr(row, key) != value)
    if not changed:
        raise Refused(f"{login} 的姓名、邮箱、电话没有变化")
    row.name, row.email, row.phone = name, email, phone
    session.flush()
    record(session, tenant_id, "put_contact", at, by, login=login, name=name, changed=changed)


def hand_over(session: Session, tenant_id: int, *, login: str, to: str, on: date, at: datetime, by: str) -> int:
    """Move every role that `login` holds on `on`, and every open sub-item, to `to`; return how many roles.

    A role that `to` holds already, and as long, is only ended. Raises Refused when there is none, or when `to` is
    switched off.
    """
    chain.lock(session, tenant_id)
    old, new = person(session, tenant_id, login), active_person(session, tenant_id, to)
    if old.id == new.id:
        raise BadInput("交接双方是同一人")
    held = held_posts(session, old, on)
    if not held:
        raise Refused(f"{login} 在 {on} 没有可交接的岗位")
    for appointment in held:
        pass_on(session, appointment, new, on)
    parts = _hand_over_parts(session, old, new)
    session.flush()
    record(session, tenant_id, HAND_OVER, at, by, login=login, to=to, on=str(on), sub_items=parts)
    return len(held)


def _hand_over_parts(session: Session, old: Person, new: Person) -> list[int]:
    statement = select(Item).where(
        col(Item.tenant_id) == old.tenant_id,
        col(Item.assignee_person_id) == old.id,
        col(Item.status).in_(list(OPEN_STATUSES)),
    )
    parts = session.scalars(statement.order_by(col(Item.id))).all()
    for part in parts:
        part.assignee_person_id = new.id
        part.revision += 1
    return [part.id or 0 for part in parts]
