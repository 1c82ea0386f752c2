"""The nightly proof finds nothing when nothing is missing, and says what is when something is."""

from __future__ import annotations

from datetime import date, time

import pytest
from cycle.days import Installation, whole_day, working_days
from cycle.eve import EVE, FIRST_DAY, THE_DAY
from cycle.hands import CHIEF, hands
from sqlalchemy import text

from config.terms import Action
from database import Database, writing
from supervision import cycle

OVERDUE = "K2-02/2024Q2/sjj"
"""Due on 2024-06-28: it is urged on the day."""


def proof(database: Database, as_of: date) -> tuple[str, ...]:
    return cycle.audit_supervision(database, "", as_of=as_of).findings


def run(database: Database, *statements: str) -> None:
    with writing(database) as session:
        for statement in statements:
            session.execute(text(statement))


@pytest.fixture
def lived(eve: Installation) -> Installation:
    """The city on the evening of the day."""
    with eve.open() as database:
        assert whole_day(database, eve.settings, THE_DAY).findings == ()
    return eve


def test_no_evening_of_an_undisturbed_month_has_anything_to_find(harbour: Installation) -> None:
    with harbour.open() as database:
        for day in working_days(database, FIRST_DAY, date(2024, 7, 12)):
            found = whole_day(database, harbour.settings, day)
            assert found.findings == ()
            assert found.checked["items"] > 0


def test_without_the_morning_sweep_every_rung_that_was_earned_is_missing(eve: Installation) -> None:
    with eve.open() as database:
        findings = proof(database, THE_DAY)
        made = cycle.escalate_overdue(database, "", as_of=THE_DAY)
        assert len(findings) == len(made.notices) > 5
        assert proof(database, THE_DAY) == ()


_URGE = f"SELECT n.id FROM notice n JOIN item i ON i.id = n.item_id WHERE i.occurrence = '{OVERDUE}' AND n.rung = 1"


def test_a_notice_that_was_deleted_is_missed_by_name(lived: Installation) -> None:
    with lived.open() as database:
        run(database, f"DELETE FROM delivery WHERE notice_id IN ({_URGE})", f"DELETE FROM notice WHERE id IN ({_URGE})")
        missing, *asleep = proof(database, THE_DAY)
    assert "“总结一网通办进展”：应持有催办（到期日 2024-06-28），而没有" in missing
    assert asleep == []


def test_a_notice_of_a_request_that_was_deleted_is_missed(lived: Installation) -> None:
    urge = "SELECT id FROM notice WHERE request_id IS NOT NULL AND rung = 1 AND due = '2024-06-28'"
    with lived.open() as database:
        run(database, f"DELETE FROM delivery WHERE notice_id IN ({urge})", f"DELETE FROM notice WHERE id IN ({urge})")
        (missing,) = proof(database, THE_DAY)
    assert "“等候时间月报（2024-05）”：应持有催办" in missing


@pytest.mark.parametrize("day", ["NULL", "'2024-12-31'"])
@pytest.mark.parametrize("table", ["item", "reporting_request"])
def test_a_case_that_the_sweep_would_oversleep_is_found(lived: Installation, table: str, day: str) -> None:
    with lived.open() as database:
        run(database, f"UPDATE {table} SET sweep_on = {day} WHERE sweep_on > '{THE_DAY}'")
        findings = proof(database, THE_DAY)
    assert len(findings) > 2
    assert all("再查，登记为" in finding for finding in findings)


def test_an_event_that_was_changed_or_cut_off_is_found(lived: Installation) -> None:
    with lived.open() as database:
        run(database, "UPDATE event SET actor = 'somebody' WHERE seq = 7")
        assert any("第 7 条内容与其校验值不符" in finding for finding in proof(database, THE_DAY))
        run(database, "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)")
        assert any("链尾与登记不符" in finding for finding in proof(database, THE_DAY))


def test_what_begins_to_run_again_after_the_sweep_is_owed_from_the_next_one(eve: Installation) -> None:
    tomorrow = date(2024, 7, 2)
    with eve.open() as database:
        with hands(database, EVE, time(16)) as people:
            people.act(OVERDUE, Action.DISPUTE, "sjj.liaison")
        assert whole_day(database, eve.settings, THE_DAY).findings == ()
        with hands(database, THE_DAY, time(15)) as people:
            people.act(OVERDUE, Action.REJECT_DISPUTE, CHIEF)
        assert proof(database, THE_DAY) == ()
        assert any("总结一网通办进展”：应持有催办" in finding for finding in proof(database, tomorrow))
        assert whole_day(database, eve.settings, tomorrow).findings == ()
