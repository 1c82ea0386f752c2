"""The plan's checks: what is refused, what asks for an explanation, and what is nobody's fault."""

from __future__ import annotations

from decimal import Decimal

import pytest
from filings import a_form, cells_of, hangzhou_plan, stood
from hypothesis import given
from hypothesis import strategies as st

from config.plan import Form, Plan
from supervision.collection.checks import Standing, problems_of
from supervision.periods import parse_period

PLAN = hangzhou_plan()
HERE = "330102"
DISTRICTS = [district.code for district in PLAN.districts]
numbers = st.integers(0, 10**6)


def check(
    filed: dict[str, str],
    *standing: Standing,
    note: str = "",
    plan: Plan = PLAN,
    area: str = HERE,
    **of_form: object,
) -> list[str]:
    """Return what is found in figures of one area for 2022Q2."""
    form = a_form(indicators=list(filed), **of_form)
    cells = cells_of(form, [area], {(code, area): text for code, text in filed.items() if text}, note)
    return [str(problem) for problem in problems_of(plan, form, parse_period("2022Q2"), cells, standing)]


def test_whole_things_are_counted_in_whole_numbers() -> None:
    assert check({"T01": "1.5"}) == [f"T01@{HERE}：1.5 的小数位数过多，T01 只能是整数，请改正"]
    assert check({"T17": "2.55"}) == []
    assert "最多 2 位" in check({"T17": "2.555"})[0]


@pytest.mark.parametrize(("value", "wrong"), [("-0.01", True), ("0", False), ("100", False), ("100.01", True)])
def test_a_ratio_lies_between_0_and_100_inclusive(value: str, wrong: bool) -> None:
    assert bool(check({"T37": value}, checks=["ratio_range"])) is wrong


def test_a_rate_of_growth_may_exceed_100_or_be_negative() -> None:
    assert check({"T05": "120", "T25": "-3"}) == []


def test_a_count_is_not_negative() -> None:
    assert check({"T01": "-1"}) == [f"T01@{HERE}：-1 为负数，请改正"]


@given(part=numbers, whole=numbers)
def test_a_part_is_never_more_than_its_whole(part: int, whole: int) -> None:
    found = check({"T01": str(whole), "T02": str(part)})
    assert bool(found) is (part > whole)


def test_a_part_refuses_even_with_a_note_when_both_are_in_the_form() -> None:
    assert check({"T01": "5", "T02": "6"}, note="确实") != []


def test_a_part_is_not_compared_with_nothing() -> None:
    assert check({"T01": "", "T02": "6"}) == []


def test_a_whole_filed_by_another_form_is_compared_and_can_be_explained() -> None:
    other = stood("T01", HERE, "2022Q2", "5")
    assert "另表" in check({"T02": "6"}, other)[0]
    assert check({"T02": "6"}, other, note="以本表为准") == []
    assert check({"T02": "6"}, stood("T01", "330108", "2022Q2", "5")) == []
    assert check({"T02": "6"}, stood("T01", HERE, "2022Q1", "5")) == []


def test_a_cumulative_figure_that_falls_asks_why() -> None:
    before = stood("T01", HERE, "2022Q1", "500")
    assert check({"T01": "499"}, before) == [f"T01@{HERE}：累计数 499 小于 2022Q1 的 500，属实的请在备注中说明原因"]
    assert check({"T01": "500"}, before) == []
    assert check({"T01": "499"}, before, note="剔除重复登记 1 家") == []


def test_a_stock_may_fall() -> None:
    assert check({"T28": "9"}, stood("T28", HERE, "2022Q1", "10")) == []


def test_the_last_period_that_has_a_number_is_the_one_to_compare_with() -> None:
    earlier = [
        stood("T01", HERE, "2021Q4", "600"),
        stood("T01", HERE, "2022-02", "550"),
        stood("T01", HERE, "2021", "1"),
    ]
    assert "2022-02 的 550" in check({"T01": "500"}, *earlier)[0]


def test_a_correction_of_the_past_does_not_overtake_what_came_later() -> None:
    assert "此后 2022Q3" in check({"T01": "700"}, stood("T01", HERE, "2022Q3", "650"))[0]


@given(before=st.integers(1, 10**6), value=numbers)
def test_more_than_three_times_the_last_period_asks_why(before: int, value: int) -> None:
    found = check({"T28": str(value)}, stood("T28", HERE, "2022Q1", str(before)))
    assert bool(found) is (value > 3 * before)


def test_a_jump_from_zero_or_from_nothing_is_none() -> None:
    assert check({"T28": "100"}, stood("T28", HERE, "2022Q1", "0")) == []
    assert check({"T28": "100"}) == []


def test_a_check_that_the_form_does_not_list_is_not_made() -> None:
    assert check({"T01": "1.5"}, checks=["not_negative"]) == []


def test_whether_a_hit_refuses_is_data_of_the_plan() -> None:
    data = PLAN.model_dump(mode="json")
    next(each for each in data["reporting"]["checks"] if each["code"] == "never_falls")["action"] = "refuse"
    strict = Plan.model_validate(data, context={"stored": True})
    assert check({"T01": "1"}, stood("T01", HERE, "2022Q1", "2"), note="订正", plan=strict) != []


def of_all_districts(value: str, period: str = "2022Q2") -> list[Standing]:
    return [stood("T01", district, period, value) for district in DISTRICTS]


@given(value=numbers, city=numbers)
def test_the_city_is_the_sum_of_its_districts_or_explained(value: int, city: int) -> None:
    found = check({"T01": str(city)}, *of_all_districts(str(value)), area="scjg", areas="city", checks=["city_total"])
    assert bool(found) is (city != 13 * value)


def test_the_city_is_compared_only_when_every_district_has_reported() -> None:
    absent = of_all_districts("10")[1:]
    assert check({"T01": "5"}, *absent, area="scjg", areas="city", checks=["city_total"]) == []


def test_a_single_district_never_answers_for_the_sum() -> None:
    others = [*of_all_districts("10")[1:], stood("T01", "scjg", "2022Q2", "5")]
    assert check({"T01": "10"}, *others, checks=["city_total"]) == []


def test_the_citys_file_is_checked_also_when_only_the_districts_form_lists_it() -> None:
    assert check({"T01": "5"}, *of_all_districts("10"), area="scjg", areas="city", checks=[]) != []
    assert check({"T19": "5"}, area="scjg", areas="city", checks=[]) == []


def of_districts_form(values: dict[str, str], city: str) -> list[str]:
    form: Form = a_form(indicators=["T01"], areas="districts", checks=["city_total"])
    cells = cells_of(form, DISTRICTS, {("T01", district): text for district, text in values.items()})
    standing = [stood("T01", "scjg", "2022Q2", city)]
    return [str(problem) for problem in problems_of(PLAN, form, parse_period("2022Q2"), cells, standing)]


def test_a_bureau_that_files_for_all_districts_is_compared_with_the_city() -> None:
    assert of_districts_form(dict.fromkeys(DISTRICTS, "10"), "130") == []
    assert "合计 130，与全市数 131 不一致" in of_districts_form(dict.fromkeys(DISTRICTS, "10"), "131")[0]
    assert of_districts_form(dict.fromkeys(DISTRICTS[1:], "10"), "131") == []


def test_a_tolerance_is_a_share_of_the_citys_figure() -> None:
    data = PLAN.model_dump(mode="json")
    next(each for each in data["reporting"]["checks"] if each["code"] == "city_total")["threshold"] = "0.1"
    plan = Plan.model_validate(data, context={"stored": True})
    standing = of_all_districts("10")
    for city, wrong in (("144", False), ("145", True), ("119", False), ("118", True)):
        assert abs(Decimal(city) - 130) <= Decimal(city) / 10 or wrong
        found = check({"T01": city}, *standing, area="scjg", areas="city", checks=["city_total"], plan=plan)
        assert bool(found) is wrong


@given(data=st.data())
def test_every_problem_names_a_cell_that_was_filed(data: st.DataObject) -> None:
    codes = ["T01", "T02", "T13", "T14", "T17", "T28"]
    values = st.decimals(-(10**6), 10**6, places=3).map(lambda value: format(value, "f")) | st.just("")
    filed = {code: data.draw(values) for code in codes}
    places = st.tuples(st.sampled_from(codes), st.sampled_from(["2021Q4", "2022Q1", "2022Q3"]), st.integers(-9, 9))
    standing = [stood(code, HERE, period, str(value)) for code, period, value in data.draw(st.lists(places))]
    cells = {f"{code}@{HERE}" for code, text in filed.items() if text}
    assert all(problem.split("：")[0] in cells for problem in check(filed, *standing))
