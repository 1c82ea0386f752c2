"""Reporting requests: opened, chased, closed."""

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
async def collect_figures(as_of: date | None = None, plan: str = "") -> Made | Skipped:
    """Open the reporting requests that are due to open as of `as_of` (today when None), chase, and close windows."""

    async def work(run: Run) -> Made:
        return await asyncio.to_thread(cycle.collect_figures, run.database, run.plan, as_of=run.as_of)

    return await made("collect_figures", work, plan=plan, as_of=as_of)
