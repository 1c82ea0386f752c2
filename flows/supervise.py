"""Key tasks as supervised workflows: what is due is generated, assigned and dated."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date

import prefect

from flows.attended import Run, attended
from flows.heartbeat import PLAN, SAFEGUARDS, key_task_run
from flows.made import made
from flows.results import Skipped
from supervision import cycle
from supervision.cycle import Incomplete, Made


@prefect.flow(flow_run_name="key-task-{number}")
async def supervise_key_task(number: int, as_of: date | None = None, plan: str = "") -> Made | Skipped:
    """Supervise one key task as of `as_of` (today when None): its due occurrences become assigned items."""

    async def work(run: Run) -> Made:
        return await asyncio.to_thread(cycle.supervise_key_task, run.database, run.plan, number, as_of=run.as_of)

    return await made(key_task_run(number), work, plan=plan, as_of=as_of, scheduled_as=PLAN)


@prefect.flow
async def supervise_safeguards(as_of: date | None = None, plan: str = "") -> Made | Skipped:
    """Supervise the safeguards and the districts' implementation plans as of `as_of` (today when None)."""

    async def work(run: Run) -> Made:
        return await asyncio.to_thread(cycle.supervise_safeguards, run.database, run.plan, as_of=run.as_of)

    return await made(SAFEGUARDS, work, plan=plan, as_of=as_of, scheduled_as=PLAN)


@prefect.flow
async def supervise_plan(as_of: date | None = None, plan: str = "") -> Made | Skipped:
    """Supervise every key task, each in a run of its own, and the safeguards, as of `as_of` (today when None).

    What fails in one does not stop the others; then it fails with the list (Incomplete).
    """
    return await attended(PLAN, _every_part, plan=plan, as_of=as_of)


async def _every_part(run: Run) -> Made:
    # One after the other: the writers of a tenant queue up anyway.
    parts: list[Made] = []
    failures: list[str] = []
    for number in [task.number for task in run.force.plan.key_tasks] + [None]:
        try:
            done = await _part(number, run)
            parts += [done] if isinstance(done, Made) else []
        except Incomplete as error:
            parts.append(error.made)
            failures += error.failures
        except Exception as error:
            failures.append(f"{_name(number)}：{error}")
    together = _together(run.as_of, parts)
    if failures:
        raise Incomplete(together, failures)
    return together


async def _part(number: int | None, run: Run) -> Made | Skipped:
    if number is None:
        return await supervise_safeguards(as_of=run.as_of, plan=run.plan)
    return await supervise_key_task(number, as_of=run.as_of, plan=run.plan)


def _name(number: int | None) -> str:
    return "保障措施" if number is None else f"重点任务 {number}"


def _together(as_of: date, parts: Sequence[Made]) -> Made:
    created: Counter[str] = Counter()
    for part in parts:
        created.update(part.created)
    return Made(as_of, dict(created), tuple(notice for part in parts for notice in part.notices))
