"""Plans in force: loading a folder, loading it changed, and several plans and tenants in one database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from builders import CLERK, DUE, LIAISON, UNIT, Office, at, day, on_sqlite
from sqlalchemy import func, select
from sqlmodel import col

from config.errors import BadInput, PlanError, UnknownName
from config.plan import Plan
from config.terms import Action, MatterKind, Role
from database import Database, chain, reading, writing
from models import Item, Ladder, Measure, Person, PlanVersion, Unit
from models import Plan as PlanRow
from supervision import cycle, in_force
from supervision.in_force import InForce
from supervision.ledger.matters import add_matter
from supervision.ledger.plan import put_plan
from supervision.queries import items as queries
from supervision.queries.people import actor

A = Action


def changed(plan: Plan, change: Callable[[dict[str, Any]], None]) -> Plan:
    data = plan.model_dump(mode="json")
    change(data)
    return Plan.model_validate(data, context={"stored": True})


def put(database: Database, plan: Plan, when: str = "2022-01-04") -> InForce:
    with writing(database) as session:
        return put_plan(session, plan, at=at(when))


def of_another_city(plan: Plan) -> Plan:
    def change(data: dict[str, Any]) -> None:
        data["tenant"].update(code="ningbo", name="宁波市")
        data["office"].update(word="甬小微办")

    return changed(plan, change)


def steeper(plan: Plan) -> Plan:
    """Return the plan with a ladder that reminds ten days before and turns yellow then."""

    def change(data: dict[str, Any]) -> None:
        data["ladder"]["due_soon_days"] = 10
        data["ladder"]["rungs"][0]["offset"] = -10

    return changed(plan, change)


def loaded(database: Database, code: str = "") -> InForce:
    with reading(database) as session:
        return in_force.load(session, code)


# --- loading a folder


def test_the_same_folder_again_changes_nothing(office: Office, hangzhou: Plan) -> None:
    before = office.snapshot()
    put(office.database, hangzhou)
    assert office.snapshot() == before


def test_a_loaded_plan_is_the_plan_of_the_folder(database: Database, hangzhou: Plan) -> None:
    force = put(database, hangzhou)
    assert force.plan == hangzhou
    assert loaded(database).plan == hangzhou
    assert loaded(database).ladder == force.ladder
    with reading(database) as session:
        assert session.scalars(select(func.count()).select_from(Unit)).one() == len(hangzhou.units)
        assert chain.verify(session, force.tenant_id) == []


@on_sqlite
def test_everybody_the_plan_needs_has_an_account_from_the_first_minute(office: Office) -> None:
    with reading(office.database) as session:
        logins = set(session.scalars(select(col(Person.login))))
    assert logins == {account.login for account in office.force.plan.accounts()}


def test_a_changed_folder_is_a_new_version_and_what_was_made_stays(office: Office, hangzhou: Plan) -> None:
    number = office.a_signed_item()

    def rename(data: dict[str, Any]) -> None:
        data["title"] = "杭州市小微企业三年成长计划（修订）"
        data["key_tasks"][0]["measures"][0]["title"] = "另一名称"

    before = office.item(number)
    put(office.database, changed(hangzhou, rename))
    office.reload()
    assert office.force.plan.title.endswith("（修订）")
    assert office.item(number) == before
    with reading(office.database) as session:
        assert session.scalars(select(col(PlanVersion.number)).order_by(col(PlanVersion.number))).all() == [1, 2]
        titles = session.scalars(select(col(Measure.title)).where(col(Measure.code) == "M01-01")).all()
    assert titles == ["另一名称"]
    office.act(number, A.REPORT_COMPLETION, by=LIAISON, comment="已办结")
    assert office.chain_is_whole()


@on_sqlite
def test_a_measure_that_a_new_folder_leaves_out_keeps_its_items_and_makes_no_more(
    office: Office, hangzhou: Plan
) -> None:
    cycle.supervise_key_task(office.database, "", 1, as_of=day("2022-07-01"))
    put(office.database, changed(hangzhou, lambda data: data["key_tasks"][0]["measures"].pop(7)))
    office.reload()
    cycle.supervise_key_task(office.database, "", 1, as_of=day("2022-10-10"))
    with reading(office.database) as session:
        lines = [line for line in queries.items(session, office.force, as_of=DUE) if line.measure == "M01-08"]
    assert [line.period for line in lines][-1] == "2022Q3"
    assert office.history(lines[-1].id)


@on_sqlite
def test_a_unit_that_bears_another_name_keeps_its_items(office: Office, hangzhou: Plan) -> None:
    number = office.a_signed_item()

    def rename(data: dict[str, Any]) -> None:
        [unit] = [unit for unit in data["units"] if unit["code"] == "jxj"]
        unit["successors"] = [{"name": "市经济和信息化委", "start": "2022-08-01", "source": "机构改革"}]

    put(office.database, changed(hangzhou, rename))
    office.reload()
    assert (office.line(number, "2022-07-31").unit, office.line(number, "2022-08-01").unit) == (
        UNIT, "市经济和信息化委",
    )  # fmt: skip
    assert office.force.unit_id("市经济和信息化委") == office.force.unit_id(UNIT)


def test_a_ladder_that_cannot_be_climbed_is_refused_and_nothing_written(office: Office, hangzhou: Plan) -> None:
    before = office.snapshot()
    with pytest.raises(PlanError, match="催办"):
        put(office.database, changed(hangzhou, lambda data: data["ladder"]["rungs"].pop(2)))
    assert office.snapshot() == before


# --- a changed ladder


@on_sqlite
def test_a_new_ladder_is_for_new_cases_only(office: Office, hangzhou: Plan) -> None:
    old = office.an_item()
    put(office.database, steeper(hangzhou))
    office.reload()
    new = office.an_item(assigned="2022-07-04")
    made = {
        as_of: [(n.item, n.level) for n in office.escalate(as_of).notices] for as_of in ("2022-07-15", "2022-07-22")
    }
    assert made == {"2022-07-15": [(new, "remind")], "2022-07-22": [(old, "remind")]}
    lights = [
        (office.line(number, "2022-07-15").light, office.line(number, "2022-07-22").light) for number in (old, new)
    ]
    assert lights == [("green", "yellow"), ("yellow", "yellow")]
    assert cycle.audit_supervision(office.database, "", as_of=day("2022-07-22")).findings == ()


@on_sqlite
def test_a_folder_put_back_opens_cases_under_its_own_ladder_again(office: Office, hangzhou: Plan) -> None:
    first = office.force.ladder_id
    put(office.database, steeper(hangzhou))
    put(office.database, hangzhou)
    office.reload()
    assert office.force.ladder_id == first
    assert office.item(office.an_item()).ladder_id == first
    with reading(office.database) as session:
        assert session.scalars(select(func.count()).select_from(Ladder)).one() == 2


@on_sqlite
def test_the_board_lights_each_item_by_its_own_ladder(office: Office, hangzhou: Plan) -> None:
    office.an_item(unit="市工商联")
    put(office.database, steeper(hangzhou))
    office.reload()
    office.an_item(assigned="2022-07-04")
    with reading(office.database) as session:
        first = queries.board(session, office.force, as_of=day("2022-07-15"))[0]
    assert (first.light, first.units, first.counts) == ("yellow", (UNIT,), {"green": 1, "yellow": 1})


# --- several plans and tenants


def test_a_database_without_a_plan_says_how_to_begin(database: Database) -> None:
    with pytest.raises(UnknownName, match="duban init"):
        loaded(database)


@on_sqlite
def test_of_several_plans_one_is_named_and_a_name_that_is_not_there_lists_them(office: Office, hangzhou: Plan) -> None:
    put(office.database, changed(hangzhou, lambda data: data.update(code="second")))
    with pytest.raises(BadInput, match="DUBAN_PLAN"):
        loaded(office.database)
    assert loaded(office.database, "second").plan.code == "second"
    assert loaded(office.database, "hangzhou/second").plan.code == "second"
    with pytest.raises(UnknownName, match="hangzhou/second"):
        loaded(office.database, "third")


def test_two_cities_with_a_plan_of_the_same_code_are_told_apart(office: Office, hangzhou: Plan) -> None:
    theirs = put(office.database, of_another_city(hangzhou))
    assert theirs.tenant_id != office.force.tenant_id
    with pytest.raises(BadInput, match="ningbo/hangzhou-2021-2023"):
        loaded(office.database, "hangzhou-2021-2023")
    assert loaded(office.database, "ningbo/hangzhou-2021-2023").plan_id == theirs.plan_id
    assert loaded(office.database, "hangzhou/hangzhou-2021-2023").plan_id == office.force.plan_id
    with reading(office.database) as session:
        assert session.scalars(select(col(PlanRow.tenant_id)).order_by(col(PlanRow.id))).all() == [1, 2]


def test_nothing_of_one_city_shows_in_another(office: Office, hangzhou: Plan) -> None:
    ours = office.force
    theirs = put(office.database, of_another_city(hangzhou))
    number = office.an_item()
    with writing(office.database) as session:
        clerk = actor(session, theirs.tenant_id, CLERK, on=day("2022-07-01"))
        [other] = add_matter(
            session, theirs, kind=MatterKind.MEETING, title="x", content="", source_document="x",
            received_on=day("2022-07-01"), units=[UNIT], due=DUE, by=clerk, at=at("2022-07-01"),
        )  # fmt: skip
    with reading(office.database) as session:
        assert [line.id for line in queries.items(session, ours, as_of=DUE)] == [number]
        assert [line.id for line in queries.items(session, theirs, as_of=DUE)] == [other]
        for look in (queries.history, lambda *which: queries.item(*which, as_of=DUE)):
            with pytest.raises(UnknownName, match=str(other)):
                look(session, ours, other)
        assert chain.verify(session, ours.tenant_id) == chain.verify(session, theirs.tenant_id) == []
        mine = actor(session, ours.tenant_id, LIAISON, on=day("2022-07-01"))
        namesake = actor(session, theirs.tenant_id, LIAISON, on=day("2022-07-01"))
        assert mine.person_id != namesake.person_id
        assert not mine.unit_ids & namesake.unit_ids
    with pytest.raises(UnknownName, match=str(other)):
        office.act(other, A.ACKNOWLEDGE, by=LIAISON)
    made = cycle.escalate_overdue(office.database, "ningbo/hangzhou-2021-2023", as_of=day("2022-07-22"))
    assert [notice.item for notice in made.notices] == [other]


@on_sqlite
def test_a_plan_of_the_same_city_shares_its_people_and_units(office: Office, hangzhou: Plan) -> None:
    second = put(office.database, changed(hangzhou, lambda data: data.update(code="second")))
    assert (second.tenant_id, second.unit_ids) == (office.force.tenant_id, office.force.unit_ids)
    assert second.plan_id != office.force.plan_id
    with reading(office.database) as session:
        assert session.scalars(select(func.count()).select_from(Person)).one() == len(hangzhou.accounts())
        assert session.scalars(select(func.count()).select_from(Item)).one() == 0
        assert actor(session, second.tenant_id, CLERK, on=day("2022-07-01")).holds(Role.OFFICE)
