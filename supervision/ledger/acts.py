"""What people do to an item. `perform` is the one way in: it asks the table, then lets the act take effect."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.clock import ZONE, day_of
from config.errors import BadInput, Conflict, Refused, UnknownName
from config.terms import RUNNING_STATUSES, Action, Status
from database import chain
from models import Event, Item
from supervision import workflow
from supervision.in_force import InForce
from supervision.ledger import effects
from supervision.ledger.deed import Act, Deed
from supervision.ledger.detours import suspension_reasons
from supervision.ledger.standing import second_person, standing
from supervision.workflow import Move, Need

__all__ = ["RECORD_ONLY", "Act", "Done", "perform"]

RECORD_ONLY = frozenset({Action.WITHDRAW, Action.ARCHIVE})
"""What may be done to an item that is only recorded: it was due before the plan was issued."""

_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
"""What one of the databases cannot keep: NUL, and halves of a character from a broken input."""


@dataclass(frozen=True)
class Done:
    """How the item stands after the act."""

    item_id: int
    action: Action
    status: Status
    due: date
    revision: int


def perform(session: Session, force: InForce, act: Act) -> Done:
    """Do `act`: new state, chained event and outgoing notices, in the caller's transaction.

    Raises UnknownName for an item that is not there, Conflict when somebody acted since `act.revision`, Refused with
    the reason when a rule forbids it, BadInput when something it needs is missing or cannot be kept. Then nothing has
    changed, whatever the caller commits.
    """
    act = replace(
        act, comment=act.comment.strip(), problems=act.problems.strip(), next_steps=act.next_steps.strip(),
        source=(act.source or "").strip() or None,
    )  # fmt: skip
    _refuse_unreadable(act)
    chain.lock(session, force.tenant_id)
    item = _item(session, force, act.item_id)
    if act.revision is not None and act.revision != item.revision:
        raise Conflict(f"事项 {item.id} 刚被他人办理（现为“{item.status.label}”），您的操作没有生效，请刷新后再办")
    stands = standing(session, item, act.by, action=act.action, recorded_from=act.source)
    _refuse_retrospective(item, act.action)
    move = workflow.decide(item.status, act.action, stands.roles)
    _refuse_backdated(session, item, act)
    _check_needs(move, act)
    if move.second_person:
        second_person(session, item, act.action, act.by)
    with session.begin_nested():
        return _take_effect(Deed(session, force, item, act), move, stands.acting_for(move.by))


def _refuse_unreadable(act: Act) -> None:
    if any(_UNREADABLE.search(text) for text in act.words.values()):
        raise BadInput("文字中有无法保存的字符，请重新输入")


def _item(session: Session, force: InForce, number: int) -> Item:
    statement = select(Item).where(col(Item.plan_id) == force.plan_id, col(Item.id) == number)
    # What the session has seen of the item before it took the chain may be out of date.
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise UnknownName(f"没有编号为 {number} 的交办事项；请用 duban items 查看")
    return found


def _refuse_retrospective(item: Item, action: Action) -> None:
    if item.retrospective and action not in RECORD_ONLY:
        raise Refused(f"该事项期限（{item.original_due}）早于计划印发日，仅作记录，不办理“{action.label}”")


def _refuse_backdated(session: Session, item: Item, act: Act) -> None:
    """Nothing is done to an item before what was done to it last: the timeline tells what was known when.

    Nor before the day on which its present clock began: a report cannot precede its task.
    """
    if day_of(act.at) < item.clock_started_on:
        raise Refused(f"办理日期 {day_of(act.at)} 早于该事项现行期限的起算日 {item.clock_started_on}，请核对 --at")
    acts = [action.value for action in Action]
    last = session.scalars(
        select(func.max(col(Event.at))).where(col(Event.item_id) == item.id, col(Event.action).in_(acts))
    ).one()
    if last is not None and act.at < last:
        raise Refused(f"该事项在 {last.astimezone(ZONE):%Y-%m-%d %H:%M} 已有办理记录，不能补记更早的办理，请核对 --at")


def _check_needs(move: Move, act: Act) -> None:
    label = act.action.label
    if Need.COMMENT in move.needs and not act.comment:
        raise BadInput(f"“{label}”必须写明情况或理由（--comment）")
    if Need.DATE in move.needs and act.date is None:
        raise BadInput(f"“{label}”必须写明新的期限（--date，如 2022-07-29）")
    if Need.UNIT in move.needs and not act.to_unit:
        raise BadInput(f"“{label}”必须写明接办单位（--to）")
    if Need.REASON in move.needs and not act.reason:
        raise BadInput(f"“{label}”必须选定事由（--reason）：{suspension_reasons()}")


def _take_effect(deed: Deed, move: Move, acting_for: str | None) -> Done:
    item, act, before = deed.item, deed.act, deed.item.status
    effects.EFFECTS[act.action](deed, before)
    item.status = workflow.next_status(move, before, item.resumes_to)
    if item.status not in workflow.PAUSED:
        item.resumes_to = None
    item.sweep_on = deed.day if item.status in RUNNING_STATUSES and not item.retrospective else None
    item.revision += 1
    data = {"from": before.value, "to": item.status.value, **deed.facts, **act.words}
    entry = chain.Entry(
        act.action.value, act.at, act.by.login, plan_id=deed.force.plan_id, acting_for=acting_for, item_id=item.id,
        data=data,
    )  # fmt: skip
    chain.append(deed.session, deed.force.tenant_id, [entry, *deed.others])
    deed.session.flush()
    return Done(item.id or 0, act.action, item.status, item.due, item.revision)
