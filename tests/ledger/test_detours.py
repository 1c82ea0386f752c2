"""异议, 转办, 暂缓 and 恢复, 撤销: what they do to the clock, the ladder and the people."""

from __future__ import annotations

import pytest
from builders import CHIEF, CLERK, DUE, HEAD, LEADER, LIAISON, OTHER_UNIT, UNIT, Office, at, day, on_sqlite

from config.errors import BadInput, Refused, UnknownName
from config.terms import Action, Decision, DueReason, Level, PaperState, Role, Status, SuspensionReason

A, S = Action, Status


def levels(office: Office, as_of: str) -> list[str]:
    return [notice.level for notice in office.escalate(as_of).notices]


# --- disputes


def test_while_a_dispute_is_open_nothing_climbs_and_a_rejection_counts_from_the_original_date(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.DISPUTE, by=LIAISON, when="2022-07-26", comment="非我职责")
    assert [levels(office, as_of) for as_of in ("2022-07-28", "2022-08-01", "2022-08-15")] == [[], [], []]
    assert office.line(number, "2022-08-15").light is None
    done = office.act(number, A.REJECT_DISPUTE, by=CLERK, when="2022-08-15 16:00", comment="职责明确")
    assert (done.status, done.due) == (S.ACKNOWLEDGED, DUE)
    item = office.item(number)
    assert (item.due_version, item.judged_due, item.resumes_to) == (1, DUE, None)
    assert office.line(number, "2022-08-15").light == "red"
    assert levels(office, "2022-08-16") == ["urge"]
    assert office.told(number)[-2:] == [("dispute_decided", "jxj"), ("urge", "jxj")]


@on_sqlite
def test_a_rejected_dispute_gives_back_the_status_there_was(office: Office) -> None:
    returned = office.a_reported_item("2022-07-11")
    office.act(returned, A.RETURN_FOR_REWORK, by=CLERK, when="2022-07-12", comment="x", date=DUE)
    for number, before in (
        (office.an_item(), S.ASSIGNED),
        (office.a_signed_item(), S.ACKNOWLEDGED),
        (returned, S.RETURNED),
    ):
        office.act(number, A.DISPUTE, by=LIAISON, comment="非我职责")
        assert office.item(number).status is S.DISPUTED
        office.act(number, A.REJECT_DISPUTE, by=CLERK, comment="职责明确")
        assert office.item(number).status is before


def test_an_accepted_dispute_goes_back_to_the_office_which_assigns_anew(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.DISPUTE, by=LIAISON, when="2022-07-26", comment="非我职责")
    office.act(number, A.ACCEPT_DISPUTE, by=CLERK, when="2022-07-27", comment="研究中")
    item = office.item(number)
    assert (item.status, item.sweep_on, item.resumes_to) == (S.REGISTERED, None, None)
    assert levels(office, "2022-08-05") == []
    with pytest.raises(BadInput, match="--date"):
        office.act(number, A.ASSIGN, by=CLERK, when="2022-08-08")
    office.act(number, A.REASSIGN, by=CLERK, when="2022-08-08", to_unit=OTHER_UNIT, comment="x", date=day("2022-09-09"))
    assert (office.item(number).original_due, office.item(number).judged_due) == (DUE, day("2022-09-09"))
    assert office.told(number) == [("assign", "jxj"), ("dispute_decided", "jxj"), ("assign", "kjj")]


@on_sqlite
def test_an_item_whose_dispute_was_accepted_can_be_assigned_to_the_same_unit_again(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.DISPUTE, by=LIAISON, comment="非我职责")
    office.act(number, A.ACCEPT_DISPUTE, by=CLERK)
    office.act(number, A.ASSIGN, by=CHIEF, when="2022-07-22")
    item = office.item(number)
    assert (item.status, item.due, item.due_version, item.assigned_at) == (S.ASSIGNED, DUE, 2, at("2022-07-22"))
    assert office.told(number)[-1] == ("assign", "jxj")


@on_sqlite
def test_a_dispute_is_decided_by_somebody_else_whatever_the_decision_is_called(office: Office) -> None:
    office.add_person("wang.fang", Role.OFFICE)
    number = office.a_signed_item()
    office.act(number, A.DISPUTE, by="wang.fang", comment="非我职责", source="7月20日电话")
    for action in (A.ACCEPT_DISPUTE, A.REJECT_DISPUTE, A.REASSIGN):
        with pytest.raises(Refused, match="另一人"):
            office.act(number, action, by="wang.fang", comment="x", to_unit=OTHER_UNIT)
    office.act(number, A.REASSIGN, by=CLERK, comment="x", to_unit=OTHER_UNIT)


@on_sqlite
def test_an_accepted_dispute_ends_a_request_for_an_extension(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.REQUEST_EXTENSION, by=LIAISON, comment="x", date=day("2022-08-31"))
    office.act(number, A.DISPUTE, by=LIAISON, comment="非我职责")
    office.act(number, A.ACCEPT_DISPUTE, by=CLERK)
    assert office.extension(number).decision is Decision.REJECTED


# --- reassignment


def test_a_reassignment_starts_anew_for_the_new_unit_and_tells_the_former_one(office: Office) -> None:
    number = office.a_signed_item()
    office.escalate("2022-08-01")
    office.reach(number, Level.URGE, "2022-08-01 11:00")
    office.act(
        number, A.REASSIGN, by=CLERK, when="2022-08-02", to_unit=OTHER_UNIT, comment="职责调整", date=day("2022-08-12")
    )
    item = office.item(number)
    assert (item.unit_id, item.status) == (office.force.unit_id(OTHER_UNIT), S.ASSIGNED)
    assert (item.acknowledged_at, item.reported_at, item.rung) == (None, None, None)
    assert (item.due_version, item.judged_due, item.original_due) == (2, day("2022-08-12"), DUE)
    assert office.versions(number)[-1].reason is DueReason.REASSIGNED
    told = office.told(number)
    assert told[-2:] == [("assign", "kjj"), ("withdrawn", "jxj")]
    assert "市科技局" in office.notices(number)[-1].because
    assert office.last(number).data["former_unit"] == "jxj"


def test_what_reached_the_former_unit_does_not_count_against_the_new_one(office: Office) -> None:
    number = office.a_signed_item()
    office.escalate("2022-08-01")
    office.reach(number, Level.URGE, "2022-08-01 11:00")
    office.act(number, A.REASSIGN, by=CLERK, when="2022-08-02", to_unit=OTHER_UNIT, comment="x", date=day("2022-08-04"))
    assert levels(office, "2022-08-05") == ["urge"]
    assert levels(office, "2022-08-12") == []
    office.reach(number, Level.URGE, "2022-08-12 09:30", login="kjj.liaison")
    assert levels(office, "2022-08-15") == []
    assert levels(office, "2022-08-16") == ["supervision_notice"]


@on_sqlite
def test_after_a_reassignment_only_the_new_unit_acts(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.REASSIGN, by=CLERK, to_unit=OTHER_UNIT, comment="x")
    with pytest.raises(Refused, match="与该事项无关"):
        office.act(number, A.ACKNOWLEDGE, by=LIAISON)
    office.act(number, A.ACKNOWLEDGE, by="kjj.liaison")


@on_sqlite
def test_a_reassignment_to_the_same_or_an_unknown_unit_or_a_past_date_is_refused(office: Office) -> None:
    number = office.a_signed_item()
    for name in (UNIT, "jxj", "杭州市经济和信息化局"):
        with pytest.raises(Refused, match="不必转办"):
            office.act(number, A.REASSIGN, by=CLERK, to_unit=name, comment="x")
    with pytest.raises(UnknownName, match="市气象局"):
        office.act(number, A.REASSIGN, by=CLERK, to_unit="市气象局", comment="x")
    with pytest.raises(BadInput, match="--date"):
        office.act(number, A.REASSIGN, by=CLERK, when="2022-08-01", to_unit=OTHER_UNIT, comment="x")
    assert office.item(number).due_version == 1


@on_sqlite
def test_a_reassignment_takes_what_the_former_unit_broke_down_away(office: Office) -> None:
    number = office.a_signed_item()
    part = office.a_part(number)
    office.act(number, A.REASSIGN, by=CLERK, to_unit=OTHER_UNIT, comment="x")
    assert office.item(part).status is S.WITHDRAWN
    assert office.happened(part) == ["assign", "withdraw"]
    office.act(number, A.ACKNOWLEDGE, by="kjj.liaison")
    office.act(number, A.REPORT_COMPLETION, by="kjj.liaison", comment="已办结")


@on_sqlite
def test_a_reassignment_ends_a_draft_and_a_request_of_the_former_unit(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.REQUEST_EXTENSION, by=LIAISON, when="2022-07-29", comment="x", date=day("2022-08-31"))
    paper = office.a_drafted_paper(number)
    office.act(number, A.REASSIGN, by=CLERK, when="2022-08-04", to_unit=OTHER_UNIT, comment="x", date=day("2022-08-31"))
    assert office.paper_of(number).state is PaperState.CANCELLED
    assert office.extension(number).decision is Decision.REJECTED
    with pytest.raises(Refused, match="已作废"):
        office.review(paper)


# --- suspension


def test_a_suspension_stops_the_ladder_and_a_resumption_gives_back_what_was_left(office: Office) -> None:
    number = office.a_signed_item()
    office.escalate("2022-07-22")
    suspended = office.act(
        number, A.SUSPEND, by=CLERK, when="2022-07-25", reason=SuspensionReason.POLICY_CHANGE, comment="新政策将出台"
    )
    assert (suspended.status, office.line(number, "2022-08-15").light) == (S.SUSPENDED, None)
    assert [levels(office, as_of) for as_of in ("2022-07-28", "2022-08-01", "2022-08-15")] == [[], [], []]
    done = office.act(number, A.RESUME, by=CLERK, when="2022-08-15 16:00")
    # five working days were left, 25 to 29 July; the fifth after 15 August is the 22nd
    assert (done.status, done.due) == (S.ACKNOWLEDGED, day("2022-08-22"))
    item = office.item(number)
    assert (item.judged_due, item.original_due, item.due_version) == (day("2022-08-22"), DUE, 2)
    assert (item.resumes_to, item.paused_on) == (None, None)
    assert office.versions(number)[-1].reason is DueReason.RESUMED
    assert [levels(office, as_of) for as_of in ("2022-08-16", "2022-08-19")] == [["remind"], ["warn"]]
    kinds = [kind for kind, _ in office.told(number)]
    assert kinds == ["assign", "remind", "due_changed", "due_changed", "remind", "warn"]


@on_sqlite
def test_a_suspension_on_the_due_date_leaves_a_day(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.SUSPEND, by=CLERK, when="2022-07-29", reason="upstream", comment="x")
    assert office.act(number, A.RESUME, by=CLERK, when="2022-08-08").due == day("2022-08-09")


@on_sqlite
def test_a_date_that_had_passed_is_not_revived_by_a_suspension(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.SUSPEND, by=CLERK, when="2022-08-02", reason="litigation", comment="x")
    done = office.act(number, A.RESUME, by=CLERK, when="2022-08-08")
    item = office.item(number)
    assert (done.due, item.judged_due) == (day("2022-08-09"), DUE)
    assert [(v.judges, v.reason) for v in office.versions(number)][1:] == [(False, DueReason.RESUMED)]


@on_sqlite
def test_even_a_date_given_at_the_resumption_does_not_revive_one_that_had_passed(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.SUSPEND, by=CLERK, when="2022-08-02", reason="litigation", comment="x")
    office.act(number, A.RESUME, by=CLERK, when="2022-08-08", date=day("2022-09-09"))
    assert (office.item(number).due, office.item(number).judged_due) == (day("2022-09-09"), DUE)


@on_sqlite
def test_a_date_given_at_the_resumption_judges_when_there_was_time_left(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.SUSPEND, by=CLERK, when="2022-07-25", reason="merged", comment="x")
    office.act(number, A.RESUME, by=CLERK, when="2022-08-08", date=day("2022-08-31"))
    assert office.item(number).judged_due == day("2022-08-31")
    assert len(office.versions(number)) == 2


@on_sqlite
def test_a_returned_item_that_was_suspended_gets_both_its_dates_back(office: Office) -> None:
    number = office.a_reported_item("2022-07-11")
    office.act(number, A.RETURN_FOR_REWORK, by=CLERK, when="2022-07-12", comment="x", date=day("2022-07-19"))
    office.act(number, A.SUSPEND, by=CLERK, when="2022-07-18", reason="upstream", comment="x")
    done = office.act(number, A.RESUME, by=CLERK, when="2022-08-01")
    item = office.item(number)
    assert done.status is S.RETURNED
    assert (item.due, item.judged_due) == (day("2022-08-03"), day("2022-08-15"))
    assert [version.judges for version in office.versions(number)] == [True, False, True, False]


@on_sqlite
def test_a_reason_that_is_not_on_the_list_is_refused_with_the_list(office: Office) -> None:
    number = office.a_signed_item()
    with pytest.raises(BadInput, match="policy_change（上级政策调整）") as error:
        office.act(number, A.SUSPEND, by=CLERK, reason="busy", comment="x")
    assert "busy" in str(error.value)


@on_sqlite
def test_an_extension_granted_during_a_suspension_is_what_is_given_back(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.REQUEST_EXTENSION, by=LIAISON, when="2022-07-22", comment="x", date=day("2022-08-05"))
    office.act(number, A.SUSPEND, by=CLERK, when="2022-07-25", reason="upstream", comment="x")
    approved = office.act(number, A.APPROVE_EXTENSION, by=CLERK, when="2022-07-26")
    assert approved.status is S.SUSPENDED
    assert levels(office, "2022-08-08") == []
    assert office.act(number, A.RESUME, by=CLERK, when="2022-08-15").due == day("2022-08-29")


@on_sqlite
def test_what_is_suspended_cannot_be_worked_on(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.SUSPEND, by=CLERK, reason="upstream", comment="x")
    for action in (A.REPORT_PROGRESS, A.REPORT_COMPLETION, A.DISPUTE):
        with pytest.raises(Refused, match="暂缓"):
            office.act(number, action, by=LIAISON, comment="x")


# --- withdrawal


def test_a_withdrawal_ends_the_item_and_everything_under_it(office: Office) -> None:
    number = office.a_signed_item()
    parts = [office.a_part(number), office.a_part(number, assignee=LIAISON)]
    office.act(parts[1], A.SUSPEND, by=HEAD, when="2022-07-05", reason="upstream", comment="x")
    office.escalate("2022-07-22")
    office.act(number, A.REQUEST_EXTENSION, by=LIAISON, when="2022-07-22", comment="x", date=day("2022-08-31"))
    office.act(number, A.WITHDRAW, by=LEADER, when="2022-07-25", comment="并入他项")
    assert office.last(number).data["sub_items"] == parts
    for each in (number, *parts):
        item = office.item(each)
        assert (item.status, item.sweep_on, item.resumes_to, item.paused_on) == (S.WITHDRAWN, None, None, None)
        assert office.happened(each)[-1] == "withdraw"
        assert office.told(each)[-1] == ("withdrawn", "jxj")
        rungs = [notice for notice in office.notices(each) if notice.rung is not None]
        assert all(notice.cancelled_at is not None for notice in rungs)
    assert office.extension(number).decision is Decision.REJECTED
    assert office.line(number).light is None
    assert levels(office, "2022-08-05") == []
    assert office.chain_is_whole()


@on_sqlite
def test_what_was_withdrawn_and_filed_away_is_not_shown_as_done(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.WITHDRAW, by=CLERK, comment="重复")
    office.act(number, A.ARCHIVE, by=CLERK)
    assert (office.line(number).status, office.line(number).light) == (S.ARCHIVED, None)
