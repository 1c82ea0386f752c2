"""People as who manages them sees them: a page of the list, and one person with posts, delegations and account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from config.errors import UnknownName
from config.terms import Role
from models import Account, Appointment, Delegation, Person
from supervision.in_force import InForce
from supervision.queries import register
from supervision.queries.items import unit_name
from supervision.queries.register import PersonLine, Post
from supervision.queries.sight import Sight

PAGE = 50


@dataclass(frozen=True)
class AccountState:
    """How somebody signs in: by a password, through the identity provider, or both; without either, not at all.

    `locked_until` is set only while the account is locked.
    """

    has_password: bool = False
    by_provider: bool = False
    must_change: bool = False
    locked_until: datetime | None = None
    last_sign_in_at: datetime | None = None


@dataclass(frozen=True)
class PeoplePage:
    """One page of the people with their accounts. `page` is counted from 1; `pages` is at least 1."""

    rows: tuple[tuple[PersonLine, AccountState], ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class DelegationLine:
    """One delegation with both people, as (login, name)."""

    owner: tuple[str, str]
    deputy: tuple[str, str]
    since: date
    until: date
    reason: str


@dataclass(frozen=True)
class PersonCard:
    """One person on a day: every post ever held and every delegation given or taken, the newest first."""

    line: PersonLine
    account: AccountState
    posts: tuple[Post, ...]
    codes: tuple[str, ...]
    """The code of the unit of each of `posts`, empty where there is none."""
    given: tuple[DelegationLine, ...]
    taken: tuple[DelegationLine, ...]

    @property
    def tenures(self) -> tuple[tuple[Post, str], ...]:
        """Return every post with the code of its unit."""
        return tuple(zip(self.posts, self.codes, strict=True))


def people_page(
    session: Session, force: InForce, *, on: date, at: datetime, unit_id: int | None = None, words: str = "",
    page: int = 1, size: int = PAGE, sight: Sight | None = None,
) -> PeoplePage:  # fmt: skip
    """Return a page of the tenant's people by login; beyond the last page, the last one.

    `unit_id`: only who has a post there on the day `on`; `words`: found in login, name, address or telephone;
    `sight`: only whom that person sees, as `person_seen` says.
    `at` is the instant for which an account is locked or not.
    """
    chosen = [*_chosen(force, on, unit_id, words), *([] if sight is None else [_seen(sight, on)])]
    total = session.scalars(select(func.count()).select_from(Person).where(*chosen)).one()
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    statement = select(Person).where(*chosen).order_by(col(Person.login)).limit(size).offset((page - 1) * size)
    rows = session.scalars(statement).all()
    states = _accounts(session, force, [row.id or 0 for row in rows], at)
    lines = register.lines_of(session, force, rows, on=on)
    shown = tuple((line, states.get(row.id or 0, AccountState())) for row, line in zip(rows, lines, strict=True))
    return PeoplePage(shown, total, page, pages)


def person_card(session: Session, force: InForce, login: str, *, on: date, at: datetime) -> PersonCard:
    """Return the person of that login. Raises UnknownName."""
    row = session.scalars(
        select(Person).where(col(Person.tenant_id) == force.tenant_id, col(Person.login) == login)
    ).one_or_none()
    if row is None:
        raise UnknownName(f"没有登录名为 {login} 的人员")
    number = row.id or 0
    held = select(Appointment).where(col(Appointment.person_id) == number)
    posts = session.scalars(held.order_by(col(Appointment.since).desc(), col(Appointment.id).desc())).all()
    return PersonCard(
        line=register.lines_of(session, force, [row], on=on)[0],
        account=_accounts(session, force, [number], at).get(number, AccountState()),
        posts=tuple(Post(post.role, _unit(force, post.unit_id, on), post.since, post.until) for post in posts),
        codes=tuple(force.unit_codes.get(post.unit_id or 0, "") for post in posts),
        given=_delegations(session, force, col(Delegation.from_person_id) == number),
        taken=_delegations(session, force, col(Delegation.to_person_id) == number),
    )


def person_seen(session: Session, force: InForce, sight: Sight, login: str, *, on: date) -> str:
    """Return the login of somebody whom the person sees: of the own unit, or everybody for who oversees.

    Raises UnknownName, in the same words, when there is nobody or they are not seen.
    """
    known = select(col(Person.login)).where(
        col(Person.tenant_id) == force.tenant_id, col(Person.login) == login, _seen(sight, on)
    )
    found = session.scalars(known).one_or_none()
    if found is None:
        raise UnknownName(f"没有登录名为 {login} 的人员，或者您无权查看")
    return found


def deputies(session: Session, force: InForce, *, on: date, but: str) -> list[tuple[str, str]]:
    """Return who can stand in or take a post over, as (login, name and posts): everybody in office but `but`."""
    rows = session.scalars(
        select(Person)
        .where(col(Person.tenant_id) == force.tenant_id, col(Person.active), col(Person.login) != but)
        .order_by(col(Person.login))
    ).all()
    return [(line.login, _called(line)) for line in register.lines_of(session, force, rows, on=on)]


def holds(session: Session, force: InForce, login: str, role: Role, *, on: date) -> bool:
    """Return whether the person of that login holds the role on the day, or will."""
    found = (
        select(col(Appointment.id))
        .join(Person, col(Person.id) == col(Appointment.person_id))
        .where(
            col(Person.tenant_id) == force.tenant_id,
            col(Person.login) == login,
            col(Appointment.role) == role,
            or_(col(Appointment.until).is_(None), col(Appointment.until) >= on),
        )
    )
    return session.scalars(found.limit(1)).first() is not None


def _unit(force: InForce, number: int | None, on: date) -> str | None:
    return None if number is None else unit_name(force, number, on)


def _called(line: PersonLine) -> str:
    posts = "、".join(dict.fromkeys(f"{post.unit or ''}{post.role.label}" for post in line.posts)) or "没有任职"
    return f"{line.name}（{line.login}，{posts}）"


def _chosen(force: InForce, on: date, unit_id: int | None, words: str) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = [col(Person.tenant_id) == force.tenant_id]
    if unit_id is not None:
        chosen.append(_posted(frozenset({unit_id}), on))
    for word in words.split():
        columns = (Person.login, Person.name, Person.email, Person.phone)
        chosen.append(or_(*(col(column).icontains(word, autoescape=True) for column in columns)))
    return chosen


def _posted(units: frozenset[int], on: date) -> ColumnElement[bool]:
    posts = select(col(Appointment.person_id)).where(
        col(Appointment.unit_id).in_(units),
        col(Appointment.since) <= on,
        or_(col(Appointment.until).is_(None), col(Appointment.until) >= on),
    )
    return col(Person.id).in_(posts)


def _seen(sight: Sight, on: date) -> ColumnElement[bool]:
    """Return the condition on people: who oversees sees all, a unit's people each other, everybody themselves."""
    if sight.everything:
        return true()
    return or_(_posted(sight.units, on), col(Person.id) == sight.person_id)


def _accounts(session: Session, force: InForce, persons: Sequence[int], at: datetime) -> Mapping[int, AccountState]:
    rows = session.scalars(
        select(Account).where(col(Account.tenant_id) == force.tenant_id, col(Account.person_id).in_(persons))
    )
    return {
        row.person_id: AccountState(
            has_password=row.password_hash is not None,
            by_provider=row.subject is not None,
            must_change=row.must_change,
            locked_until=row.locked_until if row.locked_until is not None and at < row.locked_until else None,
            last_sign_in_at=row.last_sign_in_at,
        )
        for row in rows
    }


def _delegations(session: Session, force: InForce, whose: ColumnElement[bool]) -> tuple[DelegationLine, ...]:
    owner, deputy = aliased(Person), aliased(Person)
    statement = (
        select(Delegation, col(owner.login), col(owner.name), col(deputy.login), col(deputy.name))
        .join(owner, col(owner.id) == col(Delegation.from_person_id))
        .join(deputy, col(deputy.id) == col(Delegation.to_person_id))
        .where(col(Delegation.tenant_id) == force.tenant_id, whose)
        .order_by(col(Delegation.since).desc(), col(Delegation.id).desc())
    )
    return tuple(
        DelegationLine((by, by_name), (to, to_name), row.since, row.until, row.reason)
        for row, by, by_name, to, to_name in session.execute(statement).tuples()
    )
