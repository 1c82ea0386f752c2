"""Leaving: one post ends, a person is switched off, and is switched on again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Refused
from config.terms import Role
from database import chain
from models import Appointment, Item, Person
from supervision.ledger.persons import active_person, held_posts, pass_on, person, record
from supervision.queries.hands import HAND_OVER
from supervision.queries.leaving import parts_left
from supervision.queries.people import UNIT_ROLES, People, unit_people

_ONE_DAY = timedelta(days=1)

_NEEDED: Mapping[Role, tuple[str, str]] = {
    Role.LIAISON: ("单位唯一的联络员", "通知无人接收"),
    Role.OFFICE: ("办公室唯一的人员", "核验、审核无人办理"),
    Role.ADMINISTRATOR: ("唯一的系统管理员", "人员和账号无人管理"),
}
"""Posts that nobody leaves empty: who leaves one, and what would come of it. Source: office ruling."""

_MISSED: Mapping[Role, str] = {
    Role.UNIT_HEAD: "该单位已没有分管负责人，报表不经确认即可报出，预警和督办单少一位接收人，请尽快任命",
    Role.LEADER: "已没有领导小组领导，文书无人签发，请尽快任命",
    Role.AUDITOR: "已没有审计人员，请尽快任命",
}
"""Posts that may stand empty for a while, and what is said of it. Source: office ruling."""


@dataclass(frozen=True)
class Left:
    """What became of an ended post. `posts`: how many the person keeps, now or later; `sub_items`: those handed over.

    `warnings`: what stands empty now, in words.
    """

    posts: int
    sub_items: tuple[int, ...]
    warnings: tuple[str, ...]


def end_post(
    session: Session, tenant_id: int, *, login: str, role: Role, unit_id: int | None, on: date, at: datetime, by: str,
    to: str | None = None,
) -> Left:  # fmt: skip
    """End one post of `login`: from `on` it is not held any more, every other one is.

    `unit_id` may be None when the person holds the role once. With `to` the post, and the open sub-items that the
    person would leave behind, go to `to`, who may hold the post already. What is open at the unit stays with it.
    Raises BadInput for a day that has passed or an unclear post, and Refused when the post is not held, when it would
    stand empty that must not, and when sub-items would be left to nobody.
    """
    chain.lock(session, tenant_id)
    if on < day_of(at):
        raise BadInput(f"卸任之日 {on} 早于办理当日，任职只能自当日或以后的日期起结束")
    row, new = person(session, tenant_id, login), None if to is None else active_person(session, tenant_id, to)
    if new is not None and new.id == row.id:
        raise BadInput("接任人就是本人，请选择他人")
    ended = _ending(session, row, role, unit_id, on)
    unit = ended[0].unit_id
    with session.begin_nested():
        before = _filled(session, tenant_id, on)
        for post in ended:
            pass_on(session, post, new, on)
        session.flush()
        warnings = _vacancies(session, tenant_id, before, login, "卸任")
        parts = parts_left(session, row, unit, on=on)
        _hand_over(login, parts, new)
    told = {"login": login, "role": role, "unit_id": unit, "on": str(on)}
    numbers = tuple(part.id or 0 for part in parts)
    if to is None:
        record(session, tenant_id, "end_post", at, by, **told)
    else:
        record(session, tenant_id, HAND_OVER, at, by, to=to, sub_items=list(numbers), **told)
    return Left(len(_reaching(session, row, on)), numbers, warnings)


def _ending(session: Session, row: Person, role: Role, unit_id: int | None, on: date) -> Sequence[Appointment]:
    """Return the spans of the post that reach `on`, those to come too."""
    found = [each for each in _reaching(session, row, on) if each.role is role and unit_id in {None, each.unit_id}]
    if not found:
        raise Refused(f"{row.login} 在 {on} 没有任“{role.label}”，请核对身份、单位和日期")
    if len({each.unit_id for each in found}) > 1:
        raise BadInput(f"{row.login} 在几个单位任“{role.label}”，请写明单位（--unit）")
    return found


def _reaching(session: Session, row: Person, on: date) -> Sequence[Appointment]:
    statement = select(Appointment).where(
        col(Appointment.person_id) == row.id, or_(col(Appointment.until).is_(None), col(Appointment.until) >= on)
    )
    return session.scalars(statement.order_by(col(Appointment.id))).all()


def _hand_over(login: str, parts: Sequence[Item], new: Person | None) -> None:
    if parts and new is None:
        named = "、".join(f"{part.id}“{part.title}”" for part in parts)
        raise Refused(f"{login} 名下有在办的子事项 {named}，卸任后无人承接，请写明接任人（--to）")
    for part in parts if new is not None else ():
        part.assignee_person_id = new.id if new is not None else None
        part.revision += 1


def disable(session: Session, tenant_id: int, *, login: str, at: datetime, by: str) -> tuple[str, ...]:
    """Switch a person off; return what stands empty now, in words.

    Raises Refused when already off, and for the last liaison of a unit, the office's last person and the last
    administrator: notices, decisions and accounts would wait for nobody.
    """
    chain.lock(session, tenant_id)
    row = person(session, tenant_id, login)
    if not row.active:
        raise Refused(f"人员 {login} 已经停用")
    with session.begin_nested():
        before = _filled(session, tenant_id, day_of(at))
        row.active = False
        session.flush()
        warnings = _vacancies(session, tenant_id, before, login, "停用")
    record(session, tenant_id, "disable_person", at, by, login=login)
    return warnings


def _filled(session: Session, tenant_id: int, on: date) -> Mapping[date, People]:
    """Return who is in which post on `on`, and on each later day on which one ends or begins.

    A colleague whose own end is settled already fills a post only until then.
    """
    posts = select(col(Appointment.since), col(Appointment.until)).where(col(Appointment.tenant_id) == tenant_id)
    days = {on}
    for since, until in session.execute(posts).tuples():
        days |= {since, *({until + _ONE_DAY} if until is not None and until < date.max else ())}
    return {day: unit_people(session, tenant_id, on=day) for day in sorted(days) if day >= on}


def _vacancies(
    session: Session, tenant_id: int, before: Mapping[date, People], login: str, act: str
) -> tuple[str, ...]:  # fmt: skip
    """Return what stands empty, on some day, that did not before, in words. Raises Refused for what must not."""
    found: list[str] = []
    for day, filled in before.items():
        for role in _emptied(filled, unit_people(session, tenant_id, on=day)):
            if role in _NEEDED:
                who, comes = _NEEDED[role]
                when = "" if day == min(before) else f"自 {day} 起"
                raise Refused(f"{login} {when}是{who}，{act}后{comes}，请先办理岗位交接或任命他人")
            found += [_MISSED[role]] if role in _MISSED else []
    return tuple(dict.fromkeys(found))


def _emptied(before: People, after: People) -> Sequence[Role]:
    """Return which posts nobody holds any more: a unit's of that unit, every other one of all."""
    filled = {role for _, role in after}
    return [role for unit, role in before if (unit, role) not in after and (role in UNIT_ROLES or role not in filled)]


def enable(session: Session, tenant_id: int, *, login: str, at: datetime, by: str) -> int:
    """Switch a person on again: the same person, with the posts that did not end meanwhile; return how many.

    How they sign in is given anew (access.closing). Raises Refused for somebody who is not off.
    """
    chain.lock(session, tenant_id)
    row = person(session, tenant_id, login)
    if row.active:
        raise Refused(f"人员 {login} 没有停用，不必恢复；登录有问题的请重置口令")
    row.active = True
    session.flush()
    posts = len(held_posts(session, row, day_of(at)))
    record(session, tenant_id, "enable_person", at, by, login=login, posts=posts)
    return posts
