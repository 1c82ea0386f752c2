"""Periods: their names, their days, their order, and which of them a plan touches."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from config.errors import BadInput
from config.terms import Cadence
from supervision.periods import (
    Period,
    day_in_words,
    parse_period,
    parse_quarter,
    periods,
    quarter_of,
    quarters_to_date,
    span,
)

YEARS = st.integers(1990, 2100)
PERIODS = st.one_of(
    st.builds(Period, YEARS, st.integers(1, 12), st.just(1)),
    st.builds(Period, YEARS, st.sampled_from([1, 4, 7, 10]), st.just(3)),
    st.builds(Period, YEARS, st.sampled_from([1, 7]), st.just(6)),
    st.builds(Period, YEARS, st.just(1), st.sampled_from([12, 36, 60])),
)


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        ("2022-07", "2022-07-01", "2022-07-31", "2022年7月"),
        ("2024-02", "2024-02-01", "2024-02-29", "2024年2月"),
        ("2022Q3", "2022-07-01", "2022-09-30", "2022年第三季度"),
        ("2022H1", "2022-01-01", "2022-06-30", "2022年上半年"),
        ("2022H2", "2022-07-01", "2022-12-31", "2022年下半年"),
        ("2022", "2022-01-01", "2022-12-31", "2022年"),
        ("2021-2023", "2021-01-01", "2023-12-31", "2021—2023年"),
    ],
)
def test_a_name_gives_the_period_with_its_first_and_last_day(text: str, first: str, last: str, words: str) -> None:
    period = parse_period(text)
    assert (period.first, period.last) == (date.fromisoformat(first), date.fromisoformat(last))
    assert (str(period), period.in_words) == (text, words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2022Q0",
        "2022Q5",
        "2022q3",
        "2022H3",
        "2022-13",
        "2022-7",
        "2022-00",
        "22Q3",
        " 2022",
        "2022\n",
        "2023-2021",
        "2022-2022",
        "0000",
        "２０２２",
        "2022-07-01",
        "第三季度",
    ],
)
def test_nonsense_is_refused_and_the_right_forms_are_named(text: str) -> None:
    with pytest.raises(BadInput, match="应写成 2022-07、2022Q3"):
        parse_period(text)


@pytest.mark.parametrize("text", ["2022", "2022H1", "2022-07", "Q3", "2022Q5"])
def test_only_a_quarter_passes_for_a_quarter(text: str) -> None:
    assert parse_quarter("2022Q3") == parse_period("2022Q3")
    with pytest.raises(BadInput, match="应写成 2022Q3"):
        parse_quarter(text)


@given(PERIODS)
def test_a_period_reads_back_from_its_name(period: Period) -> None:
    assert parse_period(str(period)) == period


@given(PERIODS)
def test_periods_follow_each_other_without_a_gap(period: Period) -> None:
    assert period.next.first == period.last + timedelta(days=1)
    assert period.next.previous == period
    assert period.previous < period < period.next
    assert period.first in period
    assert period.last in period
    assert period.next.first not in period


@given(PERIODS, PERIODS)
def test_periods_are_ordered_by_their_first_day_and_the_shorter_goes_first(one: Period, two: Period) -> None:
    assert (one < two) == ((one.first, one.last) < (two.first, two.last))


@pytest.mark.parametrize(
    ("text", "k", "month"),
    [("2022Q4", 0, "2022-12"), ("2022Q4", 1, "2023-01"), ("2022-07", 2, "2022-09"), ("2021-2023", 1, "2024-01")],
)
def test_months_after_a_period_count_from_its_last_month(text: str, k: int, month: str) -> None:
    assert str(parse_period(text).month_after(k)) == month


@pytest.mark.parametrize(
    ("year", "month", "months"), [(2022, 2, 3), (2022, 7, 12), (2022, 1, 4), (2022, 13, 1), (0, 1, 12)]
)
def test_months_off_the_grid_are_no_period(year: int, month: int, months: int) -> None:
    with pytest.raises(BadInput):
        Period(year, month, months)


# --- the periods of a plan


@pytest.mark.parametrize(
    ("cadence", "number", "first", "last"),
    [
        (Cadence.ONCE, 1, "2021-2023", "2021-2023"),
        (Cadence.MONTHLY, 36, "2021-01", "2023-12"),
        (Cadence.QUARTERLY, 12, "2021Q1", "2023Q4"),
        (Cadence.HALF_YEARLY, 6, "2021H1", "2023H2"),
        (Cadence.YEARLY, 3, "2021", "2023"),
        (Cadence.CONTINUOUS, 12, "2021Q1", "2023Q4"),
    ],
)
def test_a_three_year_plan_has_the_periods_of_each_cadence(
    cadence: Cadence, number: int, first: str, last: str
) -> None:
    found = periods(cadence, start=date(2021, 1, 1), end=date(2023, 12, 31))
    assert (len(found), str(found[0]), str(found[-1])) == (number, first, last)


@given(st.sampled_from(Cadence), st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 1500))
def test_the_periods_touched_are_exactly_those_that_share_a_day(cadence: Cadence, start: date, days: int) -> None:
    end = start + timedelta(days=days)
    found = periods(cadence, start=start, end=end)
    assert start in found[0]
    assert end in found[-1]
    assert all(one.next == two for one, two in pairwise(found))


def test_a_plan_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(BadInput, match="对调"):
        periods(Cadence.YEARLY, start=date(2022, 1, 2), end=date(2022, 1, 1))
    with pytest.raises(BadInput, match="晚于终止年份"):
        span(2023, 2021)


def test_a_day_is_written_without_leading_zeros() -> None:
    assert day_in_words(date(2022, 7, 1)) == "2022年7月1日"


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_day_lies_in_its_quarter(day: date) -> None:
    assert day in quarter_of(day)


def test_the_quarters_to_date_begin_with_the_first_of_the_year() -> None:
    assert [str(each) for each in quarters_to_date(parse_quarter("2022Q3"))] == ["2022Q1", "2022Q2", "2022Q3"]


@given(PERIODS)
def test_only_a_quarter_has_quarters_to_date(period: Period) -> None:
    assume(period.months != 3)
    with pytest.raises(BadInput, match="不是季度"):
        quarters_to_date(period)
