"""Breaking an item down inside its unit (两级): own people, due dates inside the parent's; the parent waits for all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Refused, UnknownName
from config.terms import RUNNING_STATUSES
from database import chain
from models import Item, Unit
from supervision.in_force import InForce
from supervision.ledger.items import NewItem, put_items
from supervision.queries.people import UNIT_ROLES, Actor, acting_for, actor


def break_down(
    session: Session,
    force: InForce,
    item_id: int,
    *,
    title: str,
    due: date,
    by: Actor,
    at: datetime,
    assignee: str | None = None,
    bureau: str | None = None,
) -> int:
    """Give a part of the item to a person (login) or to a bureau under the unit; return the sub-item's number.

    The due date moves back from a day off, because it must stay inside the parent's. Raises Refused unless `by` is
    of the item's unit and the item's clock runs and it is itself no sub-item, and for an assignee of another unit;
    BadInput for a due date outside the parent's or when not exactly one of `assignee` and `bureau` is given;
    UnknownName for either.
    """
    chain.lock(session, force.tenant_id)
    parent = _parent(session, force, item_id)
    owner = _may(parent, by)
    if (assignee is None) == (bureau is None):
        raise BadInput("子事项须交给一个人（--to）或一个下属单位（--bureau），两者择一")
    if not title.strip():
        raise BadInput("子事项必须写明名称（--title）")
    day = force.calendar.on_or_before(due)
    if not day_of(at) <= day <= parent.due:
        raise BadInput(f"子事项期限 {day} 应在今日与上级事项期限 {parent.due} 之间")
    part = replace(
        _part_of(session, parent),
        title=title.strip(),
        due=day,
        unit_id=_bureau(session, parent, bureau) if bureau else parent.unit_id,
        assignee_person_id=_assignee(session, parent, assignee, day_of(at)) if assignee else None,
    )
    [(number, _)] = put_items(session, force, [part], by=by, at=at, acting_for=owner)
    return number


def _part_of(session: Session, parent: Item) -> NewItem:
    """Return the next part of the item, as far as it is given by the item."""
    siblings = select(func.count()).select_from(Item).where(col(Item.parent_id) == parent.id)
    return NewItem(
        occurrence=f"part/{parent.id}/{session.scalars(siblings).one() + 1}",
        title=parent.title,
        unit_id=parent.unit_id,
        role=parent.role,
        period=parent.period,
        due=parent.due,
        source=parent.source,
        key_task_id=parent.key_task_id,
        parent_id=parent.id,
        urgent=parent.urgent,
        because=f"“{parent.title}”分解的子事项",
    )


def may_break_down(item: Item) -> bool:
    """Return whether the item can be broken down now: its clock runs, and it is itself no sub-item."""
    return item.parent_id is None and item.status in RUNNING_STATUSES and not item.retrospective


def _parent(session: Session, force: InForce, number: int) -> Item:
    statement = select(Item).where(col(Item.plan_id) == force.plan_id, col(Item.id) == number)
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise UnknownName(f"没有编号为 {number} 的交办事项；请用 duban items 查看")
    return found


def _may(parent: Item, by: Actor) -> str | None:
    """Return for whom `by` breaks the item down, None when in an own role."""
    if parent.parent_id is not None:
        raise Refused("子事项不能再分解：督办分两级")
    if parent.status not in RUNNING_STATUSES:
        raise Refused(f"该事项现为“{parent.status.label}”，不能再分解；办理中的事项才能分解")
    held = by.holding(UNIT_ROLES, parent.unit_id)
    if not held:
        raise Refused("分解由责任单位的联络员或分管负责人办理")
    return acting_for(held)


def _assignee(session: Session, parent: Item, login: str, day: date) -> int:
    """Return the number of a person who holds a post in the item's unit, or in a bureau under it, on the day."""
    who = actor(session, parent.tenant_id, login, on=day)
    bureaus = select(col(Unit.id)).where(
        col(Unit.tenant_id) == parent.tenant_id, col(Unit.parent_unit_id) == parent.unit_id
    )
    if not who.unit_ids & {parent.unit_id, *session.scalars(bureaus)}:
        raise Refused(f"{login} 不在责任单位任职，子事项只能交给本单位的人")
    return who.person_id or 0


def _bureau(session: Session, parent: Item, name: str) -> int:
    found = session.scalars(
        select(col(Unit.id)).where(
            col(Unit.tenant_id) == parent.tenant_id,
            col(Unit.parent_unit_id) == parent.unit_id,
            (col(Unit.name) == name) | (col(Unit.code) == name),
        )
    ).one_or_none()
    if found is None:
        raise UnknownName(f"责任单位下没有名为“{name}”的内设或下属单位")
    return found
