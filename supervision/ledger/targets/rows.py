"""The rows that the acts on targets share, how an act is chained, and who did an earlier one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import ZONE
from config.errors import BadInput, Refused
from config.terms import Role
from database import chain
from models import DistrictTarget, Event, Indicator
from supervision.in_force import InForce
from supervision.queries.people import Actor

APPORTION, CHANGE, CONFIRM, OBJECT, UPHOLD = (
    "apportion_targets", "change_targets", "confirm_targets", "object_to_target", "uphold_target",
)  # fmt: skip
"""What the acts are called in the chain, where a decision looks up whose they were."""

WORDS = 500
"""Characters of a reason or an objection. What is longer belongs into a paper."""

_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
"""What one of the databases cannot keep: NUL, and halves of a character from a broken input."""

Place = tuple[str, str]
"""An indicator and a district, as codes."""


def newest_rows(session: Session, force: InForce) -> Mapping[Place, DistrictTarget]:
    """Return the newest version of every target, by indicator and district."""
    statement = (
        select(col(Indicator.code), DistrictTarget)
        .join(Indicator, col(Indicator.id) == col(DistrictTarget.indicator_id))
        .where(col(DistrictTarget.plan_id) == force.plan_id)
        .order_by(col(DistrictTarget.version))
        # What the session has seen before it took the chain may be out of date.
        .execution_options(populate_existing=True)
    )
    return {(code, force.unit_codes[row.unit_id]): row for code, row in session.execute(statement).tuples()}


def indicator_ids(session: Session, force: InForce) -> Mapping[str, int]:
    """Return the database's number of each indicator by its code."""
    statement = select(col(Indicator.code), col(Indicator.id)).where(col(Indicator.plan_id) == force.plan_id)
    return {code: number or 0 for code, number in session.execute(statement).tuples()}


def words(text: str, what: str) -> str:
    """Return `text` without surrounding spaces. Raises BadInput when it is empty, too long or cannot be kept."""
    text = text.strip()
    if not text:
        raise BadInput(f"必须写明{what}")
    if len(text) > WORDS:
        raise BadInput(f"{what}超过 {WORDS} 字，请压缩，详情另附文件")
    if _UNREADABLE.search(text):
        raise BadInput(f"{what}中有无法保存的字符，请重新输入")
    return text


def refuse_backdated(rows: Iterable[DistrictTarget], at: datetime) -> None:
    """Raise Refused when `at` lies before something that was set or said already: versions follow one another.

    The first version as the plan gives it holds from the plan's issue on, whenever it was put into the database.
    """
    for row in rows:
        with_the_plan = row.version == 1 and row.set_by is None
        known = (None if with_the_plan else row.set_at, row.confirmed_at, row.objected_at, row.answered_at)
        last = max((instant for instant in known if instant is not None), default=at)
        if at < last:
            raise Refused(f"办理时刻早于该目标的上一次变动（{last.astimezone(ZONE):%Y-%m-%d %H:%M}），请核对 --at")


def told_of(place: Place, row: DistrictTarget, **more: Any) -> dict[str, Any]:
    """Return how the chain names one version of a target."""
    return {"indicator": place[0], "unit": place[1], "version": row.version, **more}


def record(
    session: Session,
    force: InForce,
    action: str,
    targets: Collection[Mapping[str, Any]],
    *,
    by: Actor,
    at: datetime,
    acting_for: str | None = None,
    **data: Any,
) -> None:
    """Chain one act on `targets` and write what it changed."""
    kept = {key: value for key, value in data.items() if value not in (None, "")}
    entry = chain.Entry(
        action, at, by.login, plan_id=force.plan_id, acting_for=acting_for, data={"targets": list(targets), **kept}
    )
    chain.append(session, force.tenant_id, [entry])
    session.flush()


def who_did(session: Session, force: InForce, actions: Collection[str], place: Place, version: int) -> frozenset[str]:
    """Return the logins of who did any of `actions` to that version, and of for whom it was done."""
    statement = select(Event).where(col(Event.plan_id) == force.plan_id, col(Event.action).in_(actions))
    wanted = {"indicator": place[0], "unit": place[1], "version": version}
    names: set[str] = set()
    for event in session.scalars(statement):
        if any(wanted.items() <= target.items() for target in event.data["targets"]):
            names |= {name for name in (event.actor, event.acting_for) if name}
    return frozenset(names)


def office_only(by: Actor, units: Collection[int], label: str) -> str | None:
    """Return for whom `by` acts for the office, None when in an own role.

    Raises Refused for anybody else, and for who belongs to one of `units`: nobody decides on their own targets.
    """
    held = by.holding({Role.OFFICE})
    if not held:
        raise Refused(f"“{label}”由领导小组办公室办理，您（{by.login}）没有这个身份")
    if by.unit_ids & set(units):
        raise Refused(f"“{label}”涉及您所在单位自己的目标，须由外单位人员办理")
    return min(held, key=lambda holding: holding.owner is not None).owner
