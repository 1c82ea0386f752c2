"""What every flow does around its work: finds plan and day, asks the schedule, leaves a heartbeat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from config import clock
from config.settings import Settings
from config.terms import FlowOutcome
from database import Database, reading
from flows import heartbeat
from flows.by_mail.fetched import FetchedReplies
from flows.installation import database_at, settings_here
from flows.results import Assessed, Audited, MadeUp, Skipped, in_words
from flows.schedule import Scheduled, may_run, schedule
from notifications.outbox import Delivered
from supervision import in_force
from supervision.cycle import Made
from supervision.in_force import InForce

AResult = TypeVar("AResult", Made, Delivered, Assessed, Audited, MadeUp, FetchedReplies)


@dataclass(frozen=True)
class Run:
    """One run of a flow: for which day, on which plan, in which installation."""

    flow: str
    as_of: date
    force: InForce
    settings: Settings
    database: Database

    @property
    def plan(self) -> str:
        """Return the plan's code."""
        return self.force.plan.code


async def attended(
    flow: str,
    work: Callable[[Run], Awaitable[AResult | Skipped]],
    *,
    plan: str,
    as_of: date | None,
    scheduled_as: str = "",
) -> AResult | Skipped:
    """Do the work of `flow` for `as_of` (the plan's today when None) between two heartbeats, or say why not today.

    `plan` is a code; empty: the one set, or the only one. `scheduled_as` names the schedule's entry where it is
    another than the flow. What the work raises is recorded, and raised.
    """
    run = await asyncio.to_thread(_run, flow, plan, as_of)
    number = await asyncio.to_thread(heartbeat.begin, run.database, run.force, flow, as_of=run.as_of, at=clock.now())
    outcome, detail = FlowOutcome.FAILED, "运行中断"
    try:
        if because := _not_today(run, scheduled_as or flow):
            outcome, detail = FlowOutcome.SKIPPED, because
            return Skipped(flow, run.as_of, because)
        result = await work(run)
        if isinstance(result, Skipped):
            outcome = FlowOutcome.SKIPPED
        else:
            outcome = FlowOutcome.DONE
        detail = in_words(result)
        return result
    except Exception as error:
        detail = str(error) or type(error).__name__
        raise
    finally:
        await asyncio.to_thread(heartbeat.end, run.database, number, outcome, at=clock.now(), detail=detail)


def entry_of(flow: str) -> Scheduled | None:
    """Return the schedule's entry for `flow`; None for a flow that only runs when it is called."""
    return next((entry for entry in schedule() if entry.flow == flow), None)


def _run(flow: str, plan: str, as_of: date | None) -> Run:
    settings = settings_here()
    database = database_at(settings.database_url)
    with reading(database) as session:
        force = in_force.load(session, plan or settings.plan)
    return Run(flow, as_of or force.today, force, settings, database)


def _not_today(run: Run, scheduled_as: str) -> str:
    entry = entry_of(scheduled_as)
    if entry is None or may_run(entry, run.as_of, run.force.calendar):
        return ""
    return f"{run.as_of} 不是工作日，{entry.title}不办理"
