"""The embedded clock: APScheduler with a trigger that knows working days, running the flows of every plan.

It is for one machine. Where a Prefect server of one's own holds the deployments, that server is the clock.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from config import clock
from config.errors import DubanError
from config.settings import Settings
from database import Database, reading
from flows.catalogue import known_flow
from flows.embedded import Embedded
from flows.engine import owned
from flows.heartbeat import SAFEGUARDS, key_task_run, outstanding, to_make_up
from flows.plans import plans_in_force
from flows.results import in_words
from flows.run import call
from flows.schedule import Due, Scheduled, next_moment, schedule
from supervision import in_force
from supervision.in_force import InForce
from supervision.workdays import Workdays

MAKE_UP_EVERY = timedelta(hours=1)
_JOB: dict[str, Any] = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
"""Late is better than never: a flow only adds what is missing, so a run may come hours late, once."""

log = logging.getLogger("duban.clock")


class WorkingDayTrigger(BaseTrigger):  # type: ignore[misc]
    """Fires at the moments of one entry of the schedule.

    The calendar is read anew each time, because the office may load a year while the clock runs. Missed moments
    are not listed one by one: a flow reconciles, so one run stands for all of them.
    """

    def __init__(self, entry: Scheduled, calendar: Callable[[], Workdays]) -> None:
        self._entry = entry
        self._calendar = calendar

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the next moment after `now`, and after the one before."""
        after = max(previous_fire_time or now, now)
        return next_moment(self._entry, after=after, calendar=self._calendar())


@dataclass
class PlanInForce:
    """One plan as it is in force, read anew when asked; the last answer stands while the database is away."""

    database: Database
    code: str
    last: InForce

    def now(self) -> InForce:
        """Return the plan as it is in force."""
        try:
            with reading(self.database) as session:
                self.last = in_force.load(session, self.code)
        except DubanError as error:
            log.warning("读不到计划 %s 的最新内容，暂按上次读到的办理：%s", self.code, error)
        return self.last

    def calendar(self) -> Workdays:
        """Return the calendar in force."""
        return self.now().calendar

    def is_demonstration(self) -> bool:
        """Return whether a demonstration plays on this plan: it keeps its own day, and no schedule runs on it."""
        return self.now().demonstrated_until is not None


class Ticking:
    """The jobs of one installation: each entry of the schedule for each plan, and making up for what was missed."""

    def __init__(
        self, settings: Settings, engine: Embedded, plans: Sequence[PlanInForce], entries: Sequence[Scheduled]
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._plans = tuple(plans)
        self._entries = tuple(entries)
        self._scheduler = AsyncIOScheduler(timezone=clock.ZONE)

    async def until(self, stopped: threading.Event) -> None:
        """Run the flows at their times until `stopped` is set; first, once, what was missed while nothing ran."""
        for plan in self._plans:
            for entry in self._entries:
                trigger = WorkingDayTrigger(entry, plan.calendar)
                self._scheduler.add_job(self._run, trigger, args=[plan, entry], **_JOB)
            hourly = IntervalTrigger(seconds=int(MAKE_UP_EVERY.total_seconds()), timezone=clock.ZONE)
            self._scheduler.add_job(self._make_up, hourly, args=[plan, to_make_up], **_JOB)
        self._scheduler.start()
        beginning = asyncio.create_task(self._begin())
        try:
            await asyncio.to_thread(stopped.wait)
        finally:
            beginning.cancel()
            self._scheduler.shutdown(wait=False)

    async def _begin(self) -> None:
        try:
            await self._engine.ready()
        except DubanError as error:
            log.error("%s", error)
        for plan in self._plans:
            await self._make_up(plan, outstanding)

    async def _make_up(self, plan: PlanInForce, missing: Callable[..., tuple[Due, ...]]) -> None:
        """Run what `missing` finds. A flow that fails is tried again here, hourly, once it is beyond half its grace."""
        if plan.is_demonstration():
            return
        try:
            found = await asyncio.to_thread(missing, plan.database, plan.now(), self._entries, at=clock.now())
        except DubanError as error:
            log.error("无法核对 %s 各流程的运行情况：%s", plan.code, error)
            return
        for due in found:
            log.info("%s 补运行“%s”（应于 %s）", plan.code, due.entry.title, f"{due.planned:%Y-%m-%d %H:%M}")
            await self._run(plan, due.entry)

    async def _run(self, plan: PlanInForce, entry: Scheduled) -> None:
        """Run one flow; whatever happens to it, the clock goes on.

        APScheduler is given this and not the flow: it does not know a flow for a coroutine, and would never await it.
        """
        if plan.is_demonstration():
            return
        try:
            engine = await self._engine.ready()
            result = await call(known_flow(entry.flow), self._settings, engine, plan=plan.code)
            log.info("%s %s：%s", plan.code, entry.title, in_words(result))
        except DubanError as error:
            log.error("%s %s 未完成：%s", plan.code, entry.title, error)
        except Exception as error:  # its traceback is in the flows' own log
            log.error("%s %s 出错（%s：%s）", plan.code, entry.title, type(error).__name__, error)


@dataclass(frozen=True)
class NextRun:
    """When a flow runs next, for one plan."""

    plan: str
    title: str
    at: datetime


class Clock:
    """The clock and its engine in a thread of their own, so that pages are up at once and never wait for a flow."""

    def __init__(self, settings: Settings, database: Database) -> None:
        """Nothing is started yet. Raises UnknownName when no plan is loaded."""
        self._settings = settings
        self._entries = schedule()
        self._plans = [PlanInForce(database, force.plan.code, force) for force in plans_in_force(settings, database)]
        self._stopped = threading.Event()
        self._engine = Embedded(settings, self._stopped)
        self._thread = threading.Thread(target=self._keep_time, name="clock", daemon=True)

    @property
    def engine_state(self) -> str:
        """Return in words how the engine is."""
        return self._engine.state

    @property
    def engine_page(self) -> str:
        """Return where the engine shows its runs and artifacts; empty while it does not."""
        return self._engine.page

    @property
    def titles(self) -> dict[str, str]:
        """Return what the office calls each flow, the parts of supervising a plan included."""
        numbers = {task.number for plan in self._plans for task in plan.last.plan.key_tasks}
        parts = {key_task_run(number): f"重点任务 {number}" for number in sorted(numbers)}
        return {entry.flow: entry.title for entry in self._entries} | parts | {SAFEGUARDS: "保障措施"}

    def next_runs(self) -> list[NextRun]:
        """Return when each flow runs next, the nearest first."""
        now = clock.now()
        found = [
            NextRun(plan.code, entry.title, next_moment(entry, after=now, calendar=plan.last.calendar))
            for plan in self._plans
            for entry in self._entries
            if not plan.last.demonstrated_until
        ]
        return sorted(found, key=lambda each: each.at)

    @contextmanager
    def ticking(self) -> Iterator[Clock]:
        """Keep time while the block lasts; at its end wait until what is running has stopped."""
        self._thread.start()
        try:
            yield self
        finally:
            self._stopped.set()
            self._thread.join()

    def _keep_time(self) -> None:
        try:
            with owned(self._settings.home, self._stopped), self._engine:
                ticking = Ticking(self._settings, self._engine, self._plans, self._entries)
                asyncio.run(ticking.until(self._stopped))
        except DubanError as error:
            self._engine.state = str(error)
            log.error("时钟没有启动：%s", error)
