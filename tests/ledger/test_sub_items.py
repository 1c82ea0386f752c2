"""两级: a unit breaks its item down to its own people and bureaus; the parent waits for all of them."""

from __future__ import annotations

import pytest
from builders import CLERK, DUE, HEAD, LIAISON, OTHER_UNIT, OWN_UNIT, UNIT, Office, at, day, on_sqlite
from sqlalchemy import select
from sqlmodel import col

from config.errors import BadInput, Refused, UnknownName
from config.terms import Action, Level, Responsibility, Role, Status
from database import reading, writing
from models import Delivery, Notice, Person
from supervision.ledger.bureaus import add_bureau
from supervision.queries import items as queries

A, S = Action, Status


def a_bureau(office: Office, name: str = "规划处", unit: str = UNIT, by: str = LIAISON) -> str:
    with writing(office.database) as session:
        who = office.who(session, by, at("2022-07-01"))
        add_bureau(session, office.force, unit=unit, code=f"b-{name}", name=name, by=who, at=at("2022-07-01"))
    office.reload()
    return name


def told_persons(office: Office, number: int, kind: str) -> list[str]:
    statement = (
        select(col(Person.login))
        .join(Delivery, col(Delivery.person_id) == col(Person.id))
        .join(Notice, col(Notice.id) == col(Delivery.notice_id))
        .where(col(Notice.item_id) == number, col(Notice.kind) == kind)
    )
    with reading(office.database) as session:
        return list(session.scalars(statement.order_by(col(Person.login))))


def test_the_parent_waits_until_every_part_is_done(office: Office) -> None:
    parent = office.a_signed_item()
    first, second = office.a_part(parent), office.a_part(parent, assignee=LIAISON)
    with pytest.raises(Refused, match=f"还有 2 个子事项未办结（编号 {first}、{second}）"):
        office.act(parent, A.REPORT_COMPLETION, by=LIAISON, comment="已办结")
    for part, assignee, other in ((first, HEAD, LIAISON), (second, LIAISON, HEAD)):
        office.act(part, A.ACKNOWLEDGE, by=assignee)
        office.act(part, A.REPORT_COMPLETION, by=assignee, comment="已办结")
        with pytest.raises(Refused, match="未办结"):
            office.act(parent, A.REPORT_COMPLETION, by=LIAISON, comment="已办结")
        office.act(part, A.VERIFY, by=other)
    office.act(parent, A.REPORT_COMPLETION, by=LIAISON, comment="已办结")
    assert [office.item(part).status for part in (first, second)] == [S.COMPLETED] * 2
    assert office.chain_is_whole()


@on_sqlite
def test_a_withdrawn_part_is_waited_for_no_longer(office: Office) -> None:
    parent = office.a_signed_item()
    part = office.a_part(parent)
    office.act(part, A.WITHDRAW, by=HEAD, comment="不再需要")
    office.act(parent, A.REPORT_COMPLETION, by=LIAISON, comment="已办结")


@on_sqlite
def test_a_part_belongs_to_what_its_parent_belongs_to(office: Office) -> None:
    parent = office.an_item(role=Responsibility.SUPPORTING)
    part = office.item(office.a_part(parent, assignee=HEAD))
    above = office.item(parent)
    assert (part.parent_id, part.unit_id, part.key_task_id) == (parent, above.unit_id, above.key_task_id)
    assert (part.role, part.status, part.due) == (Responsibility.SUPPORTING, S.ASSIGNED, day("2022-07-22"))
    assert told_persons(office, part.id or 0, "assign") == [HEAD]


@on_sqlite
def test_the_unit_above_stands_to_a_part_as_the_office_does_to_an_item(office: Office) -> None:
    parent = office.a_signed_item()
    part = office.a_part(parent, assignee=HEAD)
    with pytest.raises(Refused, match="与该事项无关"):
        office.act(part, A.WITHDRAW, by=CLERK, comment="x")
    with pytest.raises(Refused, match="您的身份是领导小组办公室"):
        office.act(part, A.ACKNOWLEDGE, by=LIAISON)
    office.act(part, A.ACKNOWLEDGE, by=HEAD)
    office.act(part, A.REQUEST_EXTENSION, by=HEAD, comment="不足", date=day("2022-07-28"))
    with pytest.raises(Refused, match="另一人"):
        office.act(part, A.APPROVE_EXTENSION, by=HEAD)
    office.act(part, A.APPROVE_EXTENSION, by=LIAISON)
    office.act(part, A.REPORT_COMPLETION, by=HEAD, comment="已办结")
    with pytest.raises(Refused, match="另一人"):
        office.act(part, A.VERIFY, by=HEAD)
    office.act(part, A.RETURN_FOR_REWORK, by=LIAISON, comment="缺名单", date=day("2022-07-29"))
    office.act(part, A.REPORT_COMPLETION, by=HEAD, comment="已补充")
    office.act(part, A.VERIFY, by=LIAISON)


@on_sqlite
def test_a_deputy_of_the_assignee_does_the_part(office: Office) -> None:
    part = office.a_part(office.a_signed_item(), assignee=HEAD)
    office.delegate(HEAD, to="kjj.head")
    office.act(part, A.ACKNOWLEDGE, by="kjj.head")
    assert office.last(part).acting_for == HEAD
    assert told_persons(office, part, "assign") == [HEAD]


@on_sqlite
def test_the_unit_records_for_an_assignee_what_was_said(office: Office) -> None:
    part = office.a_part(office.a_signed_item(), assignee=HEAD)
    office.act(part, A.ACKNOWLEDGE, by=LIAISON, source="当面告知")
    office.act(part, A.REPORT_COMPLETION, by=LIAISON, comment="已办结", source="当面告知")
    with pytest.raises(Refused, match="另一人"):
        office.act(part, A.VERIFY, by=LIAISON)


@on_sqlite
def test_a_part_is_due_inside_its_parent(office: Office) -> None:
    parent = office.a_signed_item()
    for due in ("2022-07-03", "2022-08-01", "2022-12-31"):
        with pytest.raises(BadInput, match="应在今日与上级事项期限 2022-07-29 之间"):
            office.a_part(parent, due=day(due))
    for due, expected in (("2022-07-29", DUE), ("2022-07-24", day("2022-07-22")), ("2022-07-04", day("2022-07-04"))):
        assert office.item(office.a_part(parent, due=day(due))).due == expected
    part = office.a_part(parent)
    office.act(part, A.ACKNOWLEDGE, by=HEAD, when="2022-07-05")
    with pytest.raises(BadInput, match="2022-07-29"):
        office.act(part, A.REQUEST_EXTENSION, by=HEAD, when="2022-07-05", comment="x", date=day("2022-08-05"))


@on_sqlite
def test_only_the_unit_breaks_its_item_down_and_only_while_it_works_on_it(office: Office) -> None:
    parent = office.a_signed_item()
    for login in ("kjj.liaison", CLERK, "leader.signer"):
        with pytest.raises(Refused, match="由责任单位的联络员或分管负责人办理"):
            office.a_part(parent, by=login)
    office.act(parent, A.REPORT_COMPLETION, by=LIAISON, when="2022-07-05", comment="已办结")
    with pytest.raises(Refused, match="报请办结"):
        office.a_part(parent, when="2022-07-06")
    retrospective = office.an_item(due=day("2021-10-20"), retrospective=True)
    for number in (retrospective,):
        with pytest.raises(Refused, match="不能再分解"):
            office.a_part(number)
    disputed = office.a_signed_item()
    office.act(disputed, A.DISPUTE, by=LIAISON, when="2022-07-05", comment="x")
    with pytest.raises(Refused, match="异议"):
        office.a_part(disputed, when="2022-07-06")


@on_sqlite
def test_there_are_two_levels_and_no_third(office: Office) -> None:
    part = office.a_part(office.a_signed_item(), assignee=HEAD)
    with pytest.raises(Refused, match="督办分两级"):
        office.a_part(part, assignee=HEAD)


@on_sqlite
def test_a_part_goes_to_one_person_or_one_bureau_of_the_unit(office: Office) -> None:
    parent, bureau = office.a_signed_item(), a_bureau(office)
    with pytest.raises(BadInput, match="两者择一"):
        office.a_part(parent, assignee=HEAD, bureau=bureau)
    with pytest.raises(BadInput, match="两者择一"):
        office.a_part(parent, assignee=None)
    with pytest.raises(Refused, match="不在责任单位任职"):
        office.a_part(parent, assignee="kjj.liaison")
    with pytest.raises(UnknownName, match="nobody"):
        office.a_part(parent, assignee="nobody")
    with pytest.raises(UnknownName, match="市科技局"):
        office.a_part(parent, bureau=OTHER_UNIT)
    with pytest.raises(BadInput, match="名称"):
        office.a_part(parent, title=" ")


def test_a_bureau_does_its_part_and_the_unit_above_verifies(office: Office) -> None:
    parent, bureau = office.a_signed_item(), a_bureau(office)
    office.add_person("gh.zhang", Role.LIAISON, bureau, since="2022-07-01")
    part = office.a_part(parent, bureau=bureau)
    assert office.line(part).unit == "规划处"
    assert told_persons(office, part, "assign") == ["gh.zhang"]
    office.act(part, A.ACKNOWLEDGE, by="gh.zhang")
    with pytest.raises(Refused, match="与该事项无关"):
        office.act(parent, A.REPORT_PROGRESS, by="gh.zhang", comment="x")
    office.act(part, A.REPORT_COMPLETION, by="gh.zhang", comment="已办结")
    with pytest.raises(Refused, match="您的身份是联络员"):
        office.act(part, A.VERIFY, by="gh.zhang")
    office.act(part, A.VERIFY, by=LIAISON)
    assert office.item(part).status is S.COMPLETED


@on_sqlite
def test_a_bureau_is_registered_once_and_by_its_unit(office: Office) -> None:
    a_bureau(office)
    assert office.force.unit_id("规划处") == office.force.unit_id("b-规划处")
    with pytest.raises(Refused, match="已由“规划处”使用"):
        a_bureau(office)
    with pytest.raises(Refused, match="由责任单位"):
        a_bureau(office, "财务处", by="kjj.liaison")
    with pytest.raises(BadInput, match="代码和名称"):
        a_bureau(office, " ")
    with pytest.raises(UnknownName, match="市气象局"):
        a_bureau(office, "财务处", unit="市气象局")
    assert office.chain_is_whole()


@on_sqlite
def test_a_part_is_not_moved_to_another_unit(office: Office) -> None:
    part = office.a_part(office.a_signed_item(), assignee=HEAD)
    with pytest.raises(Refused, match="子事项不转办"):
        office.act(part, A.REASSIGN, by=LIAISON, to_unit=OTHER_UNIT, comment="x")


@on_sqlite
def test_inside_the_office_s_own_unit_its_people_decide_on_parts(office: Office) -> None:
    parent = office.a_signed_item(unit=OWN_UNIT)
    part = office.a_part(parent, by="scjg.liaison", assignee="scjg.head")
    office.act(part, A.ACKNOWLEDGE, by="scjg.head")
    office.act(part, A.REPORT_COMPLETION, by="scjg.head", comment="已办结")
    office.act(part, A.VERIFY, by="scjg.liaison")


@on_sqlite
def test_inside_a_unit_nothing_climbs_to_a_paper_of_the_office(office: Office) -> None:
    parent = office.a_signed_item(due=day("2022-12-30"))
    part = office.a_part(parent, due=day("2022-07-22"), assignee=HEAD)
    made = [
        line.level for as_of in ("2022-07-15", "2022-07-21", "2022-07-25") for line in office.escalate(as_of).notices
    ]
    assert made == ["remind", "warn", "urge"]
    office.reach(part, Level.URGE, "2022-07-25 11:00", login=HEAD)
    assert [office.escalate(as_of).notices for as_of in ("2022-07-28", "2022-08-15")] == [(), ()]
    assert office.line(part, "2022-08-15").light == "red"


@on_sqlite
def test_a_late_part_shows_on_the_board_by_the_name_of_its_unit(office: Office) -> None:
    parent = office.a_signed_item(due=day("2022-12-30"))
    office.a_part(parent, due=day("2022-07-22"), assignee=HEAD)
    with reading(office.database) as session:
        [first, *_] = queries.board(session, office.force, as_of=day("2022-07-25"))
    assert (first.number, first.light, first.units, first.items) == (1, "red", (UNIT,), 2)
