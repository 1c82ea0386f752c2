"""The last days of a demonstration, run as flows through the engine, as an installation runs them every day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from typing import Any

from config.settings import Settings
from demo.stage import Stage
from flows.catalogue import known_flow
from flows.engine import Engine, engine
from flows.run import call

__all__ = ["Engine", "play_by_engine", "starting"]


@contextmanager
def starting(settings: Settings) -> Iterator[Callable[[], Engine]]:
    """Start the engine in the background; the function that is given waits for it.

    It takes as long to start as a month takes to play. Raises EngineError, when it is waited for, if none can be had.
    """
    with ThreadPoolExecutor(max_workers=1) as pool, ExitStack() as running:
        found = pool.submit(running.enter_context, engine(settings))
        try:
            yield found.result
        finally:
            wait([found])


def play_by_engine(
    stage: Stage, running: Engine, days: Sequence[date], played: Callable[[date], None]
) -> tuple[str, ...]:
    """Play `days`, telling `played` after each; return what the nightly audits found.

    Raises whatever a flow raises.
    """
    return asyncio.run(_play(stage, running, days, played))


async def _play(stage: Stage, running: Engine, days: Sequence[date], played: Callable[[date], None]) -> tuple[str, ...]:
    findings: list[str] = []
    for day in days:
        findings += await _day(stage, running, day)
        played(day)
    return tuple(findings)


async def _day(stage: Stage, running: Engine, as_of: date) -> tuple[str, ...]:
    async def run(flow: str, **arguments: date | datetime | str) -> Any:
        return await call(known_flow(flow), stage.settings, running, plan=stage.plan_code, **arguments)

    for flow in ("supervise_plan", "collect_figures", "escalate_overdue"):
        await run(flow, as_of=as_of)
    await run("deliver_notices", at=stage.morning_mail(as_of))
    await asyncio.to_thread(stage.people_act, as_of)
    for quarter in stage.frozen.get(as_of, ()):
        await run("assess_districts", quarter=str(quarter))
    await run("deliver_notices", at=stage.evening_mail(as_of))
    audited = await run("audit_supervision", as_of=as_of)
    return tuple(f"{as_of}：{finding}" for finding in audited.findings)
