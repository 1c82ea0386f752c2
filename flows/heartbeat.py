"""That a flow has run: every run leaves a row, whatever becomes of it, and the row is what the audit looks for.

The rows are ours and not the engine's, because the engine may forget, be replaced, or be down itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlmodel import col

from config.clock import day_of
from config.terms import FlowOutcome
from database import Database, reading, writing
from flows.schedule import Due, Scheduled, due_runs, may_run, missed
from models import FlowRun, PlanVersion
from supervision.in_force import InForce

PLAN = "supervise_plan"
KEY_TASK = "supervise_key_task"
SAFEGUARDS = "supervise_safeguards"
MAKE_UP = "make_up_missed"
DETAIL_LENGTH = 2000
"""Characters kept of what went wrong."""

_RAN = (FlowOutcome.DONE, FlowOutcome.SKIPPED)


def key_task_run(number: int) -> str:
    """Return the name under which the runs of one key task are kept."""
    return f"{KEY_TASK}/{number}"


def begin(database: Database, force: InForce, flow: str, *, as_of: date, at: datetime) -> int:
    """Record that a run of `flow` has begun; return its number."""
    with writing(database) as session:
        row = FlowRun(tenant_id=force.tenant_id, plan_id=force.plan_id, flow=flow, as_of=as_of, started_at=at)
        session.add(row)
        session.flush()
        return row.id or 0


def end(database: Database, number: int, outcome: FlowOutcome, *, at: datetime, detail: str = "") -> None:
    """Record how run `number` ended. A run that was killed keeps no outcome."""
    ended = {"outcome": outcome, "finished_at": at, "detail": detail[:DETAIL_LENGTH]}
    with writing(database) as session:
        session.execute(update(FlowRun).where(col(FlowRun.id) == number).values(**ended))


def last_runs(database: Database, force: InForce) -> Mapping[str, datetime]:
    """Return when the last run that did its work, or had none to do, began, by flow.

    `supervise_plan` counts as run when it ran itself, or each key task and the safeguards did on their own,
    as they do where each has its deployment: then the oldest of these counts.
    """
    statement = (
        select(col(FlowRun.flow), func.max(col(FlowRun.started_at)))
        .where(col(FlowRun.plan_id) == force.plan_id, col(FlowRun.outcome).in_(_RAN))
        .group_by(col(FlowRun.flow))
    )
    with reading(database) as session:
        found = dict(session.execute(statement).tuples().all())
    parts = [SAFEGUARDS, *(key_task_run(task.number) for task in force.plan.key_tasks)]
    if all(part in found for part in parts):
        together = min(found[part] for part in parts)
        found[PLAN] = max(found.get(PLAN, together), together)
    return found


def first_loaded(database: Database, force: InForce) -> datetime:
    """Return when the plan was first loaded: nothing was to run before."""
    statement = select(func.min(col(PlanVersion.loaded_at))).where(col(PlanVersion.plan_id) == force.plan_id)
    with reading(database) as session:
        found: datetime = session.execute(statement).scalar_one()
    return found


def outstanding(database: Database, force: InForce, entries: Sequence[Scheduled], *, at: datetime) -> tuple[Due, ...]:
    """Return the flows that were to run by `at` and have not run since, as far as the day of `at` is one for them."""
    due = due_runs(entries, last_runs(database, force), at=at, calendar=force.calendar)
    return tuple(each for each in due if may_run(each.entry, day_of(at), force.calendar))


def overdue(database: Database, force: InForce, entries: Sequence[Scheduled], *, at: datetime) -> tuple[Due, ...]:
    """Return the flows that are missing beyond their grace at `at`, since the plan was first loaded."""
    since = first_loaded(database, force)
    return missed(entries, last_runs(database, force), since=since, at=at, calendar=force.calendar)


def to_make_up(database: Database, force: InForce, entries: Sequence[Scheduled], *, at: datetime) -> tuple[Due, ...]:
    """Return the flows that are missing beyond half their grace at `at`, as far as the day of `at` is one for them.

    Half, so that the alarm, which comes after the whole of it, is spared where making up is all it takes.
    """
    early = [replace(entry, grace=entry.grace / 2) for entry in entries]
    due = overdue(database, force, early, at=at)
    return tuple(each for each in due if may_run(each.entry, day_of(at), force.calendar))
