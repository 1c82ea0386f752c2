"""What the units reported on a quarter (进展、问题、下一步), by key task, and who reported nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_ends, day_of
from config.plan import KeyTask, Safeguard
from config.terms import RUNNING_STATUSES, Responsibility, Status
from models import Item, Measure, ProgressReport
from models import KeyTask as KeyTaskRow
from supervision.in_force import InForce
from supervision.periods import Period, parse_period
from supervision.queries.items import unit_name

_NOT_ASKED = (Status.REGISTERED, Status.WITHDRAWN)


@dataclass(frozen=True)
class Feedback:
    """What one unit said last on one item of the quarter."""

    unit: str
    leads: bool
    about: str
    progress: str
    problems: str
    next_steps: str
    day: date


@dataclass(frozen=True)
class UnitCount:
    """How many items of a unit called for feedback on the quarter, on how many it came, and how many are late."""

    unit: str
    leads: bool
    asked: int
    answered: int
    late: int


@dataclass(frozen=True)
class TaskProgress:
    """One key task, or the safeguards, or the matters from outside the plan; `number` only for a key task.

    `feedback` and `units` begin with the lead's own and go on in official order.
    """

    number: int | None
    part: int | None
    title: str
    lead_unit: str
    feedback: tuple[Feedback, ...]
    units: tuple[UnitCount, ...]

    @property
    def silent(self) -> tuple[str, ...]:
        """Return the units that said nothing at all although some of it is overdue."""
        return tuple(each.unit for each in self.units if each.late and not each.answered)

    @property
    def partly(self) -> tuple[UnitCount, ...]:
        """Return the units that said something but still owe a part that is overdue."""
        return tuple(each for each in self.units if each.late and each.answered)


def progress_of(session: Session, force: InForce, quarter: Period, *, as_of: date) -> tuple[TaskProgress, ...]:
    """Return what was reported on `quarter` until the close of `as_of`: key tasks, safeguards, matters outside.

    An item whose period ends in the quarter calls for feedback on it, whenever that comes. Of an item that runs
    longer, and of a matter from outside the plan, what was said within the quarter is taken along; what came late on
    an earlier quarter stays with that one. What is registered only, withdrawn, retrospective or a part inside a
    unit is left out. An item without feedback is late once its due date has passed at `as_of`, unless its clock stands.
    """
    rows = [row for row in _items(session, force) if _ends_in(row[0], quarter) or _runs_through(row[0], quarter)]
    said = _said(session, force, quarter, as_of, {item.id or 0: _ends_in(item, quarter) for item, *_ in rows})
    groups: dict[_Key, list[_Row]] = defaultdict(list)
    for item, task, measure in rows:
        report = said.get(item.id or 0)
        if _ends_in(item, quarter) or report is not None:
            groups[_key(force, item, task, measure)].append(_Row(item, measure, report))
    found = []
    for task_of in force.plan.matters:
        found.append(_task(force, task_of, groups.get(_key_of(task_of), ()), as_of))
    if outside := groups.get(_OUTSIDE):
        found.append(_outside(force, outside, as_of))
    return tuple(found)


_Key = tuple[str, int]
_OUTSIDE: _Key = ("matters", 0)


@dataclass(frozen=True)
class _Row:
    item: Item
    measure: str | None
    report: ProgressReport | None


def _items(session: Session, force: InForce) -> Sequence[tuple[Item, int | None, str | None]]:
    statement = (
        select(Item, col(KeyTaskRow.number), col(Measure.code))
        .outerjoin(KeyTaskRow, col(KeyTaskRow.id) == col(Item.key_task_id))
        .outerjoin(Measure, col(Measure.id) == col(Item.measure_id))
        .where(
            col(Item.plan_id) == force.plan_id,
            col(Item.parent_id).is_(None),
            col(Item.retrospective).is_(False),
            col(Item.status).not_in(_NOT_ASKED),
            (col(Item.status) != Status.ARCHIVED) | col(Item.completed_at).is_not(None),
        )
        .order_by(col(Item.measure_id), col(Item.id))
    )
    return session.execute(statement).tuples().all()


def _ends_in(item: Item, quarter: Period) -> bool:
    return item.matter_id is None and parse_period(item.period).last in quarter


def _runs_through(item: Item, quarter: Period) -> bool:
    if item.matter_id is not None:
        return True
    period = parse_period(item.period)
    return period.first <= quarter.first and quarter.last < period.last


def _said(
    session: Session, force: InForce, quarter: Period, as_of: date, ends_in: Mapping[int, bool]
) -> Mapping[int, ProgressReport]:
    """Return the last report on each item: on the quarter, or within it where the item is not about the quarter."""
    statement = (
        select(ProgressReport)
        .where(col(ProgressReport.plan_id) == force.plan_id, col(ProgressReport.reported_at) < day_ends(as_of))
        .order_by(col(ProgressReport.reported_at), col(ProgressReport.id))
    )
    found: dict[int, ProgressReport] = {}
    for report in session.scalars(statement):
        of_quarter = ends_in.get(report.item_id)
        if of_quarter or (of_quarter is False and day_of(report.reported_at) in quarter):
            found[report.item_id] = report
    return found


def _key(force: InForce, item: Item, task: int | None, measure: str | None) -> _Key:
    if task is not None:
        return "task", task
    return _OUTSIDE if measure is None else _key_of(force.plan.measure(measure)[0])


def _key_of(task: KeyTask | Safeguard) -> _Key:
    return "task" if isinstance(task, KeyTask) else "safeguard", task.number


def _task(force: InForce, task: KeyTask | Safeguard, rows: Iterable[_Row], as_of: date) -> TaskProgress:
    is_key = isinstance(task, KeyTask)
    lead = force.plan.unit(task.lead).code
    return TaskProgress(
        task.number if is_key else None, task.part if isinstance(task, KeyTask) else None, task.title,
        force.plan.unit(task.lead).name_on(as_of), *_voices(force, rows, lead, as_of),
    )  # fmt: skip


def _outside(force: InForce, rows: Iterable[_Row], as_of: date) -> TaskProgress:
    return TaskProgress(None, None, "计划外交办事项", "", *_voices(force, rows, "", as_of))


def _voices(
    force: InForce, rows: Iterable[_Row], lead: str, as_of: date
) -> tuple[tuple[Feedback, ...], tuple[UnitCount, ...]]:
    """Return what was said and who was asked, the lead first, then in official order."""
    order = {unit.code: place for place, unit in enumerate(force.plan.units)}

    def turn(row: _Row) -> tuple[bool, int, int]:
        code = force.unit_codes[row.item.unit_id]
        return code != lead, order.get(code, len(order)), row.item.unit_id

    counts: dict[int, Counter[str]] = {}
    feedback = []
    for row in sorted(rows, key=turn):
        count = counts.setdefault(row.item.unit_id, Counter())
        count["asked"] += 1
        if row.report is not None:
            count["answered"] += 1
            feedback.append(_feedback(force, row, row.report, lead, as_of))
        elif row.item.due < as_of and row.item.status in RUNNING_STATUSES:
            count["late"] += 1
    units = tuple(
        UnitCount(
            unit_name(force, unit, as_of), force.unit_codes[unit] == lead, count["asked"], count["answered"],
            count["late"],
        )
        for unit, count in counts.items()
    )  # fmt: skip
    return tuple(feedback), units


def _feedback(force: InForce, row: _Row, report: ProgressReport, lead: str, as_of: date) -> Feedback:
    return Feedback(
        unit=unit_name(force, row.item.unit_id, as_of),
        leads=force.unit_codes[row.item.unit_id] == lead or (not lead and row.item.role is Responsibility.LEAD),
        about=row.item.title,
        progress=report.progress,
        problems=report.problems,
        next_steps=report.next_steps,
        day=day_of(report.reported_at),
    )
