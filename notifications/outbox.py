"""Emptying the outbox: claim, send with no transaction open, settle; again until nothing is left that may leave."""

from __future__ import annotations

import asyncio
import os
import socket
from dataclasses import dataclass
from datetime import datetime, time
from typing import Protocol

from config.clock import ZONE, day_of
from config.settings import Settings
from database import Database, reading, writing
from notifications import queue
from notifications.channels import Channel, Report, choose
from notifications.claims import claim, new_owner
from notifications.facts import Sender
from notifications.parcels import read_parcels
from notifications.preparing import Prepared, prepare
from notifications.queue import Gate, Scope
from notifications.sender import read_sender
from notifications.settling import Batch, Tally, settle

MESSAGES_PER_BATCH = 500
"""Messages claimed at once: few enough for a short transaction and for sending well within the lease."""


class WorkingTime(Protocol):
    """Says when notices may leave."""

    def is_working_time(self, at: datetime) -> bool:
        """Return whether the aware instant `at` lies in working time."""
        ...


@dataclass(frozen=True)
class Delivered:
    """What a run did, in deliveries (one notice to one person).

    `deferred` waits on: held back until working time, its own time, a person's next digest or its next try.
    `failed` was tried in this run and did not go; `problems` says why, a line for each reason.
    """

    sent: int = 0
    deferred: int = 0
    failed: int = 0
    problems: tuple[str, ...] = ()


async def deliver(
    database: Database,
    settings: Settings,
    *,
    tenant_id: int,
    plan_id: int,
    at: datetime,
    working_time: WorkingTime,
    digest_from: time = time.min,
    owner: str = "",
) -> Delivered:
    """Send what is due at `at` and return the count. Late, twice or concurrently: nobody gets anything twice.

    Outside working time only urgent notices leave; before `digest_from` (Shanghai) no digest does. Keys: a digest is
    once per person and day, a paper once per notice and person; both are the message's key and its Message-ID.
    When the channel is in trouble the run ends: the rest stays where it is and is tried by the next one.
    `owner` names who claims, by default this process. Raises BadInput when `mail_from` is no address.
    """
    scope = Scope(tenant_id, plan_id)
    with reading(database) as session:
        if queue.is_idle(session, plan_id):
            return Delivered()
        sender = read_sender(session, settings, plan_id, on=day_of(at))
    opened = working_time.is_working_time(at)
    gate = Gate(at, papers=opened, digests=opened and at.astimezone(ZONE).time() >= digest_from)
    run = _Run(database, scope, gate, sender, choose(settings), owner or f"{socket.gethostname()}:{os.getpid()}")
    tally = await run.empty()
    with reading(database) as session:
        waiting = queue.count_waiting(session, plan_id)
    problems = tuple(f"{count} 件：{detail}" for detail, count in sorted(tally.details.items()))
    return Delivered(tally.sent, max(waiting - tally.retried, 0), tally.failed, problems)


@dataclass(frozen=True)
class _Run:
    """One run over the outbox. The database is waited for in threads, so that the event loop stays free."""

    database: Database
    scope: Scope
    gate: Gate
    sender: Sender
    channel: Channel
    owner: str

    async def empty(self) -> Tally:
        tally, usable = Tally(), True
        await asyncio.to_thread(self._tidy)
        while usable:
            batch = await asyncio.to_thread(self._claim)
            if not batch.messages:
                break
            prepared = await asyncio.to_thread(self._prepare, batch)
            report = await self.channel.send(prepared.outgoing) if prepared.outgoing else Report(())
            tally += await asyncio.to_thread(self._settle, batch, prepared, report)
            usable = report.usable
        return tally

    def _tidy(self) -> None:
        with writing(self.database) as session:
            queue.tidy(session, self.scope, at=self.gate.at)

    def _claim(self) -> Batch:
        owner = new_owner(self.owner)
        with writing(self.database) as session:
            messages = claim(session, self.scope, self.gate, owner=owner, limit=MESSAGES_PER_BATCH)
            parcels = read_parcels(session, messages, self.sender) if messages else []
        return Batch(owner, messages, parcels)

    def _prepare(self, batch: Batch) -> Prepared:
        return prepare(batch.parcels, self.sender, self.channel, at=self.gate.at)

    def _settle(self, batch: Batch, prepared: Prepared, report: Report) -> Tally:
        outcomes = (*prepared.refused, *report.outcomes)
        with writing(self.database) as session:
            return settle(session, self.scope, batch, outcomes, prepared.subjects, at=self.gate.at)
