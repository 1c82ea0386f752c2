"""The register of people: who holds which post on a day, and who acts for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from config.terms import Role
from database.remembered import remembered
from models import Appointment, Delegation, Person, Unit
from supervision.in_force import InForce
from supervision.queries.items import unit_name


@dataclass(frozen=True)
class Post:
    """One role held on the day; `unit` is null for the office's, the leaders' and the auditors' own."""

    role: Role
    unit: str | None
    since: date
    until: date | None


@dataclass(frozen=True)
class PersonLine:
    """One person; `stand_in` is the login of who acts for them on the day."""

    login: str
    name: str
    email: str | None
    phone: str | None
    active: bool
    synthetic: bool
    posts: tuple[Post, ...]
    stand_in: str | None


def persons(session: Session, force: InForce, *, on: date, unit_id: int | None = None) -> list[PersonLine]:
    """Return everybody of the tenant by login, switched-off people too; with `unit_id`, only who has a post there."""
    question = "persons", force.plan_id, unit_id, on
    return remembered(session, force.tenant_id, question, lambda: _persons(session, force, on, unit_id))


def _persons(session: Session, force: InForce, on: date, unit_id: int | None) -> list[PersonLine]:
    statement = select(Person).where(col(Person.tenant_id) == force.tenant_id).order_by(col(Person.login))
    if unit_id is not None:
        posts = select(col(Appointment.person_id)).where(*_held(force, on), col(Appointment.unit_id) == unit_id)
        return lines_of(session, force, session.scalars(statement.where(col(Person.id).in_(posts))).all(), on=on)
    rows = session.scalars(statement).all()
    return _lines(rows, _posts(session, force, on), _stand_ins(session, force.tenant_id, on))


def lines_of(session: Session, force: InForce, rows: Sequence[Person], *, on: date) -> list[PersonLine]:
    """Return the people of these rows, in the same order."""
    posts = _posts(session, force, on, persons=[row.id or 0 for row in rows])
    return _lines(rows, posts, _stand_ins(session, force.tenant_id, on))


def _lines(
    rows: Sequence[Person], posts: Mapping[int, list[tuple[int | None, Post]]], stand_ins: Mapping[int, str]
) -> list[PersonLine]:
    return [
        PersonLine(
            row.login, row.name, row.email, row.phone, row.active, row.synthetic,
            tuple(post for _, post in posts.get(row.id or 0, ())), stand_ins.get(row.id or 0),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class BureauLine:
    """One bureau and the unit it stands under."""

    code: str
    name: str
    unit: str


def bureaus(session: Session, force: InForce) -> list[BureauLine]:
    """Return the bureaus of the tenant's units, in order."""
    question = "bureaus", force.plan_id, force.today
    return remembered(session, force.tenant_id, question, lambda: _bureaus(session, force))


def _bureaus(session: Session, force: InForce) -> list[BureauLine]:
    rows = session.execute(
        select(col(Unit.code), col(Unit.name), col(Unit.parent_unit_id))
        .where(col(Unit.tenant_id) == force.tenant_id, col(Unit.parent_unit_id).is_not(None))
        .order_by(col(Unit.parent_unit_id), col(Unit.sort_order))
    ).tuples()
    return [BureauLine(code, name, unit_name(force, above or 0, force.today)) for code, name, above in rows]


def logins(session: Session, tenant_id: int) -> Mapping[str, int]:
    """Return everybody of the tenant: the number in the database by login, in order."""
    statement = select(col(Person.login), col(Person.id)).where(col(Person.tenant_id) == tenant_id)
    return {login: number or 0 for login, number in session.execute(statement.order_by(col(Person.login))).tuples()}


def is_simulated(session: Session, force: InForce) -> bool:
    """Return whether what stands here may be made up (模拟数据): a demonstration plays, or some people are invented."""
    made_up = select(col(Person.id)).where(col(Person.tenant_id) == force.tenant_id, col(Person.synthetic)).limit(1)
    return force.demonstrated_until is not None or session.scalars(made_up).first() is not None


def _held(force: InForce, on: date) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Appointment.tenant_id) == force.tenant_id,
        col(Appointment.since) <= on,
        or_(col(Appointment.until).is_(None), col(Appointment.until) >= on),
    )


def _posts(
    session: Session, force: InForce, on: date, *, persons: Sequence[int] | None = None
) -> Mapping[int, list[tuple[int | None, Post]]]:
    statement = select(Appointment).where(*_held(force, on))
    if persons is not None:
        statement = statement.where(col(Appointment.person_id).in_(persons))
    found: dict[int, list[tuple[int | None, Post]]] = {}
    for row in session.scalars(statement.order_by(col(Appointment.id))):
        unit = None if row.unit_id is None else unit_name(force, row.unit_id, on)
        found.setdefault(row.person_id, []).append((row.unit_id, Post(row.role, unit, row.since, row.until)))
    return found


def _stand_ins(session: Session, tenant_id: int, on: date) -> Mapping[int, str]:
    statement = (
        select(col(Delegation.from_person_id), col(Person.login))
        .join(Person, col(Person.id) == col(Delegation.to_person_id))
        .where(
            col(Delegation.tenant_id) == tenant_id,
            col(Delegation.since) <= on,
            col(Delegation.until) >= on,
            col(Person.active),
        )
    )
    return dict(session.execute(statement).tuples().all())
