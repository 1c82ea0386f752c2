"""At the end of the last published year: what needs the next one waits and is named, everything else goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from cycle.business import differences, state_of
from cycle.days import FIRST_TICK, HARBOUR_CITY, Installation, empty_outbox, whole_day, working_days
from cycle.hands import CLERK, hands
from sqlalchemy import select
from sqlmodel import col

from config.clock import moment
from config.errors import CalendarNotPublished
from config.plan import Plan, load_plan
from database import Database, reading, writing
from models import Item, Notice
from supervision import cycle
from supervision.arrangement import read_arrangement
from supervision.cycle import Incomplete
from supervision.ledger.calendar import load_year
from supervision.ledger.plan import put_plan

DECEMBER = date(2026, 12, 1)
NEW_YEAR = date(2027, 1, 4)
ARRANGEMENT = {"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]}
WAITING = ("K1-01（2026-12）", "K1-02（2026-12）", "S1-01（2026Q4）")
"""What is due in January."""


@pytest.fixture
def edge(database: Database, tmp_path: Path) -> Iterator[Installation]:
    """The harbour city with its plan two years later, loaded in December of the last published year."""
    content = json.dumps(load_plan(HARBOUR_CITY).model_dump(mode="json")).replace("2024-", "2026-")
    plan = Plan.model_validate(json.loads(content), context={"stored": True})
    with writing(database) as session:
        put_plan(session, plan, at=datetime(2026, 6, 15, 1, tzinfo=UTC))
    yield Installation(database.url.render_as_string(hide_password=False), tmp_path / "var")


def supervise(database: Database, as_of: date) -> tuple[str, ...]:
    """Supervise the plan and return what could not be done."""
    try:
        cycle.supervise_plan(database, "", as_of=as_of)
    except Incomplete as incomplete:
        return incomplete.failures
    return ()


def load_the_year(database: Database, day: date) -> None:
    with hands(database, day, time(10)) as people:
        load_year(
            people.session, people.force, read_arrangement(ARRANGEMENT, "2027"), by=people.who(CLERK), at=people.at
        )


def occurrences(database: Database) -> set[str]:
    with reading(database) as session:
        return set(session.scalars(select(col(Item.occurrence))))


def test_items_that_are_due_in_it_wait_and_the_others_are_made(edge: Installation) -> None:
    with edge.open() as database:
        failures = supervise(database, DECEMBER)
        assert tuple(sorted(failure.partition("：")[0] for failure in failures)) == WAITING
        assert all("2027 年的节假日安排尚未发布" in failure for failure in failures)
        made = occurrences(database)
        assert "K2-01/2026-12/swj" in made
        assert "K1-01/2026-12/zwb" not in made
        assert supervise(database, DECEMBER) == failures
        assert occurrences(database) == made


def test_once_the_year_is_loaded_the_same_run_makes_them(edge: Installation) -> None:
    with edge.open() as database:
        supervise(database, DECEMBER)
        before = occurrences(database)
        load_the_year(database, DECEMBER)
        assert supervise(database, DECEMBER) == ()
        assert {key.rpartition("/")[0] for key in occurrences(database) - before} == {
            "K1-01/2026-12", "K1-02/2026-12", "S1-01/2026Q4",
        }  # fmt: skip


def test_no_ladder_climbs_in_an_unpublished_year_and_each_case_is_named(edge: Installation) -> None:
    with edge.open() as database:
        supervise(database, DECEMBER)
        for day in working_days(database, date(2026, 12, 30), date(2026, 12, 31)):
            cycle.escalate_overdue(database, "", as_of=day)
        before = state_of(database, edge.home)
        with pytest.raises(Incomplete) as raised:
            cycle.escalate_overdue(database, "", as_of=NEW_YEAR)
        assert all("2027 年的节假日安排尚未发布" in failure for failure in raised.value.failures)
        assert differences(before, state_of(database, edge.home)) == []
        assert len(cycle.audit_supervision(database, "", as_of=NEW_YEAR).findings) >= len(raised.value.failures) > 0


def test_nothing_leaves_in_an_unpublished_year_and_it_leaves_once_the_year_is_loaded(edge: Installation) -> None:
    at = moment(NEW_YEAR, FIRST_TICK)
    with edge.open() as database:
        supervise(database, DECEMBER)
        before = state_of(database, edge.home)
        with pytest.raises(CalendarNotPublished):
            empty_outbox(database, edge.settings, at=at)
        assert differences(before, state_of(database, edge.home)) == []
        load_the_year(database, NEW_YEAR)
        assert empty_outbox(database, edge.settings, at=at).sent > 0


def test_the_first_day_with_a_calendar_climbs_one_step_like_any_day_after_an_absence(edge: Installation) -> None:
    with edge.open() as database:
        supervise(database, DECEMBER)
        load_the_year(database, NEW_YEAR)
        assert whole_day(database, edge.settings, NEW_YEAR).findings == ()
        with reading(database) as session:
            overdue = select(col(Notice.rung)).where(col(Notice.rung) > 0)
            assert set(session.scalars(overdue)) == {1}
