"""延期: asked for up to the last second of the due date, answered by somebody else; the original date stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from builders import CHIEF, CLERK, DUE, HEAD, LIAISON, Office, day, on_sqlite

from config.clock import ZONE
from config.errors import BadInput, Refused
from config.terms import Action, Decision, DueReason, Level, Role, Status
from database import writing
from supervision.ledger.acts import Act, perform

A, S = Action, Status
LATER = day("2022-08-31")


def ask(office: Office, number: int, when: str = "2022-07-20", by: str = LIAISON, **words: Any) -> None:
    office.act(number, A.REQUEST_EXTENSION, by=by, when=when, **{"comment": "省级办法尚未出台", "date": LATER} | words)


def ask_at(office: Office, number: int, moment: datetime) -> None:
    with writing(office.database) as session:
        liaison = office.who(session, LIAISON, moment)
        perform(session, office.force, Act(number, A.REQUEST_EXTENSION, liaison, moment, "x", LATER))


def test_an_approved_extension_judges_and_the_original_date_stays_for_ever(office: Office) -> None:
    number = office.a_signed_item()
    ask(office, number)
    office.act(number, A.APPROVE_EXTENSION, by=CLERK, when="2022-07-21")
    item = office.item(number)
    assert (item.original_due, item.due, item.judged_due, item.status) == (DUE, LATER, LATER, S.ACKNOWLEDGED)
    versions = [(version.due, version.judges, version.reason) for version in office.versions(number)]
    assert versions == [(DUE, True, DueReason.ASSIGNED), (LATER, True, DueReason.EXTENDED)]
    assert office.told(number)[-1] == ("extension_decided", "jxj")
    assert "2022-08-31" in office.notices(number)[-1].because


@on_sqlite
def test_it_can_be_asked_for_through_the_last_second_of_the_due_date(office: Office) -> None:
    last = datetime(2022, 7, 29, 23, 59, 59, 999_999, tzinfo=ZONE)
    ask_at(office, office.a_signed_item(), last)
    with pytest.raises(Refused, match="已过，不能再申请延期"):
        ask_at(office, office.a_signed_item(), datetime(2022, 7, 30, 0, 0, 0, tzinfo=ZONE))


@on_sqlite
def test_it_can_be_asked_for_before_the_item_is_signed_for(office: Office) -> None:
    number = office.an_item()
    ask(office, number)
    assert office.item(number).status is S.ASSIGNED


@on_sqlite
def test_only_one_waits_for_an_answer_at_a_time(office: Office) -> None:
    number = office.a_signed_item()
    ask(office, number)
    with pytest.raises(Refused, match="待批"):
        ask(office, number, by=HEAD)
    office.act(number, A.REJECT_EXTENSION, by=CLERK, comment="可先办")
    ask(office, number)
    office.act(number, A.APPROVE_EXTENSION, by=CLERK)
    ask(office, number, date=day("2022-09-30"))
    office.act(number, A.APPROVE_EXTENSION, by=CLERK)
    assert [version.version for version in office.versions(number)] == [1, 2, 3]


@on_sqlite
def test_an_answer_without_a_request_is_refused(office: Office) -> None:
    number = office.a_signed_item()
    for action in (A.APPROVE_EXTENSION, A.REJECT_EXTENSION):
        with pytest.raises(Refused, match="没有待批的延期申请"):
            office.act(number, action, by=CLERK, comment="x")


@on_sqlite
def test_who_asked_does_not_answer(office: Office) -> None:
    office.add_person("wang.fang", Role.OFFICE)
    number = office.a_signed_item()
    ask(office, number, by="wang.fang", source="7月20日电话")
    for action in (A.APPROVE_EXTENSION, A.REJECT_EXTENSION):
        with pytest.raises(Refused, match="另一人"):
            office.act(number, action, by="wang.fang", comment="x")
    office.act(number, A.APPROVE_EXTENSION, by=CLERK)


@on_sqlite
def test_the_unit_does_not_answer_itself(office: Office) -> None:
    number = office.a_signed_item()
    ask(office, number)
    with pytest.raises(Refused, match="您的身份是分管负责人"):
        office.act(number, A.APPROVE_EXTENSION, by=HEAD)


@on_sqlite
def test_a_date_that_is_not_later_is_no_extension(office: Office) -> None:
    number = office.a_signed_item()
    for date in (DUE, day("2022-07-28")):
        with pytest.raises(BadInput, match="应晚于现期限"):
            ask(office, number, date=date)
    ask(office, number, date=day("2022-07-30"))
    assert office.extension(number).asked_due == day("2022-08-01")


@on_sqlite
def test_a_date_after_all_that_the_plan_allows_is_refused(office: Office) -> None:
    number = office.a_signed_item()
    with pytest.raises(BadInput, match="2024-02-29"):
        ask(office, number, date=day("2024-03-01"))
    ask(office, number, date=day("2024-02-29"))


@on_sqlite
def test_another_date_can_be_granted_than_was_asked_for(office: Office) -> None:
    number = office.a_signed_item()
    ask(office, number)
    office.act(number, A.APPROVE_EXTENSION, by=CLERK, date=day("2022-08-12"))
    assert office.item(number).judged_due == day("2022-08-12")
    assert office.extension(number).asked_due == LATER


@on_sqlite
def test_a_refusal_leaves_date_and_ladder_as_they_are_and_tells_the_unit(office: Office) -> None:
    number = office.a_signed_item()
    office.escalate("2022-07-22")
    ask(office, number, when="2022-07-25")
    office.act(number, A.REJECT_EXTENSION, by=CLERK, when="2022-07-26", comment="可先办")
    item = office.item(number)
    assert (item.due, item.due_version, item.rung) == (DUE, 1, Level.REMIND)
    assert "可先办" in office.notices(number)[-1].because
    assert office.extension(number).decision is Decision.REJECTED


@on_sqlite
def test_the_ladder_runs_on_while_a_request_waits(office: Office) -> None:
    number = office.a_signed_item()
    ask(office, number, when="2022-07-29")
    assert [notice.level for notice in office.escalate("2022-08-01").notices] == ["urge"]
    assert office.item(number).rung is Level.URGE


@on_sqlite
def test_an_approval_ends_the_ladder_and_a_new_one_starts_from_the_new_date(office: Office) -> None:
    number = office.a_signed_item()
    ask(office, number, when="2022-07-29")
    office.escalate("2022-08-01")
    office.act(number, A.APPROVE_EXTENSION, by=CLERK, when="2022-08-01 11:00")
    assert [notice.cancelled_at is not None for notice in office.notices(number) if notice.rung] == [True]
    assert office.item(number).rung is None
    assert office.escalate("2022-08-02").notices == ()
    levels = [line.level for as_of in ("2022-08-24", "2022-08-30") for line in office.escalate(as_of).notices]
    assert levels == ["remind", "warn"]


@on_sqlite
def test_an_answer_can_come_after_the_report_of_completion_and_still_counts(office: Office) -> None:
    number = office.a_signed_item()
    ask(office, number, when="2022-07-29")
    office.act(number, A.REPORT_COMPLETION, by=LIAISON, when="2022-08-05", comment="已办结")
    with pytest.raises(Refused, match="请先答复再核验"):
        office.act(number, A.VERIFY, by=CLERK, when="2022-08-08")
    office.act(number, A.APPROVE_EXTENSION, by=CLERK, when="2022-08-08")
    office.act(number, A.VERIFY, by=CLERK, when="2022-08-08")
    item = office.item(number)
    assert (item.judged_due, item.completed_at and item.completed_at.astimezone(ZONE).date()) == (
        LATER,
        day("2022-08-05"),
    )


@on_sqlite
def test_a_request_that_a_completion_in_time_has_overtaken_is_closed_with_it(office: Office) -> None:
    number = office.a_signed_item()
    ask(office, number)
    office.act(number, A.REPORT_COMPLETION, by=LIAISON, when="2022-07-29", comment="已办结")
    office.act(number, A.VERIFY, by=CHIEF, when="2022-08-08")
    extension = office.extension(number)
    assert (extension.decision, extension.comment) == (Decision.REJECTED, "已在期限内报请办结")
    assert office.last(number).data["extension"] == "已在期限内报请办结"


@on_sqlite
def test_a_return_takes_no_day_from_an_extension_and_gives_none_to_it(office: Office) -> None:
    number = office.a_reported_item("2022-07-11")
    office.act(number, A.RETURN_FOR_REWORK, by=CLERK, when="2022-07-12", comment="缺名单", date=day("2022-08-12"))
    with pytest.raises(BadInput, match="应晚于现期限 2022-08-12"):
        ask(office, number, when="2022-07-13", date=day("2022-08-05"))
    ask(office, number, when="2022-07-13", date=day("2022-08-19"))
    office.act(number, A.APPROVE_EXTENSION, by=CLERK, when="2022-07-14")
    item = office.item(number)
    assert (item.due, item.judged_due) == (day("2022-08-19"), day("2022-08-19"))


@on_sqlite
def test_after_the_date_that_judges_a_returned_item_is_not_extended_any_more(office: Office) -> None:
    number = office.a_reported_item("2022-07-28")
    office.act(number, A.RETURN_FOR_REWORK, by=CLERK, when="2022-08-01", comment="缺名单", date=day("2022-08-19"))
    with pytest.raises(Refused, match="2022-07-29"):
        ask(office, number, when="2022-08-02")
