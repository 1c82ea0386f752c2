"""An item on its way from 交办 to 归档: what each act leaves behind, and what it refuses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import (
    CHIEF,
    CLERK,
    DUE,
    HEAD,
    LEADER,
    LIAISON,
    OTHER_UNIT,
    OWN_UNIT,
    UNIT,
    Office,
    at,
    day,
    on_a_server,
    on_sqlite,
)
from sqlalchemy import select

from config.errors import BadInput, Conflict, DubanError, Refused, UnknownName
from config.terms import Action, DueReason, Role, Status, SuspensionReason
from database import writing
from models import Item, ProgressReport
from supervision.ledger.acts import Act, perform

A, S = Action, Status


def test_an_item_goes_all_the_way_and_leaves_a_whole_chain(office: Office) -> None:
    number = office.an_item()
    for action, by, when, words in (
        (A.ACKNOWLEDGE, LIAISON, "2022-07-04", {}),
        (A.REPORT_PROGRESS, LIAISON, "2022-07-08", {"comment": "过半", "problems": "用地不足", "next_steps": "追加"}),
        (A.REPORT_COMPLETION, HEAD, "2022-07-15", {"comment": "已办结"}),
        (A.RETURN_FOR_REWORK, CLERK, "2022-07-18", {"comment": "缺少名单", "date": day("2022-07-25")}),
        (A.ACKNOWLEDGE, LIAISON, "2022-07-18 16:00", {}),
        (A.REPORT_COMPLETION, LIAISON, "2022-07-22 17:05", {"comment": "已补充名单"}),
        (A.VERIFY, CHIEF, "2022-08-05", {}),
        (A.CLOSE, CLERK, "2022-08-08", {}),
        (A.ARCHIVE, CLERK, "2022-08-09", {}),
    ):
        office.act(number, action, by=by, when=when, **words)
    item = office.item(number)
    assert item.status is S.ARCHIVED
    assert item.completed_at == at("2022-07-22 17:05")
    assert item.closed_at == at("2022-08-08")
    assert item.sweep_on is None
    assert item.revision == 10
    assert office.happened(number) == [
        "assign", "acknowledge", "report_progress", "report_completion", "return_for_rework", "acknowledge",
        "report_completion", "verify", "close", "archive",
    ]  # fmt: skip
    assert office.told(number) == [("assign", "jxj"), ("return", "jxj")]
    assert office.chain_is_whole()


def test_an_event_keeps_who_when_from_where_to_where_and_every_word(office: Office) -> None:
    number = office.a_signed_item()
    words = {"comment": " 过半 ", "problems": "用地不足", "next_steps": "追加指标"}
    office.act(number, A.REPORT_PROGRESS, by=LIAISON, when="2022-07-08 09:30", **words)
    line = office.last(number)
    assert (line.actor, line.acting_for, line.at) == (LIAISON, None, at("2022-07-08 09:30"))
    assert line.data == {
        "from": "acknowledged",
        "to": "acknowledged",
        "comment": "过半",
        "problems": "用地不足",
        "next_steps": "追加指标",
    }


@on_sqlite
def test_progress_is_kept_with_its_three_parts(office: Office) -> None:
    number = office.a_signed_item()
    words = {"comment": "过半", "problems": "用地不足", "next_steps": "追加指标"}
    office.act(number, A.REPORT_PROGRESS, by=LIAISON, **words)
    with writing(office.database) as session:
        [report] = session.scalars(select(ProgressReport)).all()
        kept = (report.progress, report.problems, report.next_steps, report.reports_completion, report.recorded_from)
    assert kept == ("过半", "用地不足", "追加指标", False, None)


@on_sqlite
def test_progress_can_be_reported_again_and_again(office: Office) -> None:
    number = office.a_signed_item()
    for number_of_days in (4, 5, 6):
        office.act(number, A.REPORT_PROGRESS, by=LIAISON, when=f"2022-07-0{number_of_days}", comment="推进中")
    assert office.happened(number).count("report_progress") == 3


@on_sqlite
def test_the_completion_is_the_instant_of_the_report_that_was_verified(office: Office) -> None:
    number = office.a_reported_item("2022-07-29 23:59")
    office.act(number, A.VERIFY, by=CLERK, when="2022-09-30")
    assert office.item(number).completed_at == at("2022-07-29 23:59")


@on_sqlite
def test_a_verification_that_takes_months_costs_the_unit_nothing(office: Office) -> None:
    number = office.a_reported_item("2022-07-28")
    for as_of in ("2022-07-29", "2022-08-01", "2022-08-10", "2022-09-01"):
        assert office.escalate(as_of).notices == ()
    assert office.line(number, "2022-09-01").light is None


# --- a return


def test_a_return_gives_a_new_date_and_the_whole_ladder_but_judges_by_the_old_one(office: Office) -> None:
    number = office.a_reported_item("2022-07-20")
    done = office.act(
        number, A.RETURN_FOR_REWORK, by=CLERK, when="2022-07-21", comment="缺名单", date=day("2022-08-19")
    )
    assert (done.status, done.due) == (S.RETURNED, day("2022-08-19"))
    item = office.item(number)
    assert (item.original_due, item.judged_due, item.due_version) == (DUE, DUE, 2)
    assert (item.reported_at, item.completed_at, item.rung) == (None, None, None)
    first, second = office.versions(number)
    assert (first.due, first.judges, first.reason) == (DUE, True, DueReason.ASSIGNED)
    assert (second.due, second.judges, second.reason) == (day("2022-08-19"), False, DueReason.RETURNED)
    levels = [
        notice.level
        for as_of in ("2022-08-12", "2022-08-18", "2022-08-22")
        for notice in office.escalate(as_of).notices
    ]
    assert levels == ["remind", "warn", "urge"]


@on_sqlite
def test_the_unit_is_told_why_it_was_returned(office: Office) -> None:
    number = office.a_reported_item()
    office.act(number, A.RETURN_FOR_REWORK, by=CLERK, when="2022-07-21", comment="缺名单", date=day("2022-08-19"))
    notice = office.notices(number)[-1]
    assert "缺名单" in notice.because
    assert notice.due == day("2022-08-19")


@on_sqlite
def test_a_return_to_a_day_off_moves_forward_and_one_to_the_past_is_refused(office: Office) -> None:
    number = office.a_reported_item()
    with pytest.raises(BadInput, match="已过"):
        office.act(number, A.RETURN_FOR_REWORK, by=CLERK, when="2022-07-21", comment="x", date=day("2022-07-20"))
    done = office.act(number, A.RETURN_FOR_REWORK, by=CLERK, when="2022-07-21", comment="x", date=day("2022-07-30"))
    assert done.due == day("2022-08-01")


@on_sqlite
def test_an_item_returned_twice_has_a_ladder_for_each_time(office: Office) -> None:
    number = office.a_reported_item("2022-07-11")
    for when, due, again in (("2022-07-12", "2022-07-18", "2022-07-14"), ("2022-07-15", "2022-07-22", "2022-07-20")):
        office.act(number, A.RETURN_FOR_REWORK, by=CLERK, when=when, comment="缺名单", date=day(due))
        office.act(number, A.REPORT_COMPLETION, by=LIAISON, when=again, comment="已补充")
    assert [version.reason for version in office.versions(number)] == ["assigned", "returned", "returned"]
    assert office.item(number).judged_due == DUE


# --- what is refused


@on_sqlite
def test_every_act_by_everybody_in_every_status_is_done_or_refused_in_one_line_with_nothing_changed(
    office: Office,
) -> None:
    items = _one_of_each_status(office)
    words: dict[str, Any] = {
        "comment": "理由", "date": day("2022-08-31"), "to_unit": OTHER_UNIT, "reason": SuspensionReason.UPSTREAM,
    }  # fmt: skip
    before = office.snapshot()
    for status, number in items.items():
        for action in Action:
            for login in (LIAISON, HEAD, CLERK, CHIEF, LEADER, "kjj.liaison", "auditor"):
                _try(office, Act(number, action, office.actor(login, "2022-07-28"), at("2022-07-28"), **words), status)
    assert office.snapshot() == before


class _TakenBack(Exception):
    """Ends a transaction that is not to be kept."""


def _try(office: Office, act: Act, status: Status) -> None:
    """Do the act in a transaction that is taken back; a refusal must be a line of Chinese and leave no trace."""
    with pytest.raises(_TakenBack), writing(office.database) as session:
        try:
            done = perform(session, office.force, act)
        except DubanError as error:
            assert isinstance(error, Refused | BadInput), (status, act.action, act.by.login)
            assert "\n" not in str(error)
            assert any("一" <= sign <= "鿿" for sign in str(error))
            assert not session.new and not session.dirty
        else:
            assert done.revision > 1
        raise _TakenBack


def _one_of_each_status(office: Office) -> dict[Status, int]:
    made = {status: office.an_item() for status in Status}
    for status in set(Status) - {S.REGISTERED, S.ASSIGNED, S.WITHDRAWN, S.ARCHIVED}:
        office.act(made[status], A.ACKNOWLEDGE, by=LIAISON, when="2022-07-04")
    for status in (S.COMPLETION_REPORTED, S.RETURNED, S.COMPLETED, S.CLOSED):
        office.act(made[status], A.REPORT_COMPLETION, by=LIAISON, when="2022-07-20", comment="已办结")
    office.act(made[S.RETURNED], A.RETURN_FOR_REWORK, by=CLERK, comment="缺名单", date=DUE)
    for status in (S.COMPLETED, S.CLOSED):
        office.act(made[status], A.VERIFY, by=CLERK)
    office.act(made[S.CLOSED], A.CLOSE, by=CLERK)
    for status in (S.DISPUTED, S.REGISTERED):
        office.act(made[status], A.DISPUTE, by=LIAISON, comment="非我职责")
    office.act(made[S.REGISTERED], A.ACCEPT_DISPUTE, by=CLERK)
    office.act(made[S.SUSPENDED], A.SUSPEND, by=CLERK, reason="upstream", comment="待上级")
    for status in (S.WITHDRAWN, S.ARCHIVED):
        office.act(made[status], A.WITHDRAW, by=CLERK, comment="并入他项")
    office.act(made[S.ARCHIVED], A.ARCHIVE, by=CLERK)
    assert {status: office.item(number).status for status, number in made.items()} == {s: s for s in Status}
    return made


def test_an_act_refused_halfway_leaves_nothing_even_when_the_rest_is_committed(office: Office) -> None:
    number = office.a_signed_item()
    other = office.a_signed_item()
    office.act(number, A.REQUEST_EXTENSION, by=LIAISON, comment="不足", date=day("2022-08-31"))
    with writing(office.database) as session:
        clerk = office.who(session, CLERK, at("2022-07-21"))
        with pytest.raises(BadInput, match="晚于"):
            too_early = Act(number, A.APPROVE_EXTENSION, clerk, at("2022-07-21"), date=day("2022-07-28"))
            perform(session, office.force, too_early)
        with pytest.raises(BadInput, match="暂缓事由"):
            perform(session, office.force, Act(number, A.SUSPEND, clerk, at("2022-07-21"), comment="x", reason="y"))
        liaison = office.who(session, LIAISON, at("2022-07-21"))
        perform(session, office.force, Act(other, A.REPORT_PROGRESS, liaison, at("2022-07-21"), comment="推进中"))
    item = office.item(number)
    assert (item.status, item.due, item.due_version, item.resumes_to) == (S.ACKNOWLEDGED, DUE, 1, None)
    assert office.extension(number).decision == "pending"
    assert office.happened(other)[-1] == "report_progress"
    assert office.chain_is_whole()


@on_sqlite
def test_what_is_missing_is_named_with_its_option(office: Office) -> None:
    signed, reported = office.a_signed_item(), office.a_reported_item()
    for number, action, by, option in (
        (signed, A.REPORT_PROGRESS, LIAISON, "--comment"),
        (signed, A.REPORT_COMPLETION, LIAISON, "--comment"),
        (signed, A.DISPUTE, LIAISON, "--comment"),
        (signed, A.SUSPEND, CLERK, "--comment"),
        (reported, A.RETURN_FOR_REWORK, CLERK, "--comment"),
        (signed, A.WITHDRAW, CLERK, "--comment"),
    ):
        with pytest.raises(BadInput, match=option):
            office.act(number, action, by=by, comment="  ")
    for number, action, by, option in (
        (reported, A.RETURN_FOR_REWORK, CLERK, "--date"),
        (signed, A.REQUEST_EXTENSION, LIAISON, "--date"),
        (signed, A.REASSIGN, CLERK, "--to"),
        (signed, A.SUSPEND, CLERK, "--reason"),
    ):
        with pytest.raises(BadInput, match=option):
            office.act(number, action, by=by, comment="理由")


@on_sqlite
def test_an_item_that_is_not_there_is_named(office: Office) -> None:
    with pytest.raises(UnknownName, match="4711"):
        office.act(4711, A.ACKNOWLEDGE, by=LIAISON)


@on_sqlite
def test_words_that_a_database_cannot_keep_are_refused_before_anything(office: Office) -> None:
    number = office.a_signed_item()
    for comment in ("过半\x00", "过半\ud800"):
        with pytest.raises(BadInput, match="无法保存"):
            office.act(number, A.REPORT_PROGRESS, by=LIAISON, comment=comment)


@on_sqlite
def test_a_repetition_is_refused_with_the_reason(office: Office) -> None:
    number = office.a_signed_item()
    with pytest.raises(Refused, match="已经办过"):
        office.act(number, A.ACKNOWLEDGE, by=LIAISON)
    office.act(number, A.REPORT_COMPLETION, by=LIAISON, comment="已办结")
    for by, action in ((LIAISON, A.REPORT_COMPLETION), (LIAISON, A.ACKNOWLEDGE)):
        with pytest.raises(Refused, match="已经办过"):
            office.act(number, action, by=by, comment="已办结")
    office.act(number, A.VERIFY, by=CLERK)
    with pytest.raises(Refused, match="已经办过"):
        office.act(number, A.VERIFY, by=CHIEF)


@on_sqlite
def test_somebody_of_another_unit_cannot_touch_an_item(office: Office) -> None:
    number = office.an_item()
    with pytest.raises(Refused, match="与该事项无关的人员"):
        office.act(number, A.ACKNOWLEDGE, by="kjj.liaison")


@on_sqlite
def test_an_item_due_before_the_plan_was_issued_is_only_recorded(office: Office) -> None:
    number = office.an_item(due=date(2021, 10, 20), retrospective=True)
    item = office.item(number)
    assert (item.status, item.assigned_at, item.sweep_on) == (S.REGISTERED, None, None)
    assert office.told(number) == []
    for action, by in ((A.ASSIGN, CLERK), (A.REASSIGN, CLERK), (A.ACKNOWLEDGE, LIAISON)):
        with pytest.raises(Refused, match="仅作记录"):
            office.act(number, action, by=by, comment="x", to_unit=OTHER_UNIT)
    assert office.escalate("2022-07-20").notices == ()
    assert office.line(number).light is None
    office.act(number, A.WITHDRAW, by=CLERK, comment="重复登记")
    assert office.told(number) == []


# --- two people at once


def test_who_acts_on_what_somebody_has_changed_since_is_told_and_nothing_is_lost(office: Office) -> None:
    number = office.a_signed_item()
    seen = office.item(number).revision
    office.act(number, A.REPORT_PROGRESS, by=LIAISON, comment="一", revision=seen)
    with pytest.raises(Conflict, match="刷新"):
        office.act(number, A.REPORT_PROGRESS, by=HEAD, comment="二", revision=seen)
    office.act(number, A.REPORT_PROGRESS, by=HEAD, comment="二", revision=seen + 1)
    assert [line.data.get("comment") for line in office.history(number)[-2:]] == ["一", "二"]


@on_a_server
def test_what_a_session_read_before_it_acts_may_be_out_of_date(office: Office) -> None:
    number = office.a_signed_item()
    with writing(office.database) as session:
        seen = session.get_one(Item, number)
        revision = seen.revision
        office.act(number, A.REPORT_PROGRESS, by=HEAD, comment="一")
        liaison = office.who(session, LIAISON, at("2022-07-21"))
        act = Act(number, A.REPORT_PROGRESS, liaison, at("2022-07-21"), "二", revision=revision)
        with pytest.raises(Conflict):
            perform(session, office.force, act)


# --- the office's own unit


@on_sqlite
def test_the_office_does_not_judge_the_unit_it_belongs_to(office: Office) -> None:
    number = office.a_reported_item(unit=OWN_UNIT)
    for by in (CLERK, CHIEF):
        with pytest.raises(Refused, match="您所在单位自己的事项"):
            office.act(number, A.VERIFY, by=by)
        with pytest.raises(Refused, match="您所在单位自己的事项"):
            office.act(number, A.RETURN_FOR_REWORK, by=by, comment="x", date=DUE)
    office.act(number, A.VERIFY, by=LEADER)
    assert office.item(number).status is S.COMPLETED


@on_sqlite
def test_every_decision_about_the_own_unit_needs_somebody_from_outside(office: Office) -> None:
    def refused(number: int, action: Action, **words: Any) -> None:
        with pytest.raises(Refused, match="您所在单位自己的事项"):
            office.act(number, action, by=CLERK, **words)
        office.act(number, action, by=LEADER, **words)

    signed = office.a_signed_item(unit=OWN_UNIT)
    for action in (A.APPROVE_EXTENSION, A.REJECT_EXTENSION):
        office.act(signed, A.REQUEST_EXTENSION, by="scjg.liaison", comment="x", date=day("2022-08-31"))
        refused(signed, action, comment="x", date=day("2022-08-31"))
        signed = office.a_signed_item(unit=OWN_UNIT)
    refused(signed, A.SUSPEND, reason="upstream", comment="x")
    refused(signed, A.RESUME)
    for action in (A.REJECT_DISPUTE, A.ACCEPT_DISPUTE):
        office.act(signed, A.DISPUTE, by="scjg.liaison", comment="x")
        refused(signed, action, comment="x")
    with pytest.raises(Refused, match="另定更晚的期限"):
        office.act(signed, A.ASSIGN, by=CLERK, date=day("2022-09-30"))
    office.act(signed, A.ASSIGN, by=CLERK)
    refused(signed, A.REASSIGN, to_unit=UNIT, comment="x")
    withdrawn = office.an_item(unit=OWN_UNIT)
    refused(withdrawn, A.WITHDRAW, comment="x")


@on_sqlite
def test_somebody_lent_by_the_own_unit_is_of_it_too(office: Office) -> None:
    number = office.a_reported_item(unit=OWN_UNIT)
    office.add_person("wang.fang", Role.OFFICE)
    office.delegate(CLERK, to="wang.fang")
    with pytest.raises(Refused, match="您所在单位自己的事项"):
        office.act(number, A.VERIFY, by="wang.fang")


# --- assigned by hand


@on_sqlite
def test_who_assigned_a_matter_does_not_suspend_or_withdraw_it_alone(office: Office) -> None:
    [number] = office.a_matter(by=CLERK)
    for action, words in ((A.SUSPEND, {"reason": "upstream"}), (A.WITHDRAW, {})):
        with pytest.raises(Refused, match="另一人"):
            office.act(number, action, by=CLERK, comment="x", **words)
    office.act(number, A.SUSPEND, by=CHIEF, comment="x", reason="upstream")
    office.act(number, A.WITHDRAW, by=LEADER, comment="x")


@on_sqlite
def test_an_item_is_on_time_through_the_last_second_of_its_due_date(office: Office) -> None:
    assert office.line(office.an_item(), "2022-07-29").light == "yellow"
    assert office.line(office.an_item(), "2022-07-30").light == "red"


def test_nothing_is_done_to_an_item_before_its_present_clock_began(office: Office) -> None:
    number = office.an_item()
    with pytest.raises(Refused, match="起算日"):
        office.act(number, A.ACKNOWLEDGE, by=LIAISON, when="2022-06-30")
    office.act(number, A.ACKNOWLEDGE, by=LIAISON, when="2022-07-04")
    office.act(number, A.REPORT_COMPLETION, by=LIAISON, when="2022-07-15", comment="已办结")
    office.act(number, A.RETURN_FOR_REWORK, by=CLERK, when="2022-07-18", comment="缺少名单", date=day("2022-07-25"))
    with pytest.raises(Refused, match="起算日"):
        office.act(number, A.REPORT_COMPLETION, by=LIAISON, when="2022-07-15", comment="补报")
    assert office.item(number).status is S.RETURNED


@on_sqlite
def test_nothing_is_dated_before_what_was_done_last(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, Action.REPORT_PROGRESS, by=LIAISON, when="2022-07-12 10:00", comment="过半")
    with pytest.raises(Refused, match="2022-07-12 10:00"):
        office.act(number, Action.REPORT_COMPLETION, by=LIAISON, when="2022-07-12 09:59", comment="已办结")
    office.act(number, Action.REPORT_COMPLETION, by=LIAISON, when="2022-07-12 10:00", comment="已办结")
