"""What people do to an item. `perform` is the one way in: it asks the table, then lets the act take effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Conflict, Refused, UnknownName
from config.terms import RUNNING_STATUSES, Action, Status
from database import chain
from models import Item
from supervision import workflow
from supervision.in_force import InForce
from supervision.ledger import effects
from supervision.ledger.effects import Deed
from supervision.ledger.standing import Standing, second_person, standing
from supervision.queries.people import Actor
from supervision.workflow import Move, Need


@dataclass(frozen=True)
class Act:
    """One act on one item.

    `date` is a new due date, `to_unit` a unit's name or code, `reason` a code of SuspensionReason. `source` marks an
    act that the office records for a unit (代录) and says from which call or paper. `revision` is what the person saw;
    None: whatever is there.
    """

    item_id: int
    action: Action
    by: Actor
    at: datetime
    comment: str = ""
    date: date | None = None
    to_unit: str | None = None
    reason: str | None = None
    source: str | None = None
    problems: str = ""
    next_steps: str = ""
    revision: int | None = None


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
    the reason when a rule forbids it, BadInput when something it needs is missing. Then nothing has changed.
    """
    chain.lock(session, force.tenant_id)
    item = _item(session, force, act.item_id)
    if act.revision is not None and act.revision != item.revision:
        raise Conflict(f"事项 {item.id} 刚被他人办理（现为“{item.status.label}”），您的操作没有生效，请刷新后再办")
    stands = standing(session, item, act.by, action=act.action, recorded_from=act.source)
    _refuse_retrospective(item, act.action)
    move = workflow.decide(item.status, act.action, stands.roles)
    _check_needs(move, act)
    if move.second_person:
        second_person(session, item, act.action, act.by)
    deed = Deed(session, force, item, act.by, act.at, act.comment.strip(), act.date, act.to_unit, act.reason,
                act.source, act.problems.strip(), act.next_steps.strip())  # fmt: skip
    return _take_effect(deed, move, act, stands)


def _item(session: Session, force: InForce, number: int) -> Item:
    found = session.scalars(
        select(Item).where(col(Item.plan_id) == force.plan_id, col(Item.id) == number).with_for_update()
    ).one_or_none()
    if found is None:
        raise UnknownName(f"没有编号为 {number} 的交办事项；请用 duban items 查看")
    return found


def _refuse_retrospective(item: Item, action: Action) -> None:
    if item.retrospective and action not in {Action.WITHDRAW, Action.ARCHIVE}:
        raise Refused(f"该事项期限（{item.original_due}）早于计划印发日，仅作记录，不办理“{action.label}”")


def _check_needs(move: Move, act: Act) -> None:
    label = act.action.label
    if Need.COMMENT in move.needs and not act.comment.strip():
        raise BadInput(f"“{label}”必须写明情况或理由（--comment）")
    if Need.DATE in move.needs and act.date is None:
        raise BadInput(f"“{label}”必须写明新的期限（--date，如 2022-07-29）")
    if Need.UNIT in move.needs and not act.to_unit:
        raise BadInput(f"“{label}”必须写明接办单位（--to）")
    if Need.REASON in move.needs and not act.reason:
        raise BadInput(f"“{label}”必须选定事由（--reason）：{effects.suspension_reasons()}")


def _take_effect(deed: Deed, move: Move, act: Act, stands: Standing) -> Done:
    item, before = deed.item, deed.item.status
    item.status = workflow.next_status(move, before, item.resumes_to)
    effects.EFFECTS[act.action](deed, before)
    if before in workflow.PAUSED and item.status not in workflow.PAUSED:
        item.resumes_to = None
    day = day_of(act.at)
    item.sweep_on = day if item.status in RUNNING_STATUSES and not item.retrospective else None
    item.revision += 1
    data: dict[str, Any] = {"from": before.value, "to": item.status.value, **deed.facts}
    for key in ("comment", "reason", "source", "problems", "next_steps"):
        if value := getattr(act, key):
            data[key] = value
    entry = chain.Entry(
        act.action.value, act.at, act.by.login, plan_id=deed.force.plan_id, acting_for=stands.acting_for,
        item_id=item.id, data=data,
    )  # fmt: skip
    chain.append(deed.session, deed.force.tenant_id, [entry])
    deed.session.flush()
    return Done(item.id or 0, act.action, item.status, item.due, item.revision)
