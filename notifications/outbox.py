"""Emptying the outbox: claim, send with no transaction open, settle; again until nothing is left that may leave."""

from __future__ import annotations

import asyncio
import os
import socket
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Protocol

from config.clock import ZONE, day_of
from config.settings import Settings
from config.terms import Channel as Term
from database import Database, reading, writing
from notifications import group_posts, queue
from notifications.channels import Channel, Report, choose
from notifications.channels.gateway import GatewayChannel, NoGateway, no_number
from notifications.channels.robots import read_robots
from notifications.claims import claim, new_owner
from notifications.facts import Sender
from notifications.order import Ways, direct, read_ways
from notifications.parcels import read_parcels
from notifications.preparing import MAIL, Prepared, Shape, prepare
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
    once per person, day and channel, a paper once per notice, person and channel; both are the message's key and its
    Message-ID. One channel is emptied after the other, in the order of `EXTERNAL_CHANNELS`, so that what fails for
    good on one goes on the next in the same run. A channel in trouble keeps what is left for the next run. Robots
    speak last, of the day's digests.
    `owner` names who claims, by default this process. Raises BadInput for settings that cannot be used.
    """
    scope, ways, robots = Scope(tenant_id, plan_id), read_ways(settings), read_robots(settings)
    gateway = GatewayChannel(settings) if settings.gateway_url else NoGateway()
    with reading(database) as session:
        if queue.is_idle(session, plan_id) and not robots:
            return Delivered()
        sender = read_sender(session, settings, plan_id, on=day_of(at))
    opened = working_time.is_working_time(at)
    gate = Gate(at, papers=opened, digests=opened and at.astimezone(ZONE).time() >= digest_from)
    legs = (
        _Leg(Term.EMAIL, choose(settings), MAIL),
        _Leg(Term.GATEWAY, gateway, Shape(gateway.compose, no_number)),
    )
    named = owner or f"{socket.gethostname()}:{os.getpid()}"
    await asyncio.to_thread(_tidy, database, scope, ways, at)
    tally = Tally()
    for leg in legs:
        tally += await _Run(database, scope, replace(gate, channel=leg.term), sender, leg, ways, named).empty()
    said = await group_posts.speak(database, scope, settings, sender, robots, gate) if robots else ()
    with reading(database) as session:
        waiting = queue.count_waiting(session, plan_id)
    problems = tuple(f"{count} 件：{detail}" for detail, count in sorted(tally.details.items()))
    return Delivered(tally.sent, max(waiting - tally.retried, 0), tally.failed, (*problems, *said))


def _tidy(database: Database, scope: Scope, ways: Ways, at: datetime) -> None:
    with writing(database) as session:
        queue.tidy(session, scope, at=at)
        direct(session, scope, ways)


@dataclass(frozen=True)
class _Leg:
    """One channel as it is emptied: its name, itself, and how messages look on it."""

    term: Term
    channel: Channel
    shape: Shape


@dataclass(frozen=True)
class _Run:
    """One run over the outbox by one channel. The database is waited for in threads, so the event loop stays free."""

    database: Database
    scope: Scope
    gate: Gate
    sender: Sender
    leg: _Leg
    ways: Ways
    owner: str

    async def empty(self) -> Tally:
        tally, usable = Tally(), True
        while usable:
            batch = await asyncio.to_thread(self._claim)
            if not batch.messages:
                break
            prepared = await asyncio.to_thread(self._prepare, batch)
            report = await self.leg.channel.send(prepared.outgoing) if prepared.outgoing else Report(())
            tally += await asyncio.to_thread(self._settle, batch, prepared, report)
            usable = report.usable
        return tally

    def _claim(self) -> Batch:
        owner = new_owner(self.owner)
        with writing(self.database) as session:
            messages = claim(session, self.scope, self.gate, owner=owner, limit=MESSAGES_PER_BATCH)
            parcels = read_parcels(session, messages, self.sender) if messages else []
        return Batch(owner, messages, parcels)

    def _prepare(self, batch: Batch) -> Prepared:
        return prepare(batch.parcels, self.sender, self.leg.channel, at=self.gate.at, shape=self.leg.shape)

    def _settle(self, batch: Batch, prepared: Prepared, report: Report) -> Tally:
        outcomes = (*prepared.refused, *report.outcomes)
        with writing(self.database) as session:
            return settle(session, self.scope, batch, outcomes, prepared.subjects, at=self.gate.at, ways=self.ways)
