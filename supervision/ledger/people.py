"""People: adding, appointing, delegating, handing over a post, switching off."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlmodel import Session, col

from config.errors import BadInput, Refused, UnknownName
from config.terms import Role
from database import chain
from models import Appointment, Delegation, Person
from supervision.queries.people import UNIT_ROLES


def person(session: Session, tenant_id: int, login: str) -> Person:
    """Return the person of that login. Raises UnknownName."""
    found = session.scalars(
        select(Person).where(col(Person.tenant_id) == tenant_id, col(Person.login) == login)
    ).one_or_none()
    if found is None:
        raise UnknownName(f"没有登录名为 {login} 的人员；请用 duban user list 查看")
    return found


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
    _record(session, tenant_id, "add_person", at, by, login=login, name=name)
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

    Raises BadInput for a unit role without a unit or an end before the beginning, Refused when already held.
    """
    chain.lock(session, tenant_id)
    if role in UNIT_ROLES and unit_id is None:
        raise BadInput(f"“{role.label}”属于某个单位，请用 --unit 写明单位")
    if role is Role.SYSTEM:
        raise BadInput("“系统”不是可以任命的身份")
    if until is not None and until < since:
        raise BadInput(f"任期止日 {until} 早于起日 {since}")
    who = person(session, tenant_id, login)
    held = select(col(Appointment.id)).where(
        col(Appointment.person_id) == who.id,
        col(Appointment.role) == role,
        col(Appointment.unit_id).is_(None) if unit_id is None else col(Appointment.unit_id) == unit_id,
        or_(col(Appointment.until).is_(None), col(Appointment.until) >= since),
    )
    if session.scalars(held).first() is not None:
        raise Refused(f"{login} 已任“{role.label}”，不必重复任命")
    session.add(
        Appointment(tenant_id=tenant_id, person_id=who.id or 0, unit_id=unit_id, role=role, since=since, until=until)
    )
    session.flush()
    _record(session, tenant_id, "appoint", at, by, login=login, role=role, unit_id=unit_id, since=str(since))


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
    of steps) or for a second delegation of the same person in the same time.
    """
    chain.lock(session, tenant_id)
    if until < since:
        raise BadInput(f"委托止日 {until} 早于起日 {since}")
    owner, deputy = person(session, tenant_id, login), person(session, tenant_id, to)
    overlapping = session.execute(
        select(col(Delegation.from_person_id), col(Delegation.to_person_id)).where(
            col(Delegation.tenant_id) == tenant_id, col(Delegation.since) <= until, col(Delegation.until) >= since
        )
    ).tuples()
    stand_ins = dict(overlapping.all())
    if owner.id in stand_ins:
        raise Refused(f"{login} 在这段时间已有委托，请先结束原委托")
    step: int | None = deputy.id
    while step is not None:
        if step == owner.id:
            raise Refused(f"委托成环：{to} 在这段时间（间接）由 {login} 代为办理")
        step = stand_ins.get(step)
    session.add(
        Delegation(tenant_id=tenant_id, from_person_id=owner.id or 0, to_person_id=deputy.id or 0, since=since,
                   until=until, reason=reason)
    )  # fmt: skip
    session.flush()
    _record(session, tenant_id, "delegate", at, by, login=login, to=to, since=str(since), until=str(until))


def hand_over(session: Session, tenant_id: int, *, login: str, to: str, on: date, at: datetime, by: str) -> int:
    """Move every role that `login` holds on `on` to `to`; return how many. Raises Refused when there is none."""
    chain.lock(session, tenant_id)
    old, new = person(session, tenant_id, login), person(session, tenant_id, to)
    if old.id == new.id:
        raise BadInput("交接双方是同一人")
    held = session.scalars(
        select(Appointment).where(
            col(Appointment.person_id) == old.id,
            col(Appointment.since) <= on,
            or_(col(Appointment.until).is_(None), col(Appointment.until) >= on),
        )
    ).all()
    if not held:
        raise Refused(f"{login} 在 {on} 没有可交接的岗位")
    for appointment in held:
        session.add(
            Appointment(tenant_id=tenant_id, person_id=new.id or 0, unit_id=appointment.unit_id,
                        role=appointment.role, since=on, until=appointment.until)
        )  # fmt: skip
        if appointment.since == on:
            session.delete(appointment)
        else:
            appointment.until = date.fromordinal(on.toordinal() - 1)
    session.flush()
    _record(session, tenant_id, "hand_over", at, by, login=login, to=to, on=str(on))
    return len(held)


def disable(session: Session, tenant_id: int, *, login: str, at: datetime, by: str) -> None:
    """Switch a person off. Raises Refused when already off."""
    chain.lock(session, tenant_id)
    row = person(session, tenant_id, login)
    if not row.active:
        raise Refused(f"人员 {login} 已经停用")
    row.active = False
    _record(session, tenant_id, "disable_person", at, by, login=login)


def _record(session: Session, tenant_id: int, action: str, at: datetime, by: str, **data: object) -> None:
    chain.append(session, tenant_id, [chain.Entry(action, at, by, data=data)])
