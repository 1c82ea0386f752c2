"""The generator: what each measure calls for, for whom, by when, once, whenever it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from builders import CLERK, LEADER, OTHER_UNIT, UNIT, Office, at, day, on_sqlite
from sqlalchemy import select
from sqlmodel import col

from config.errors import UnknownName
from config.plan import Plan
from config.terms import Action, Responsibility, Status
from database import reading, writing
from models import Item
from supervision import cycle
from supervision.ledger.plan import put_plan

MEMBERS = "领导小组各成员单位"
pytestmark = on_sqlite


def changed(plan: Plan, change: Callable[[dict[str, Any]], None]) -> Plan:
    """Return the plan as it would be loaded from a changed folder."""
    data = plan.model_dump(mode="json")
    change(data)
    return Plan.model_validate(data, context={"stored": True})


def reload(office: Office, plan: Plan, when: str = "2022-01-04") -> None:
    with writing(office.database) as session:
        put_plan(session, plan, at=at(when))
    office.reload()


def supervise(office: Office, *days: str, task: int = 1) -> dict[str, int]:
    made: dict[str, int] = {}
    for as_of in days:
        made = dict(cycle.supervise_key_task(office.database, "", task, as_of=day(as_of)).created)
    return made


def made(office: Office, measure: str) -> dict[str, list[str]]:
    """Return the periods for which each unit has an item of the measure."""
    found: dict[str, list[str]] = {}
    with reading(office.database) as session:
        rows = session.scalars(select(Item).where(col(Item.occurrence).startswith(f"{measure}/")).order_by(Item.period))
        for item in rows:
            found.setdefault(office.force.unit_codes[item.unit_id], []).append(item.period)
    return found


def keys(office: Office) -> set[tuple[str, str, bool]]:
    with reading(office.database) as session:
        rows = session.execute(select(col(Item.occurrence), col(Item.role), col(Item.retrospective)))
        return {(occurrence, role.value, past) for occurrence, role, past in rows}


def test_before_the_plan_is_issued_there_is_nothing_to_do(office: Office) -> None:
    assert supervise(office, "2021-12-28") == {"items": 0, "retrospective": 0}
    assert supervise(office, "2021-12-29")["retrospective"] > 0


def test_a_measure_is_called_for_when_its_period_begins(office: Office) -> None:
    supervise(office, "2022-06-30")
    assert made(office, "M01-08")["jxj"][-1] == "2022Q2"
    supervise(office, "2022-07-01")
    assert made(office, "M01-08")["jxj"][-1] == "2022Q3"


def test_the_first_unit_leads_and_every_district_has_its_own(office: Office) -> None:
    supervise(office, "2022-01-04")
    with reading(office.database) as session:
        rows = session.scalars(select(Item).where(col(Item.occurrence).startswith("M01-02/2022Q1/"))).all()
        roles = {office.force.unit_codes[item.unit_id]: item.role for item in rows}
    assert roles.pop("scjg") is Responsibility.LEAD
    assert set(roles) == {unit.code for unit in office.force.plan.districts}
    assert set(roles.values()) == {Responsibility.SUPPORTING}


def test_what_was_due_before_the_issue_is_recorded_and_nobody_is_told(office: Office) -> None:
    supervise(office, "2021-12-29")
    with reading(office.database) as session:
        rows = session.scalars(select(Item).where(col(Item.retrospective))).all()
        past = {item.id or 0: (item.status, item.due < day("2021-12-29")) for item in rows}
    assert set(past.values()) == {(Status.REGISTERED, True)}
    assert all(office.told(number) == [] for number in list(past)[:5])
    assert all(office.happened(number) == ["register"] for number in list(past)[:5])


def test_a_late_run_makes_what_daily_runs_would_have_made(office: Office) -> None:
    daily = [f"2022-{month:02}-04" for month in range(1, 8)]
    supervise(office, *daily)
    before = keys(office)
    assert supervise(office, "2022-07-31") == {"items": 0, "retrospective": 0}
    assert keys(office) == before


def test_an_item_that_went_to_another_unit_is_not_made_again(office: Office) -> None:
    supervise(office, "2022-07-01")
    with reading(office.database) as session:
        wanted = select(col(Item.id)).where(col(Item.occurrence) == "M01-08/2022Q3/jxj")
        number = session.scalars(wanted).one() or 0
    office.act(number, Action.REASSIGN, by=CLERK, when="2022-07-04", to_unit=OTHER_UNIT, comment="职责调整")
    assert supervise(office, "2022-07-05") == {"items": 0, "retrospective": 0}


def test_an_item_that_was_withdrawn_is_not_made_again(office: Office) -> None:
    supervise(office, "2022-07-01")
    with reading(office.database) as session:
        wanted = select(col(Item.id)).where(col(Item.occurrence) == "M01-08/2022Q3/jxj")
        number = session.scalars(wanted).one() or 0
    office.act(number, Action.WITHDRAW, by=LEADER, when="2022-07-04", comment="重复")
    assert supervise(office, "2022-07-05") == {"items": 0, "retrospective": 0}


def test_a_key_task_that_the_plan_does_not_have_is_named(office: Office) -> None:
    with pytest.raises(UnknownName, match="13"):
        supervise(office, "2022-07-01", task=13)


# --- groups: 领导小组各成员单位, by a dated register


def with_members(plan: Plan, *spans: tuple[list[str], str, str | None]) -> Plan:
    """Return the plan with another register of member units, and a quarterly measure of all of them."""

    def change(data: dict[str, Any]) -> None:
        [group] = [group for group in data["groups"] if group["name"] == MEMBERS]
        group["memberships"] = [
            {**group["memberships"][0], "units": units, "start": start, "end": end} for units, start, end in spans
        ]
        measure = data["key_tasks"][8]["measures"][0]
        measure.update(cadence="quarterly", due="day 20 month +1", units=[MEMBERS], districts=False)

    return changed(plan, change)


def code_of_measure(office: Office) -> str:
    return office.force.plan.key_tasks[8].measures[0].code


def test_a_group_is_whoever_is_a_member_the_lead_among_them_once(office: Office) -> None:
    supervise(office, "2022-01-04", task=9)
    plan = office.force.plan
    grouped = [each for each in plan.key_tasks[8].measures if not each.units]
    assert plan.key_tasks[8].groups == (MEMBERS,)
    assert grouped
    for measure in grouped:
        of_measure = made(office, measure.code)
        assert set(of_measure) == {unit.code for unit in plan.members(MEMBERS, on=day("2022-01-04"))}
        assert all(len(periods) == len(set(periods)) for periods in of_measure.values())


def test_who_joins_has_the_period_that_runs_and_none_before_it(office: Office, hangzhou: Plan) -> None:
    plan = with_members(hangzhou, ([UNIT], "2021-01-01", None), ([OTHER_UNIT], "2022-08-15", None))
    reload(office, plan)
    supervise(office, "2022-07-04", "2022-08-15", "2022-10-10", task=9)
    found = made(office, code_of_measure(office))
    assert found["kjj"] == ["2022Q3", "2022Q4"]
    assert found["jxj"][-4:] == ["2022Q1", "2022Q2", "2022Q3", "2022Q4"]


def test_who_leaves_keeps_the_period_that_runs_and_has_none_after_it(office: Office, hangzhou: Plan) -> None:
    plan = with_members(hangzhou, ([UNIT], "2021-01-01", None), ([OTHER_UNIT], "2021-01-01", "2022-08-15"))
    reload(office, plan)
    supervise(office, "2022-07-04", "2022-10-10", "2023-01-10", task=9)
    assert made(office, code_of_measure(office))["kjj"][-1] == "2022Q3"


def test_a_late_run_expands_a_group_as_daily_runs_would_have(office: Office, hangzhou: Plan) -> None:
    plan = with_members(
        hangzhou, ([UNIT], "2021-01-01", None), ([OTHER_UNIT], "2021-01-01", "2022-05-10"),
        (["市发改委"], "2022-08-15", None),
    )  # fmt: skip
    reload(office, plan)
    supervise(office, "2022-10-10", task=9)
    late = made(office, code_of_measure(office))
    assert late["kjj"][-1] == "2022Q2"
    assert late["fgw"] == ["2022Q3", "2022Q4"]


# --- what a later version of the plan adds


def test_what_was_due_before_a_later_version_asked_for_it_is_recorded_only(office: Office, hangzhou: Plan) -> None:
    supervise(office, "2022-01-04", "2022-04-01", "2022-07-01")

    def add(data: dict[str, Any]) -> None:
        [measure] = [each for each in data["key_tasks"][0]["measures"] if each["code"] == "M01-08"]
        measure["units"] = [UNIT, OTHER_UNIT]
        data["key_tasks"][0]["measures"].append({**measure, "code": "M01-99", "title": "另一举措"})

    reload(office, changed(hangzhou, add), when="2022-07-11")
    supervise(office, "2022-07-25")
    recorded = {period: supervised_for(office, f"M01-99/{period}/jxj").retrospective for period in
                ("2021Q4", "2022Q1", "2022Q2", "2022Q3")}  # fmt: skip
    assert recorded == {"2021Q4": True, "2022Q1": True, "2022Q2": False, "2022Q3": False}
    assert supervised_for(office, "M01-08/2022Q1/kjj").retrospective
    assert not supervised_for(office, "M01-08/2022Q1/jxj").retrospective


def test_an_installation_that_starts_late_owes_what_the_plan_has_asked_for_all_along(office: Office) -> None:
    supervise(office, "2022-07-01")
    assert not supervised_for(office, "M01-08/2022Q1/jxj").retrospective


def supervised_for(office: Office, occurrence: str) -> Item:
    with reading(office.database) as session:
        number = session.scalars(select(col(Item.id)).where(col(Item.occurrence) == occurrence)).one()
    return office.item(number or 0)
