"""The embedded clock: it strikes on working days, makes up for a break once, and nothing that fails stops it."""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from engine_processes import LONGEST_SECONDS, until
from freezegun import freeze_time
from sqlalchemy import select, update
from sqlmodel import col

from config.clock import ZONE, now
from config.errors import BadInput, StoreError, UnknownName
from config.settings import Settings
from config.terms import FlowOutcome
from database import Database, reading, upgrade, writing
from flows import heartbeat
from flows.catalogue import known_flow
from flows.clock import Clock, PlanInForce, Ticking, WorkingDayTrigger
from flows.engine import Engine
from flows.run import call
from flows.schedule import schedule
from models import FlowRun, Plan
from supervision import cycle, in_force
from supervision.workdays import Workdays, published

ENTRIES = {entry.flow: entry for entry in schedule()}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


# --- the trigger


def test_the_trigger_fires_on_working_days_alone() -> None:
    trigger = WorkingDayTrigger(ENTRIES["escalate_overdue"], published)
    fired, moment = [], at("2022-09-29 12:00")
    for _ in range(3):
        moment = trigger.get_next_fire_time(moment, moment)
        fired.append(moment.date())
    assert fired == [date(2022, 9, 30), date(2022, 10, 8), date(2022, 10, 9)]


def test_after_a_break_the_trigger_fires_once_and_goes_on_from_now() -> None:
    trigger = WorkingDayTrigger(ENTRIES["deliver_notices"], published)
    asleep_since, awake = at("2022-07-01 12:00"), at("2022-07-04 09:01")
    assert trigger.get_next_fire_time(asleep_since, awake) == at("2022-07-04 09:05")


def test_the_trigger_asks_for_the_calendar_each_time() -> None:
    asked: list[int] = []

    def calendar() -> Workdays:
        asked.append(1)
        return published()

    trigger = WorkingDayTrigger(ENTRIES["escalate_overdue"], calendar)
    for _ in range(3):
        trigger.get_next_fire_time(None, at("2022-07-01 12:00"))
    assert len(asked) == 3


def test_the_calendar_last_read_stands_while_the_database_is_away(office: Settings, database: Database) -> None:
    with reading(database) as session:
        plan = PlanInForce(database, "hangzhou-2021-2023", in_force.load(session))
    (office.home / "duban.db").write_bytes(b"no database at all, for the time being")
    database.dispose()
    with pytest.raises(StoreError), reading(database) as session:
        in_force.load(session)
    assert plan.calendar().is_working(date(2022, 10, 8))


# --- the clock on a real engine


class TheEngine:
    """The engine of the tests in place of a child of the clock's own."""

    def __init__(self, running: Engine) -> None:
        self._running = running

    async def ready(self) -> Engine:
        return self._running


def keep_time(settings: Settings, database: Database, running: Engine, enough: Callable[[], bool]) -> list[FlowRun]:
    """Let the clock run until `enough`; return all runs."""
    with reading(database) as session:
        plan = PlanInForce(database, "hangzhou-2021-2023", in_force.load(session))
    stopped = threading.Event()
    ticking = Ticking(settings, TheEngine(running), [plan], list(ENTRIES.values()))  # type: ignore[arg-type]

    async def watched() -> None:
        clock = asyncio.create_task(ticking.until(stopped))
        await asyncio.to_thread(until, enough)
        stopped.set()
        await asyncio.wait_for(clock, LONGEST_SECONDS)

    asyncio.run(watched())
    return _runs(database)


def _ended(database: Database) -> list[str]:
    return [run.flow for run in _runs(database) if run.finished_at]


def _ended_since(database: Database, instant: str) -> int:
    return len([run for run in _runs(database) if run.finished_at and run.started_at >= at(instant)])


def _runs(database: Database) -> list[FlowRun]:
    with reading(database) as session:
        found = list(session.scalars(select(FlowRun).order_by(col(FlowRun.id))))
        session.expunge_all()
        return found


def _everything_ran(database: Database, when: datetime) -> None:
    with reading(database) as session:
        force = in_force.load(session)
    for flow in ENTRIES:
        number = heartbeat.begin(database, force, flow, as_of=when.date(), at=when)
        heartbeat.end(database, number, FlowOutcome.DONE, at=when)


@pytest.fixture(scope="module")
def warm(running: Engine, _loaded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The library's threads have started before time is moved, in an installation apart."""
    home = tmp_path_factory.mktemp("warm")
    shutil.copy(_loaded_sqlite, home / "duban.db")
    apart = Settings(home=home, database_url=f"sqlite:///{home / 'duban.db'}")
    asyncio.run(call(known_flow("escalate_overdue"), apart, running, as_of=date(2022, 1, 4)))


def moving_from(instant: str) -> freeze_time:
    """Let the clock start at `instant` and go on; the event loops keep their own time."""
    return freeze_time(at(instant), tick=True, real_asyncio=True)


@pytest.mark.engine
def test_at_a_quarter_to_nine_on_a_working_day_the_clock_escalates(
    warm: None, office: Settings, database: Database, running: Engine
) -> None:
    with moving_from("2022-07-01 08:44:56"):
        _everything_ran(database, now())
        runs = keep_time(office, database, running, lambda: _ended_since(database, "2022-07-01 08:45") == 2)
    struck = [run for run in runs if run.started_at >= at("2022-07-01 08:45")]
    assert {(run.flow, run.outcome, run.as_of) for run in struck} == {
        ("escalate_overdue", FlowOutcome.DONE, date(2022, 7, 1)),
        ("deliver_notices", FlowOutcome.DONE, date(2022, 7, 1)),
    }


@pytest.mark.engine
def test_at_the_same_hour_of_a_holiday_it_only_looks_after_the_outbox(
    warm: None, office: Settings, database: Database, running: Engine
) -> None:
    with moving_from("2022-10-03 08:44:56"):
        _everything_ran(database, now())
        runs = keep_time(office, database, running, lambda: _ended_since(database, "2022-10-03 08:45") == 1)
    assert [run.flow for run in runs if run.started_at >= at("2022-10-03 08:45")] == ["deliver_notices"]


@pytest.mark.engine
def test_what_was_missed_is_made_up_for_once_and_a_failure_stops_nothing(
    warm: None,
    office: Settings,
    database: Database,
    running: Engine,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise BadInput("报表 F1 的窗口无法推算")

    monkeypatch.setattr(cycle, "collect_figures", broken)
    with moving_from("2022-07-01 10:02:01"), caplog.at_level(logging.INFO, "duban.clock"):
        runs = keep_time(office, database, running, lambda: "audit_supervision" in _ended(database))
    made_up = [run for run in runs if run.flow in ENTRIES]
    assert [run.flow for run in made_up] == list(ENTRIES)
    outcomes = {run.flow: run.outcome for run in made_up}
    assert outcomes.pop("collect_figures") is FlowOutcome.FAILED
    assert outcomes.pop("fetch_mail") is FlowOutcome.SKIPPED, "no mailbox is set"
    assert set(outcomes.values()) == {FlowOutcome.DONE}
    assert {run.as_of for run in runs} == {date(2022, 7, 1)}
    assert "数据报送与催报 未完成：报表 F1 的窗口无法推算" in caplog.text


def test_on_a_demonstration_no_schedule_runs(office: Settings, database: Database) -> None:
    with writing(database) as session:
        session.execute(update(Plan).values(demonstrated_until=date(2022, 7, 1)))
    clock = Clock(office, database)
    assert clock.next_runs() == []
    nobody = Engine("http://127.0.0.1:9/api")
    with moving_from("2022-07-01 10:01"):
        assert keep_time(office, database, nobody, lambda: threading.Event().wait(0.5) or True) == []


def test_the_clock_tells_what_runs_next(office: Settings, database: Database) -> None:
    with moving_from("2022-07-01 08:36"):
        runs = [(run.title, run.at) for run in Clock(office, database).next_runs()]
    told = [run for run in runs if run[0] != "收取报送邮件"]
    assert ("收取报送邮件", at("2022-07-01 08:37")) in runs
    assert told[:3] == [
        ("数据报送与催报", at("2022-07-01 08:40")),
        ("通知发送", at("2022-07-01 08:40")),
        ("逾期提醒与升级", at("2022-07-01 08:45")),
    ]
    assert ("任务交办与亮灯", at("2022-07-04 08:35")) in told


def test_without_a_plan_there_is_nothing_to_keep_time_for(tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    upgrade(empty)
    with pytest.raises(UnknownName, match="duban init"):
        Clock(Settings(home=tmp_path), empty)
