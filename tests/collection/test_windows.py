"""Windows: opens, due and closes are three dates, and requests follow from the plan and the day alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from filings import a_form, changed_plan, hangzhou_plan
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInput, UnknownName
from supervision.collection.windows import (
    expected_requests,
    form_periods,
    read_form,
    read_period,
    read_reporter,
    reporters,
    window,
)
from supervision.periods import parse_period
from supervision.workdays import published

days = st.dates(date(2021, 1, 1), date(2024, 6, 30))


def keys(as_of: date) -> list[tuple[str, str, str]]:
    expected = expected_requests(hangzhou_plan(), published(), as_of=as_of)
    return [(each.form.code, each.unit.code, str(each.window.period)) for each in expected.requests]


def test_a_due_date_on_a_day_off_moves_forward_and_the_other_two_stay() -> None:
    found = window(a_form(), parse_period("2022Q3"), published())
    assert (found.opens, found.due.day, found.closes) == (date(2022, 10, 1), date(2022, 10, 20), date(2022, 10, 24))
    found = window(a_form(), parse_period("2023Q2"), published())
    assert (found.opens, found.due.day, found.closes) == (date(2023, 7, 1), date(2023, 7, 20), date(2023, 7, 24))
    found = window(a_form(due="day 10 month +1"), parse_period("2022-06"), published())
    assert found.due.day == date(2022, 7, 11)  # the 10th is a Sunday
    assert "顺延" in found.due.because


def test_a_window_never_closes_before_it_is_due() -> None:
    found = window(a_form(due="day 1 month +1", closes="day 2 month +1", opens="day 28 month +0"),
                   parse_period("2022Q3"), published())  # fmt: skip
    assert found.due.day == date(2022, 10, 8)  # after the National Day holiday
    assert found.closes == found.due.day


@given(as_of=days)
def test_a_window_is_in_order_and_due_on_a_working_day(as_of: date) -> None:
    for each in expected_requests(hangzhou_plan(), published(), as_of=as_of).requests:
        assert each.window.opens < each.window.due.day <= each.window.closes
        assert published().is_working(each.window.due.day)
        assert each.window.opens <= as_of


@given(as_of=days, later=st.integers(0, 200))
def test_what_ought_to_exist_only_grows(as_of: date, later: int) -> None:
    before, after = keys(as_of), keys(as_of + timedelta(days=later))
    assert set(before) <= set(after)
    assert len(after) == len(set(after))


def test_nothing_is_asked_for_that_was_due_before_the_plan_was_issued() -> None:
    assert keys(date(2021, 12, 31)) == []
    periods = {period for _, _, period in keys(date(2022, 1, 1))}
    assert periods == {"2021Q4", "2021-12", "2021H2", "2021"}


def test_every_district_is_asked_once_for_each_quarter() -> None:
    asked = [key for key in keys(date(2024, 6, 30)) if key[0] == "district-quarterly"]
    assert len(asked) == 13 * 9  # from 2021Q4 through 2023Q4
    assert [unit for _, unit, period in asked if period == "2022Q1"] == [d.code for d in hangzhou_plan().districts]


def test_a_period_is_open_from_the_first_day_after_it() -> None:
    assert ("district-quarterly", "330102", "2022Q1") not in keys(date(2022, 3, 31))
    assert ("district-quarterly", "330102", "2022Q1") in keys(date(2022, 4, 1))


def test_a_group_is_expanded_by_its_register_on_the_opening_day() -> None:
    data = hangzhou_plan().model_dump(mode="json")
    group = next(each for each in data["groups"] if each["name"] == "各区县（市）政府")
    member = group["memberships"][0]
    group["memberships"] = [
        {**member, "units": member["units"][1:]},
        {**member, "units": member["units"][:1], "end": "2022-03-31"},
    ]
    plan = type(hangzhou_plan()).model_validate(data, context={"stored": True})
    form = plan.form("district-quarterly")
    assert len(reporters(plan, form, parse_period("2021Q4"))) == 13
    assert len(reporters(plan, form, parse_period("2022Q1"))) == 12


def test_a_year_without_arrangement_leaves_out_only_what_needs_it() -> None:
    data = hangzhou_plan().model_dump(mode="json")
    data["end"] = "2026-12-31"
    plan = type(hangzhou_plan()).model_validate(data, context={"stored": True})
    expected = expected_requests(plan, published(), as_of=date(2027, 1, 4))
    assert any(str(each.window.period) == "2026Q3" for each in expected.requests)
    assert not any(str(each.window.period) == "2026Q4" for each in expected.requests)
    assert any("district-quarterly（2026Q4）" in failure and "2027" in failure for failure in expected.failures)


def test_an_unknown_form_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match="district-quarterly"):
        read_form(hangzhou_plan(), "district")


@pytest.mark.parametrize(
    ("text", "words"),
    [("2022-07", "2022Q3 的样子"), ("2020Q4", "从 2021Q1 到 2023Q4"), ("2024Q1", "没有 2024Q1"), ("2022", "2022Q3")],
)
def test_a_period_that_the_form_does_not_have_is_refused_with_those_it_has(text: str, words: str) -> None:
    plan = hangzhou_plan()
    with pytest.raises(UnknownName, match=words):
        read_period(plan, plan.form("district-quarterly"), text)


def test_a_period_that_is_none_is_bad_input() -> None:
    plan = hangzhou_plan()
    with pytest.raises(BadInput, match="无法识别"):
        read_period(plan, plan.form("district-quarterly"), "二季度")


def test_every_period_of_every_form_is_read_as_itself() -> None:
    plan = hangzhou_plan()
    for form in plan.forms:
        for period in form_periods(plan, form):
            assert read_period(plan, form, str(period)) == period


def test_a_unit_that_does_not_file_the_form_is_told_who_does() -> None:
    plan = changed_plan(reporters=["上城区", "滨江区"])
    form, quarter = plan.form("district-quarterly"), parse_period("2022Q1")
    assert read_reporter(plan, form, quarter, "330108").name == "滨江区"
    with pytest.raises(UnknownName, match="上城区、滨江区"):
        read_reporter(plan, form, quarter, "市税务局")
    with pytest.raises(UnknownName, match="火星区"):
        read_reporter(plan, form, quarter, "火星区")
