"""An assessment is what was known on its day, whenever it is calculated."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ledger.builders import CHIEF, CLERK, LEADER, LIAISON, UNIT, Office, day, on_sqlite

from config.terms import Action, Population
from database import Database, reading
from supervision.periods import parse_period
from supervision.queries.case import gather

pytestmark = on_sqlite

DUE = "2022-07-29"


@pytest.fixture
def office(supervised: Database) -> Office:
    return Office(supervised)


def counted(office: Office, as_of: str, unit: str = UNIT) -> list[tuple[str, str | None]]:
    """Return due date and completion of what counts for the unit in the second quarter, as known on the day."""
    with reading(office.database) as session:
        case = gather(session, office.force, parse_period("2022Q2"), Population.UNITS, as_of=day(as_of)).case
    [row] = [row for row in case["districts"] if row["name"] == unit]
    return [(item["due"], item["completed"]) for item in row["items_due"]]


def test_what_was_verified_later_waits_for_the_office_on_the_day(office: Office) -> None:
    number = office.a_reported_item(reported="2022-07-20")
    office.act(number, Action.VERIFY, by=CLERK, when="2022-08-02")
    assert counted(office, "2022-07-19") == [(DUE, None)]
    assert counted(office, "2022-08-01") == []
    assert counted(office, "2022-08-02") == [(DUE, "2022-07-20")]


def test_what_was_closed_or_archived_later_was_completed_on_the_day(office: Office) -> None:
    number = office.a_reported_item()
    for action, when in ((Action.VERIFY, "2022-07-21"), (Action.CLOSE, "2022-08-03"), (Action.ARCHIVE, "2022-08-04")):
        office.act(number, action, by=CHIEF, when=when)
    assert counted(office, "2022-08-01") == [(DUE, "2022-07-20")]


def test_what_was_withdrawn_later_still_counted_on_the_day(office: Office) -> None:
    number = office.an_item()
    office.act(number, Action.WITHDRAW, by=CLERK, when="2022-08-05", comment="任务取消")
    assert counted(office, "2022-08-04") == [(DUE, None)]
    assert counted(office, "2022-08-05") == []


def test_an_extension_granted_later_does_not_judge_the_day(office: Office) -> None:
    number = office.a_signed_item()
    office.act(
        number, Action.REQUEST_EXTENSION, by=LIAISON, when="2022-07-25", comment="数据未齐", date=date(2022, 8, 12)
    )
    office.act(number, Action.APPROVE_EXTENSION, by=CLERK, when="2022-08-03")
    assert counted(office, "2022-08-02") == [(DUE, None)]
    assert counted(office, "2022-08-03") == [("2022-08-12", None)]


def test_what_was_passed_on_later_was_the_former_units_on_the_day(office: Office) -> None:
    number = office.an_item()
    office.act(number, Action.REASSIGN, by=LEADER, when="2022-07-27", to_unit="市科技局", comment="职能调整",
               date=date(2022, 8, 5))  # fmt: skip
    assert (counted(office, "2022-07-26"), counted(office, "2022-07-26", "市科技局")) == ([(DUE, None)], [])
    assert (counted(office, "2022-07-27"), counted(office, "2022-07-27", "市科技局")) == ([], [("2022-08-05", None)])


def test_what_was_not_assigned_yet_is_not_known(office: Office) -> None:
    office.an_item(assigned="2022-07-15 08:35")
    assert counted(office, "2022-07-14") == []
    assert counted(office, "2022-07-15") == [(DUE, None)]


@pytest.mark.parametrize(("assigned", "counts"), [("2022-07-29 08:35", True), ("2022-07-30 08:35", False)])
def test_what_came_to_a_unit_after_its_date_judges_nobody(office: Office, assigned: str, counts: bool) -> None:
    office.an_item(assigned=assigned)
    assert counted(office, "2022-08-10") == ([(DUE, None)] if counts else [])


def test_the_same_day_gives_the_same_input_whatever_happened_since(office: Office) -> None:
    numbers = [office.a_signed_item() for _ in range(3)]

    def known() -> dict[str, Any]:
        with reading(office.database) as session:
            quarter = parse_period("2022Q2")
            return gather(session, office.force, quarter, Population.UNITS, as_of=day("2022-08-01")).case

    before = known()
    office.act(numbers[0], Action.REPORT_COMPLETION, by=LIAISON, when="2022-08-02", comment="已办结")
    office.act(numbers[0], Action.VERIFY, by=CLERK, when="2022-08-03")
    office.act(numbers[1], Action.DISPUTE, by=LIAISON, when="2022-08-02", comment="不属本单位职责")
    office.act(numbers[1], Action.ACCEPT_DISPUTE, by=CLERK, when="2022-08-03")
    office.act(numbers[2], Action.WITHDRAW, by=CHIEF, when="2022-08-04", comment="取消")
    office.an_item(assigned="2022-08-05 08:35", due=date(2022, 8, 31))
    assert known() == before
