"""A plan loaded again: what the office has set stands, unless the plan changes the very targets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import update
from target_office import BINJIANG, CHUNAN, Office, changed, on_sqlite

from config.plan import Plan
from database import writing
from models import DistrictTarget
from supervision.apportion import Given


def retitled(plan: Plan, title: str = "修订") -> Plan:
    return changed(plan, lambda data: data.update(title=title))


def with_target(plan: Plan, code: str, target: int, text: str) -> Plan:
    def change(data: dict[str, Any]) -> None:
        entry = next(each for each in data["indicators"] if each["code"] == code)
        entry.update(target=str(target), text=text)

    return changed(plan, change)


def with_baseline(plan: Plan, code: str, value: int) -> Plan:
    def change(data: dict[str, Any]) -> None:
        next(each for each in data["assessment"]["baselines"] if each["indicator"] == code)["value"] = str(value)

    return changed(plan, change)


def test_a_plan_that_changes_something_else_leaves_what_the_office_set(office: Office, hangzhou: Plan) -> None:
    office.set_one(120)
    before = office.rows()
    office.load(retitled(hangzhou))
    assert office.rows() == before
    assert office.chain_is_whole()


def test_a_changed_target_of_the_city_replaces_what_was_set_for_it_and_nothing_else(
    office: Office, hangzhou: Plan
) -> None:
    office.set_one(120)
    office.set_one(100, code="T07")
    office.load(with_target(hangzhou, "T06", 1300, "1300家以上"))
    assert (office.total("T06"), office.target(district=BINJIANG).by_hand) == (1300, False)
    assert office.target("T07", BINJIANG).target == 100
    assert office.target(district=BINJIANG, as_of="05-31").target == 120


@on_sqlite
def test_a_changed_set_takes_its_part_along_so_that_both_fit(office: Office, hangzhou: Plan) -> None:
    office.change(Given({("T14", CHUNAN): Decimal(7)}))
    office.load(with_target(hangzhou, "T13", 260, "260家"))
    known = office.known()
    assert all(
        (known["T14", each.code].target or 0) <= (known["T13", each.code].target or 0)
        for each in office.force.plan.districts
    )
    assert (office.total("T13"), office.total("T14")) == (260, 120)


@on_sqlite
def test_a_baseline_that_the_plan_establishes_leaves_the_targets_and_their_authors(
    office: Office, hangzhou: Plan
) -> None:
    office.set_one(30, code="T28")
    office.load(with_baseline(hangzhou, "T28", 200))
    found = office.target("T28", BINJIANG)
    assert (found.target, found.by_hand, found.reason) == (30, True, "会商")
    assert sum(each.baseline or 0 for (code, _), each in office.known().items() if code == "T28") == 200


@on_sqlite
def test_a_baseline_of_the_office_stands_until_the_plan_changes_it(office: Office, hangzhou: Plan) -> None:
    office.load(with_baseline(hangzhou, "T28", 200), "02-01")
    office.change(Given(baselines={("T28", CHUNAN): Decimal(99)}))
    office.load(retitled(with_baseline(hangzhou, "T28", 200)))
    assert office.target("T28").baseline == 99
    office.load(with_baseline(hangzhou, "T28", 220), "07-01")
    assert office.target("T28").baseline != 99


@on_sqlite
def test_what_a_plan_gives_is_chained_with_every_version(office: Office, hangzhou: Plan) -> None:
    office.load(with_target(hangzhou, "T06", 1001, "1001家以上"))
    first, second = office.events("apportion_targets")
    assert len(first.data["targets"]) == 23 * 13
    assert {each["indicator"] for each in second.data["targets"]} == {"T06"}
    assert first.actor == "flow:init"


@on_sqlite
def test_rows_from_before_bases_were_kept_stand_split_by_the_plans(office: Office) -> None:
    with writing(office.database) as session:
        session.execute(update(DistrictTarget).values(base=None))
    office.change(Given(baselines={("T28", CHUNAN): Decimal(5)}))
    found = office.target("T28")
    assert (found.base, found.by_hand, found.baseline) == ("population_2020", False, 5)
    assert (office.target().base, office.target("T05").base) == ("population_2020", None)
