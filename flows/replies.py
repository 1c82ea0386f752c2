"""The mailbox is looked into: workbooks that units mailed back are filed, and their senders are told."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import prefect
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from config import clock
from config.errors import NotFetched
from flows.attended import Run, attended
from flows.by_mail.fetched import FetchedReplies
from flows.by_mail.fetching import fetch_replies
from flows.plans import plans_in_force
from flows.results import Skipped

RETRIES = 2
RETRY_AFTER_SECONDS = [10.0, 30.0]
TIMEOUT_SECONDS = 1800
"""Ends a run that hangs before the next day's work."""


async def _worth_a_retry(_task: Any, _run: TaskRun, state: State[Any]) -> bool:
    """Only the mail server may get better by waiting."""
    return isinstance(await state.aresult(raise_on_failure=False), NotFetched)


@prefect.task(
    retries=RETRIES,
    retry_delay_seconds=RETRY_AFTER_SECONDS,
    retry_condition_fn=_worth_a_retry,
    timeout_seconds=TIMEOUT_SECONDS,
    cache_policy=NO_CACHE,
)
async def look_into_mailbox(run: Run, at: datetime) -> FetchedReplies:
    """File what came in by `at` and answer it. Safe to repeat: each mail is met once.

    Mails that name no plan are refused by the first plan of the installation.
    """
    first = (await asyncio.to_thread(plans_in_force, run.settings, run.database))[0]
    return await fetch_replies(
        run.database, run.settings, run.plan, at=at, takes_strays=first.plan_id == run.force.plan_id
    )


@prefect.flow
async def fetch_mail(at: datetime | None = None, plan: str = "") -> FetchedReplies | Skipped:
    """Look into the mailbox at `at` (now when None). Without a mailbox there is nothing to do."""

    async def work(run: Run) -> FetchedReplies | Skipped:
        if not run.settings.imap_host:
            return Skipped(run.flow, run.as_of, "未设收信邮箱")
        return await look_into_mailbox(run, at or run.force.now)

    return await attended("fetch_mail", work, plan=plan, as_of=clock.day_of(at) if at else None)
