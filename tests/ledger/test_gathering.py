"""What of the ledger an assessment counts."""

from __future__ import annotations

from datetime import date
from typing import Any

from builders import CHIEF, CLERK, UNIT, Office, on_sqlite

from config.terms import Action, Population
from database import reading
from supervision.periods import parse_period
from supervision.queries.case import gather

pytestmark = on_sqlite

AS_OF = date(2022, 8, 1)


def items_due(office: Office) -> list[dict[str, Any]]:
    with reading(office.database) as session:
        case = gather(session, office.force, parse_period("2022Q2"), Population.UNITS, as_of=AS_OF).case
    [row] = [row for row in case["districts"] if row["name"] == UNIT]
    return list(row["items_due"])


def test_an_open_item_counts_by_the_date_that_judges(office: Office) -> None:
    office.an_item()
    assert items_due(office) == [{"due": "2022-07-29", "completed": None}]


def test_a_completed_item_still_counts_once_it_is_archived(office: Office) -> None:
    number = office.a_reported_item()
    for action, who in ((Action.VERIFY, CLERK), (Action.CLOSE, CHIEF), (Action.ARCHIVE, CHIEF)):
        office.act(number, action, by=who, when="2022-07-21")
        assert items_due(office) == [{"due": "2022-07-29", "completed": "2022-07-20"}]


def test_a_withdrawn_item_counts_for_nothing_whether_it_is_archived_or_not(office: Office) -> None:
    number = office.an_item()
    office.act(number, Action.WITHDRAW, by=CLERK, comment="任务已取消")
    assert items_due(office) == []
    office.act(number, Action.ARCHIVE, by=CLERK)
    assert items_due(office) == []


def test_what_waits_for_the_office_counts_for_nothing_yet(office: Office) -> None:
    office.a_reported_item()
    assert items_due(office) == []
