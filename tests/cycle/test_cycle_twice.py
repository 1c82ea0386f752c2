"""Whatever runs again changes nothing: the same day, or for a day gone by."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from cycle.business import State, differences, rungs_of, state_of
from cycle.days import (
    FIRST_TICK,
    Installation,
    empty_outbox,
    execute,
    put_harbour_city,
    whole_day,
    working_days,
)
from cycle.eve import EVE, FIRST_DAY, THE_DAY
from sqlalchemy.engine import URL

from config.clock import moment
from config.terms import Population
from database import Database
from supervision import cycle

Step = Callable[[Database, date], object]


def _key_task(number: int) -> Step:
    return lambda database, as_of: cycle.supervise_key_task(database, "", number, as_of=as_of)


def _assess(database: Database, as_of: date) -> object:
    return cycle.assess(database, "", "2024Q1", Population.DISTRICTS, as_of=as_of)


STEPS: dict[str, Step] = {
    "supervise_key_task(1)": _key_task(1),
    "supervise_key_task(2)": _key_task(2),
    "supervise_key_task(3)": _key_task(3),
    "supervise_safeguards": lambda database, as_of: cycle.supervise_safeguards(database, "", as_of=as_of),
    "supervise_plan": lambda database, as_of: cycle.supervise_plan(database, "", as_of=as_of),
    "collect_figures": lambda database, as_of: cycle.collect_figures(database, "", as_of=as_of),
    "escalate_overdue": lambda database, as_of: cycle.escalate_overdue(database, "", as_of=as_of),
    "assess": _assess,
}


def standing(installation: Installation, database: Database) -> State:
    return state_of(database, installation.home)


@pytest.mark.parametrize("name", STEPS)
def test_a_step_does_its_work_once_and_the_second_time_nothing(eve: Installation, name: str) -> None:
    with eve.open() as database:
        before = standing(eve, database)
        STEPS[name](database, THE_DAY)
        once = standing(eve, database)
        assert differences(before, once) != []
        STEPS[name](database, THE_DAY)
        assert differences(once, standing(eve, database)) == []


def test_what_runs_again_says_that_it_made_nothing(eve: Installation) -> None:
    with eve.open() as database:
        whole_day(database, eve.settings, THE_DAY)
        for step in (cycle.supervise_plan, cycle.collect_figures, cycle.escalate_overdue):
            made = step(database, "", as_of=THE_DAY)
            assert set(made.created.values()) == {0}
            assert made.notices == ()


def test_the_outbox_emptied_again_sends_nothing(eve: Installation) -> None:
    at = moment(THE_DAY, FIRST_TICK)
    with eve.open() as database:
        whole_day(database, eve.settings, THE_DAY, ticks=[])
        assert empty_outbox(database, eve.settings, at=at).sent > 0
        once = standing(eve, database)
        assert empty_outbox(database, eve.settings, at=at).sent == 0
        assert differences(once, standing(eve, database)) == []


def test_a_run_that_comes_late_for_a_day_gone_by_changes_nothing(eve: Installation) -> None:
    with eve.open() as database:
        whole_day(database, eve.settings, THE_DAY)
        done = standing(eve, database)
        whole_day(database, eve.settings, EVE, ticks=[])
        assert differences(done, standing(eve, database)) == []


def test_the_steps_of_the_morning_in_another_order_reach_the_same_rungs(eve: Installation) -> None:
    with eve.copy(eve.home.parent / "ordered") as other:
        with eve.open() as database:
            whole_day(database, eve.settings, THE_DAY, ticks=[])
            ordered = rungs_of(database)
        with other.open() as database:
            for name in ("escalate_overdue", "collect_figures", "supervise_plan", "escalate_overdue"):
                STEPS[name](database, THE_DAY)
            assert rungs_of(database) == ordered


def test_two_assessments_at_once_are_one(eve: Installation) -> None:
    with eve.open() as one, eve.open() as other, ThreadPoolExecutor() as threads:
        results = list(threads.map(lambda database: _assess(database, THE_DAY), (one, other)))
        assert results[0] == results[1]
        vintages = state_of(one, eve.home)["assessment"]
    assert sum(vintages.values()) == 1


def test_the_proof_changes_nothing(eve: Installation) -> None:
    with eve.open() as database:
        before = standing(eve, database)
        assert cycle.audit_supervision(database, "", as_of=EVE).findings == ()
        assert differences(before, standing(eve, database)) == []


def test_both_kinds_of_database_end_the_first_days_alike(postgres: URL, tmp_path: Path) -> None:
    execute(postgres, "CREATE DATABASE alike")
    on_server = postgres.set(database="alike").render_as_string(hide_password=False)
    states = []
    for number, url in enumerate((f"sqlite:///{tmp_path / 'duban.db'}", on_server)):
        installation = Installation(url, tmp_path / str(number))
        with installation.open() as database:
            put_harbour_city(database)
            for day in working_days(database, FIRST_DAY, date(2024, 6, 19)):
                whole_day(database, installation.settings, day)
            states.append(standing(installation, database))
    assert differences(*states) == []
