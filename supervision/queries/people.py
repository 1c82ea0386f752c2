"""Who is who: a person's roles on a day, and who is to be told something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, col

from config.errors import Refused, UnknownName
from config.terms import Role
from models import Appointment, Delegation, Person
from supervision.escalation import Audience

UNIT_ROLES = frozenset({Role.LIAISON, Role.UNIT_HEAD})

_ROLE_OF: Mapping[Audience, Role] = {
    Audience.LIAISON: Role.LIAISON,
    Audience.UNIT_HEAD: Role.UNIT_HEAD,
    Audience.OFFICE: Role.OFFICE,
    Audience.LEADING_GROUP: Role.LEADER,
}


@dataclass(frozen=True)
class Holding:
    """One role held on a day; `owner` is the login of the person it was delegated by, if it was."""

    role: Role
    unit_id: int | None
    owner: str | None = None


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: a person with the roles of the day, or a flow."""

    login: str
    person_id: int | None
    name: str
    holdings: tuple[Holding, ...] = ()

    @property
    def unit_ids(self) -> frozenset[int]:
        """Return the units whose person this is."""
        return frozenset(h.unit_id for h in self.holdings if h.unit_id is not None and h.owner is None)

    def holds(self, role: Role) -> bool:
        """Return whether the role is held, for whatever unit."""
        return any(h.role is role for h in self.holdings)


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets a notice; `of_unit`: as one of the unit it is addressed to."""

    person_id: int
    login: str
    of_unit: bool


def flow(name: str) -> Actor:
    """Return the actor that stands for a flow."""
    return Actor(f"flow:{name}", None, name, (Holding(Role.SYSTEM, None),))


def actor(session: Session, tenant_id: int, login: str, *, on: date) -> Actor:
    """Return the person of that login with own roles and delegated ones on the day `on`.

    Raises UnknownName for a login that is not there, Refused for one that is switched off.
    """
    person = session.scalars(
        select(Person).where(col(Person.tenant_id) == tenant_id, col(Person.login) == login)
    ).one_or_none()
    if person is None:
        raise UnknownName(f"没有登录名为 {login} 的人员；请用 duban user list 查看")
    if not person.active:
        raise Refused(f"人员 {login} 已停用，不能办理")
    own = [Holding(role, unit) for role, unit in session.execute(_roles_of(person.id or 0, on))]
    lent = [Holding(role, unit, owner) for role, unit, owner in session.execute(_roles_lent_to(person.id or 0, on))]
    return Actor(person.login, person.id, person.name, tuple(own + lent))


def unit_people(
    session: Session, tenant_id: int, *, on: date
) -> Mapping[tuple[int | None, Role], tuple[tuple[int, str], ...]]:
    """Return (person, login) by unit and role on the day; who has delegated is replaced by the one who acts."""
    statement = (
        select(col(Appointment.unit_id), col(Appointment.role), col(Person.id), col(Person.login))
        .join(Person, col(Person.id) == Appointment.person_id)
        .where(col(Appointment.tenant_id) == tenant_id, col(Person.active), _in_office(on))
        .order_by(col(Appointment.unit_id), col(Appointment.role), col(Person.login))
    )
    stand_ins = dict(session.execute(_stand_ins(tenant_id, on)).tuples().all())
    logins = dict(
        session.execute(select(col(Person.id), col(Person.login)).where(col(Person.tenant_id) == tenant_id)).tuples().all()
    )
    found: dict[tuple[int | None, Role], tuple[tuple[int, str], ...]] = {}
    for key, rows in groupby(session.execute(statement), key=lambda row: (row[0], row[1])):
        acting = dict.fromkeys(stand_ins.get(row[2], row[2]) for row in rows)
        found[key] = tuple((person, logins[person]) for person in acting)
    return found


def recipients(
    people: Mapping[tuple[int | None, Role], tuple[tuple[int, str], ...]],
    unit_id: int,
    audience: Iterable[Audience],
) -> tuple[Recipient, ...]:
    """Return who of `people` a notice to `unit_id` goes to, in order and once each."""
    found: dict[int, Recipient] = {}
    for part in audience:
        role = _ROLE_OF[part]
        of_unit = role in UNIT_ROLES
        for (unit, held), persons in people.items():
            if held is role and (unit == unit_id or not of_unit):
                for person, login in persons:
                    found.setdefault(person, Recipient(person, login, of_unit))
    return tuple(found.values())


def _in_office(on: date) -> ColumnElement[bool]:
    return and_(col(Appointment.since) <= on, or_(col(Appointment.until).is_(None), col(Appointment.until) >= on))


def _delegated(on: date) -> ColumnElement[bool]:
    return and_(col(Delegation.since) <= on, col(Delegation.until) >= on)


def _roles_of(person_id: int, on: date):  # type: ignore[no-untyped-def]
    return select(col(Appointment.role), col(Appointment.unit_id)).where(
        col(Appointment.person_id) == person_id, _in_office(on)
    )


def _roles_lent_to(person_id: int, on: date):  # type: ignore[no-untyped-def]
    return (
        select(col(Appointment.role), col(Appointment.unit_id), col(Person.login))
        .join(Delegation, col(Delegation.from_person_id) == Appointment.person_id)
        .join(Person, col(Person.id) == Delegation.from_person_id)
        .where(col(Delegation.to_person_id) == person_id, _delegated(on), _in_office(on))
    )


def _stand_ins(tenant_id: int, on: date):  # type: ignore[no-untyped-def]
    return select(col(Delegation.from_person_id), col(Delegation.to_person_id)).where(
        col(Delegation.tenant_id) == tenant_id, _delegated(on)
    )
