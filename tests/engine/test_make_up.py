"""What a killed worker left undone is made up for by the next one, after half the grace and before the alarm."""

from __future__ import annotations

import asyncio
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy import select, update
from sqlmodel import col

from config.clock import ZONE
from config.errors import BadInput, EngineError
from config.settings import Settings
from config.terms import FlowOutcome
from database import Database, reading, writing
from flows import heartbeat
from flows.catalogue import known_flow
from flows.engine import Engine
from flows.results import MadeUp
from flows.run import call
from flows.schedule import schedule
from flows.watch import silent_flows
from models import FlowRun, Plan
from supervision import cycle, in_force

pytestmark = pytest.mark.engine

FRIDAY = date(2022, 7, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture(scope="module")
def warm(running: Engine, _loaded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The library's threads have started before time is moved, in an installation apart."""
    home = tmp_path_factory.mktemp("warm")
    shutil.copy(_loaded_sqlite, home / "duban.db")
    apart = Settings(home=home, database_url=f"sqlite:///{home / 'duban.db'}")
    asyncio.run(call(known_flow("escalate_overdue"), apart, running, as_of=date(2022, 1, 4)))


@pytest.fixture
def make_up(warm: None, office: Settings, running: Engine) -> Any:
    """Make up for what is missing at a moment: `make_up("2022-07-01 09:46")`."""

    def run(when: str) -> Any:
        with freeze_time(at(when), tick=True, real_asyncio=True):
            return asyncio.run(call(known_flow("make_up"), office, running))

    return run


def ran(database: Database, when: str, *, but: tuple[str, ...] = ()) -> None:
    """Let every flow but those have run well at that time, and those have been cut off."""
    with reading(database) as session:
        force = in_force.load(session)
    for entry in schedule():
        number = heartbeat.begin(database, force, entry.flow, as_of=at(when).date(), at=at(when))
        if entry.flow not in but:
            heartbeat.end(database, number, FlowOutcome.DONE, at=at(when))


def outcomes(database: Database, flow: str) -> list[FlowOutcome | None]:
    statement = select(col(FlowRun.outcome)).where(col(FlowRun.flow) == flow).order_by(col(FlowRun.id))
    with reading(database) as session:
        return list(session.scalars(statement))


def test_a_run_that_was_cut_off_is_run_again_after_half_its_grace_once(make_up: Any, database: Database) -> None:
    ran(database, "2022-06-30 08:45")
    ran(database, "2022-07-01 09:40", but=("escalate_overdue",))
    assert make_up("2022-07-01 09:44") == MadeUp(FRIDAY, ())
    assert make_up("2022-07-01 09:45") == MadeUp(FRIDAY, ("逾期提醒与升级",))
    assert outcomes(database, "escalate_overdue") == [FlowOutcome.DONE, None, FlowOutcome.DONE]
    assert make_up("2022-07-01 09:55") == MadeUp(FRIDAY, ())
    with reading(database) as session:
        force = in_force.load(session)
    ran(database, "2022-07-01 10:44", but=("escalate_overdue",))
    assert silent_flows(database, force, at=at("2022-07-01 10:46")) == (), "the alarm was spared"


def test_what_fails_is_named_and_does_not_stop_the_others(
    make_up: Any, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise BadInput("报表 F1 的窗口无法推算")

    monkeypatch.setattr(cycle, "collect_figures", broken)
    ran(database, "2022-06-30 08:45")
    ran(database, "2022-07-01 09:40", but=("collect_figures", "escalate_overdue"))
    with pytest.raises(EngineError, match="数据报送与催报：报表 F1 的窗口无法推算"):
        make_up("2022-07-01 09:50")
    assert outcomes(database, "escalate_overdue")[-1] is FlowOutcome.DONE
    assert outcomes(database, "make_up_missed") == [FlowOutcome.FAILED]


def test_at_the_weekend_what_works_on_working_days_is_left_to_monday(make_up: Any, database: Database) -> None:
    ran(database, "2022-06-30 08:45")
    ran(database, "2022-07-02 11:59", but=("escalate_overdue",))
    assert make_up("2022-07-02 12:00") == MadeUp(date(2022, 7, 2), ())
    ran(database, "2022-07-04 09:50", but=("escalate_overdue",))
    assert make_up("2022-07-04 09:51").flows == ("逾期提醒与升级",)


def test_on_a_demonstration_nothing_is_made_up_for(make_up: Any, database: Database) -> None:
    with writing(database) as session:
        session.execute(update(Plan).values(demonstrated_until=FRIDAY))
    assert make_up("2022-07-01 12:00") == MadeUp(FRIDAY, ())
