"""What robots say in work groups: once a day, how many notices of which kind the day's digests have brought.

A group is nobody in particular and may hold outsiders. So there are no titles, no names and no figures in it, and
nothing counts as delivered because of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput
from config.settings import Settings
from config.terms import DeliveryStatus, NoticeKind
from database import Database, chain, reading, writing
from models import Delivery, GroupPost, Message, Notice, Unit
from notifications.channels.channel import Outcome
from notifications.channels.robots import OFFICE, Robot, post
from notifications.facts import Sender
from notifications.queue import LEASE, WAITING, Gate, Scope
from notifications.retries import next_try
from notifications.wording import day_in_words, one_line

ACTION = "post_to_group"
ACTOR = "flow:deliver"

_LOST = "发送过程中断，可能已经发出，不再重发"
_RETRIED = (DeliveryStatus.TEMPORARY, DeliveryStatus.TECHNICAL)


@dataclass(frozen=True)
class _Group:
    """One robot and whose group it speaks in: the unit's number, None for everybody's."""

    robot: Robot
    code: str
    name: str
    unit_id: int | None

    def key(self, gate: Gate) -> str:
        return f"{self.robot.platform.name}/{self.code}/{day_of(gate.at).isoformat()}"


async def speak(
    database: Database, scope: Scope, settings: Settings, sender: Sender, robots: Sequence[Robot], gate: Gate
) -> tuple[str, ...]:
    """Let each robot say what there is to say on the day of the gate; return a line for each that could not.

    Key: robot and day. Nothing is said while digests may not leave, nor about a demonstration (模拟数据). Raises
    BadInput for a robot of a unit that is not there.
    """
    if not gate.digests or sender.simulated:
        return ()
    claimed = await asyncio.to_thread(_claim, database, scope, sender, robots, gate)
    if not claimed:
        return ()
    outcomes = await post(claimed, settings)
    await asyncio.to_thread(_settle, database, scope, outcomes, gate)
    return tuple(each.detail for each in outcomes if each.detail)


def _claim(
    database: Database, scope: Scope, sender: Sender, robots: Sequence[Robot], gate: Gate
) -> list[tuple[int, Robot, str]]:
    """Write what is to be said today and claim what waits; whatever another day has left is not said any more."""
    with reading(database) as session:
        groups = [_group(session, scope, sender, robot) for robot in robots]
        texts = {group.key(gate): _text(session, scope, sender, group, gate) for group in groups}
        if not _something_to_do(session, scope, texts, gate):
            return []
    with writing(database) as session:
        chain.lock(session, scope.tenant_id)  # one at a time: there is little to do, and nothing to be done twice
        _put(session, scope, texts, gate)
        _end_what_is_over(session, scope, gate)
        ours = {group.key(gate): group.robot for group in groups}
        due = (col(GroupPost.status).in_(WAITING), col(GroupPost.next_try_at) <= gate.at)
        rows = session.scalars(
            select(GroupPost)
            .where(col(GroupPost.plan_id) == scope.plan_id, col(GroupPost.key).in_(ours), *due)
            .order_by(col(GroupPost.id))
        ).all()
        for row in rows:
            row.status, row.claimed_at = DeliveryStatus.SENDING, gate.at
            session.add(row)
        return [(row.id or 0, ours[row.key], row.text) for row in rows]


def _group(session: Session, scope: Scope, sender: Sender, robot: Robot) -> _Group:
    if robot.group == OFFICE:
        return _Group(robot, OFFICE, sender.office, None)
    named = or_(col(Unit.code) == robot.group, col(Unit.name) == robot.group)
    statement = select(Unit).where(col(Unit.tenant_id) == scope.tenant_id, named).order_by(col(Unit.id)).limit(1)
    unit = session.scalars(statement).one_or_none()
    if unit is None:
        raise BadInput(f"设置项 robots：没有名为“{one_line(robot.group)}”的单位，整个计划的群请写 {OFFICE}")
    return _Group(robot, unit.code, sender.unit_names.get(unit.code, unit.name), unit.id)


def _text(session: Session, scope: Scope, sender: Sender, group: _Group, gate: Gate) -> str:
    """Return the headline of the day's digests to the group, empty when none of them is about it."""
    day = day_of(gate.at)
    statement = (
        select(col(Notice.kind), func.count(func.distinct(col(Notice.id))))
        .join(Delivery, col(Delivery.notice_id) == col(Notice.id))
        .join(Message, col(Message.id) == col(Delivery.message_id))
        .where(
            col(Notice.plan_id) == scope.plan_id,
            col(Notice.cancelled_at).is_(None),
            col(Delivery.of_unit),
            col(Message.key).like(f"digest/%/{day.isoformat()}%"),
        )
        .group_by(col(Notice.kind))
    )
    if group.unit_id is not None:
        statement = statement.where(col(Notice.unit_id) == group.unit_id)
    counted = dict(session.execute(statement).tuples().all())
    if not counted:
        return ""
    kinds = "、".join(f"{kind.label} {counted[kind]} 件" for kind in NoticeKind if kind in counted)
    whose = "各单位" if group.unit_id is None else group.name
    link = f"{sender.portal_url.rstrip('/')}/inbox"
    return f"【督办】{day_in_words(day)}，{whose}收到通知：{kinds}。请登录督办平台查看并办理：{link}（{sender.office}）"


def _something_to_do(session: Session, scope: Scope, texts: dict[str, str], gate: Gate) -> bool:
    """Return whether something is new, or waits: looked at without keeping other writers out."""
    statement = select(col(GroupPost.key)).where(col(GroupPost.plan_id) == scope.plan_id, col(GroupPost.key).in_(texts))
    said = set(session.scalars(statement))
    open_ones = select(col(GroupPost.id)).where(
        col(GroupPost.plan_id) == scope.plan_id, col(GroupPost.status).in_((*WAITING, DeliveryStatus.SENDING))
    )
    return (
        any(text and key not in said for key, text in texts.items()) or session.scalars(open_ones).first() is not None
    )


def _put(session: Session, scope: Scope, texts: dict[str, str], gate: Gate) -> None:
    rows = [
        {
            "tenant_id": scope.tenant_id, "plan_id": scope.plan_id, "key": key, "day": day_of(gate.at), "text": text,
            "status": DeliveryStatus.CREATED, "attempts": 0, "next_try_at": gate.at,
        }
        for key, text in texts.items()
        if text
    ]  # fmt: skip
    if rows:
        connection = session.connection()
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        connection.execute(dialect.insert(GroupPost).on_conflict_do_nothing(), rows)


def _end_what_is_over(session: Session, scope: Scope, gate: Gate) -> None:
    """Close what a dead process was saying, and what was to be said on another day."""
    ours = col(GroupPost.plan_id) == scope.plan_id
    lost = (col(GroupPost.status) == DeliveryStatus.SENDING, col(GroupPost.claimed_at) <= gate.at - LEASE)
    old = (col(GroupPost.status).in_(WAITING), col(GroupPost.day) < day_of(gate.at))
    gone = {"status": DeliveryStatus.PERMANENT, "detail": _LOST}
    session.connection().execute(update(GroupPost).where(ours, *lost).values(gone))
    session.connection().execute(update(GroupPost).where(ours, *old).values(status=DeliveryStatus.CANCELLED))


def _settle(database: Database, scope: Scope, outcomes: Sequence[Outcome], gate: Gate) -> None:
    """Write down what became of each post, with one entry of the audit."""
    with writing(database) as session:
        chain.lock(session, scope.tenant_id)
        told = []
        for outcome in outcomes:
            row = session.get_one(GroupPost, outcome.message_id)
            if row.status is not DeliveryStatus.SENDING:
                continue  # it took longer than its lease, and was closed
            row.status, row.detail, row.attempts = outcome.status, outcome.detail or None, row.attempts + 1
            again = next_try(row.attempts, at=gate.at) if outcome.status in _RETRIED else None
            row.next_try_at = max(again, gate.at + outcome.wait) if again else gate.at
            row.sent_at = gate.at if outcome.status is DeliveryStatus.DELIVERED else None
            session.add(row)
            told.append({"key": row.key, "outcome": outcome.status.value, "detail": outcome.detail})
        if told:
            entry = chain.Entry(ACTION, gate.at, ACTOR, plan_id=scope.plan_id, data={"posts": told})
            chain.append(session, scope.tenant_id, [entry])
