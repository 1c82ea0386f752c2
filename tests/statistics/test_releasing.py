"""Data are released by a second person, as what the calendar says, and never change afterwards."""

from __future__ import annotations

import pytest
from desk import CHIEF, CLERK, LIAISON, Desk, day, on_sqlite

from config.errors import BadInput, Refused
from database import reading
from supervision.queries.releases import State, release_calendar, releases, returns

SERIES = ("off-list-firms", "off-list-revenue", "trading-firms", "trading-exports", "fee-burden", "fee-per-firm")


def fill(desk: Desk, *, leave_out: str = "", when: str = "2022-07-20", value: str = "5") -> None:
    lines = [f"{code},杭州市,2022H1,{value},统计表" for code in SERIES if code != leave_out]
    desk.record("series,area,period,value,source\n" + "\n".join(lines) + "\n", when=when)


def test_data_go_from_provisional_to_final_to_revised_and_no_copy_changes(desk: Desk) -> None:
    fill(desk)
    first = desk.release("development-data", "2022H1", when="2022-07-28")
    desk.fees("6", when="2022-08-10")
    final = desk.release("development-data", "2022H1", when="2022-10-20")
    desk.fees("7", when="2022-11-01")
    revised = desk.release("development-data", "2022H1", when="2022-11-02", reason="重新核算")
    assert [(made.version, made.status.value, made.late) for made in (first, final, revised)] == [
        (1, "provisional", False), (2, "final", False), (3, "revised", False),
    ]  # fmt: skip
    with reading(desk.database) as session:
        found = releases(session, desk.force, code="development-data")
    burdens = [value["value"] for made in found for value in made.content["values"] if value["series"] == "fee-burden"]
    assert burdens == ["5", "6", "7"]
    assert desk.is_whole()


@on_sqlite
def test_who_recorded_a_value_does_not_release_it(desk: Desk) -> None:
    fill(desk)
    with pytest.raises(Refused, match="须由另一人复核后发布"):
        desk.release("development-data", "2022H1", when="2022-07-28", by=CLERK)
    with pytest.raises(Refused, match="由领导小组办公室或领导小组领导发布"):
        desk.release("development-data", "2022H1", when="2022-07-28", by=LIAISON)


@on_sqlite
def test_incomplete_data_are_not_released(desk: Desk) -> None:
    fill(desk, leave_out="trading-firms")
    with pytest.raises(Refused, match="缺 trading-firms 的数据"):
        desk.release("development-data", "2022H1", when="2022-07-28")


@on_sqlite
def test_the_same_data_are_not_released_twice_in_the_same_status(desk: Desk) -> None:
    fill(desk)
    desk.release("development-data", "2022H1", when="2022-07-28")
    with pytest.raises(Refused, match="没有可发布的变化"):
        desk.release("development-data", "2022H1", when="2022-07-29")
    assert desk.release("development-data", "2022H1", when="2022-10-20").status.value == "final"
    with pytest.raises(Refused, match="没有可发布的变化"):
        desk.release("development-data", "2022H1", when="2022-10-21", reason="无")


@on_sqlite
def test_a_revision_needs_its_reason(desk: Desk) -> None:
    fill(desk)
    desk.release("development-data", "2022H1", when="2022-10-20")
    desk.fees("7", when="2022-11-01")
    with pytest.raises(Refused, match="修订须用 --reason 写明原因"):
        desk.release("development-data", "2022H1", when="2022-11-02")


@on_sqlite
def test_the_calendar_tells_what_is_owed(desk: Desk) -> None:
    fill(desk)
    desk.release("development-data", "2022H1", when="2022-07-28")

    def state(as_of: str, code: str = "development-data", period: str = "2022H1") -> State:
        with reading(desk.database) as session:
            lines = release_calendar(session, desk.force, as_of=day(as_of))
        (line,) = [x for x in lines if (x.planned.release.code, str(x.planned.period)) == (code, period)]
        return line.state

    assert state("2022-07-27") is State.UPCOMING
    assert state("2022-07-28") is State.DONE
    assert state("2022-10-19") is State.DONE
    assert state("2022-10-20") is State.DUE
    assert state("2022-10-21") is State.OVERDUE
    assert state("2022-08-01", "annual-indices", "2021") is State.OVERDUE
    assert state("2022-07-28", "progress-index", "2022Q2") is State.DUE


@on_sqlite
def test_what_was_final_before_the_issue_of_the_plan_is_not_owed(desk: Desk) -> None:
    with reading(desk.database) as session:
        lines = release_calendar(session, desk.force, as_of=day("2022-08-01"))
    assert min(line.planned.first for line in lines) >= desk.force.plan.issued
    assert ("progress-index", "2022Q1") not in [(line.planned.release.code, str(line.planned.period)) for line in lines]


@on_sqlite
def test_returns_tell_what_is_missing_and_what_was_late(desk: Desk) -> None:
    fill(desk, leave_out="fee-per-firm", when="2022-07-19")

    def line(code: str, as_of: str) -> tuple[State, tuple[str, ...], bool]:
        with reading(desk.database) as session:
            found = returns(session, desk.force, as_of=day(as_of))
        (one,) = [x for x in found if (x.form.code, str(x.period)) == (code, "2022H1")]
        return one.state, one.missing, one.late

    assert line("trading", "2022-07-20") == (State.DONE, (), False)
    assert line("fees", "2022-07-20") == (State.DUE, ("fee-per-firm（杭州市）",), False)
    assert line("fees", "2022-07-21")[0] is State.OVERDUE
    desk.record("series,area,period,value,source\nfee-per-firm,杭州市,2022H1,9,表\n", when="2022-07-25", by=CHIEF)
    assert line("fees", "2022-07-25") == (State.DONE, (), True)
    assert line("fees", "2022-07-24")[0] is State.OVERDUE


@on_sqlite
def test_a_release_keeps_to_the_periods_and_the_order_of_time(desk: Desk) -> None:
    fill(desk)
    with pytest.raises(BadInput, match="应写成 2022H1 的形式"):
        desk.release("development-data", "2022Q2", when="2022-07-28")
    desk.release("development-data", "2022H1", when="2022-10-20")
    desk.fees("7", when="2022-08-01")
    with pytest.raises(Refused, match="第 1 次发布在此之后"):
        desk.release("development-data", "2022H1", when="2022-08-02")
