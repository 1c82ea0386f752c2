"""Items as they were known at a moment: what was done to them later is taken back, by the chain's own record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from config.clock import day_of
from config.terms import FINISHED_STATUSES, RUNNING_STATUSES, Action, DueReason, Status
from models import DueDate, Event, Item
from supervision.in_force import InForce
from supervision.periods import parse_period

_YEAR = 12
_GIVEN = frozenset({DueReason.ASSIGNED, DueReason.REASSIGNED})


@dataclass(frozen=True, slots=True)
class KnownItem:
    """One item at a moment: whose it was, where it stood, and the date that judged it.

    `belongs_on` is the day by which it belongs to a quarter; `completed` is set when a verified report was known.
    `came_late`: the unit was given the item when its date had already passed.
    """

    id: int
    unit_id: int
    key_task_id: int | None
    title: str
    status: Status
    due: date
    original_due: date
    completed: date | None
    belongs_on: date
    came_late: bool

    @property
    def counts(self) -> bool:
        """Return whether the assessment looks at the item.

        Left out is what waits for the office (verification, dispute, suspension), what was withdrawn or archived
        without a completion, and what came to the unit too late to be done in time.
        """
        finished = self.status in FINISHED_STATUSES and self.completed is not None
        return (finished or self.status in RUNNING_STATUSES) and not self.came_late


def items_as_known(
    session: Session, force: InForce, *, known_at: datetime, unit_id: int | None = None
) -> list[KnownItem]:
    """Return the items of the plan as they stood just before `known_at`, by due date and number.

    Sub-items are their parent's affair, retrospective ones nobody's. The same moment gives the same items for ever:
    an act leaves in the chain what it found, so whatever came later can be taken back.
    With `unit_id` only what is that unit's today is read: what it passed on after `known_at` is not among it.
    """
    rows = select(Item).where(
        col(Item.plan_id) == force.plan_id, col(Item.parent_id).is_(None), col(Item.retrospective).is_(False)
    )
    among = None
    if unit_id is not None:
        rows = rows.where(col(Item.unit_id) == unit_id)
        among = rows.with_only_columns(col(Item.id))
    dates = _dates(session, force, known_at, among)
    later = _later(session, force, known_at, among)
    found = [
        _known(force, item, dates[item.id], later.get(item.id, {}))
        for item in session.scalars(rows)
        if item.id in dates
    ]
    return sorted(found, key=lambda item: (item.due, item.id))


def reference_day(item: Item, due: date) -> date:
    """Return the day by which an item belongs to a quarter: the end of its reference period.

    A one-off measure and a matter from outside the plan have none; they belong to the quarter of their due date.
    """
    if item.measure_id is None or not item.period:
        return due
    period = parse_period(item.period)
    return due if period.months > _YEAR else period.last


def _dates(
    session: Session, force: InForce, known_at: datetime, among: Select[tuple[int | None]] | None
) -> Mapping[int | None, DueDate]:
    """Return by item the version of its due date that judged it: the newest that judges and was set by then."""
    place = col(DueDate.item_id)
    judging = [col(DueDate.plan_id) == force.plan_id, col(DueDate.judges), col(DueDate.set_at) < known_at]
    if among is not None:
        judging.append(place.in_(among))
    newest = select(place, func.max(DueDate.version).label("version")).where(*judging).group_by(place).subquery()
    statement = select(DueDate).join(newest, (newest.c.item_id == place) & (newest.c.version == col(DueDate.version)))
    return {row.item_id: row for row in session.scalars(statement.where(col(DueDate.plan_id) == force.plan_id))}


def _later(
    session: Session, force: InForce, known_at: datetime, among: Select[tuple[int | None]] | None
) -> Mapping[int | None, dict[str, Any]]:
    """Return by item what the acts since then found: `from`, and `former_unit` where the item was passed on."""
    statement = (
        select(col(Event.item_id), col(Event.data))
        .where(
            col(Event.plan_id) == force.plan_id,
            col(Event.item_id).is_not(None),
            col(Event.at) >= known_at,
            col(Event.action).in_([action.value for action in Action]),
        )
        .order_by(col(Event.seq))
    )
    if among is not None:
        statement = statement.where(col(Event.item_id).in_(among))
    found: dict[int | None, dict[str, Any]] = {}
    for item, data in session.execute(statement).tuples():
        kept = {key: data[key] for key in ("from", "former_unit") if key in data}
        found[item] = {**kept, **found.get(item, {})}  # what the first of them found is how it stood
    return found


def _known(force: InForce, item: Item, judging: DueDate, found: Mapping[str, Any]) -> KnownItem:
    status = Status(found["from"]) if "from" in found else item.status
    completed = item.completed_at if status in FINISHED_STATUSES else None
    return KnownItem(
        id=item.id or 0,
        unit_id=force.unit_ids[found["former_unit"]] if "former_unit" in found else item.unit_id,
        key_task_id=item.key_task_id,
        title=item.title,
        status=status,
        due=judging.due,
        original_due=item.original_due,
        completed=day_of(completed) if completed else None,
        belongs_on=reference_day(item, judging.due),
        came_late=judging.reason in _GIVEN and day_of(judging.set_at) > judging.due,
    )
