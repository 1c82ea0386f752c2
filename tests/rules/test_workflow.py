"""The table of the life cycle: every status × action × role is either permitted or refused with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import Refused
from config.terms import OPEN_STATUSES, RUNNING_STATUSES, Action, Role, Status
from supervision import workflow
from supervision.workflow import MOVES, Need, decide, next_status, permitted, table

S, A, R = Status, Action, Role
STATUSES, ACTIONS = st.sampled_from(list(Status)), st.sampled_from(list(Action))
ROLES = st.frozensets(st.sampled_from(list(Role)))
NOTHING: dict[Status, set[Action]] = {status: set() for status in S}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def refusal(status: Status, action: Action, roles: Iterable[Role]) -> str:
    with pytest.raises(Refused) as error:
        decide(status, action, roles)
    return str(error.value)


@given(STATUSES, ACTIONS, ROLES)
def test_every_status_action_and_role_is_in_the_table_or_refused_with_a_reason(
    status: Status, action: Action, roles: frozenset[Role]
) -> None:
    by_table = any((status, action, role) in table() for role in roles)
    assert (action in permitted(status, roles)) is by_table
    if by_table:
        assert decide(status, action, roles).action is action
        return
    reason = refusal(status, action, roles)
    assert CHINESE.search(reason)
    assert "\n" not in reason
    assert action.label in reason
    if action in permitted(status, Role):  # the status would do: then it is the person, and who may is named
        assert any(role.label in reason for role in Role if (status, action, role) in table())


@given(STATUSES, ACTIONS, st.sampled_from(list(Role)))
def test_what_is_suggested_in_a_refusal_is_permitted(status: Status, action: Action, role: Role) -> None:
    if action in permitted(status, [role]):
        return
    reason = refusal(status, action, [role])
    if "现在可以办理：" in reason:
        named = reason.partition("现在可以办理：")[2]
        assert named == ("、".join(each.label for each in permitted(status, [role])) or "无")


@given(STATUSES, ACTIONS, ROLES, ROLES)
def test_another_role_never_takes_an_act_away(
    status: Status, action: Action, roles: frozenset[Role], more: frozenset[Role]
) -> None:
    if action in permitted(status, roles):
        assert action in permitted(status, roles | more)


@given(STATUSES, ACTIONS, st.sampled_from([R.AUDITOR, R.ADMINISTRATOR]))
def test_who_audits_or_administers_acts_on_nothing(status: Status, action: Action, role: Role) -> None:
    assert "身份" in refusal(status, action, [role])


def test_somebody_without_any_role_is_told_so() -> None:
    assert refusal(S.ASSIGNED, A.ACKNOWLEDGE, []) == "“签收”由联络员、分管负责人办理，您的身份是与该事项无关的人员"


def test_the_table_is_the_one_of_the_domain() -> None:
    """Written out again, status by status: what the unit may do, what the office may do, what a leader may do."""
    unit = {status: set(permitted(status, [R.LIAISON])) for status in S}
    assert unit == {status: set(permitted(status, [R.UNIT_HEAD])) for status in S}
    on_the_way = {A.REPORT_PROGRESS, A.REPORT_COMPLETION, A.REQUEST_EXTENSION, A.DISPUTE}
    assert unit == NOTHING | {
        S.ASSIGNED: {A.ACKNOWLEDGE, A.REQUEST_EXTENSION, A.DISPUTE},
        S.ACKNOWLEDGED: on_the_way,
        S.RETURNED: on_the_way | {A.ACKNOWLEDGE},
    }
    extension = {A.APPROVE_EXTENSION, A.REJECT_EXTENSION}
    running = {A.REASSIGN, A.SUSPEND, A.WITHDRAW} | extension
    decided = {
        S.REGISTERED: {A.ASSIGN, A.REASSIGN, A.WITHDRAW},
        S.ASSIGNED: running,
        S.ACKNOWLEDGED: running,
        S.RETURNED: running,
        S.COMPLETION_REPORTED: {A.VERIFY, A.RETURN_FOR_REWORK, A.WITHDRAW} | extension,
        S.DISPUTED: {A.ACCEPT_DISPUTE, A.REJECT_DISPUTE, A.REASSIGN, A.WITHDRAW} | extension,
        S.SUSPENDED: {A.RESUME, A.WITHDRAW} | extension,
        S.COMPLETED: set(),
        S.CLOSED: set(),
        S.ARCHIVED: set(),
        S.WITHDRAWN: set(),
    }
    assert {status: set(permitted(status, [R.LEADER])) for status in S} == decided
    filed = {S.COMPLETED: {A.CLOSE}, S.CLOSED: {A.ARCHIVE}, S.WITHDRAWN: {A.ARCHIVE}}
    assert {status: set(permitted(status, [R.OFFICE])) for status in S} == decided | filed
    assert {status: set(permitted(status, [R.SYSTEM])) for status in S} == NOTHING | {S.REGISTERED: {A.ASSIGN}}


def test_every_decision_on_somebody_needs_a_second_person() -> None:
    alone = {A.ASSIGN, A.CLOSE, A.ARCHIVE}
    for move in MOVES:
        assert move.second_person is (move.by != workflow.UNIT and move.action not in alone), move.action


def test_what_a_person_must_say_for_it_is_asked_for() -> None:
    needs = {move.action: move.needs for move in MOVES if move.needs}
    assert needs == {
        A.REPORT_PROGRESS: {Need.COMMENT},
        A.REPORT_COMPLETION: {Need.COMMENT},
        A.RETURN_FOR_REWORK: {Need.COMMENT, Need.DATE},
        A.REQUEST_EXTENSION: {Need.COMMENT, Need.DATE},
        A.REJECT_EXTENSION: {Need.COMMENT},
        A.DISPUTE: {Need.COMMENT},
        A.REJECT_DISPUTE: {Need.COMMENT},
        A.REASSIGN: {Need.UNIT, Need.COMMENT},
        A.SUSPEND: {Need.REASON, Need.COMMENT},
        A.WITHDRAW: {Need.COMMENT},
    }


def test_every_action_has_one_line_of_the_table() -> None:
    assert [move.action for move in MOVES] == list(dict.fromkeys(move.action for move in MOVES))
    assert {move.action for move in MOVES} == set(Action)


@pytest.mark.parametrize("action", [move.action for move in MOVES if isinstance(move.to, Status)])
def test_an_act_that_already_holds_is_refused_as_done_before(action: Action) -> None:
    [move] = [move for move in MOVES if move.action is action]
    if action in {A.REASSIGN}:
        return  # may be done again, to yet another unit
    assert isinstance(move.to, Status)
    if move.to in move.start:
        pytest.fail("an act that leads where it starts can never be told from its repetition")
    assert "已经办过" in refusal(move.to, action, move.by)


def test_who_has_not_signed_yet_is_told_to_sign_first() -> None:
    for action in (A.REPORT_PROGRESS, A.REPORT_COMPLETION):
        assert "请先签收" in refusal(S.ASSIGNED, action, [R.LIAISON])


def test_signing_after_everything_is_over_is_refused_as_done_before() -> None:
    for status in (S.COMPLETION_REPORTED, S.COMPLETED, S.CLOSED, S.ARCHIVED):
        assert "已经办过" in refusal(status, A.ACKNOWLEDGE, [R.LIAISON])


@given(STATUSES, st.sampled_from(sorted(OPEN_STATUSES - workflow.PAUSED)))
def test_the_next_status_is_the_one_of_the_table_or_the_one_before_the_pause(status: Status, before: Status) -> None:
    for move in MOVES:
        if status not in move.start:
            continue
        after = next_status(move, status, before)
        if move.to is None:
            assert after is status
        elif isinstance(move.to, Status):
            assert after is move.to
        else:
            assert after is before


def test_from_every_open_status_there_is_a_way_to_the_end() -> None:
    ends = {S.ARCHIVED}
    while True:
        leading = {
            status for move in MOVES for status in move.start if next_status(move, status, S.ACKNOWLEDGED) in ends
        }
        if leading <= ends:
            break
        ends |= leading
    assert ends == set(Status)


def test_nothing_leads_out_of_the_archive() -> None:
    assert not any(S.ARCHIVED in move.start for move in MOVES)


def test_the_clock_runs_only_while_the_unit_can_do_something() -> None:
    assert {status for status in S if permitted(status, [R.LIAISON])} == RUNNING_STATUSES
