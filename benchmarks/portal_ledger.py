"""A ledger of many made-up items (模拟数据), as an office has it in the middle of a plan, and a reader's sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import cycle, islice
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from access import sign_ins
from access.accounts import Known
from access.sign_ins import Terms
from access.tokens import TokenScope, make_token
from benchmarks.sweep import CHUNK, DAY
from config import clock
from config.plan import load_plan, packaged_plan
from config.terms import DueReason, Level, MatterKind, Responsibility, Status
from database import Database, chain, upgrade, writing
from models import DueDate, Item, Measure, Plan
from supervision.in_force import InForce
from supervision.ledger.plan import put_plan
from supervision.queries import register

OPENS, NOON = time(9), time(12)
OFFICE, UNIT = "office.chief", "scjg.liaison"

_SHARES = (
    (Status.CLOSED, 8), (Status.ARCHIVED, 4), (Status.COMPLETED, 1), (Status.ACKNOWLEDGED, 5), (Status.ASSIGNED, 1),
    (Status.COMPLETION_REPORTED, 1),
)  # fmt: skip
"""How many of twenty items stand where: an office's ledger is mostly done with."""

_SELDOM = (Status.DISPUTED, Status.SUSPENDED, Status.RETURNED, Status.REGISTERED, Status.WITHDRAWN)
"""One item in a hundred stands in one of these."""

_DONE = frozenset({Status.CLOSED, Status.ARCHIVED, Status.COMPLETED})
_FIRST_DUE, _LAST_DUE = date(2022, 1, 4), date(2023, 12, 29)
_DAYS = (_LAST_DUE - _FIRST_DUE).days


@dataclass(frozen=True)
class _Source:
    """What items are made of: measures as (number, key task's number, title), units, and who assigned."""

    force: InForce
    measures: Sequence[tuple[int, int, str]]
    units: Sequence[int]
    by: int


def fill(database: Database, many: int) -> None:
    """Put the packaged plan and `many` items into an empty database; the plan stands at `DAY`."""
    upgrade(database)
    plan = load_plan(packaged_plan())
    with writing(database) as session:
        force = put_plan(session, plan, at=clock.moment(DAY, OPENS))
        session.execute(update(Plan).values(demonstrated_until=DAY))
        source = _source(session, force)
    for start in range(1, many + 1, CHUNK):
        numbers = range(start, min(start + CHUNK, many + 1))
        with writing(database) as session:
            rows = [_item(source, number) for number in numbers]
            session.execute(insert(Item), rows)
            session.execute(insert(DueDate), [_due_date(source, row) for row in rows])
            chain.append(session, force.tenant_id, [_entry(source, row) for row in rows])


def token_of(database: Database, login: str) -> str:
    """Return a token with which a program reads in somebody's name."""
    with writing(database) as session:
        [plan] = session.scalars(select(Plan))
        known = Known(plan.tenant_id, register.logins(session, plan.tenant_id)[login], login)
        return make_token(session, known, name="bench", scopes=[TokenScope.READ], days=1, at=clock.now())


def secrets(database: Database, login: str, many: int) -> list[str]:
    """Return the cookies of `many` browsers in which somebody is signed in."""
    with writing(database) as session:
        [plan] = session.scalars(select(Plan))
        person = register.logins(session, plan.tenant_id)[login]
        known = Known(plan.tenant_id, person, login)
        return [sign_ins.opened(session, known, at=clock.now(), terms=Terms()) for _ in range(many)]


def _source(session: Session, force: InForce) -> _Source:
    measures = select(col(Measure.id), col(Measure.key_task_id), col(Measure.title)).order_by(col(Measure.id))
    units = [force.unit_ids[unit.code] for unit in force.plan.units]
    by = register.logins(session, force.tenant_id)[OFFICE]
    return _Source(force, [tuple(row) for row in session.execute(measures)], units, by)


def _item(source: _Source, number: int) -> dict[str, Any]:
    """Return an item's row: every part of it goes round at a pace of its own, so that everything meets everything."""
    status, due = _status(number), _FIRST_DUE + timedelta(days=number * 37 % _DAYS)
    measure, key_task, title = source.measures[number * 7 % len(source.measures)]
    planned = number % 5 != 0
    late = status not in _DONE and due < DAY
    return {
        "id": number, "tenant_id": source.force.tenant_id, "plan_id": source.force.plan_id,
        "occurrence": f"bench/{number}", "source": MatterKind.PLAN if planned else MatterKind.INSTRUCTION,
        "key_task_id": key_task, "measure_id": measure if planned else None,
        "unit_id": source.units[number * 11 % len(source.units)],
        "role": Responsibility.LEAD if number % 3 == 0 else Responsibility.SUPPORTING,
        "period": f"{due.year}Q{(due.month + 2) // 3}",
        "title": title if planned else f"模拟数据：落实第 {number} 号批示，{title}",
        "urgent": False, "retrospective": False,
        "status": status, "original_due": due, "due": due, "judged_due": due, "due_version": 1,
        "clock_started_on": due - timedelta(days=60), "ladder_id": source.force.ladder_id,
        "rung": Level.URGE if late else None, "revision": 3,
        "assigned_at": _at(due - timedelta(days=60)), "assigned_by": source.by,
        "completed_at": _at(due - timedelta(days=number % 9 - 2)) if status in _DONE else None,
    }  # fmt: skip


_ROUND = tuple(islice(cycle([status for status, share in _SHARES for _ in range(share)]), 20))


def _status(number: int) -> Status:
    return _SELDOM[number // 100 % len(_SELDOM)] if number % 100 == 99 else _ROUND[number * 3 % len(_ROUND)]


def _at(day: date) -> datetime:
    return clock.moment(day, NOON)


def _due_date(source: _Source, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "tenant_id": row["tenant_id"], "plan_id": row["plan_id"], "item_id": row["id"], "version": 1,
        "due": row["due"], "judges": True, "reason": DueReason.ASSIGNED, "set_at": row["assigned_at"],
        "set_by": source.by,
    }  # fmt: skip


def _entry(source: _Source, row: dict[str, Any]) -> chain.Entry:
    data = {"status": Status.ASSIGNED.value, "due": row["due"].isoformat()}
    return chain.Entry("assign", row["assigned_at"], OFFICE, plan_id=row["plan_id"], item_id=row["id"], data=data)
