"""Which due dates an item can be given."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session

from config.errors import BadInput
from config.terms import MatterKind
from models import Item
from supervision.in_force import InForce


def working_due(session: Session, force: InForce, item: Item, wanted: date, day: date) -> date:
    """Return `wanted` as a due date for `item`, moved forward from a day off (顺延, 民法典 203).

    Raises BadInput when it lies before `day`, after the last day the plan allows, or after the parent's due date.
    """
    if wanted < day:
        raise BadInput(f"期限 {wanted} 已过，请用 --date 写明新的期限")
    due = force.calendar.on_or_after(wanted)
    last = _latest_due(session, force, item)
    if last is not None and due > last:
        raise BadInput(f"期限 {due} 超出允许的最后日期 {last}")
    return due


def _latest_due(session: Session, force: InForce, item: Item) -> date | None:
    """Return the last due date that `item` can have: its parent's, or the plan's end and grace; None: no limit."""
    if item.parent_id is not None:
        return session.get_one(Item, item.parent_id).due
    if item.source is MatterKind.PLAN:
        return force.plan.end + timedelta(days=force.plan.feedback_grace_days)
    return None
