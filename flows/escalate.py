"""The ladder: what is due a rung and does not hold it gets it."""

from __future__ import annotations

import asyncio
from datetime import date

import prefect

from flows.attended import Run
from flows.made import made
from flows.results import Skipped
from supervision import cycle
from supervision.cycle import Made


@prefect.flow
async def escalate_overdue(as_of: date | None = None, plan: str = "") -> Made | Skipped:
    """Climb the ladder of items and requests as of `as_of` (today when None)."""

    async def work(run: Run) -> Made:
        return await asyncio.to_thread(cycle.escalate_overdue, run.database, run.plan, as_of=run.as_of)

    return await made("escalate_overdue", work, plan=plan, as_of=as_of)
