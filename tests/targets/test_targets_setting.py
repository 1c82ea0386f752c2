"""The office changes targets: new versions with who, when and why, nothing overwritten, everybody concerned told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from target_office import BINJIANG, CHUNAN, CLERK, HEAD, LIAISON, Office, at, on_sqlite

from config.clock import ZONE
from config.errors import BadInput, Refused
from config.terms import Role, TargetState
from database import reading
from supervision.apportion import Given, Overridden, Resplit
from supervision.ledger import targets
from supervision.queries.targets import state_of


def test_a_change_is_a_new_version_with_who_when_and_why(office: Office) -> None:
    office.set_one(120, reason="高新企业集中")
    found = office.target(district=BINJIANG)
    assert (found.version, found.target, found.set_by, found.reason) == (2, 120, CLERK, "高新企业集中")
    assert (found.set_at, found.by_hand, found.base) == (at("03-01").astimezone(ZONE), True, None)
    assert office.total() == 1000
    assert office.chain_is_whole()


def test_nothing_is_overwritten_and_any_day_is_seen_as_it_was_known(office: Office) -> None:
    office.set_one(120, "03-01")
    office.set_one(150, "05-01")
    assert [office.target(district=BINJIANG, as_of=day).target for day in ("02-28", "03-01", "04-30", "05-01")] == [
        42, 120, 120, 150,
    ]  # fmt: skip
    assert {office.total(as_of=day) for day in ("02-28", "03-01", "05-01")} == {1000}
    assert [row.version for row in office.rows() if row.unit_id == office.force.unit_ids[BINJIANG]].count(3) == 1


@on_sqlite
def test_the_plans_own_targets_hold_from_its_beginning_whenever_it_was_loaded(office: Office) -> None:
    with reading(office.database) as session:
        from supervision.queries.targets import targets_as_known

        found = targets_as_known(session, office.force, known_at=at("01-01").replace(year=2021))
    assert found["T06", CHUNAN].target == 28


@on_sqlite
def test_who_only_shares_what_others_leave_is_told_so(office: Office) -> None:
    office.set_one(120, reason="高新企业集中")
    other = office.target()
    assert other.reason == "随滨江区 T06 的调整重新分解：高新企业集中"
    assert (other.by_hand, other.base) == (False, "population_2020")
    office.set_one(100, "03-02", "T01", CHUNAN, reason="生态保护区")
    assert office.target("T02").reason == "随淳安县 T01 的调整重新分解：生态保护区"


@on_sqlite
def test_every_district_concerned_is_told_once_and_nobody_else(office: Office) -> None:
    done = office.change(Overridden("T06", BINJIANG, Decimal(45), keep_others=True))
    assert done.told == (BINJIANG,)
    [(because, people)] = office.told(BINJIANG)
    assert because == "目标有调整，请确认或提出异议：T06 累计新增规下升规上工业小微企业数 45家"
    assert people == ["330108.head", "330108.liaison"]
    assert office.told(CHUNAN) == []


@on_sqlite
def test_the_act_stands_in_the_chain_with_every_version(office: Office) -> None:
    office.set_one(43)
    [event] = office.events("change_targets")
    assert (event.actor, event.data["reason"], len(event.data["targets"])) == (CLERK, "会商", 2)
    assert {"indicator": "T06", "unit": BINJIANG, "version": 2, "target": "43", "before": "42"} in event.data["targets"]


@on_sqlite
def test_a_confirmation_does_not_survive_a_change_of_the_target(office: Office) -> None:
    office.confirm("T06")
    office.set_one(120, "03-05")
    assert office.target(as_of="03-04").state is TargetState.CONFIRMED
    assert office.target().state is TargetState.PROPOSED


@on_sqlite
def test_a_target_that_a_change_leaves_alone_stays_confirmed(office: Office) -> None:
    office.confirm("T06")
    office.change(Overridden("T06", BINJIANG, Decimal(50), keep_others=True), "03-05")
    assert office.target().state is TargetState.CONFIRMED


@on_sqlite
def test_a_preview_writes_nothing(office: Office) -> None:
    before = office.rows()
    with reading(office.database) as session:
        lines = targets.preview(session, office.force, Overridden("T06", BINJIANG, Decimal(120)))
    assert len(lines) == 13
    assert office.rows() == before


@on_sqlite
@pytest.mark.parametrize(
    ("keys", "error", "words"),
    [
        ({"reason": " "}, BadInput, "必须写明理由"),
        ({"reason": "x" * 501}, BadInput, "超过 500 字"),
        ({"reason": "a\x00b"}, BadInput, "无法保存"),
        ({"by": LIAISON}, Refused, "由领导小组办公室办理"),
        ({"by": "jxj.head"}, Refused, "由领导小组办公室办理"),
    ],
)
def test_a_change_without_reason_or_by_somebody_else_is_refused(
    office: Office, keys: dict[str, str], error: type[Exception], words: str
) -> None:
    before = office.rows()
    with pytest.raises(error, match=words):
        office.set_one(120, **keys)
    assert office.rows() == before


@on_sqlite
def test_who_belongs_to_a_district_sets_no_target_of_it(office: Office) -> None:
    office.appoint(HEAD, Role.OFFICE, "市市场监管局")
    with pytest.raises(Refused, match="您所在单位自己的目标"):
        office.set_one(120, by=HEAD)
    office.change(Overridden("T06", BINJIANG, Decimal(50), keep_others=True), by=HEAD)


@on_sqlite
def test_a_change_before_the_last_one_is_refused(office: Office) -> None:
    office.set_one(120, "05-01")
    with pytest.raises(Refused, match="请核对 --at"):
        office.set_one(130, "04-30")
    office.set_one(130, "04-30", "T07")


@on_sqlite
def test_a_set_is_not_changed_before_what_its_part_has_lived_through(office: Office) -> None:
    office.set_one(2100, "05-01", "T02")
    with pytest.raises(Refused, match="请核对 --at"):
        office.set_one(8000, "04-30", "T01")


def test_what_is_refused_leaves_everything_as_it_was(office: Office) -> None:
    before = office.rows(), office.events("change_targets")
    for wanted in (
        Overridden("T06", BINJIANG, Decimal(32), keep_others=True),
        Overridden("T02", BINJIANG, Decimal(47000)),
        Resplit("T17"),
        Resplit("T06"),
    ):
        with pytest.raises(Refused):
            office.change(wanted)
    assert (office.rows(), office.events("change_targets")) == before


@on_sqlite
def test_a_baseline_is_set_like_a_target_and_asks_for_the_districts_word(office: Office) -> None:
    office.confirm("T28")
    office.change(Given(baselines={("T28", CHUNAN): Decimal(5)}), "03-05", reason="2020 年底台账")
    found = office.target("T28")
    assert (found.baseline, found.target, found.base, found.by_hand) == (5, 8, "population_2020", False)
    assert found.state is TargetState.PROPOSED


@on_sqlite
def test_the_state_of_a_row_follows_from_its_instants(office: Office) -> None:
    office.object_to("T06")
    office.uphold("T06")
    office.confirm("T07")
    office.set_one(120, "03-05")
    assert all(row.state is state_of(row, known_at=at("12-31")) for row in office.rows())
