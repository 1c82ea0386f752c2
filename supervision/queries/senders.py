"""Whose mail this is: the people of an address, as far as they may file for a unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.terms import Role
from models import Person
from supervision.queries.people import UNIT_ROLES, Actor, actor


@dataclass(frozen=True)
class Correspondent:
    """One person who has the address."""

    person_id: int
    login: str
    name: str


def with_address(session: Session, tenant_id: int, address: str) -> tuple[Correspondent, ...]:
    """Return who is in service under the mail address, whatever its case, by login."""
    statement = (
        select(col(Person.id), col(Person.login), col(Person.name))
        .where(col(Person.tenant_id) == tenant_id, col(Person.active), func.lower(col(Person.email)) == address.lower())
        .order_by(col(Person.login))
    )
    return tuple(Correspondent(number or 0, *rest) for number, *rest in session.execute(statement).tuples())


def filer(session: Session, tenant_id: int, people: Iterable[Correspondent], unit_id: int, *, on: date) -> Actor | None:
    """Return who of `people` may file for the unit on the day, an own post or a lent one; None: nobody.

    Of several behind one address it is the one with the least to say: that a head has written cannot be known then.
    """
    actors = [actor(session, tenant_id, person.login, on=on) for person in people]
    own = [each for each in actors if each.holding(UNIT_ROLES, unit_id)]
    return min(own, key=lambda each: (bool(each.holding({Role.UNIT_HEAD}, unit_id)), each.login), default=None)
