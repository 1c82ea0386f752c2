"""The ledger (台账) a page at a time: filtered, sorted and counted by the database, however long it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from config.terms import OPEN_STATUSES, RUNNING_STATUSES, Decision, Level, MatterKind, Status
from database.remembered import remembered
from models import Extension, Item, KeyTask, Measure, Unit
from supervision import in_force
from supervision.deadlines import Light
from supervision.in_force import InForce
from supervision.queries.items import ItemLine, line_of, lines_of
from supervision.queries.lights import shows
from supervision.queries.sight import Sight

PAGE = 50
"""Rows on a page."""

SORTS = ("due", "id", "task", "title", "unit", "status", "completed")
"""By what the ledger can be sorted; the first is what it is sorted by unasked."""

BLOCK = 1000
"""Numbers that are read and kept at a time: pages are cut from them."""

_ONE_DAY = timedelta(days=1)


class Scope(StrEnum):
    """Which part of the ledger: what still needs somebody, what is done, both, or what is recorded only (补录)."""

    OPEN = "open"
    DONE = "done"
    ALL = "all"
    RECORDED = "recorded"


@dataclass(frozen=True)
class Wanted:
    """What of the ledger is wanted. Empty values leave everything through; a status or light says more than `scope`.

    `overdue_from` and `overdue_to` are working days overdue, both included; `asks_extension` leaves only items whose
    unit waits for an answer to a request for more time.
    """

    scope: Scope = Scope.OPEN
    task: int | None = None
    unit: str = ""
    status: Status | None = None
    light: Light | None = None
    level: Level | None = None
    source: MatterKind | None = None
    due_from: date | None = None
    due_to: date | None = None
    overdue_from: int | None = None
    overdue_to: int | None = None
    asks_extension: bool = False
    open_only: bool = False
    words: str = ""
    sort: str = SORTS[0]
    descending: bool = False


@dataclass(frozen=True)
class LedgerPage:
    """One page of the ledger. `page` is counted from 1; `pages` is at least 1."""

    rows: tuple[ItemLine, ...]
    total: int
    page: int
    pages: int


def ledger_page(
    session: Session, force: InForce, sight: Sight, wanted: Wanted, *, as_of: date, page: int = 1, size: int = PAGE
) -> LedgerPage:
    """Return a page of what is wanted and may be seen; beyond the last page, the last one.

    Raises UnknownName for a unit or key task that the plan does not have.
    """
    total = len(_numbers(session, force, sight, wanted, as_of, 0))
    if total == BLOCK:
        total = count(session, force, sight, wanted, as_of=as_of)
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    first = (page - 1) * size
    blocks = range(first // BLOCK, (first + size - 1) // BLOCK + 1)
    numbers = [number for block in blocks for number in _numbers(session, force, sight, wanted, as_of, block)]
    start = first % BLOCK
    return LedgerPage(tuple(_lines(session, force, numbers[start : start + size], as_of)), total, page, pages)


def _numbers(
    session: Session, force: InForce, sight: Sight, wanted: Wanted, as_of: date, block: int
) -> tuple[int, ...]:
    """Return the numbers of one block of the items wanted, in order."""

    def read() -> tuple[int, ...]:
        chosen = conditions(session, force, sight, wanted, as_of=as_of)
        statement = _ordered(select(col(Item.id)), wanted).where(*chosen).limit(BLOCK).offset(block * BLOCK)
        return tuple(number or 0 for number in session.scalars(statement))

    return remembered(session, force.tenant_id, (force.plan_id, "numbers", sight, wanted, as_of, block), read)


def _lines(session: Session, force: InForce, numbers: Sequence[int], as_of: date) -> list[ItemLine]:
    """Return the items of these numbers, in the same order."""

    def read() -> list[ItemLine]:
        ladders = in_force.ladders(session, force)
        rows = session.execute(lines_of(force).where(col(Item.id).in_(numbers))).tuples()
        lines = {line.id: line for line in (line_of(force, ladders, as_of, *row) for row in rows)}
        return [lines[number] for number in numbers]

    return remembered(session, force.tenant_id, (force.plan_id, "lines", tuple(numbers), as_of), read)


def everything(session: Session, force: InForce, sight: Sight, wanted: Wanted, *, as_of: date) -> Sequence[ItemLine]:
    """Return all of what is wanted and may be seen, in its order: for an export."""
    chosen = conditions(session, force, sight, wanted, as_of=as_of)
    statement = _ordered(lines_of(force), wanted).where(*chosen)
    ladders = in_force.ladders(session, force)
    return [line_of(force, ladders, as_of, *row) for row in session.execute(statement).tuples()]


def count(session: Session, force: InForce, sight: Sight, wanted: Wanted, *, as_of: date) -> int:
    """Return how many items are wanted and may be seen."""
    wanted = replace(wanted, sort=SORTS[0], descending=False)

    def read() -> int:
        chosen = conditions(session, force, sight, wanted, as_of=as_of)
        return session.scalars(select(func.count()).select_from(Item).where(*chosen)).one()

    return remembered(session, force.tenant_id, (force.plan_id, "count", sight, wanted, as_of), read)


def conditions(
    session: Session, force: InForce, sight: Sight, wanted: Wanted, *, as_of: date
) -> list[ColumnElement[bool]]:
    """Return what an item must meet. Raises UnknownName."""
    chosen = [*_part(force, wanted), sight.items]
    if wanted.task is not None:
        force.plan.key_task(wanted.task)
        key_task = select(col(KeyTask.id)).where(
            col(KeyTask.plan_id) == force.plan_id, col(KeyTask.number) == wanted.task
        )
        chosen.append(col(Item.key_task_id) == key_task.scalar_subquery())
    if wanted.unit:
        chosen.append(col(Item.unit_id) == force.unit_id(wanted.unit))
    for column, value in ((Item.status, wanted.status), (Item.rung, wanted.level), (Item.source, wanted.source)):
        if value is not None:
            chosen.append(col(column) == value)
    if wanted.open_only:
        chosen.append(col(Item.status).in_(list(RUNNING_STATUSES)))
    if wanted.due_from is not None:
        chosen.append(col(Item.due) >= wanted.due_from)
    if wanted.due_to is not None:
        chosen.append(col(Item.due) <= wanted.due_to)
    if wanted.light is not None:
        chosen.append(shows(force, in_force.ladders(session, force), wanted.light, as_of))
    chosen += _overdue(force, wanted, as_of)
    if wanted.asks_extension:
        asked = select(col(Extension.item_id)).where(
            col(Extension.plan_id) == force.plan_id, col(Extension.decision) == Decision.PENDING
        )
        chosen.append(col(Item.id).in_(asked))
    if wanted.words:
        chosen.append(_says(force, wanted.words))
    return chosen


_SCANNED = frozenset({"title", "completed"})
"""Sorts by a column that no index of the ledger holds."""


def _part(force: InForce, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the conditions that an item is of the plan and of the part of the ledger that is wanted.

    What looks at columns that the ledger's index does not hold has to read every row, and does so five times faster
    in the table's own order than by way of an index. SQLite has no numbers to choose by: it is kept from the indexes
    by expressions in the place of their first columns.
    """
    whole = bool(wanted.words) or wanted.sort in _SCANNED
    recorded = func.coalesce(col(Item.retrospective), false()) if whole else col(Item.retrospective)
    found: list[ColumnElement[bool]] = [
        (col(Item.plan_id) + 0 if whole else col(Item.plan_id)) == force.plan_id,
        recorded.is_(wanted.scope is Scope.RECORDED),
    ]
    if wanted.scope is Scope.RECORDED:
        return found
    if wanted.scope is not Scope.ALL and wanted.status is None and wanted.light is None:
        is_open = col(Item.status).in_(list(OPEN_STATUSES))
        found.append(is_open if wanted.scope is Scope.OPEN else ~is_open)
    return found


def _overdue(force: InForce, wanted: Wanted, as_of: date) -> list[ColumnElement[bool]]:
    """Return the conditions on the age of what is overdue, in working days."""
    if wanted.overdue_from is None and wanted.overdue_to is None:
        return []
    found: list[ColumnElement[bool]] = [
        col(Item.status).in_(list(RUNNING_STATUSES)),
        col(Item.due) < as_of,
    ]
    if wanted.overdue_from:
        found.append(col(Item.due) < _days_before(force, as_of, wanted.overdue_from - 1))
    if wanted.overdue_to is not None:
        found.append(col(Item.due) >= _days_before(force, as_of, wanted.overdue_to))
    return found


def _days_before(force: InForce, as_of: date, days: int) -> date:
    """Return the earliest due date that is at most `days` working days overdue on `as_of`."""
    day = as_of
    while force.calendar.count(day, as_of) <= days:
        day -= _ONE_DAY
    return day


def _says(force: InForce, words: str) -> ColumnElement[bool]:
    """Return the condition that title, period, measure, or the unit's name holds the words."""
    pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    units = [number for number, name in force.unit_names.items() if words in name]
    measures = select(col(Measure.id)).where(
        col(Measure.plan_id) == force.plan_id,
        or_(col(Measure.title).like(pattern, escape="\\"), col(Measure.clause).like(pattern, escape="\\")),
    )
    said = [
        col(Item.title).like(pattern, escape="\\"),
        col(Item.period) == words,
        col(Item.unit_id).in_(units),
        col(Item.measure_id).in_(measures),
    ]
    if words.isascii() and words.isdigit() and len(words) < 10:
        said.append(col(Item.id) == int(words))
    return or_(*said)


def _ordered(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    """Return the statement in the wanted order, with the table that the order needs.

    Key tasks and units are numbered in official order only by their own columns.
    """
    if wanted.sort == "unit":
        statement = statement.join(Unit, col(Unit.id) == col(Item.unit_id))
    if wanted.sort == "task":
        statement = statement.outerjoin(_task, col(_task.id) == col(Item.key_task_id))
    return statement.order_by(*_order(wanted))


_task = aliased(KeyTask)


def _order(wanted: Wanted) -> list[ColumnElement[Any]]:
    columns: dict[str, list[Any]] = {
        "due": [col(Item.due)],
        "id": [],
        "task": [col(_task.number), col(Item.due)],
        "title": [col(Item.title)],
        "unit": [col(Unit.sort_order), col(Item.due)],
        "status": [col(Item.status), col(Item.due)],
        "completed": [col(Item.completed_at)],
    }
    chosen = [*columns[wanted.sort], col(Item.id)]
    return [column.desc() if wanted.descending else column for column in chosen]
