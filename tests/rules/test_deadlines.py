"""Due dates by rule and period, the instant at which they end, and the light of an item."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from config.clock import ZONE
from config.errors import CalendarNotPublished, PlanError
from config.terms import Cadence
from supervision.deadlines import (
    Direction,
    Light,
    comes_within,
    due_date,
    due_moment,
    is_overdue,
    light,
    nominal_date,
    occurrences,
    on_time,
    read_due_rule,
)
from supervision.periods import parse_period
from supervision.workdays import published

CALENDAR = published()
CASES = YAML(typ="safe").load((Path(__file__).parent.parent / "cases" / "deadlines.yaml").read_text("utf-8"))

START, END = date(2021, 1, 1), date(2023, 12, 31)
DAYS = st.dates(date(2010, 1, 1), date(2025, 6, 30))
RULES = st.one_of(
    st.just("period_end"),
    st.builds("month_end {:02}".format, st.integers(1, 12)),
    st.builds("day {} month +{}".format, st.integers(1, 28), st.integers(0, 2)),
    st.builds("workday {} month +{}".format, st.integers(1, 15), st.integers(0, 2)),
)


# --- the cases that the office can read


@pytest.mark.parametrize("case", CASES["期限"], ids=lambda case: case["案例"])
def test_a_due_date_is_the_one_the_office_would_name(case: dict[str, Any]) -> None:
    due = due_date(read_due_rule(case["规则"]), parse_period(case["周期"]), CALENDAR)
    assert (due.day, due.because) == (case["到期"], case["理由"])


@pytest.mark.parametrize("case", CASES["亮灯"], ids=lambda case: case["案例"])
def test_a_light_is_the_one_the_office_would_show(case: dict[str, Any]) -> None:
    for day, expected in case["每日"].items():
        shown = light(case["到期"], as_of=day, due_soon_days=case["临期天数"], calendar=CALENDAR)
        assert (day, shown) == (day, expected)


# --- reading rules


@pytest.mark.parametrize(
    "text",
    [
        "",
        "period_end ",
        "Period_end",
        "month_end 6",
        "month_end 13",
        "month_end 00",
        "on 2022-6-30",
        "on 20220630",
        "day 0 month +1",
        "day 020 month +1",
        "day 20 month 1",
        "day 20 month -1",
        "day 20  month +1",
        "day 20 month +01",
        "workday 0 month +1",
        "day ２０ month +1",
        "首月20日",
    ],
)
def test_any_other_wording_is_refused_with_the_whole_grammar(text: str) -> None:
    with pytest.raises(PlanError, match=r"无法识别，应写成：period_end、month_end 06、on 2022-06-30"):
        read_due_rule(text)


@pytest.mark.parametrize("text", ["day 29 month +1", "day 31 month +0", "workday 16 month +1"])
def test_a_day_that_some_month_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(PlanError, match=r"不是每个月都有，月底请写 month_end 或 period_end"):
        read_due_rule(text)


def test_a_date_that_does_not_exist_is_refused() -> None:
    with pytest.raises(PlanError, match="日期不存在"):
        read_due_rule("on 2022-06-31")


def test_every_month_has_the_working_days_that_a_rule_may_count() -> None:
    months = [date(year, month, 1) for year in range(2004, 2027) for month in range(1, 13)]
    ends = [(first + timedelta(days=31)).replace(day=1) - timedelta(days=1) for first in months]
    assert min(CALENDAR.count(first, last) for first, last in zip(months, ends, strict=True)) >= 15


# --- due dates


@given(RULES, st.integers(2010, 2024))
def test_a_due_date_is_a_working_day_and_nothing_worked_lies_between_it_and_the_day_named(text: str, year: int) -> None:
    due = due_date(read_due_rule(text), parse_period(str(year)), CALENDAR)
    assert CALENDAR.is_working(due.day)
    if due.direction is Direction.BACK:
        assert due.day <= due.nominal
        assert CALENDAR.count(due.day, due.nominal) == 1
    elif due.direction is Direction.FORWARD:
        assert due.day >= due.nominal
        assert CALENDAR.count(due.nominal, due.day) == 1
    else:
        assert CALENDAR.count(due.nominal, due.day) == due.rule.day
        assert (due.day.year, due.day.month) == (due.nominal.year, due.nominal.month)
    assert due.moved == (due.direction is not Direction.COUNTED and not CALENDAR.is_working(due.nominal))


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("period_end", "提前"),
        ("on 2022-10-07", "提前"),
        ("day 1 month +1", "第二百零三条"),
        ("workday 1 month +1", "工作日"),
    ],
)
def test_a_due_date_names_the_clause_that_moved_it(text: str, clause: str) -> None:
    assert clause in due_date(read_due_rule(text), parse_period("2022Q3"), CALENDAR).clause


@pytest.mark.parametrize(
    ("text", "period"), [("month_end 06", "2022H2"), ("month_end 06", "2022Q1"), ("month_end 06", "2021-2023")]
)
def test_the_end_of_a_month_that_a_period_lacks_or_has_thrice_is_refused(text: str, period: str) -> None:
    with pytest.raises(PlanError, match=r"没有唯一的 6 月.*请改用 on"):
        nominal_date(read_due_rule(text), parse_period(period))


def test_a_due_date_in_a_year_without_arrangement_is_refused_though_its_nominal_date_is_known() -> None:
    rule, period = read_due_rule("period_end"), parse_period("2027H1")
    assert nominal_date(rule, period) == date(2027, 6, 30)
    with pytest.raises(CalendarNotPublished, match="2027"):
        due_date(rule, period, CALENDAR)


# --- occurrences


def occurring(cadence: Cadence, text: str, as_of: date = END, **plan: Any) -> list[tuple[str, str]]:
    rule = read_due_rule(text)
    found = occurrences(cadence, rule, **({"start": START, "end": END} | plan), as_of=as_of)
    return [(str(each.period), str(each.nominal)) for each in found]


def test_quarterly_feedback_occurs_once_for_every_quarter_that_has_begun() -> None:
    assert occurring(Cadence.QUARTERLY, "day 20 month +1", date(2021, 7, 1)) == [
        ("2021Q1", "2021-04-20"),
        ("2021Q2", "2021-07-20"),
        ("2021Q3", "2021-10-20"),
    ]
    assert len(occurring(Cadence.QUARTERLY, "day 20 month +1", date(2021, 6, 30))) == 2


def test_what_goes_on_all_the_time_gives_feedback_once_a_quarter() -> None:
    assert occurring(Cadence.CONTINUOUS, "day 20 month +1") == occurring(Cadence.QUARTERLY, "day 20 month +1")


def test_what_is_done_once_occurs_from_the_first_day_of_the_plan() -> None:
    assert occurring(Cadence.ONCE, "on 2022-06-30", START) == [("2021-2023", "2022-06-30")]
    assert occurring(Cadence.ONCE, "period_end", START - timedelta(days=1)) == []


def test_nothing_occurs_before_the_plan_begins_even_in_a_period_that_has() -> None:
    plan = {"start": date(2021, 2, 15)}
    assert occurring(Cadence.QUARTERLY, "period_end", date(2021, 2, 14), **plan) == []
    assert occurring(Cadence.QUARTERLY, "period_end", date(2021, 2, 15), **plan) == [("2021Q1", "2021-03-31")]


def test_the_last_feedback_may_fall_due_up_to_sixty_days_after_the_plan() -> None:
    assert occurring(Cadence.QUARTERLY, "day 20 month +1")[-1] == ("2023Q4", "2024-01-20")
    assert occurring(Cadence.ONCE, "on 2024-02-29") == [("2021-2023", "2024-02-29")]
    for text in ("on 2024-03-01", "day 1 month +3"):
        with pytest.raises(PlanError, match="超出计划结束后 60 日"):
            occurring(Cadence.ONCE, text, as_of=START)
    assert occurring(Cadence.ONCE, "on 2024-03-01", run_on_days=61)


@pytest.mark.parametrize(
    ("cadence", "text", "complaint"),
    [
        (Cadence.ONCE, "on 2020-12-31", "早于计划开始"),
        (Cadence.YEARLY, "on 2022-06-30", "只有一天，不能用于每年的事项"),
        (Cadence.QUARTERLY, "month_end 06", "没有唯一的 6 月"),
    ],
)
def test_a_rule_that_does_not_fit_the_cadence_or_the_plan_is_refused(
    cadence: Cadence, text: str, complaint: str
) -> None:
    with pytest.raises(PlanError, match=complaint):
        occurring(cadence, text, as_of=START)


@given(st.sampled_from(list(Cadence)), DAYS, DAYS)
def test_time_only_adds_occurrences(cadence: Cadence, one: date, two: date) -> None:
    sooner, later = sorted((one, two))
    before = occurring(cadence, "period_end", sooner)
    assert occurring(cadence, "period_end", later)[: len(before)] == before
    assert before == sorted(before, key=lambda each: parse_period(each[0]))


# --- on time


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2022-06-30T23:59:58", True),
        ("2022-06-30T23:59:59", True),
        ("2022-06-30T23:59:59.999999", True),
        ("2022-07-01T00:00:00", False),
        ("2022-07-01T00:00:01", False),
    ],
)
def test_on_time_lasts_through_the_last_second_of_the_due_date_in_shanghai(at: str, expected: bool) -> None:
    due = date(2022, 6, 30)
    assert on_time(shanghai(at), due) is expected
    assert on_time(shanghai(at).astimezone(UTC), due) is expected
    assert (shanghai(at) < due_moment(due)) is expected


def test_something_is_not_overdue_on_its_due_date() -> None:
    due = date(2022, 6, 30)
    assert not is_overdue(due, as_of=due)
    assert is_overdue(due, as_of=due + timedelta(days=1))


# --- lights


@given(DAYS, st.integers(-90, 90), st.integers(0, 12))
@example(date(2022, 7, 3), 1, 0)
def test_a_light_turns_yellow_exactly_that_many_working_days_before_and_red_after(
    due: date, ahead: int, soon: int
) -> None:
    as_of = due - timedelta(days=ahead)
    turns = CALENDAR.add(due, -soon) if soon else due
    expected = Light.RED if as_of > due else Light.YELLOW if as_of >= turns else Light.GREEN
    assert light(due, as_of=as_of, due_soon_days=soon, calendar=CALENDAR) is expected


def test_an_unpublished_year_is_an_error_only_when_it_decides_the_light() -> None:
    def seen(due: str, as_of: str) -> Light:
        return light(date.fromisoformat(due), as_of=date.fromisoformat(as_of), due_soon_days=5, calendar=CALENDAR)

    assert seen("2027-01-15", "2026-12-22") is Light.GREEN, "five working days are left in 2026"
    assert seen("2027-01-04", "2026-12-30") is Light.YELLOW, "five days at most are left"
    assert seen("2026-12-31", "2027-01-01") is Light.RED
    with pytest.raises(CalendarNotPublished, match="2027"):
        seen("2027-01-15", "2026-12-31")


@given(DAYS, st.integers(0, 60), st.integers(0, 12))
def test_coming_within_is_never_undone_by_another_day(due: date, ahead: int, days: int) -> None:
    as_of = due - timedelta(days=ahead)
    if comes_within(due, days, as_of=as_of, calendar=CALENDAR):
        assert comes_within(due, days, as_of=as_of + timedelta(days=1), calendar=CALENDAR)
