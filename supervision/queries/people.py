"""Who is who: a person's roles on a day, and who is to be told something."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, Date, Integer, Row, and_, bindparam, or_, select
from sqlmodel import Session, col

from config.errors import Refused, UnknownName
from config.terms import Role
from models import Appointment, Delegation, Person
from supervision.escalation import Audience

UNIT_ROLES = frozenset({Role.LIAISON, Role.UNIT_HEAD})

People = Mapping[tuple[int | None, Role], tuple[tuple[int, str], ...]]
"""Who is to be told, as (person, login) by unit and role."""

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
        """Return the units whose person this is, or for whose people this one stands in."""
        return frozenset(h.unit_id for h in self.holdings if h.unit_id is not None)

    @property
    def names(self) -> frozenset[str]:
        """Return the logins in whose name this one may act: the own one, and those who are stood in for."""
        return frozenset({self.login, *(h.owner for h in self.holdings if h.owner)})

    def holds(self, role: Role) -> bool:
        """Return whether the role is held, for whatever unit."""
        return any(h.role is role for h in self.holdings)

    def holding(self, roles: Container[Role], unit_id: int | None = None) -> tuple[Holding, ...]:
        """Return what is held of `roles`, with `unit_id` only for that unit."""
        return tuple(h for h in self.holdings if h.role in roles and unit_id in {None, h.unit_id})


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets a notice; `of_unit`: as one of the unit it is addressed to."""

    person_id: int
    login: str
    of_unit: bool


def acting_for(holdings: Iterable[Holding]) -> str | None:
    """Return for whom one acts who has `holdings` for the act: None when one of them is the own one."""
    owners = [h.owner for h in holdings]
    return None if None in owners else next(iter(owners), None)


def flow(name: str) -> Actor:
    """Return the actor that stands for a flow."""
    return Actor(f"flow:{name}", None, name, (Holding(Role.SYSTEM, None),))


def actor(session: Session, tenant_id: int, login: str, *, on: date) -> Actor:
    """Return the person of that login with own roles and delegated ones on the day `on`.

    Raises UnknownName for a login that is not there, Refused for one that is switched off.
    """
    person = session.execute(_PERSON, {"tenant": tenant_id, "login": login}).one_or_none()
    if person is None:
        raise UnknownName(f"没有登录名为 {login} 的人员；请用 duban user list 查看")
    if not person.active:
        raise Refused(f"人员 {login} 已停用，不能办理")
    number = person.id
    roles = _roles(session, [number, *_stood_in_for(session, tenant_id, number, on)], on)
    holdings = (Holding(role, unit, None if holder == number else name) for holder, name, role, unit in roles)
    return Actor(login, number, person.name, tuple(sorted(holdings, key=lambda h: h.owner is not None)))


def unit_people(session: Session, tenant_id: int, *, on: date) -> People:
    """Return who is to be told by unit and role on the day; who has delegated is replaced by the one who acts."""
    statement = (
        select(col(Appointment.unit_id), col(Appointment.role), col(Person.id))
        .join(Person, col(Person.id) == Appointment.person_id)
        .where(col(Appointment.tenant_id) == tenant_id, col(Person.active), _in_office(on))
        .order_by(col(Person.login))
    )
    stand_ins = _stand_ins(session, tenant_id, on)
    logins = logins_by_person(session, tenant_id)
    found: dict[tuple[int | None, Role], dict[int, str]] = {}
    for unit, role, holder in session.execute(statement).tuples():
        person = [holder or 0, *_chain(holder or 0, stand_ins)][-1]
        found.setdefault((unit, role), {})[person] = logins[person]
    return {key: tuple(persons.items()) for key, persons in found.items()}


def recipients(
    people: People,
    unit_id: int,
    audience: Iterable[Audience],
) -> tuple[Recipient, ...]:
    """Return who of `people` a notice to `unit_id` goes to, in order and once each."""
    found: dict[int, Recipient] = {}
    for part in audience:
        role = _ROLE_OF[part]
        of_unit = role in UNIT_ROLES
        # A unit's own people stand under one key; only who is of no unit, as the office, is looked for among all.
        keys = [(unit_id, role)] if of_unit else [key for key in people if key[1] is role]
        for key in keys:
            for person, login in people.get(key, ()):
                found.setdefault(person, Recipient(person, login, of_unit))
    return tuple(found.values())


def _in_office(on: date | BindParameter[date]) -> ColumnElement[bool]:
    return and_(col(Appointment.since) <= on, or_(col(Appointment.until).is_(None), col(Appointment.until) >= on))


# Every page and every act begin with these three: the statements are built once.
_tenant, _on = bindparam("tenant", type_=Integer), bindparam("on", type_=Date)
_PERSON = select(col(Person.id), col(Person.name), col(Person.active)).where(
    col(Person.tenant_id) == _tenant, col(Person.login) == bindparam("login")
)
_ROLES = (
    select(col(Appointment.person_id), col(Person.login), col(Appointment.role), col(Appointment.unit_id))
    .join(Person, col(Person.id) == Appointment.person_id)
    .where(col(Appointment.person_id).in_(bindparam("persons", expanding=True)), col(Person.active), _in_office(_on))
    .order_by(col(Person.login), col(Appointment.role), col(Appointment.unit_id))
)
_STAND_INS = (
    select(col(Delegation.from_person_id), col(Delegation.to_person_id))
    .join(Person, col(Person.id) == Delegation.to_person_id)
    .where(
        col(Delegation.tenant_id) == _tenant,
        col(Delegation.since) <= _on,
        col(Delegation.until) >= _on,
        col(Person.active),
    )
)


def _roles(session: Session, persons: Sequence[int], on: date) -> Sequence[Row[tuple[int, str, Role, int | None]]]:
    """Return (person, login, role, unit) of the roles that these people hold themselves, if they are not off."""
    return session.execute(_ROLES, {"persons": persons, "on": on}).all()


def _stand_ins(session: Session, tenant_id: int, on: date) -> Mapping[int, int]:
    """Return who stands in for whom on the day. Somebody who is switched off stands in for nobody."""
    return dict(session.execute(_STAND_INS, {"tenant": tenant_id, "on": on}).tuples().all())


def _stood_in_for(session: Session, tenant_id: int, person: int, on: date) -> list[int]:
    """Return for whom `person` stands in on the day; a stand-in who is away is stood in for as well."""
    stand_ins = _stand_ins(session, tenant_id, on)
    return [owner for owner in stand_ins if person in _chain(owner, stand_ins)]


def _chain(person: int, stand_ins: Mapping[int, int]) -> list[int]:
    """Return who stands in for `person`, one after the other. Circles are refused when they are made."""
    found: list[int] = []
    while (step := stand_ins.get(found[-1] if found else person)) is not None and step not in found:
        found.append(step)
    return found


def logins_by_person(session: Session, tenant_id: int) -> Mapping[int, str]:
    """Return the login of everybody of the tenant by the number in the database."""
    statement = select(col(Person.id), col(Person.login)).where(col(Person.tenant_id) == tenant_id)
    return {number or 0: login for number, login in session.execute(statement).tuples()}
