"""Run-rate, projection and interval of an indicator, from worked cases and from properties."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from analysis_cases import LAST, NOW, a_series, a_topic, seen, worked
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_cases import Json

from config.plan.schema.analysis import Outlook, default_outlook
from supervision.analysis.outlook import Course, IndicatorOutlook
from supervision.analysis.projecting import outlook_of
from supervision.analysis.series import Series
from supervision.indicators import MeasureType
from supervision.periods import parse_period

RULE = default_outlook()


def outlook(series: Series, rule: Outlook = RULE) -> IndicatorOutlook:
    found = outlook_of(series, quarter=NOW, end=LAST, rule=rule)
    assert found is not None
    return found


@pytest.mark.parametrize("case", worked("展望"), ids=lambda case: case["情形"])
def test_an_outlook_is_as_the_office_worked_it_out(case: Json) -> None:
    kind = MeasureType(case.get("类型", "cumulative"))
    series = a_series(
        *(None if value == "未报" else value for value in case["各期"]),
        measure_type=kind,
        target=Decimal(case.get("目标", 1200)),
        baseline=Decimal(case["基期"]) if "基期" in case else None,
        never_falls=kind is MeasureType.CUMULATIVE,
    )
    found = outlook(series)
    assert found.required == Decimal(case["每季度至少"])
    assert found.course.value == case["判断"]
    assert found.projection is not None
    if "预计期末" in case:
        assert found.projection.point == int(case["预计期末"])
    if "区间" in case:
        given_interval = None if case["区间"] == "无" else tuple(Decimal(bound) for bound in case["区间"])
        assert found.projection.interval == given_interval


_gains = st.lists(st.integers(0, 300), min_size=6, max_size=6)


@given(_gains, st.integers(1, 4000))
@settings(deadline=None)
def test_the_required_run_rate_reaches_the_target_and_one_less_does_not(gains: list[int], target: int) -> None:
    values = np.cumsum(gains).tolist()
    found = outlook(a_series(*values, target=Decimal(target)))
    assert found.required is not None
    if values[-1] >= target:
        assert (found.required, found.course) == (0, Course.REACHED)
    else:
        assert values[-1] + 6 * found.required >= target
        assert values[-1] + 6 * (found.required - 1) < target


@given(_gains)
@settings(deadline=None)
def test_the_interval_holds_the_projection_and_never_falls_below_what_is_reached(gains: list[int]) -> None:
    values = np.cumsum(gains).tolist()
    projection = outlook(a_series(*values)).projection
    assert projection is not None
    assert projection.interval is not None
    low, high = projection.interval
    assert values[-1] <= low <= projection.point <= high


def test_the_interval_holds_the_end_about_as_often_as_it_says() -> None:
    lots, held = np.random.default_rng(7), 0
    for _ in range(400):
        steps = lots.normal(100, 20, size=12)
        values = np.cumsum(steps)
        found = outlook(a_series(*(f"{value:.2f}" for value in values[:6]), topic=a_topic(decimals=2)))
        assert found.projection is not None
        assert found.projection.interval is not None
        low, high = found.projection.interval
        held += bool(low <= Decimal(f"{values[-1]:.2f}") <= high)
    assert 0.86 < held / 400 < 0.94


def test_a_gap_counts_for_as_many_quarters_as_it_has() -> None:
    found = outlook(a_series(100, None, None, 400, 500, 600)).projection
    assert found is not None
    assert (found.pace, found.increments, found.interval) == (100, 4, (1200, 1200))


def test_too_few_observations_give_no_interval_and_say_so() -> None:
    found = outlook(a_series(None, None, None, None, 400, 520))
    assert found.projection is not None
    assert found.projection.interval is None
    assert "（观测太少，不给区间）" in found.words
    assert found.as_json()["interval"] is None


def test_a_monthly_figure_is_taken_at_the_end_of_each_quarter() -> None:
    months = [seen(f"2022-{month:02d}", month * 100) for month in range(1, 8)]
    plan = (parse_period("2022-01"), parse_period("2022-12"))
    series = replace(a_series(1, plan=plan, target=Decimal(1200)), observations=tuple(months))
    found = outlook_of(series, quarter=NOW, end=parse_period("2022Q4"), rule=RULE)
    assert found is not None
    assert found.known == (NOW, Decimal(600))
    assert found.required == 300
    assert found.projection is not None
    assert found.projection.pace == 300


def test_nothing_known_and_no_target_are_said() -> None:
    assert outlook(a_series(None, None)).words == "T01 新增企业：尚无数值，无法判断"
    assert outlook(a_series(1, 2, target=None)).words == "T01 新增企业：没有目标值，无法判断"
    assert outlook(a_series(None, None)).is_on_course is None


def test_at_the_plans_end_there_is_nothing_left_to_project() -> None:
    series = a_series(100, 200, target=Decimal(300))
    found = outlook_of(series, quarter=NOW, end=NOW, rule=RULE)
    assert found is not None
    assert (found.remaining, found.required, found.course) == (0, None, Course.MISSED)
    assert found.words == "T01 新增企业：现为 200家，目标 300家；未完成"


def test_the_words_say_the_task_the_forecast_and_the_judgement() -> None:
    assert outlook(a_series(150, 220, 400, 440, 640, 660)).words == (
        "T01 新增企业：现为 660家，目标 1200家；其余 6 个季度每季度至少要增加 90家；"
        "按已有 6 次增量，平均每季度增加 110家，预计期末 1320家，90% 的把握在 786家 至 1854家 之间；有望完成，尚不稳固"
    )


@pytest.mark.parametrize("kind", sorted(set(MeasureType) - {MeasureType.CUMULATIVE, MeasureType.STOCK}))
def test_what_does_not_grow_towards_a_target_has_no_outlook(kind: MeasureType) -> None:
    assert outlook_of(a_series(1, 2, measure_type=kind), quarter=NOW, end=LAST, rule=RULE) is None


def test_a_stock_is_never_expected_below_zero() -> None:
    options: dict[str, Any] = {"measure_type": MeasureType.STOCK, "never_falls": False}
    found = outlook(a_series(20, 14, 9, 13, 4, 1, **options)).projection
    assert found is not None
    assert found.interval is not None
    assert found.interval[0] == 0
