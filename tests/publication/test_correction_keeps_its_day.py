"""A correction corrects: whose figures were right neither gains nor loses by what happened since."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from ledger.builders import CHIEF, CLERK, Office, at, on_sqlite
from publication.bench import DISTRICT, OTHER_DISTRICT, Bench

from database import Database, reading, writing
from models import Assessment
from supervision.ledger import reporting
from supervision.queries.recalculation import recalculate

pytestmark = on_sqlite

THIRD = "西湖区"


@dataclass(frozen=True)
class Line:
    """One line of a filed form, as it was typed."""

    indicator: str
    value_text: str
    note: str = "已核对"
    area: str = ""
    unit_of_measure: str = ""
    cell: str = ""
    label: str = ""
    unreadable: str = ""


@dataclass(frozen=True)
class Form:
    """A filed form."""

    rows: tuple[Line, ...]
    name: str = "报送.xlsx"


def file(office: Office, unit: str, value: str, when: str, by: str, source: str | None = None) -> int:
    """File and confirm the quarterly form of a district, every indicator with the same number."""
    codes = office.force.plan.form("district-quarterly").indicators
    sheet = Form(tuple(Line(code, value) for code in codes))
    with writing(office.database) as session:
        who = office.who(session, by, at(when))
        filed = reporting.submit(
            session, office.force, form="district-quarterly", unit=unit, period="2022Q2", sheet=sheet, by=who,
            at=at(when), recorded_from=source,
        )  # fmt: skip
        chief = office.who(session, CHIEF, at(when))
        reporting.confirm(session, office.force, filed.request_id, by=chief, at=at(when))
        return filed.request_id


def file_again(office: Office, request: int, value: str, when: str) -> None:
    """Give the form of 上城区 back to be corrected, and file it with other numbers."""
    with writing(office.database) as session:
        reporting.return_submission(
            session, office.force, request, by=office.who(session, CHIEF, at(when)), at=at(when), comment="有误",
            due=at("2022-08-12").date(),
        )  # fmt: skip
    file(office, DISTRICT, value, when, "330102.liaison")


@pytest.fixture
def office(supervised: Database) -> Office:
    """The requests for the second quarter opened, and one district's form filed in time."""
    found = Office(supervised)
    with writing(supervised) as session:
        reporting.open_requests(session, found.force, as_of=at("2022-07-01").date(), at=at("2022-07-01 08:40"))
    file(found, OTHER_DISTRICT, "40", "2022-07-15", "330105.liaison")
    return found


@pytest.fixture
def request_id(office: Office) -> int:
    """The form of 上城区, filed in time."""
    return file(office, DISTRICT, "40", "2022-07-15", "330102.liaison")


@pytest.fixture
def bench(office: Office, request_id: int) -> Bench:
    """The quarter under publicity: two districts filed in time, the others not at all."""
    found = Bench(office.database)
    found.open()
    return found


def totals(bench: Bench, run: int | None = None) -> dict[str, str]:
    return {row["name"]: row["total"] for row in bench.stored(run).result["districts"]}


def test_only_the_corrected_district_moves_whatever_fell_due_meanwhile(bench: Bench, request_id: int) -> None:
    bench.an_item(unit=OTHER_DISTRICT, due=at("2022-07-29").date(), assigned="2022-07-04 09:00")
    before = totals(bench)
    file_again(bench, request_id, "45", "2022-08-02")
    after = totals(bench, bench.correct())
    assert after.pop(DISTRICT) != before.pop(DISTRICT)
    assert after == before


def test_a_district_is_not_judged_by_the_return_that_its_correction_took(bench: Bench, request_id: int) -> None:
    file_again(bench, request_id, "45", "2022-08-02")

    def requests(run: int | None) -> list[dict[str, object]]:
        return next(row["requests"] for row in bench.stored(run).case["districts"] if row["name"] == DISTRICT)

    assert requests(bench.correct()) == requests(None)


def test_what_came_by_paper_in_time_is_recorded_with_its_day_and_counts_in_the_correction(bench: Bench) -> None:
    file(bench, THIRD, "60", "2022-07-18", CLERK, source="7月18日纸质报表")
    before, after = totals(bench), totals(bench, bench.correct())
    assert after[THIRD] != before[THIRD]
    assert {name: total for name, total in after.items() if name != THIRD} == {
        name: total for name, total in before.items() if name != THIRD
    }


def test_a_correction_of_a_correction_still_judges_conduct_by_the_first_day(bench: Bench, request_id: int) -> None:
    file_again(bench, request_id, "45", "2022-08-02")
    first = bench.correct()
    bench.open(run=first, when="2022-08-04")
    bench.run = first
    file_again(bench, request_id, "41", "2022-08-08")
    second = bench.correct(when="2022-08-10", as_of="2022-08-10")
    assert bench.stored(second).case["as_of"] == bench.stored(first).case["as_of"] == "2022-07-25"
    assert bench.stored(second).as_of.isoformat() == "2022-08-10"
    assert totals(bench, second)[OTHER_DISTRICT] == totals(bench, first)[OTHER_DISTRICT]


def test_a_correction_can_be_made_again_from_what_is_in_the_database(bench: Bench, request_id: int) -> None:
    file_again(bench, request_id, "45", "2022-08-02")
    number = bench.correct()
    bench.an_item(unit=OTHER_DISTRICT, due=at("2022-08-26").date(), assigned="2022-08-08 09:00")
    with reading(bench.database) as session:
        found = recalculate(session, bench.force, session.get_one(Assessment, number))
    assert (found.same_result, found.same_input, found.changes) == (True, True, ())
