"""What somebody leaves behind with a post: what stays with the unit, and what would be left to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from config.errors import UnknownName
from config.terms import OPEN_STATUSES, RequestState, Role
from models import Appointment, Item, Person, ReportingRequest, Unit
from supervision.in_force import InForce
from supervision.queries.items import unit_name
from supervision.queries.people import UNIT_ROLES

_TO_FILE = (RequestState.OPEN, RequestState.RETURNED)


@dataclass(frozen=True)
class Leaving:
    """One post of somebody on a day, with what is open at it.

    `items` and `requests` stay with the unit (of the office's and the leaders' posts none is counted); `parts` are the
    person's sub-items, as (number, title), that somebody has to take over. `others` hold the same post as well.
    `last`: the person has no other post, now or later.
    """

    role: Role
    unit: str | None
    unit_code: str
    since: date
    until: date | None
    items: int
    requests: int
    parts: tuple[tuple[int, str], ...]
    others: tuple[str, ...]
    last: bool


def leaving(
    session: Session, force: InForce, login: str, role: Role, unit_id: int | None, *, on: date
) -> Leaving:  # fmt: skip
    """Return what `login` would leave behind by giving the post up on the day `on`.

    Raises UnknownName for somebody who is not there, or does not hold the post, now or later.
    """
    row = session.scalars(
        select(Person).where(col(Person.tenant_id) == force.tenant_id, col(Person.login) == login)
    ).one_or_none()
    posts = [] if row is None else _posts(session, row, on)
    found = [post for post in posts if post.role is role and post.unit_id == unit_id]
    if row is None or not found:
        raise UnknownName(f"没有登录名为 {login} 的人员，或者其没有任“{role.label}”")
    of_unit = unit_id if role in UNIT_ROLES else None
    return Leaving(
        role=role,
        unit=None if unit_id is None else unit_name(force, unit_id, on),
        unit_code="" if unit_id is None else force.unit_codes[unit_id],
        since=found[0].since,
        until=found[-1].until,
        items=0 if of_unit is None else _items(session, force, of_unit),
        requests=0 if of_unit is None else _requests(session, force, of_unit),
        parts=tuple(
            (part.id or 0, part.title)
            for part in parts_left(session, row, unit_id, on=on, without=[post.id or 0 for post in found])
        ),
        others=_others(session, force, row, role, unit_id, on),
        last=len(found) == len(posts),
    )


def parts_left(
    session: Session, row: Person, unit_id: int | None, *, on: date, without: Sequence[int] = ()
) -> Sequence[Item]:
    """Return the person's open sub-items of the unit, or of the one above it, that no post of theirs reaches on `on`.

    `without`: appointments that are thought away.
    """
    if unit_id is None:
        return ()
    remain = {post.unit_id for post in _posts(session, row, on) if post.id not in without and post.since <= on}
    mine = select(Item).where(
        col(Item.tenant_id) == row.tenant_id, col(Item.assignee_person_id) == row.id,
        col(Item.status).in_(list(OPEN_STATUSES)),
    )  # fmt: skip
    above = dict(
        session.execute(
            select(col(Unit.id), col(Unit.parent_unit_id)).where(col(Unit.id).in_([*remain - {None}, unit_id]))
        )
        .tuples()
        .all()
    )
    reached = remain | {above.get(unit) for unit in remain}
    parts = session.scalars(mine.order_by(col(Item.id))).all()
    return [part for part in parts if part.unit_id in {unit_id, above.get(unit_id)} and part.unit_id not in reached]


def _posts(session: Session, row: Person, on: date) -> Sequence[Appointment]:
    statement = select(Appointment).where(
        col(Appointment.person_id) == row.id, or_(col(Appointment.until).is_(None), col(Appointment.until) >= on)
    )
    return session.scalars(statement.order_by(col(Appointment.since), col(Appointment.id))).all()


def _items(session: Session, force: InForce, unit_id: int) -> int:
    open_here = col(Item.unit_id) == unit_id, col(Item.status).in_(list(OPEN_STATUSES)), col(Item.parent_id).is_(None)
    counted = select(func.count()).select_from(Item).where(col(Item.plan_id) == force.plan_id, *open_here)
    return session.scalars(counted).one()


def _requests(session: Session, force: InForce, unit_id: int) -> int:
    to_file = col(ReportingRequest.unit_id) == unit_id, col(ReportingRequest.state).in_(_TO_FILE)
    counted = select(func.count()).select_from(ReportingRequest)
    return session.scalars(counted.where(col(ReportingRequest.plan_id) == force.plan_id, *to_file)).one()


def _others(
    session: Session, force: InForce, row: Person, role: Role, unit_id: int | None, on: date
) -> tuple[str, ...]:  # fmt: skip
    """Return who else holds the post: for a unit's post there, for every other one anywhere."""
    statement = (
        select(col(Person.name))
        .join(Appointment, col(Appointment.person_id) == col(Person.id))
        .where(
            col(Appointment.tenant_id) == force.tenant_id, col(Appointment.role) == role, col(Person.active),
            col(Person.id) != row.id, col(Appointment.since) <= on,
            or_(col(Appointment.until).is_(None), col(Appointment.until) >= on),
        )
        .order_by(col(Person.login))
    )  # fmt: skip
    if role in UNIT_ROLES:
        statement = statement.where(col(Appointment.unit_id) == unit_id)
    return tuple(dict.fromkeys(session.scalars(statement)))
