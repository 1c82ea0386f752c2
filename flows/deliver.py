"""The outbox is emptied: what may go out goes out, the rest keeps its turn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import prefect
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from config import clock
from config.errors import BadInput
from flows.attended import Run, attended
from flows.results import Skipped
from notifications.outbox import Delivered, deliver

RETRIES = 2
RETRY_AFTER_SECONDS = [10.0, 60.0]
TIMEOUT_SECONDS = 1800
"""A batch is bounded by the outbox; this ends a run that hangs before the next day's work."""


async def _worth_a_retry(_task: Any, _run: TaskRun, state: State[Any]) -> bool:
    """A wrong setting or a missing calendar stays wrong: only the outside may get better by waiting."""
    return not isinstance(await state.aresult(raise_on_failure=False), BadInput)


@prefect.task(
    retries=RETRIES,
    retry_delay_seconds=RETRY_AFTER_SECONDS,
    retry_condition_fn=_worth_a_retry,
    timeout_seconds=TIMEOUT_SECONDS,
    cache_policy=NO_CACHE,
)
async def empty_outbox(run: Run, at: datetime) -> Delivered:
    """Send what may be sent at `at`. Safe to repeat: a delivery is claimed before it is sent."""
    force = run.force
    return await deliver(
        run.database,
        run.settings,
        tenant_id=force.tenant_id,
        plan_id=force.plan_id,
        at=at,
        working_time=force.working_time,
        digest_from=force.plan.ladder.working_time.digest_from,
    )


@prefect.flow
async def deliver_notices(at: datetime | None = None, plan: str = "") -> Delivered | Skipped:
    """Empty the outbox at `at` (now when None): in working time everything that is due, else only what is urgent.

    Digests wait for `digest_from`, so that yesterday evening's leftovers do not take the day's only digest before the
    morning's flows have said what is overdue.
    """

    async def work(run: Run) -> Delivered:
        return await empty_outbox(run, at or run.force.now)

    return await attended("deliver_notices", work, plan=plan, as_of=clock.day_of(at) if at else None)
