"""Who acts for whom: 代录, delegation, hand-over, people who are switched off."""

from __future__ import annotations

from typing import Any

import pytest
from builders import CHIEF, CLERK, HEAD, LEADER, LIAISON, OTHER_UNIT, OWN_UNIT, UNIT, Office, at, day, on_sqlite
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from config.errors import BadInput, Refused, UnknownName
from config.terms import Action, Level, Role, Status
from database import reading, writing
from models import Appointment, Delegation, ProgressReport
from supervision import cycle
from supervision.ledger import people
from supervision.queries.people import unit_people

A, S = Action, Status
pytestmark = on_sqlite


def hand_over(office: Office, login: str, to: str, on: str = "2022-07-18") -> int:
    with writing(office.database) as session:
        tenant = office.force.tenant_id
        return people.hand_over(session, tenant, login=login, to=to, on=day(on), at=at(on), by="console")


def disable(office: Office, login: str, when: str = "2022-07-18") -> None:
    with writing(office.database) as session:
        people.disable(session, office.force.tenant_id, login=login, at=at(when), by="console")


def appoint(office: Office, login: str, role: Role, unit: str | None = None, **dates: Any) -> None:
    values = {"since": day("2022-07-01")} | dates
    unit_id = None if unit is None else office.force.unit_id(unit)
    with writing(office.database) as session:
        tenant = office.force.tenant_id
        people.appoint(
            session, tenant, login=login, role=role, unit_id=unit_id, at=at("2022-07-01"), by="console", **values
        )


def told(office: Office, unit: str = UNIT, role: Role = Role.LIAISON, on: str = "2022-07-20") -> list[str]:
    """Return the logins that a notice to that post goes to."""
    with reading(office.database) as session:
        found = unit_people(session, office.force.tenant_id, on=day(on))
    return [login for _, login in found.get((office.force.unit_id(unit), role), ())]


# --- 代录


def test_the_office_records_what_came_by_phone_with_its_source(office: Office) -> None:
    number = office.an_item()
    source = "7月4日电话，市经信局办公室来电"
    office.act(number, A.ACKNOWLEDGE, by=CLERK, when="2022-07-04", source=source)
    office.act(number, A.REPORT_COMPLETION, by=CLERK, when="2022-07-05", comment="已办结", source=source)
    assert office.last(number).data["source"] == source
    assert office.last(number).actor == CLERK
    with writing(office.database) as session:
        assert session.scalars(select(col(ProgressReport.recorded_from))).all() == [source]


def test_who_recorded_a_report_does_not_verify_it(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.REPORT_COMPLETION, by=CLERK, comment="已办结", source="7月20日来函")
    for action in (A.VERIFY, A.RETURN_FOR_REWORK):
        with pytest.raises(Refused, match="另一人"):
            office.act(number, action, by=CLERK, comment="x", date=day("2022-07-28"))
    office.act(number, A.VERIFY, by=CHIEF)


def test_without_a_source_the_office_does_not_act_for_a_unit(office: Office) -> None:
    for source in (None, "", "  "):
        with pytest.raises(Refused, match="您的身份是领导小组办公室"):
            office.act(office.an_item(), A.ACKNOWLEDGE, by=CLERK, source=source)


def test_only_the_office_records_for_others(office: Office) -> None:
    number = office.an_item()
    for login in (LIAISON, LEADER, "kjj.liaison", "auditor"):
        with pytest.raises(Refused, match="代录由领导小组办公室办理"):
            office.act(number, A.ACKNOWLEDGE, by=login, source="电话")


def test_recording_does_not_open_what_the_unit_itself_may_not_do(office: Office) -> None:
    with pytest.raises(Refused, match="请先签收"):
        office.act(office.an_item(), A.REPORT_COMPLETION, by=CLERK, comment="x", source="电话")


# --- delegation


def test_a_deputy_acts_and_both_names_stand_in_the_event(office: Office) -> None:
    office.add_person("li.ming", Role.LIAISON, OTHER_UNIT)
    office.delegate(LIAISON, to="li.ming")
    number = office.an_item()
    office.act(number, A.ACKNOWLEDGE, by="li.ming")
    assert (office.last(number).actor, office.last(number).acting_for) == ("li.ming", LIAISON)


def test_who_acts_in_an_own_role_acts_for_nobody(office: Office) -> None:
    office.delegate(LIAISON, to=HEAD)
    number = office.an_item()
    office.act(number, A.ACKNOWLEDGE, by=HEAD)
    assert office.last(number).acting_for is None


def test_an_own_role_that_does_not_permit_the_act_does_not_hide_for_whom_it_was_done(office: Office) -> None:
    office.delegate(LIAISON, to=CLERK)
    number = office.an_item()
    office.act(number, A.ACKNOWLEDGE, by=CLERK)
    assert (office.last(number).actor, office.last(number).acting_for) == (CLERK, LIAISON)


def test_a_delegation_gives_nothing_before_its_first_and_after_its_last_day(office: Office) -> None:
    office.add_person("li.ming", Role.LIAISON, OTHER_UNIT)
    office.delegate(LIAISON, to="li.ming", since="2022-07-11", until="2022-07-15")
    for when, may in (
        ("2022-07-10 23:59", False),
        ("2022-07-11 00:00", True),
        ("2022-07-15 23:59", True),
        ("2022-07-16 00:00", False),
    ):
        number = office.an_item()
        if may:
            office.act(number, A.ACKNOWLEDGE, by="li.ming", when=when)
            continue
        with pytest.raises(Refused, match="与该事项无关"):
            office.act(number, A.ACKNOWLEDGE, by="li.ming", when=when)


def test_what_a_deputy_may_not_do_neither_may_who_was_acted_for(office: Office) -> None:
    """Both are the one who asked: the deputy who did it, and the person in whose name it was done."""
    office.add_person("wang.fang", Role.OFFICE)
    office.delegate("wang.fang", to=CHIEF)
    number = office.a_signed_item()
    office.act(number, A.REPORT_COMPLETION, by=CHIEF, comment="x", source="电话")
    office.delegate(CLERK, to=LEADER)
    [matter] = office.a_matter(by=LEADER)
    assert office.history(matter)[0].acting_for == CLERK
    for login in (CLERK, LEADER):
        with pytest.raises(Refused, match="另一人"):
            office.act(matter, A.SUSPEND, by=login, comment="x", reason="upstream")
    with pytest.raises(Refused, match="另一人"):
        office.act(number, A.VERIFY, by=CHIEF)


def test_a_deputy_does_not_decide_on_what_the_absent_one_asked_for(office: Office) -> None:
    office.add_person("wang.fang", Role.OFFICE)
    number = office.a_signed_item()
    office.act(number, A.REPORT_COMPLETION, by="wang.fang", comment="x", source="电话")
    office.delegate("wang.fang", to=CLERK)
    with pytest.raises(Refused, match="另一人"):
        office.act(number, A.VERIFY, by=CLERK)


def test_notices_go_to_who_acts_and_back_afterwards(office: Office) -> None:
    office.delegate(LIAISON, to=HEAD, since="2022-07-11", until="2022-07-15")
    assert [told(office, on=on) for on in ("2022-07-10", "2022-07-12", "2022-07-16")] == [[LIAISON], [HEAD], [LIAISON]]


def test_a_deputy_who_is_away_is_stood_in_for_as_well(office: Office) -> None:
    office.delegate(LIAISON, to="kjj.liaison")
    office.delegate("kjj.liaison", to="fgw.liaison", since="2022-07-18", until="2022-07-22")
    assert told(office, on="2022-07-15") == ["kjj.liaison"]
    assert told(office, on="2022-07-20") == ["fgw.liaison"]
    number = office.an_item()
    office.act(number, A.ACKNOWLEDGE, by="fgw.liaison", when="2022-07-20")
    assert office.last(number).acting_for == LIAISON


def test_a_deputy_who_is_switched_off_gives_the_notices_back(office: Office) -> None:
    office.add_person("li.ming", Role.LIAISON, OTHER_UNIT)
    office.delegate(LIAISON, to="li.ming")
    disable(office, "li.ming")
    assert told(office) == [LIAISON]


def test_nobody_acts_for_somebody_who_is_switched_off(office: Office) -> None:
    office.add_person("li.ming", Role.LIAISON, UNIT)
    office.delegate("li.ming", to="kjj.liaison")
    disable(office, "li.ming")
    with pytest.raises(Refused, match="与该事项无关"):
        office.act(office.an_item(), A.ACKNOWLEDGE, by="kjj.liaison")


def test_a_circle_of_delegations_is_refused_over_any_number_of_steps(office: Office) -> None:
    office.delegate(LIAISON, to=HEAD)
    office.delegate(HEAD, to="kjj.liaison")
    for login in (HEAD, LIAISON, "kjj.liaison"):
        with pytest.raises(Refused, match=r"成环|已有委托"):
            office.delegate("kjj.liaison", to=login)
    with pytest.raises(Refused, match="成环"):
        office.delegate("fgw.liaison", to="fgw.liaison")


def test_a_circle_over_a_part_of_the_time_is_refused_too(office: Office) -> None:
    office.delegate(LIAISON, to=HEAD, since="2022-07-01", until="2022-07-10")
    office.delegate(LIAISON, to="kjj.liaison", since="2022-07-20", until="2022-07-31")
    with pytest.raises(Refused, match="成环"):
        office.delegate(HEAD, to=LIAISON, since="2022-07-05", until="2022-07-31")


def test_what_never_holds_at_once_is_no_circle(office: Office) -> None:
    office.delegate(LIAISON, to=HEAD, since="2022-07-01", until="2022-07-10")
    office.delegate(HEAD, to="kjj.liaison", since="2022-07-11", until="2022-07-20")
    office.delegate("kjj.liaison", to=LIAISON, since="2022-07-01", until="2022-07-31")


def test_one_person_has_one_deputy_at_a_time(office: Office) -> None:
    office.delegate(LIAISON, to=HEAD, since="2022-07-01", until="2022-07-10")
    with pytest.raises(Refused, match="2022-07-01 至 2022-07-10 已有委托"):
        office.delegate(LIAISON, to="kjj.liaison", since="2022-07-10", until="2022-07-20")
    office.delegate(LIAISON, to="kjj.liaison", since="2022-07-11", until="2022-07-20")


def test_a_delegation_can_be_ended_early(office: Office) -> None:
    office.delegate(LIAISON, to=HEAD)
    with writing(office.database) as session:
        people.end_delegation(
            session, office.force.tenant_id, login=LIAISON, on=day("2022-07-20"), at=at("2022-07-20"), by=LIAISON
        )
    assert [told(office, on=on) for on in ("2022-07-19", "2022-07-20")] == [[HEAD], [LIAISON]]
    with pytest.raises(Refused, match="没有委托"), writing(office.database) as session:
        people.end_delegation(
            session, office.force.tenant_id, login=LIAISON, on=day("2022-07-20"), at=at("2022-07-20"), by=LIAISON
        )
    office.delegate(LIAISON, to="kjj.liaison", since="2022-07-20", until="2022-07-31")


LOGINS = (LIAISON, HEAD, "kjj.liaison", "fgw.liaison")
SPANS = st.tuples(st.integers(1, 28), st.integers(1, 28)).map(sorted)


@given(st.lists(st.tuples(st.sampled_from(LOGINS), st.sampled_from(LOGINS), SPANS), max_size=8))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_people_delegate_every_notice_finds_somebody(office: Office, wishes: list[Any]) -> None:
    with writing(office.database) as session:
        for row in session.scalars(select(Delegation)):
            session.delete(row)
    for login, to, (first, last) in wishes:
        try:
            office.delegate(login, to, since=f"2022-07-{first:02}", until=f"2022-07-{last:02}")
        except Refused:
            continue
    with reading(office.database) as session:
        rows = session.scalars(select(Delegation)).all()
        by_day = [
            {row.from_person_id: row.to_person_id for row in rows if row.since.day <= number <= row.until.day}
            for number in range(1, 29)
        ]
    for stand_ins in by_day:
        for person in stand_ins:
            seen = [person]
            while seen[-1] in stand_ins:
                seen.append(stand_ins[seen[-1]])
                assert len(seen) == len(set(seen)), "a circle"


# --- posts


def test_a_post_is_handed_over_with_its_work(office: Office) -> None:
    parent = office.a_signed_item()
    part = office.a_part(parent, assignee=HEAD)
    office.add_person("li.ming", Role.LIAISON, OTHER_UNIT)
    assert hand_over(office, HEAD, to="li.ming") == 1
    assert told(office, role=Role.UNIT_HEAD, on="2022-07-17") == [HEAD]
    assert told(office, role=Role.UNIT_HEAD, on="2022-07-18") == ["li.ming"]
    office.act(part, A.ACKNOWLEDGE, by="li.ming", when="2022-07-18")
    with pytest.raises(Refused, match="与该事项无关"):
        office.act(part, A.REPORT_PROGRESS, by=HEAD, when="2022-07-18", comment="x")
    with reading(office.database) as session:
        ended = session.scalars(select(col(Appointment.role)).where(col(Appointment.until) == day("2022-07-17"))).all()
    assert ended == [Role.UNIT_HEAD]


def test_a_post_handed_over_on_its_first_day_was_never_held(office: Office) -> None:
    office.add_person("li.ming", Role.LIAISON, OTHER_UNIT, since="2022-07-18")
    office.add_person("wang.fang", Role.OFFICE)
    assert hand_over(office, "li.ming", to="wang.fang", on="2022-07-18") == 1
    assert told(office, OTHER_UNIT, on="2022-07-18") == ["kjj.liaison", "wang.fang"]


def test_a_post_that_the_successor_holds_already_is_only_ended(office: Office) -> None:
    office.add_person("li.ming", Role.LIAISON, UNIT, since="2022-07-18")
    assert hand_over(office, LIAISON, to="li.ming", on="2022-07-18") == 1
    assert told(office, on="2022-07-18") == ["li.ming"]


def test_a_hand_over_of_nothing_or_to_nobody_is_refused(office: Office) -> None:
    office.add_person("li.ming", Role.LIAISON, UNIT, since="2022-09-01")
    with pytest.raises(Refused, match="没有可交接的岗位"):
        hand_over(office, "li.ming", to=HEAD)
    with pytest.raises(BadInput, match="同一人"):
        hand_over(office, LIAISON, to=LIAISON)
    with pytest.raises(UnknownName, match="nobody"):
        hand_over(office, LIAISON, to="nobody")
    disable(office, "li.ming")
    for refused in (lambda: hand_over(office, LIAISON, to="li.ming"), lambda: office.delegate(LIAISON, to="li.ming")):
        with pytest.raises(Refused, match="已停用"):
            refused()


def test_somebody_switched_off_does_nothing_and_is_told_nothing(office: Office) -> None:
    office.add_person("li.ming", Role.LIAISON, UNIT)
    disable(office, "li.ming")
    with pytest.raises(Refused, match="已停用"):
        office.act(office.an_item(), A.ACKNOWLEDGE, by="li.ming")
    assert told(office) == [LIAISON]
    with pytest.raises(Refused, match="已经停用"):
        disable(office, "li.ming")
    with pytest.raises(Refused, match="已停用"):
        appoint(office, "li.ming", Role.UNIT_HEAD, UNIT)


def test_the_last_liaison_of_a_unit_is_not_switched_off(office: Office) -> None:
    with pytest.raises(Refused, match="唯一的联络员"):
        disable(office, LIAISON)
    assert told(office) == [LIAISON]
    office.add_person("li.ming", Role.LIAISON, UNIT)
    disable(office, LIAISON)
    assert told(office) == ["li.ming"]


def test_a_unit_whose_last_post_has_run_out_is_found_by_the_audit(office: Office) -> None:
    number = office.a_signed_item()
    with writing(office.database) as session:
        for post in session.scalars(select(Appointment).where(col(Appointment.unit_id) == office.force.unit_id(UNIT))):
            post.until = day("2022-07-31")
    office.escalate("2022-08-01")
    [finding] = cycle.audit_supervision(office.database, "", as_of=day("2022-08-01")).findings
    assert finding.startswith(f"item/{number}/v1/+1：催办已发出，而市经信局没有可送达的人")
    office.add_person("li.ming", Role.LIAISON, UNIT, since="2022-08-02")
    office.reach(number, Level.URGE, "2022-08-02", login="li.ming")
    assert cycle.audit_supervision(office.database, "", as_of=day("2022-08-02")).findings == ()


def test_a_post_account_without_a_post_can_be_switched_off(office: Office) -> None:
    office.add_person("li.ming", Role.UNIT_HEAD, UNIT)
    hand_over(office, LIAISON, to="li.ming", on="2022-07-18")
    disable(office, LIAISON, when="2022-07-18")
    assert told(office) == ["li.ming"]


def test_a_login_belongs_to_one_person_and_a_unit_post_to_a_unit(office: Office) -> None:
    with pytest.raises(Refused, match="已有人使用"):
        office.add_person(LIAISON, Role.LIAISON, UNIT)
    with pytest.raises(BadInput, match="--unit"):
        office.add_person("li.ming", Role.LIAISON)
    with pytest.raises(BadInput, match="不是可以任命的身份"):
        office.add_person("robot", Role.SYSTEM)
    before = office.snapshot()
    with pytest.raises(BadInput):
        office.add_person("li.ming", Role.UNIT_HEAD)
    assert office.snapshot() == before


def test_a_post_is_held_between_its_dates_and_not_twice(office: Office) -> None:
    office.add_person("li.ming", Role.LIAISON, OTHER_UNIT, since="2022-07-01")
    appoint(office, "li.ming", Role.LIAISON, UNIT, since=day("2022-07-11"), until=day("2022-07-15"))
    assert [told(office, on=on) for on in ("2022-07-10", "2022-07-11", "2022-07-15", "2022-07-16")] == [
        [LIAISON], [LIAISON, "li.ming"], [LIAISON, "li.ming"], [LIAISON],
    ]  # fmt: skip
    with pytest.raises(Refused, match="已任"):
        appoint(office, "li.ming", Role.LIAISON, UNIT, since=day("2022-07-15"))
    appoint(office, "li.ming", Role.LIAISON, UNIT, since=day("2022-07-01"), until=day("2022-07-10"))
    appoint(office, "li.ming", Role.LIAISON, UNIT, since=day("2022-07-16"))
    with pytest.raises(BadInput, match="早于起日"):
        appoint(office, "li.ming", Role.UNIT_HEAD, UNIT, since=day("2022-07-16"), until=day("2022-07-15"))


def test_everything_about_people_is_chained(office: Office) -> None:
    office.add_person("li.ming", Role.LIAISON, OWN_UNIT)
    office.delegate("li.ming", to=CLERK)
    hand_over(office, "li.ming", to=HEAD)
    disable(office, "li.ming")
    assert office.chain_is_whole()
