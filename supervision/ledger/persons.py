"""The rows of people and their posts: finding one, passing a post on, and chaining what was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlmodel import Session, col

from config.errors import Refused, UnknownName
from database import chain
from models import Appointment, Person

_ONE_DAY = timedelta(days=1)


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


def held_posts(session: Session, who: Person, on: date) -> Sequence[Appointment]:
    """Return the posts that the person holds on the day, whether switched off or not."""
    statement = select(Appointment).where(
        col(Appointment.person_id) == who.id,
        col(Appointment.since) <= on,
        or_(col(Appointment.until).is_(None), col(Appointment.until) >= on),
    )
    return session.scalars(statement.order_by(col(Appointment.id))).all()


def pass_on(session: Session, post: Appointment, new: Person | None, on: date) -> None:
    """End a post that reaches `on` from that day on; `new` holds it in turn, unless they do already, and as long."""
    begins = None if new is None else _free_from(session, new, post, max(on, post.since))
    if new is not None and begins is not None:
        session.add(
            Appointment(tenant_id=post.tenant_id, person_id=new.id or 0, unit_id=post.unit_id, role=post.role,
                        since=begins, until=post.until)
        )  # fmt: skip
    if post.since >= on:
        session.delete(post)
    else:
        post.until = on - _ONE_DAY


def _free_from(session: Session, new: Person, post: Appointment, first: date) -> date | None:
    """Return from which day, `first` or later, `new` does not hold the post anyway; None for as long as it lasts."""
    held = held_posts(session, new, first)
    ends = [each.until for each in held if (each.role, each.unit_id) == (post.role, post.unit_id)]
    if not ends:
        return first
    last = max(end or date.max for end in ends)
    return None if last >= (post.until or date.max) else last + _ONE_DAY


def record(session: Session, tenant_id: int, action: str, at: datetime, by: str, **data: object) -> None:
    """Chain what was done to a person's posts."""
    chain.append(session, tenant_id, [chain.Entry(action, at, by, data=data)])
