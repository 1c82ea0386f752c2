"""The escalation sweep: event, chained entry, notice and deliveries, against the bare set-based SQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import Session

from benchmarks.figures import Measured, timed
from config import clock
from config.plan import load_plan, packaged_plan
from config.terms import MatterKind, Responsibility, Status
from database import Database, upgrade, writing
from models import Item
from supervision import cycle
from supervision.in_force import InForce
from supervision.ledger.plan import put_plan

DAY = date(2022, 7, 1)
CHUNK = 5000


def measure(database: Database, kind: str, *, open_items: int) -> Iterator[Measured]:
    """Yield the figures of sweeps over `open_items`: idle, one percent due, and ten thousand all due."""
    force = _loaded(database)
    _fill(database, force, open_items, due=DAY + timedelta(days=200), sweep_on=DAY + timedelta(days=150))
    yield _idle(database, kind, open_items)
    some = open_items // 100
    _fill(database, force, some, due=DAY - timedelta(days=1), sweep_on=DAY, first=open_items)
    yield _sweep(database, kind, f"sweep, {some} of {open_items} due", some)
    many = min(10_000, open_items)
    _fill(database, force, many, due=DAY - timedelta(days=1), sweep_on=DAY, first=open_items + some)
    yield _sweep(database, kind, f"sweep, all {many} due", many)


def _loaded(database: Database) -> InForce:
    upgrade(database)
    with writing(database) as session:
        return put_plan(session, load_plan(packaged_plan()), at=clock.moment(DAY, datetime.min.time()))


def _fill(database: Database, force: InForce, many: int, *, due: date, sweep_on: date, first: int = 0) -> None:
    units = sorted(force.unit_ids.values())
    for start in range(first, first + many, CHUNK):
        numbers = range(start, min(start + CHUNK, first + many))
        with writing(database) as session:
            session.execute(insert(Item), [_item(force, units, number, due, sweep_on) for number in numbers])


def _item(force: InForce, units: list[int], number: int, due: date, sweep_on: date) -> dict[str, Any]:
    return {
        "tenant_id": force.tenant_id, "plan_id": force.plan_id, "occurrence": f"bench/{number}",
        "source": MatterKind.INSTRUCTION, "unit_id": units[number % len(units)], "role": Responsibility.LEAD,
        "period": "2022", "title": f"模拟数据：事项{number}", "urgent": False, "retrospective": False,
        "status": Status.ACKNOWLEDGED, "original_due": due, "due": due, "judged_due": due, "due_version": 1,
        "clock_started_on": DAY - timedelta(days=60), "ladder_id": force.ladder_id, "sweep_on": sweep_on, "revision": 1,
    }  # fmt: skip


def _idle(database: Database, kind: str, open_items: int) -> Measured:
    cycle.escalate_overdue(database, "", as_of=DAY)
    with timed() as watch:
        cycle.escalate_overdue(database, "", as_of=DAY)
    with writing(database) as session, timed() as raw:
        session.execute(text("SELECT count(*) FROM item WHERE sweep_on <= :day AND sweep_on IS NOT NULL"), {"day": DAY})
    return Measured(f"idle sweep over {open_items}", kind, 1, "sweeps", watch.seconds, "bare query", raw.seconds)


def _sweep(database: Database, kind: str, name: str, due: int) -> Measured:
    raw = _bare(database, due)
    with timed() as watch:
        made = cycle.escalate_overdue(database, "", as_of=DAY)
    if len(made.notices) != due:
        raise RuntimeError(f"{len(made.notices)} notices instead of {due}")
    return Measured(name, kind, due, "items", watch.seconds, "insert-select and update", raw)


def _bare(database: Database, due: int) -> float:
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
