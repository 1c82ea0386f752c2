"""What most commands start from: the settings, the database and the plan in force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cli import output, reading
from cli.installed import file_of, is_absent
from config import clock
from config.errors import StoreError, UnknownName
from config.settings import Settings, settings
from database import Database, chain, ensure_current
from database import reading as read_from
from database import writing as write_to
from database.upgrade import revision
from supervision import in_force
from supervision.in_force import InForce
from supervision.queries import people, register
from supervision.queries.people import Actor


@dataclass(frozen=True)
class Office:
    """An installation whose database is ready for use."""

    settings: Settings
    database: Database

    @contextmanager
    def reading(self) -> Iterator[tuple[Session, InForce]]:
        """Give a session for reads and the plan in force."""
        with read_from(self.database) as session:
            yield session, _in_force(session, self.settings)

    @contextmanager
    def writing(self) -> Iterator[tuple[Session, InForce]]:
        """Give a session for writes, which holds the tenant's chain, and the plan in force."""
        with write_to(self.database) as session:
            force = _in_force(session, self.settings)
            chain.lock(session, force.tenant_id)
            yield session, force

    def plan_key(self, force: InForce) -> str:
        """Return by what name the cycle's functions find the plan again: as the settings write it, else its code."""
        return self.settings.plan or force.plan.code

    def in_force(self) -> InForce:
        """Return the plan in force."""
        with self.reading() as (_, force):
            return force


def _in_force(session: Session, settings: Settings) -> InForce:
    force = in_force.load(session, settings.plan)
    output.mark(force.demonstrated_until is not None)
    return force


@contextmanager
def opened() -> Iterator[Office]:
    """Give the installation, and close its connections at the end.

    Raises StoreError when it is not initialised or belongs to another version.
    """
    given = settings()
    if is_absent(given):
        raise StoreError(f"数据库 {file_of(given)} 尚未初始化：请先运行 duban init")
    database = Database(given.database_url)
    try:
        ensure_current(database)
        yield Office(given, database)
    finally:
        database.dispose()


@contextmanager
def for_reading() -> Iterator[tuple[Session, InForce]]:
    """Give a session for reads and the plan in force."""
    with opened() as office, office.reading() as found:
        yield found


@contextmanager
def for_writing() -> Iterator[tuple[Session, InForce]]:
    """Give a session for writes, which holds the tenant's chain, and the plan in force."""
    with opened() as office, office.writing() as found:
        yield found


@contextmanager
def acting(login: str, at: str | None) -> Iterator[tuple[Session, InForce, Actor, datetime]]:
    """Give a session for writes, the plan in force, the person of that login, and the moment of the act, now or `at`.

    Raises BadInput for an `at` that is no instant, UnknownName with the nearest logins, Refused for a person who is
    switched off.
    """
    given = reading.moment_if(at, "--at")
    with for_writing() as (session, force):
        moment = given or force.now
        yield session, force, actor(session, force, login, at=moment), moment


def plan_found() -> InForce | None:
    """Return the plan in force, or None before the first `duban init`."""
    database = Database(settings().database_url)
    try:
        if revision(database) is None:
            return None
    finally:
        database.dispose()
    with for_reading() as (_, force):
        output.mark(False)  # a demonstration makes up people and figures, not the plan
        return force


def actor(session: Session, force: InForce, login: str, *, at: datetime) -> Actor:
    """Return the person of that login with the roles held at `at`.

    Raises UnknownName with the nearest logins, Refused for a person who is switched off.
    """
    person_known(session, force, login)
    return people.actor(session, force.tenant_id, login, on=clock.day_of(at))


def person_known(session: Session, force: InForce, login: str) -> int:
    """Return the number of the person of that login. Raises UnknownName with the nearest logins."""
    logins = register.logins(session, force.tenant_id)
    if login not in logins:
        raise reading.unknown(f"没有登录名为“{login}”的人员", login, logins)
    return logins[login]


def unit_id(force: InForce, name: str) -> int:
    """Return the number of the unit of that name or code. Raises UnknownName with the nearest names."""
    try:
        return force.unit_id(name)
    except UnknownName:
        units = force.plan.units
        names = [*(unit.name for unit in units), *(unit.code for unit in units)]
        raise reading.unknown(f"没有单位“{name}”", name, names) from None


def light_name(force: InForce, light: str | None) -> str | None:
    """Return how the plan calls an item's light; None for none."""
    names: dict[str, str] = {known.code: known.name for known in force.plan.ladder.lights if known.scale == "item"}
    return None if light is None else names.get(light, light)
