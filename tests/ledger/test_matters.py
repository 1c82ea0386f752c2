"""Matters from outside the plan: 领导批示, 会议议定事项, 专班交办."""

from __future__ import annotations

import pytest
from builders import CHIEF, CLERK, DUE, LEADER, LIAISON, OTHER_UNIT, UNIT, Office, day, on_sqlite

from config.errors import BadInput, CalendarNotPublished, Refused, UnknownName
from config.terms import Action, MatterKind, Responsibility, Status

A, S = Action, Status


def test_a_matter_is_an_item_for_each_unit_of_which_the_first_leads(office: Office) -> None:
    numbers = office.a_matter(units=[UNIT, OTHER_UNIT, "fgw"], key_task=3, urgent=True)
    items = [office.item(number) for number in numbers]
    assert [item.role for item in items] == [Responsibility.LEAD] + [Responsibility.SUPPORTING] * 2
    assert {(item.status, item.due, item.source, item.urgent) for item in items} == {
        (S.ASSIGNED, DUE, MatterKind.MEETING, True)
    }
    assert [office.line(number).key_task for number in numbers] == [3, 3, 3]
    assert [office.told(number) for number in numbers] == [[("assign", code)] for code in ("jxj", "kjj", "fgw")]
    assert "市政府第12次常务会议纪要" in office.notices(numbers[0])[0].because
    assert office.chain_is_whole()


@on_sqlite
def test_a_matter_goes_the_way_of_every_item(office: Office) -> None:
    [number] = office.a_matter()
    office.act(number, A.ACKNOWLEDGE, by=LIAISON)
    assert [line.level for line in office.escalate("2022-07-22").notices] == ["remind"]
    office.act(number, A.REPORT_COMPLETION, by=LIAISON, when="2022-07-25", comment="已办结")
    office.act(number, A.VERIFY, by=CLERK, when="2022-07-26")
    assert office.item(number).status is S.COMPLETED


@on_sqlite
def test_a_due_date_on_a_day_off_moves_forward(office: Office) -> None:
    [number] = office.a_matter(due=day("2022-10-01"))
    assert office.item(number).due == day("2022-10-08")  # a Saturday that is worked


@on_sqlite
def test_a_matter_may_run_on_after_the_plan_and_be_extended_there(office: Office) -> None:
    [number] = office.a_matter(due=day("2025-03-31"))
    office.act(number, A.REQUEST_EXTENSION, by=LIAISON, comment="x", date=day("2025-06-30"))
    office.act(number, A.APPROVE_EXTENSION, by=CHIEF)
    assert office.item(number).due == day("2025-06-30")


def test_a_due_date_in_a_year_without_an_arrangement_is_refused_and_nothing_written(office: Office) -> None:
    before = office.snapshot()
    with pytest.raises(CalendarNotPublished, match="2027"):
        office.a_matter(due=day("2027-03-31"))
    assert office.snapshot() == before
    [number] = office.a_matter()
    with pytest.raises(CalendarNotPublished, match="2027"):
        office.act(number, A.REQUEST_EXTENSION, by=LIAISON, comment="x", date=day("2027-03-31"))


def test_a_matter_that_lacks_something_is_refused_and_nothing_written(office: Office) -> None:
    before = office.snapshot()
    for changes, match in (
        ({"title": " "}, "名称和来源文件"),
        ({"source_document": ""}, "名称和来源文件"),
        ({"units": []}, "责任单位"),
        ({"due": day("2022-06-30")}, "已过"),
        ({"received_on": day("2022-07-02")}, "收文日期"),
        ({"kind": MatterKind.PLAN}, "计划文件"),
        ({"units": [UNIT, "市气象局"]}, "市气象局"),
        ({"key_task": 13}, "13"),
    ):
        with pytest.raises((BadInput, UnknownName), match=match):
            office.a_matter(**changes)
    assert office.snapshot() == before


@on_sqlite
def test_only_the_office_registers_matters(office: Office) -> None:
    for login in (LIAISON, LEADER, "auditor"):
        with pytest.raises(Refused, match="领导小组办公室"):
            office.a_matter(by=login)


@on_sqlite
def test_a_unit_named_twice_has_one_item(office: Office) -> None:
    assert len(office.a_matter(units=[UNIT, "jxj", OTHER_UNIT, UNIT])) == 2


@on_sqlite
def test_two_matters_alike_are_two_matters(office: Office) -> None:
    first, second = office.a_matter(), office.a_matter(by=CLERK)
    assert first != second
