"""The nightly proof: every earned notice is held, the audit chain is whole, each flow has run."""

from __future__ import annotations

import asyncio
from datetime import date

import prefect
from prefect.artifacts import acreate_markdown_artifact

from config import clock
from flows import heartbeat
from flows.artifacts import artifact_key, audit_report
from flows.attended import Run, attended
from flows.results import Audited, Skipped
from flows.schedule import Due, schedule
from supervision import cycle
from supervision.audit import Audit


@prefect.flow
async def audit_supervision(as_of: date | None = None, plan: str = "") -> Audited | Skipped:
    """Prove supervision as of `as_of` (today when None); what does not hold is in the findings. Changes nothing.

    Whether each flow has run is asked of today alone: runs leave their heartbeats at the hour of the clock.
    """

    async def work(run: Run) -> Audited:
        proof = await asyncio.to_thread(cycle.audit_supervision, run.database, run.plan, as_of=run.as_of)
        silent = await asyncio.to_thread(_silent, run)
        done = _audited(run, proof, silent)
        await acreate_markdown_artifact(
            markdown=audit_report(run.force.plan.title, done.as_of, done.checked, done.findings),
            key=artifact_key(run.plan, run.flow),
            description=f"{run.force.plan.title} {done.as_of} 自查",
        )
        return done

    return await attended("audit_supervision", work, plan=plan, as_of=as_of)


def _audited(run: Run, proof: Audit, silent: tuple[Due, ...]) -> Audited:
    checked = {**proof.checked, "flows": len(schedule())}
    return Audited(run.as_of, checked, (*proof.findings, *(_words(due) for due in silent)))


def _silent(run: Run) -> tuple[Due, ...]:
    if run.as_of != clock.today() or run.force.demonstrated_until:
        return ()
    # The audit itself is running: it need not have run.
    entries = [entry for entry in schedule() if entry.flow != run.flow]
    return heartbeat.overdue(run.database, run.force, entries, at=clock.now())


def _words(due: Due) -> str:
    last = f"上次运行 {due.last_run.astimezone(clock.ZONE):%Y-%m-%d %H:%M}" if due.last_run else "从未运行"
    return f"流程“{due.entry.title}”应于 {due.planned:%Y-%m-%d %H:%M} 运行而没有办结记录（{last}）"
