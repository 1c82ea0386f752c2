"""A correction corrects: whose figures were right neither gains nor loses by what happened since."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from ledger.builders import CHIEF, CLERK, LEADER, Office, at, day, on_sqlite
from publication.bench import DISTRICT, OTHER_DISTRICT, Bench
from publication.filings import file, file_again, send_back
from sqlalchemy import select
from sqlmodel import col

from config.plan import Plan
from config.terms import Action
from database import Database, reading, writing
from models import Assessment, ReportingRequest
from supervision.apportion.changing import Overridden
from supervision.ledger import reporting, targets
from supervision.ledger.plan import put_plan
from supervision.queries.recalculation import recalculate

pytestmark = on_sqlite

THIRD = "西湖区"


def set_target(bench: Bench, district: str, when: str) -> None:
    """Give a district another target of T28, the others keeping theirs."""
    code = bench.force.plan.unit(district).code
    with writing(bench.database) as session:
        who = bench.who(session, CLERK, at(when))
        wanted = Overridden("T28", code, Decimal(90), keep_others=True)
        targets.change_targets(session, bench.force, wanted, reason="会商", by=who, at=at(when))


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


def rows(bench: Bench, run: int | None = None) -> dict[str, dict[str, Any]]:
    """Return by district everything that it was given, to the last digit; ranks depend on others."""
    found = bench.stored(run).result["districts"]
    return {row["name"]: {key: row[key] for key in ("total", "coverage", "components", "adjustments")} for row in found}


def totals(bench: Bench, run: int | None = None) -> dict[str, str]:
    return {row["name"]: row["total"] for row in bench.stored(run).result["districts"]}


def test_only_the_corrected_district_moves_whatever_fell_due_meanwhile(bench: Bench, request_id: int) -> None:
    bench.an_item(unit=OTHER_DISTRICT, due=at("2022-07-29").date(), assigned="2022-07-04 09:00")
    before = rows(bench)
    file_again(bench, request_id, "45", "2022-08-02")
    after = rows(bench, bench.correct())
    assert after.pop(DISTRICT) != before.pop(DISTRICT)
    assert after == before


def test_the_corrected_district_changes_by_the_corrected_figure_and_nothing_else(bench: Bench, request_id: int) -> None:
    file_again(bench, request_id, "40", "2022-08-02", others={"T28": "5"})
    before, after = rows(bench)[DISTRICT], rows(bench, bench.correct())[DISTRICT]
    lines = [{line["code"]: line for part in row["components"] for line in part["items"]} for row in (before, after)]
    assert {code for code in lines[0] if lines[0][code] != lines[1][code]} == {"T28"}
    by_figure = Decimal(lines[1]["T28"]["points"]) - Decimal(lines[0]["T28"]["points"])
    assert by_figure < 0
    assert abs(Decimal(after["total"]) - Decimal(before["total"]) - by_figure) < Decimal("0.01")
    conduct = [[part for part in row["components"] if not part["items"]] for row in (before, after)]
    assert conduct[0] == conduct[1]


def test_what_had_been_filed_but_not_reviewed_is_no_lapse_of_the_unit(office: Office) -> None:
    file(office, DISTRICT, "40", "2022-07-15", "330102.liaison", confirmed=False)
    bench = Bench(office.database)
    bench.open()
    with writing(bench.database) as session:
        row = session.scalars(select(ReportingRequest).where(col(ReportingRequest.state) == "filed")).one()
        chief = bench.who(session, CHIEF, at("2022-07-29"))
        reporting.confirm(session, bench.force, row.id or 0, by=chief, at=at("2022-07-29"))
    before, after = rows(bench), rows(bench, bench.correct())
    assert Decimal(after.pop(DISTRICT)["total"]) > Decimal(before.pop(DISTRICT)["total"])
    assert after == before


def test_a_target_set_since_is_the_next_quarters_unless_an_objection_to_it_was_upheld(
    bench: Bench, request_id: int
) -> None:
    objection = bench.object_to(subject="T28", grounds="目标分解有误")
    set_target(bench, OTHER_DISTRICT, "2022-07-27")
    set_target(bench, DISTRICT, "2022-07-28")
    bench.rule(objection, uphold=True)
    before, after = rows(bench), rows(bench, bench.correct())
    assert after.pop(DISTRICT) != before.pop(DISTRICT)
    assert after == before


def test_a_plan_loaded_since_judges_no_quarter_that_was_frozen_before_it(
    bench: Bench, request_id: int, hangzhou: Plan
) -> None:
    laxer = [
        each.model_copy(update={"strict": not each.strict}) if each.code in {"T28", "T29"} else each
        for each in hangzhou.indicators
    ]
    before = rows(bench)
    with writing(bench.database) as session:
        put_plan(session, hangzhou.model_copy(update={"indicators": tuple(laxer)}), at=at("2022-07-28"))
    bench.reload()
    file_again(bench, request_id, "45", "2022-08-02")
    number = bench.correct()
    assert bench.stored(number).scheme_hash == bench.stored().scheme_hash
    after = rows(bench, number)
    assert after.pop(DISTRICT) != before.pop(DISTRICT)
    assert after == before


@pytest.mark.parametrize("subject", ["key_tasks", ""])
def test_an_upheld_objection_about_conduct_is_honoured_by_the_same_day(
    office: Office, request_id: int, subject: str
) -> None:
    mine, others = (
        office.an_item(unit=unit, due=day("2022-07-15"), assigned="2022-07-01 09:00", period="2022-06")
        for unit in (DISTRICT, OTHER_DISTRICT)
    )
    bench = Bench(office.database)
    bench.open()
    objection = bench.object_to(subject=subject, grounds="事项不属本区职责")
    for item in (mine, others):
        bench.act(item, Action.WITHDRAW, LEADER, "2022-07-28", comment="不属其职责")
    bench.rule(objection, uphold=True)
    before, after = bench.stored(), bench.stored(bench.correct())
    due = [{row["name"]: row["items_due"] for row in run.case["districts"]} for run in (before, after)]
    assert len(due[0][DISTRICT]) == 1 and due[1][DISTRICT] == []
    assert due[0][OTHER_DISTRICT] == due[1][OTHER_DISTRICT] != []


def test_who_was_heard_is_not_charged_with_what_was_left_out_before(office: Office, request_id: int) -> None:
    item = office.a_reported_item(unit=DISTRICT, due=day("2022-07-22"), period="2022-06")
    bench = Bench(office.database)
    bench.open()
    objection = bench.object_to(subject="key_tasks")
    bench.act(item, Action.RETURN_FOR_REWORK, CHIEF, "2022-07-28", comment="不实", date=day("2022-08-19"))
    bench.rule(objection, uphold=True)
    file_again(bench, request_id, "45", "2022-08-02")
    [mine] = [row for row in bench.stored(bench.correct()).case["districts"] if row["name"] == DISTRICT]
    assert mine["items_due"] == []


def test_points_given_on_an_upheld_objection_enter_the_correction(bench: Bench) -> None:
    objection = bench.object_to(subject="reporting", grounds="系统故障，非本区迟报")
    bench.rule(objection, uphold=True)
    bench.decide_points(bench.propose_points("0.5", when="2022-07-30"), when="2022-08-01")
    before, after = totals(bench), totals(bench, bench.correct())
    assert Decimal(after.pop(DISTRICT)) - Decimal(before.pop(DISTRICT)) == Decimal("0.5")
    assert after == before


def test_a_form_returned_before_the_freeze_and_again_after_it_counts_as_returned_once(
    office: Office, request_id: int
) -> None:
    send_back(office, request_id, "2022-07-18", due="2022-07-20")
    with writing(office.database) as session:
        reporting.close_windows(session, office.force, as_of=day("2022-07-25"), at=at("2022-07-25 08:40"))
    bench = Bench(office.database)
    bench.open()
    before = rows(bench)
    file_again(bench, request_id, "45", "2022-08-02")
    number = bench.correct()
    asked = [
        next(row["requests"] for row in bench.stored(run).case["districts"] if row["name"] == DISTRICT)
        for run in (None, number)
    ]
    assert asked[0] == asked[1] and {"late": False, "returned": 1, "missing": False} in asked[0]
    after = rows(bench, number)
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
