"""The escalation sweep: event, chained entry, notice and deliveries, against the bare set-based SQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import Session

from benchmarks.figures import Goal, Measured, best_of, timed
from config import clock
from config.plan import load_plan, packaged_plan
from config.terms import MatterKind, Responsibility, Status
from database import Database, reading, upgrade, writing
from models import Item
from supervision import cycle
from supervision.in_force import InForce
from supervision.ledger.plan import put_plan

DAY = date(2022, 7, 1)
CHUNK = 5000
MANY = 10_000
FEW_IDLE = 10_000
TIMES_IDLE = 9

SOME_DUE = Goal(ratio=10)
ALL_DUE = {"sqlite": Goal(per_second=10_000), "postgresql": Goal(per_second=5_000)}


def measure(database: Database, kind: str, *, open_items: int, idle_items: int) -> Iterator[Measured]:
    """Yield the figures of sweeps over `open_items`: one percent due, ten thousand all due, and idle ones.

    The idle sweep is measured over `FEW_IDLE` items and over `idle_items`: it ought to cost the same.
    """
    force = _loaded(database)
    few = min(FEW_IDLE, idle_items)
    _fill_idle(database, force, 0, few)
    idle = _idle(database, kind, few)
    yield idle
    _fill_idle(database, force, few, open_items)
    some = open_items // 100
    yield _sweep(database, kind, force, f"sweep, {some:,} of {open_items:,} due", some, open_items, SOME_DUE)
    many, first = min(MANY, open_items), open_items + some
    yield _sweep(database, kind, force, f"sweep, all {many:,} due", many, first, ALL_DUE[kind])
    _fill_idle(database, force, first + many, idle_items)
    yield _idle(database, kind, idle_items, than=idle)


def _loaded(database: Database) -> InForce:
    upgrade(database)
    with writing(database) as session:
        return put_plan(session, load_plan(packaged_plan()), at=clock.moment(DAY, datetime.min.time()))


def _fill_idle(database: Database, force: InForce, first: int, up_to: int) -> None:
    """Put in items that are not due for long, from number `first` up to `up_to`."""
    fill(database, force, up_to - first, due=DAY + timedelta(days=200), sweep_on=DAY + timedelta(days=150), first=first)


def fill(database: Database, force: InForce, many: int, *, due: date, sweep_on: date, first: int = 0) -> None:
    """Put in `many` open items, the first of which has the number `first` in its key."""
    units = sorted(force.unit_ids.values())
    for start in range(first, first + many, CHUNK):
        numbers = range(start, min(start + CHUNK, first + many))
        with writing(database) as session:
            rows = [_item(force, units, number, due, sweep_on) for number in numbers]
            session.connection().execute(insert(Item), rows)


def _item(force: InForce, units: list[int], number: int, due: date, sweep_on: date) -> dict[str, Any]:
    return {
        "tenant_id": force.tenant_id, "plan_id": force.plan_id, "occurrence": f"bench/{number}",
        "source": MatterKind.INSTRUCTION, "unit_id": units[number % len(units)], "role": Responsibility.LEAD,
        "period": "2022", "title": f"模拟数据：事项{number}", "urgent": False, "retrospective": False,
        "status": Status.ACKNOWLEDGED, "original_due": due, "due": due, "judged_due": due, "due_version": 1,
        "clock_started_on": DAY - timedelta(days=60), "ladder_id": force.ladder_id, "sweep_on": sweep_on, "revision": 1,
    }  # fmt: skip


def _idle(database: Database, kind: str, open_items: int, *, than: Measured | None = None) -> Measured:
    """Return the idle sweep; beside it the bare query, or, of the larger one, the sweep over few items (`than`)."""
    _analyse(database)
    seconds = best_of(TIMES_IDLE, lambda: cycle.escalate_overdue(database, "", as_of=DAY))
    if than is not None:
        goal, raw, raw_seconds = Goal(ratio=1.5), f"idle over {FEW_IDLE:,}", than.seconds
    else:
        goal, raw, raw_seconds = Goal(), "bare query", best_of(TIMES_IDLE, lambda: _bare_query(database))
    return Measured(f"idle sweep over {open_items:,}", kind, 1, "sweeps", seconds, raw, raw_seconds, goal=goal)


def _bare_query(database: Database) -> None:
    with reading(database) as session:
        session.execute(text("SELECT count(*) FROM item WHERE sweep_on <= :day AND sweep_on IS NOT NULL"), {"day": DAY})


def _sweep(database: Database, kind: str, force: InForce, name: str, due: int, first: int, goal: Goal) -> Measured:
    fill(database, force, due, due=DAY - timedelta(days=1), sweep_on=DAY, first=first)
    _analyse(database)
    raw = min(_bare(database) for _ in range(3))
    with timed() as watch:
        made = cycle.escalate_overdue(database, "", as_of=DAY)
    if len(made.notices) != due:
        raise RuntimeError(f"{len(made.notices)} notices instead of {due}")
    return Measured(name, kind, due, "items", watch.seconds, "insert-select and update", raw, goal=goal,
                    processor=watch.processor)  # fmt: skip


def _bare(database: Database) -> float:
    """Return the seconds of the least: one insert-select under a unique key and one update, rolled back."""
    with Session(database.engine) as session:
        session.execute(text("CREATE TEMPORARY TABLE bare (item_id integer, rung integer, UNIQUE (item_id, rung))"))
        with timed() as watch:
            session.execute(
                text("INSERT INTO bare SELECT id, 1 FROM item WHERE sweep_on <= :day AND sweep_on IS NOT NULL"),
                {"day": DAY},
            )
            session.execute(text("UPDATE item SET sweep_on = NULL WHERE sweep_on <= :day"), {"day": DAY})
        session.rollback()
    return watch.seconds


def _analyse(database: Database) -> None:
    """Let the database look at what was loaded at once, as it does by itself with time."""
    with writing(database) as session:
        session.execute(text("ANALYZE"))
