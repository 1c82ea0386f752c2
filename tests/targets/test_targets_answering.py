"""What a district says to its targets: confirmation, objection, and the answer by a second person."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update
from target_office import BINJIANG, CHIEF, CHUNAN, CLERK, HEAD, LIAISON, Office, at, on_sqlite

from config.errors import BadInput, Refused, UnknownName
from config.terms import Role, TargetState
from database import writing
from models import DistrictTarget
from supervision.apportion import Overridden


def test_a_district_confirms_everything_that_waits_at_once(office: Office) -> None:
    done = office.confirm(by=HEAD)
    apportioned = [each.code for each in office.force.plan.indicators if each.apportion]
    assert done == apportioned
    found = office.target()
    assert (found.state, found.confirmed_by) == (TargetState.CONFIRMED, HEAD)
    assert office.target(district=BINJIANG).state is TargetState.PROPOSED
    [event] = office.events("confirm_targets")
    assert {"indicator": "T06", "unit": CHUNAN, "version": 1} in event.data["targets"]
    assert office.chain_is_whole()


def test_an_objection_is_answered_by_a_new_version_or_upheld(office: Office) -> None:
    office.object_to("T06")
    office.object_to("T07")
    office.uphold("T06")
    office.change(Overridden("T07", CHUNAN, Decimal(8)), "03-04")
    upheld, changed = office.target("T06"), office.target("T07")
    assert (upheld.state, upheld.comment, upheld.answer) == (TargetState.UPHELD, "基数过小", "已按人口核减")
    assert (upheld.objected_by, upheld.answered_by) == (LIAISON, CHIEF)
    assert (changed.state, changed.comment, changed.target) == (TargetState.PROPOSED, None, 8)


@on_sqlite
def test_what_was_said_is_known_from_its_own_day_on(office: Office) -> None:
    office.object_to("T06", "03-02")
    office.uphold("T06", "03-04")
    office.confirm("T06", when="03-08")
    states = [office.target(as_of=day).state for day in ("03-01", "03-02", "03-03", "03-04", "03-07", "03-08")]
    assert states == [
        TargetState.PROPOSED, TargetState.OBJECTED, TargetState.OBJECTED, TargetState.UPHELD, TargetState.UPHELD,
        TargetState.CONFIRMED,
    ]  # fmt: skip
    early = office.target(as_of="03-03")
    assert (early.comment, early.answer, early.confirmed_by) == ("基数过小", None, None)


@on_sqlite
def test_the_district_is_told_why_its_target_is_upheld(office: Office) -> None:
    office.object_to("T06")
    office.uphold("T06")
    [(because, people)] = office.told()
    assert because.startswith("异议未予采纳，维持原目标（已按人口核减）：T06")
    assert people == [HEAD, LIAISON]


def test_the_office_is_told_of_each_objection_once(office: Office) -> None:
    office.object_to("T06")
    office.object_to("T07")
    with pytest.raises(Refused):
        office.object_to("T06")
    told = office.office_told()
    assert [people for _, people in told] == [[CHIEF, CLERK], [CHIEF, CLERK]]
    assert told[0][0].startswith("淳安县对分解的目标提出异议：T06 ")
    assert told[0][0].endswith("（基数过小）")


@on_sqlite
def test_who_recorded_an_objection_for_a_district_is_not_told_of_it(office: Office) -> None:
    office.object_to("T06", by=CLERK, recorded_from="3月2日来电")
    assert [people for _, people in office.office_told()] == [[CHIEF]]


@on_sqlite
def test_an_objection_to_a_new_version_is_told_anew(office: Office) -> None:
    office.object_to("T06")
    office.change(Overridden("T06", CHUNAN, Decimal(20)), "03-04")
    office.object_to("T06", "03-05")
    assert len(office.office_told()) == 2


@on_sqlite
def test_an_objection_is_taken_back_by_confirming_by_name(office: Office) -> None:
    office.object_to("T06")
    assert "T06" not in office.confirm()
    assert office.confirm("T06", when="03-03") == ["T06"]
    assert office.target().state is TargetState.CONFIRMED


@on_sqlite
def test_the_office_records_what_a_district_wrote_and_says_from_what(office: Office) -> None:
    office.confirm("T06", by=CLERK, recorded_from="3月2日复函")
    office.object_to("T07", by=CLERK, recorded_from="3月2日来电")
    assert [event.data["recorded_from"] for name in ("confirm_targets", "object_to_target")
            for event in office.events(name)] == ["3月2日复函", "3月2日来电"]  # fmt: skip
    with pytest.raises(Refused, match="代录异议"):
        office.uphold("T07", by=CLERK)
    office.uphold("T07")


@on_sqlite
@pytest.mark.parametrize("setter", [CLERK, CHIEF])
def test_who_set_a_target_does_not_answer_the_objection_to_it(office: Office, setter: str) -> None:
    office.set_one(120, by=setter)
    office.object_to("T06")
    with pytest.raises(Refused, match="须由另一人办理"):
        office.uphold("T06", by=setter)
    office.uphold("T06", by=CHIEF if setter == CLERK else CLERK)


@on_sqlite
def test_who_set_a_target_does_not_record_its_confirmation(office: Office) -> None:
    office.set_one(120)
    with pytest.raises(Refused, match="代录确认须由另一人办理"):
        office.confirm("T06", by=CLERK, recorded_from="来电")
    assert office.confirm("T06", by=CHIEF, recorded_from="来电") == ["T06"]


@on_sqlite
def test_the_plans_first_version_is_no_bar_to_an_act_before_the_database_had_it(
    office: Office,
) -> None:
    with writing(office.database) as session:
        session.execute(update(DistrictTarget).values(set_at=at("12-31")))
    office.object_to("T06")
    office.confirm("T06", when="03-03")
    with pytest.raises(Refused, match="早于该目标的上一次变动"):
        office.change(Overridden("T06", CHUNAN, Decimal(20)), "03-02")


@on_sqlite
def test_an_earlier_setter_may_answer_an_objection_to_a_later_version(office: Office) -> None:
    office.set_one(120, by=CLERK)
    office.set_one(300, "03-02", by=CHIEF)
    office.object_to("T06", "03-03")
    assert office.uphold("T06", "03-04", by=CLERK) == 3


@on_sqlite
def test_who_belongs_to_the_district_does_not_answer_its_objection(office: Office) -> None:
    office.appoint(HEAD, Role.OFFICE, "市市场监管局")
    office.object_to("T06")
    with pytest.raises(Refused, match="您所在单位自己的目标"):
        office.uphold("T06", by=HEAD)


@on_sqlite
@pytest.mark.parametrize(
    ("keys", "error", "words"),
    [
        ({"by": "330108.liaison"}, Refused, "不是该单位人员"),
        ({"by": "leader.signer"}, Refused, "不是该单位人员"),
        ({"by": CLERK}, Refused, "须写明来源"),
        ({"recorded_from": "来电"}, BadInput, "本单位办理不填"),
        ({"comment": " "}, BadInput, "必须写明异议内容"),
        ({"code": "T36"}, Refused, "没有分解到这个单位"),
        ({"code": "T99"}, UnknownName, "T99"),
    ],
)
def test_an_objection_that_is_not_the_districts_or_says_nothing_is_refused(
    office: Office, keys: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        office.object_to(**keys)
    assert office.target().state is TargetState.PROPOSED


@on_sqlite
def test_a_target_is_objected_to_once_and_before_it_is_confirmed(office: Office) -> None:
    office.object_to("T06")
    with pytest.raises(Refused, match="现为“有异议”"):
        office.object_to("T06", "03-03")
    office.uphold("T06", "03-04")
    with pytest.raises(Refused, match="现为“维持”"):
        office.object_to("T06", "03-05")
    office.confirm("T07")
    with pytest.raises(Refused, match="现为“已确认”"):
        office.object_to("T07", "03-05")


@on_sqlite
def test_what_holds_already_is_refused(office: Office) -> None:
    office.confirm()
    for codes in ((), ("T06",)):
        with pytest.raises(Refused, match="确认"):
            office.confirm(*codes, when="03-03")
    with pytest.raises(Refused, match="没有待答复的异议"):
        office.uphold("T06", "03-04")


@on_sqlite
def test_nothing_is_said_before_the_target_was_set(office: Office) -> None:
    office.set_one(120, "05-01")
    with pytest.raises(Refused, match="请核对 --at"):
        office.confirm("T06", when="04-01")


@on_sqlite
def test_the_plans_targets_are_sent_to_every_district_once(office: Office) -> None:
    assert office.tell() == [district.code for district in office.force.plan.districts]
    [(because, people)] = office.told()
    assert because.startswith("目标下达，请确认或提出异议：T01 累计新增小微企业数 4556家、T02")
    assert because.endswith("等 23 项")
    assert people == [HEAD, LIAISON]
    with pytest.raises(Refused, match="没有待下达的目标"):
        office.tell("01-06")


@on_sqlite
def test_what_is_confirmed_is_not_sent_again(office: Office) -> None:
    office.confirm()
    assert CHUNAN not in office.tell("03-03")
    with pytest.raises(Refused, match="没有待下达"):
        office.tell("03-03", unit=CHUNAN)


@on_sqlite
def test_only_the_office_sends_targets(office: Office) -> None:
    with pytest.raises(Refused, match="由领导小组办公室办理"):
        office.tell(by=LIAISON)
