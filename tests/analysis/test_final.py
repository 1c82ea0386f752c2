"""The final assessment: targets at the plan's end, conduct of all assessed years at the price of each."""

from __future__ import annotations

import copy
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from analysis_cases import CALENDAR, ready
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_cases import Json, a_case, a_district, an_item

from config.errors import BadInput
from config.plan.schema.analysis import Final
from supervision.analysis.final import FinalCase, final_case
from supervision.scoring import Result, assess

WHOLE_PLAN = Final(conduct="whole_plan", source="office ruling")
LAST_YEAR = Final(conduct="last_year", source="office ruling")

AS_OF = "2024-01-25"


def a_year(year: int, *districts: Json, **scheme: object) -> Json:
    """Return the case of a year's last quarter as known at the end of the plan."""
    rows = list(districts) or [a_district()]
    for row in rows:
        row.setdefault("figures", {"T01": {"target": "1000", "value": "900"}})
    weights = {"key_tasks": "20", "reporting": "10", "supervision": "10"}
    case = a_case([an_item("T01", "60", measure_type="cumulative")], rows, weights=weights, **scheme)
    return {**case, "quarter": f"{year}Q4", "as_of": AS_OF}


def finally_(last: Json, *earlier: Json, rule: Final | None = WHOLE_PLAN) -> tuple[FinalCase, Result]:
    found = final_case(ready(last)[0], [ready(case)[0] for case in earlier], rule=rule)
    return found, assess(found.case, calendar=CALENDAR)


def the_points(result: Result, code: str) -> Fraction:
    return next(part.points for part in result.districts[0].components if part.code == code)


def test_targets_are_those_of_the_last_quarter_and_conduct_is_that_of_all_years() -> None:
    conduct: list[dict[str, Any]] = [
        {"requests": [{"missing": True}], "supervision": {"supervision_notices": 2}},
        {"requests": [{}], "items_due": [{"due": "2023-06-30", "completed": "2023-06-30"}, {"due": "2023-09-30"}]},
    ]
    first, last = (a_year(year, a_district(**each)) for year, each in zip((2022, 2023), conduct, strict=True))
    found, result = finally_(last, first)
    assert found.years == (2022, 2023)
    assert the_points(result, "targets") == 120 * Fraction(9, 10)
    assert the_points(result, "key_tasks") == 40 * Fraction(1, 2)
    assert the_points(result, "reporting") == 20 - 1
    assert the_points(result, "supervision") == 20 - 2
    assert result.districts[0].total == 165
    assert found.yearly(result.districts[0].total) == Decimal("82.50")
    assert result.districts[0].grade == "良好"
    assert "共 200 分" in found.words
    assert found.as_json(result)["yearly_totals"] == {"330102": "82.50"}


def conduct(result: Result) -> Fraction:
    return sum((part.points for part in result.districts[0].components if part.code != "targets"), Fraction(0))


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 4)), min_size=1, max_size=3))
@settings(max_examples=15, deadline=None)
def test_the_conduct_is_that_of_the_years_added_up_while_no_year_used_up_an_item(years: list[tuple[int, int]]) -> None:
    cases = [
        a_year(
            2024 - len(years) + place,
            a_district(requests=[{"missing": True}] * missing, supervision={"circulars": papers}),
        )
        for place, (missing, papers) in enumerate(years)
    ]
    found, result = finally_(cases[-1], *cases[:-1])
    yearly = [conduct(ready(case)[1]) for case in cases]
    assert conduct(result) == sum(yearly, Fraction(0))
    assert len(found.years) == len(years)


def test_grades_limits_and_adjustments_stand_for_as_many_years() -> None:
    rows = [a_district(adjustments=[{"points": "9"}]) for _ in range(2)]
    first, last = a_year(2022, rows[0], max_total="101"), a_year(2023, rows[1], max_total="101")
    found, result = finally_(last, first)
    scheme = found.case.scheme
    assert (scheme.adjustment_limit, scheme.max_total, scheme.grades[0].at_least) == (10, 202, 180)
    assert result.districts[0].adjustments == 10


def test_the_final_case_is_one_that_the_calculator_reads_again() -> None:
    found, result = finally_(a_year(2023), a_year(2022))
    whole = sum(part.weight for part in found.case.scheme.components)
    assert whole == 200
    assert sum(item.weight for item in found.case.scheme.items) == 120
    assert result.districts[0].rank_interval == (1, 1)


@pytest.mark.parametrize("rule", [None, LAST_YEAR])
def test_without_a_ruling_for_the_whole_plan_the_last_quarter_is_the_final_result(rule: Final | None) -> None:
    last = a_year(2023, a_district(requests=[{"late": True}]))
    found, result = finally_(last, a_year(2022), rule=rule)
    assert found.case == ready(last)[0]
    assert result == ready(last)[1]
    assert found.words == "目标任务按计划期末计算，履职情况为 2023 年"


def test_what_does_not_belong_together_is_refused() -> None:
    last = a_year(2023)
    with pytest.raises(BadInput, match="最后一个季度 2023Q4"):
        finally_(a_year(2022))
    with pytest.raises(BadInput, match="每年只能有一份"):
        finally_(last, a_year(2023))
    early = copy.deepcopy(a_year(2022)) | {"as_of": "2023-01-25"}
    with pytest.raises(BadInput, match="2022Q4"):
        finally_(last, early)
    with pytest.raises(BadInput, match="区330102 缺少 2022 年的数据"):
        finally_(last, a_year(2022, a_district("330105")))
