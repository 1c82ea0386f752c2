"""Reading items: the list the office works from, one item's history, and the board of key tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, bindparam, select
from sqlmodel import Session, col

from config.clock import ZONE
from config.errors import UnknownName
from config.plan import KeyTask as PlanTask
from config.terms import FINISHED_STATUSES, RUNNING_STATUSES, Level, MatterKind, Responsibility, Status
from database.remembered import remembered
from models import Event, Item, KeyTask, Measure
from supervision import in_force
from supervision.deadlines import Light, light
from supervision.in_force import InForce
from supervision.ladder import Ladder
from supervision.queries.lights import counts as lights_of

BADNESS = (Light.RED, Light.YELLOW, Light.GREEN, Light.BLUE)
"""The lights, the worst first: of many items the worst is shown."""
_TO_BE_NAMED = frozenset({Light.RED, Light.YELLOW})


@dataclass(frozen=True)
class ItemLine:
    """One item as it stands on a day. `due` is the date the ladder follows; `light` is null while nothing counts."""

    id: int
    source: MatterKind
    key_task: int | None
    measure: str | None
    title: str
    unit: str
    role: Responsibility
    period: str
    status: Status
    original_due: date
    due: date
    completed: datetime | None
    light: Light | None
    rung: Level | None
    parent: int | None
    retrospective: bool
    revision: int

    def as_json(self) -> dict[str, Any]:
        """Return the line as `duban items --json` prints it."""
        data = asdict(self)
        for key in ("original_due", "due"):
            data[key] = data[key].isoformat()
        data["completed"] = self.completed.astimezone(ZONE).isoformat() if self.completed else None
        return data


@dataclass(frozen=True)
class HistoryLine:
    """One event of an item's timeline."""

    seq: int
    at: datetime
    actor: str
    acting_for: str | None
    action: str
    data: Mapping[str, Any]


def items(
    session: Session,
    force: InForce,
    *,
    as_of: date,
    status: Status | None = None,
    unit: str | None = None,
    task: int | None = None,
    overdue: bool = False,
) -> list[ItemLine]:
    """Return the items that match every filter given, by due date.

    Raises UnknownName for a unit or key task that the plan does not have.
    """
    chosen: list[ColumnElement[bool]] = []
    if status is not None:
        chosen.append(col(Item.status) == status)
    if unit is not None:
        chosen.append(col(Item.unit_id) == force.unit_id(unit))
    if task is not None:
        force.plan.key_task(task)
        chosen.append(col(KeyTask.number) == task)
    if overdue:
        chosen += [
            col(Item.status).in_(list(RUNNING_STATUSES)), col(Item.due) < as_of, col(Item.retrospective).is_(False),
        ]  # fmt: skip
    ladders = in_force.ladders(session, force)
    rows = session.execute(lines_of(force).where(*chosen).order_by(col(Item.due), col(Item.id))).tuples()
    return [line_of(force, ladders, as_of, *row) for row in rows]


def item(session: Session, force: InForce, number: int, *, as_of: date) -> ItemLine:
    """Return one item. Raises UnknownName."""
    row = session.execute(_numbered(lines_of(force), force, number)).tuples().one_or_none()
    if row is None:
        raise UnknownName(f"没有编号为 {number} 的交办事项；请用 duban items 查看")
    return line_of(force, in_force.ladders(session, force), as_of, *row)


def as_line(session: Session, force: InForce, row: Item, *, as_of: date) -> ItemLine:
    """Return an item that was read already as lists show it."""
    numbering = _numbering(session, force)
    task = None if row.key_task_id is None else numbering.tasks[row.key_task_id]
    measure = None if row.measure_id is None else numbering.measures[row.measure_id]
    return line_of(force, in_force.ladders(session, force), as_of, row, task, measure)


class _Numbering(NamedTuple):
    """What the plan calls its key tasks and measures, by the database's numbers."""

    tasks: Mapping[int, int]
    measures: Mapping[int, str]


def _numbering(session: Session, force: InForce) -> _Numbering:
    def read() -> _Numbering:
        tasks = session.execute(select(col(KeyTask.id), col(KeyTask.number)).where(col(KeyTask.plan_id) == plan))
        measures = session.execute(select(col(Measure.id), col(Measure.code)).where(col(Measure.plan_id) == plan))
        return _Numbering(dict(tasks.tuples().all()), dict(measures.tuples().all()))

    plan = force.plan_id
    return remembered(session, force.tenant_id, (plan, "numbering"), read)


def history(session: Session, force: InForce, number: int) -> list[HistoryLine]:
    """Return everything that happened to an item, oldest first. Raises UnknownName."""
    if session.scalars(_numbered(select(col(Item.id)), force, number)).one_or_none() is None:
        raise UnknownName(f"没有编号为 {number} 的交办事项；请用 duban items 查看")
    return events_of(session, force, number)


def events_of(session: Session, force: InForce, number: int) -> list[HistoryLine]:
    """Return everything that happened to an item that is known to be there, oldest first."""
    rows = session.execute(_EVENTS, {"plan": force.plan_id, "item": number}).tuples()
    return [HistoryLine(seq, at.astimezone(ZONE), *what) for seq, at, *what in rows]


_EVENTS = (
    select(col(Event.seq), col(Event.at), col(Event.actor), col(Event.acting_for), col(Event.action), col(Event.data))
    .where(
        col(Event.item_id) == bindparam("item", type_=Integer), col(Event.plan_id) == bindparam("plan", type_=Integer)
    )
    .order_by(col(Event.seq))
)


def lines_of(force: InForce) -> Select[Any]:
    """Return what selects the plan's items as `line_of` wants them: item, key task's number, measure's code."""
    return (
        select(Item, col(KeyTask.number), col(Measure.code))
        .outerjoin(KeyTask, col(KeyTask.id) == col(Item.key_task_id))
        .outerjoin(Measure, col(Measure.id) == col(Item.measure_id))
        .where(col(Item.plan_id) == force.plan_id)
    )


def _numbered(statement: Select[Any], force: InForce, number: int) -> Select[Any]:
    return statement.where(col(Item.plan_id) == force.plan_id, col(Item.id) == number)


def line_of(
    force: InForce,
    ladders: Mapping[int, Ladder],
    as_of: date,
    row: Item,
    key_task: int | None,
    measure: str | None,
) -> ItemLine:
    """Return the item as lists show it on a day; `ladders` are those of the plan."""
    return ItemLine(
        id=row.id or 0,
        source=row.source,
        key_task=key_task,
        measure=measure,
        title=row.title,
        unit=unit_name(force, row.unit_id, as_of),
        role=row.role,
        period=row.period,
        status=row.status,
        original_due=row.original_due,
        due=row.due,
        completed=row.completed_at,
        light=light_of(force, ladders[row.ladder_id], row.status, row.due, as_of) if has_light(row) else None,
        rung=row.rung,
        parent=row.parent_id,
        retrospective=row.retrospective,
        revision=row.revision,
    )


def unit_name(force: InForce, unit_id: int, on: date) -> str:
    """Return the name the unit bears on a day; the table's name for a bureau."""
    code = force.unit_codes[unit_id]
    if any(unit.code == code for unit in force.plan.units):
        return force.plan.unit(code).name_on(on)
    return force.unit_names[unit_id]


def has_light(row: Item) -> bool:
    """Return whether the item can have one: one recorded only has none, nor one that was withdrawn and filed away."""
    return not row.retrospective and (row.status is not Status.ARCHIVED or row.completed_at is not None)


def light_of(force: InForce, ladder: Ladder, status: Status, due: date, as_of: date) -> Light | None:
    """Return the light of an item that runs, by its own ladder, or is done (blue); none while its clock stands."""
    if status in FINISHED_STATUSES:
        return Light.BLUE
    if status not in RUNNING_STATUSES:
        return None
    return light(due, as_of=as_of, due_soon_days=ladder.due_soon_days, calendar=force.calendar)


@dataclass(frozen=True)
class TaskLight:
    """A key task's light: the worst of its items, with the units it comes from, and how many items show what.

    `units` are named for red and yellow, in official order; `items` counts all but the withdrawn.
    """

    number: int
    title: str
    lead_unit: str
    light: Light | None
    units: tuple[str, ...]
    counts: Mapping[Light, int]
    items: int


def board(session: Session, force: InForce, *, as_of: date) -> list[TaskLight]:
    """Return the lights of all key tasks in order, from counts by key task and unit rather than from every item."""
    return remembered(session, force.tenant_id, (force.plan_id, "board", as_of), lambda: _board(session, force, as_of))


def _board(session: Session, force: InForce, as_of: date) -> list[TaskLight]:
    shown: dict[int, list[_Shown]] = {}
    for (task, unit_id), lights in sorted(lights_of(session, force, as_of=as_of).items()):
        shown.setdefault(task, []).extend(_Shown(lit, unit_id, many) for lit, many in lights.items())
    return [_task_light(force, task, shown.get(task.number, ()), as_of) for task in force.plan.key_tasks]


class _Shown(NamedTuple):
    """That so many items of a unit show a light."""

    light: Light | None
    unit_id: int
    items: int


def _task_light(force: InForce, task: PlanTask, shown: Sequence[_Shown], as_of: date) -> TaskLight:
    counts: Counter[Light] = Counter()
    for each in shown:
        if each.light is not None:
            counts[each.light] += each.items
    worst = next((light for light in BADNESS if light in counts), None)
    named = [each.unit_id for each in shown if each.light is worst] if worst in _TO_BE_NAMED else []
    units = tuple(unit_name(force, unit_id, as_of) for unit_id in dict.fromkeys(named))
    lead = force.plan.unit(task.lead).name_on(as_of)
    return TaskLight(task.number, task.title, lead, worst, units, dict(counts), sum(each.items for each in shown))
