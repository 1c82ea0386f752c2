"""The lights of many items at once: as a condition for the database, and counted by key task and unit.

`supervision.queries.items.light_of` says the same of one item; tests hold the two together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, case, false, func, select
from sqlmodel import Session, col

from config.errors import CalendarNotPublished
from config.terms import FINISHED_STATUSES, RUNNING_STATUSES, Status
from database.remembered import remembered
from models import Item, KeyTask
from supervision import in_force
from supervision.deadlines import Light, light
from supervision.in_force import InForce
from supervision.ladder import Ladder

Counts = Mapping[tuple[int, int], Mapping[Light | None, int]]
"""How many items show which light, None for those whose clock stands, by key task's and unit's number."""

_ONE_DAY = timedelta(days=1)
_FURTHEST_YELLOW = 60
"""Days ahead within which the last yellow due date lies, holidays included."""


def last_yellow(force: InForce, ladder: Ladder, as_of: date) -> date:
    """Return the last due date that is yellow on `as_of` under the ladder; the day before when none is."""
    last = as_of - _ONE_DAY
    for days in range(_FURTHEST_YELLOW):
        day = as_of + timedelta(days=days)
        try:
            shown = light(day, as_of=as_of, due_soon_days=ladder.due_soon_days, calendar=force.calendar)
        except CalendarNotPublished:
            break
        if shown is not Light.YELLOW:
            break
        last = day
    return last


def shows(force: InForce, ladders: Mapping[int, Ladder], wanted: Light, as_of: date) -> ColumnElement[bool]:
    """Return the condition that an item shows the light, if it is not one that is recorded only."""
    if wanted is Light.BLUE:
        archived = (col(Item.status) == Status.ARCHIVED) & col(Item.completed_at).is_(None)
        return and_(col(Item.status).in_(list(FINISHED_STATUSES)), ~archived)
    running = col(Item.status).in_(list(RUNNING_STATUSES))
    if wanted is Light.RED:
        return and_(running, col(Item.due) < as_of)
    if not ladders:
        return false()
    last = _last_yellow(force, ladders, as_of)
    if wanted is Light.YELLOW:
        return and_(running, col(Item.due) >= as_of, col(Item.due) <= last)
    return and_(running, col(Item.due) > last)


def counts(session: Session, force: InForce, *, as_of: date) -> Counts:
    """Return the lights of the items of key tasks, but for those recorded only and those withdrawn."""
    return remembered(
        session, force.tenant_id, (force.plan_id, "lights", as_of), lambda: _counts(session, force, as_of)
    )


def _counts(session: Session, force: InForce, as_of: date) -> Counts:
    """Count within the order of one index (ix_item_board), which holds all that is asked."""
    ladders = in_force.ladders(session, force)
    late = func.count().filter(col(Item.due) < as_of)
    not_green = func.count().filter(col(Item.due) <= _last_yellow(force, ladders, as_of)) if ladders else late
    what = col(Item.key_task_id), col(Item.unit_id), col(Item.status)
    statement = (
        select(*what, func.count(), late, not_green)
        .where(
            col(Item.plan_id) == force.plan_id,
            col(Item.key_task_id).is_not(None),
            col(Item.retrospective).is_(False),
            col(Item.status) != Status.WITHDRAWN,
            (col(Item.status) != Status.ARCHIVED) | col(Item.completed_at).is_not(None),
        )
        .group_by(*what)
    )
    tasks = select(col(KeyTask.id), col(KeyTask.number)).where(col(KeyTask.plan_id) == force.plan_id)
    numbers = dict(session.execute(tasks).tuples().all())
    found: dict[tuple[int, int], Counter[Light | None]] = {}
    for task, unit, status, many, red, dark in session.execute(statement).tuples():
        cell = found.setdefault((numbers[task], unit), Counter())
        cell.update(dict(_lit(status, many, red, max(red, dark))))
    return found


def _lit(status: Status, many: int, late: int, not_green: int) -> Iterable[tuple[Light | None, int]]:
    """Return how many of `many` items in a status show what."""
    if status in FINISHED_STATUSES:
        return [(Light.BLUE, many)]
    if status not in RUNNING_STATUSES:
        return [(None, many)]
    shown = ((Light.RED, late), (Light.YELLOW, not_green - late), (Light.GREEN, many - not_green))
    return [(lit, items) for lit, items in shown if items]


def _last_yellow(force: InForce, ladders: Mapping[int, Ladder], as_of: date) -> ColumnElement[date]:
    days = {number: last_yellow(force, ladder, as_of) for number, ladder in ladders.items()}
    return case(days, value=Item.ladder_id)
