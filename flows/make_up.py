"""What was cut off or missed is made up for, where deployments keep the schedule: a killed worker leaves work undone.

The engine leaves the run of a worker that was killed in Running and starts no other. Our heartbeats know better: a flow
without a good run since it was due is run again by whichever worker comes next.
"""

from __future__ import annotations

import asyncio

import prefect

from config import clock
from config.errors import EngineError
from flows.attended import Run, attended
from flows.catalogue import known_flow
from flows.heartbeat import MAKE_UP, to_make_up
from flows.results import MadeUp, Skipped
from flows.schedule import Due, schedule


@prefect.flow
async def make_up_missed(plan: str = "") -> MadeUp | Skipped:
    """Run what was due more than half its grace ago and has no good run since. Safe to repeat: flows only add.

    On a day on which a flow does not work it is left to its next one. What fails in one does not stop the others;
    then it fails with the list.
    """
    return await attended(MAKE_UP, _every_missing, plan=plan, as_of=None)


def missing(run: Run) -> tuple[Due, ...]:
    """Return what is to be made up for now. None on a demonstration: no schedule runs there."""
    if run.force.demonstrated_until:
        return ()
    return to_make_up(run.database, run.force, schedule(), at=clock.now())


async def _every_missing(run: Run) -> MadeUp:
    done: list[str] = []
    failures: list[str] = []
    for due in await asyncio.to_thread(missing, run):
        try:
            await known_flow(due.entry.flow).load()(plan=run.plan)
            done.append(due.entry.title)
        except Exception as error:
            failures.append(f"{due.entry.title}：{error}")
    if failures:
        raise EngineError(f"补运行未完成：{'；'.join(failures)}")
    return MadeUp(run.as_of, tuple(done))
