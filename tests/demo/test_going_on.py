"""Playing again, on, after an interruption, elsewhere: always the same, and never beside real work."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from theatre import FIRST, SECOND, Played, Theatre

from config import clock
from config.errors import BadInput, Refused
from config.plan import Plan
from config.terms import Role
from database import Database, writing
from demo import run
from models import Event, Item, Message, Person
from supervision import in_force
from supervision.ledger.people import add_person

pytestmark = pytest.mark.xdist_group("demonstration")


class Interrupted(Exception):
    pass


def test_going_on_to_a_later_quarter_equals_going_there_at_once(
    played: Played, river_city: Plan, tmp_path: Path
) -> None:
    theatre = Theatre.at(tmp_path, river_city)
    theatre.play(FIRST)
    assert theatre.head() == played.head_after_first
    theatre.play(SECOND)
    assert theatre.head() == played.theatre.head()


def test_after_an_interruption_in_the_middle_of_a_day_it_goes_on_as_if_nothing_had_happened(
    played: Played, river_city: Plan, tmp_path: Path
) -> None:
    theatre = Theatre.at(tmp_path, river_city)
    stage, days = theatre.opened(FIRST)
    run.play_directly(stage, days[:12], lambda day: None)
    stage.morning(days[12])  # then the power goes
    stage, rest = theatre.opened(FIRST)
    assert rest == days[12:]

    def interrupt(day: date) -> None:
        if day == rest[8]:
            raise Interrupted

    with pytest.raises(Interrupted):
        run.play_directly(stage, rest, interrupt)
    stage, rest = theatre.opened(FIRST)
    run.play_directly(stage, rest[:-1], lambda day: None)
    stage.morning(rest[-1])
    stage.people_act(rest[-1])  # and again, before the verdict
    theatre.play(FIRST)
    assert theatre.head() == played.head_after_first


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_on_postgresql_the_same_is_recorded(
    played: Played, river_city: Plan, tmp_path: Path, database: Database
) -> None:
    theatre = Theatre.on(database, tmp_path, river_city)
    theatre.play(FIRST)
    assert theatre.head() == played.head_after_first


def test_playing_again_changes_nothing(river_city: Plan, played: Played) -> None:
    theatre = played.theatre
    before = theatre.head(), len(theatre.rows(Message))
    for until in (SECOND, FIRST):
        again = run.demo(theatre.settings, theatre.database, until=until)
        assert again.quarter == until
        assert again.day == played.days[-1]
        assert again.districts and again.units
    assert (theatre.head(), len(theatre.rows(Message))) == before


def test_another_seed_is_another_story(river_city: Plan, played: Played, tmp_path: Path) -> None:
    theatre = Theatre.at(tmp_path, river_city)
    stage, days = theatre.opened(FIRST, seed=7)
    run.play_directly(stage, days[:15], lambda day: None)
    stories = [
        [(event.action, event.item_id, event.actor) for event in each.rows(Event)] for each in (theatre, played.theatre)
    ]
    assert stories[0] != stories[1][: len(stories[0])]


def test_a_demonstration_that_has_begun_keeps_its_seed(river_city: Plan, tmp_path: Path) -> None:
    theatre = Theatre.at(tmp_path, river_city)
    theatre.opened(FIRST, seed=7)
    stage, _ = run.opened(theatre.settings, theatre.database, until=FIRST)
    assert stage.world.figures.lots.seed == 7


def test_it_refuses_a_database_with_real_work_in_it(river_city: Plan, tmp_path: Path) -> None:
    theatre = Theatre.at(tmp_path, river_city)
    with writing(theatre.database) as session:
        force = in_force.load(session)
        add_person(
            session, force.tenant_id, login="wang.fang", name="王芳", role=Role.LIAISON,
            unit_id=force.unit_id("市数据局"), since=date(2024, 5, 31), at=clock.moment(date(2024, 5, 31), run.OPENS),
            by="console",
        )  # fmt: skip
    before = theatre.head()
    with pytest.raises(Refused, match="DUBAN_HOME"):
        run.demo(theatre.settings, theatre.database, until=FIRST)
    assert theatre.head() == before
    assert not any(person.synthetic for person in theatre.rows(Person))
    assert not theatre.rows(Item)


@pytest.mark.parametrize("until", ["2024Q1", "2025Q1", "2023Q4"])
def test_a_quarter_that_the_plan_does_not_assess_is_refused_before_anything_is_written(
    until: str, river_city: Plan, tmp_path: Path
) -> None:
    theatre = Theatre.at(tmp_path, river_city)
    before = theatre.head()
    with pytest.raises(BadInput, match="2024Q2 至 2024Q4"):
        run.demo(theatre.settings, theatre.database, until=until)
    assert theatre.head() == before
    assert not any(person.synthetic for person in theatre.rows(Person))


def test_without_a_quarter_it_reaches_the_second_one_that_is_assessed(river_city: Plan, tmp_path: Path) -> None:
    theatre = Theatre.at(tmp_path, river_city)
    _, quarter = run.opened(theatre.settings, theatre.database, until="")
    assert str(quarter) == SECOND


def test_an_empty_database_gets_the_packaged_plan(tmp_path: Path, hangzhou: Plan) -> None:
    theatre = Theatre.at(tmp_path, hangzhou)
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    stage, quarter = run.opened(theatre.settings, empty, until="")
    assert (stage.plan_code, str(quarter)) == ("hangzhou-2021-2023", "2022Q2")
    empty.dispose()
