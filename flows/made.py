"""Flows that make items, requests and notices: their work, and what the engine shows of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from prefect.artifacts import acreate_table_artifact

from flows.artifacts import artifact_key, made_table
from flows.attended import Run, attended
from flows.results import Skipped, in_words
from supervision.cycle import Incomplete, Made


async def made(
    flow: str, work: Callable[[Run], Awaitable[Made]], *, plan: str, as_of: date | None, scheduled_as: str = ""
) -> Made | Skipped:
    """Return what the work of `flow` made, after showing it as a table of the run.

    What was done before a failure is shown as well. Raises what the work raises.
    """

    async def shown(run: Run) -> Made:
        try:
            done = await work(run)
        except Incomplete as error:
            await _show(run, error.made)
            raise
        await _show(run, done)
        return done

    return await attended(flow, shown, plan=plan, as_of=as_of, scheduled_as=scheduled_as)


async def _show(run: Run, done: Made) -> None:
    await acreate_table_artifact(
        table=made_table(done), key=artifact_key(run.plan, run.flow), description=in_words(done)
    )
