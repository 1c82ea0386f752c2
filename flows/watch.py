"""The watch over the flows: who has been silent past the grace of the schedule, and the alarm.

It needs the database and, for the mail, the mail server. No engine is asked: the alarm is there when the engine is not.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config import clock
from config.errors import DubanError
from config.settings import Settings
from database import Database, writing
from flows.heartbeat import overdue
from flows.plans import plans_in_force
from flows.schedule import schedule
from notifications.outbox import Delivered, deliver
from supervision.in_force import InForce
from supervision.ledger import silences
from supervision.ledger.silences import Silence

WATCH_EVERY = timedelta(minutes=5)
"""The first look comes this long after the start, so that a clock that has just begun may make up for a break first."""
_STOP_SECONDS = 10
"""Then a look under way is left behind, as if the process had died: what it has not sent, the next one sends."""

log = logging.getLogger("duban.watch")


@dataclass(frozen=True)
class Looked:
    """What a look at one plan found: who is silent, which of them nobody had been told of, and what did not go out."""

    plan: str
    silent: tuple[Silence, ...]
    told: tuple[Silence, ...] = ()
    problems: tuple[str, ...] = field(default=())


def silent_flows(database: Database, force: InForce, *, at: datetime) -> tuple[Silence, ...]:
    """Return the flows that are silent beyond their grace at `at`. None on a demonstration: no schedule runs there."""
    if force.demonstrated_until:
        return ()
    found = overdue(database, force, schedule(), at=at)
    return tuple(Silence(each.entry.flow, each.entry.title, each.planned, each.last_run) for each in found)


def look(settings: Settings, database: Database, *, at: datetime) -> tuple[Looked, ...]:
    """Look after the flows of every plan (of `settings.plan`, when set) at `at`, and raise the alarm for each silence.

    A silence is told once, by its key, whoever looks and however often. Mail goes out from here where this machine
    sends mail; else it waits for a worker that does. Raises UnknownName without a plan.
    """
    return tuple(_looked(settings, database, force, at) for force in plans_in_force(settings, database))


def _looked(settings: Settings, database: Database, force: InForce, at: datetime) -> Looked:
    silent = silent_flows(database, force, at=at)
    if not silent:
        return Looked(force.plan.code, ())
    with writing(database) as session:
        told = silences.tell(session, force, silent, at=at)
    sent = asyncio.run(_send(settings, database, force, at)) if _sends_mail(settings) else Delivered()
    return Looked(force.plan.code, silent, told, sent.problems)


def _sends_mail(settings: Settings) -> bool:
    """Return whether mail may leave from here: a portal among many machines would put it into a Maildir of its own."""
    return bool(settings.smtp_host) or not settings.engine_url


class _AfterHours:
    """Takes every hour for one outside working time, so that nothing leaves but what is urgent."""

    def is_working_time(self, at: datetime) -> bool:
        return False


async def _send(settings: Settings, database: Database, force: InForce, at: datetime) -> Delivered:
    return await deliver(
        database, settings, tenant_id=force.tenant_id, plan_id=force.plan_id, at=at, working_time=_AfterHours()
    )


class Watch:
    """A thread that looks every WATCH_EVERY, beside whatever clock and engine do or do not."""

    def __init__(self, settings: Settings, database: Database) -> None:
        """Nothing is started yet."""
        self._settings = settings
        self._database = database
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep_watch, name="watch", daemon=True)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Keep watch while the block lasts."""
        self._thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            self._thread.join(_STOP_SECONDS)

    def _keep_watch(self) -> None:
        while not self._stopped.wait(WATCH_EVERY.total_seconds()):
            self._look()

    def _look(self) -> None:
        """Look once; whatever happens, the next look comes."""
        try:
            for plan in look(self._settings, self._database, at=clock.now()):
                for each in plan.told:
                    log.error("%s %s", plan.plan, each.in_words)
                for problem in plan.problems:
                    log.error("%s 告警邮件未发出：%s", plan.plan, problem)
        except DubanError as error:
            log.error("未能核对各流程是否按时运行：%s", error)
        except Exception as error:
            log.error("核对各流程是否按时运行时出错（%s：%s）", type(error).__name__, error)
