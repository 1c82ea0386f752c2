"""Every line says in one sentence how its points came about."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from scoring_cases import Json, a_case, a_district, an_item, assessed, cases, golden

from supervision.scoring.explaining import explain_component, explain_credit, explain_line


def sentence(kind: str, figure: Json, **options: object) -> str:
    case = a_case([an_item(measure_type=kind, **options)], [a_district(figures={"T01": figure})])
    (district,) = assessed(case).districts
    return explain_line(district.components[0].lines[0])


@pytest.mark.parametrize(
    ("kind", "figure", "options", "expected"),
    [
        (
            "cumulative",
            {"target": "1000", "value": "480"},
            {},
            "实际 480 ÷ 应达 500（目标 1000 × 序时进度 0.5），完成率 0.96；"
            "按完成率计分，最高 1，权重 10 × 0.96 = 9.6 分",
        ),
        (
            "stock",
            {"target": "300", "baseline": "100", "value": "150"},
            {},
            "实际 150 ÷ 应达 200（基期 100 + 应增（300 − 100）× 序时进度 0.5），完成率 0.75；"
            "按完成率计分，最高 1，权重 10 × 0.75 = 7.5 分",
        ),
        (
            "stock",
            {"target": "300", "baseline": "100", "value": "150"},
            {"basis": "gain"},
            "增量（150 − 100）÷ 应增（300 − 100）× 序时进度 0.5，完成率 0.5；"
            "按完成率计分，最高 1，权重 10 × 0.5 = 5 分",
        ),
        (
            "stock",
            {"target": "300", "value": "150"},
            {"rule": "zhenjiang_2005"},
            "实际 150 ÷ 目标 300（基期值不详），完成率 0.5；"
            "按镇政办发〔2005〕79号计分：低于 0.8 计 0，高于 1.5 计 1.5，权重 10 × 0 = 0 分",
        ),
        (
            "ceiling_ratio",
            {"target": "1", "value": "1.25"},
            {},
            "上限 1 ÷ 实际 1.25，完成率 0.8；按完成率计分，最高 1，权重 10 × 0.8 = 8 分",
        ),
        (
            "relative",
            {"reference": "12", "value": "11"},
            {},
            "实际 11 低于参照 12，相差 1 个百分点（容差 5），完成率 0.8；按完成率计分，最高 1，权重 10 × 0.8 = 8 分",
        ),
        (
            "average_growth",
            {"target": "8", "value": "6"},
            {"rule": "best_takes_full"},
            "实际 6 ÷ 目标 8，完成率 0.75；以最优值 6 为满分，权重 10 × 1 = 10 分",
        ),
        (
            "annual_stock",
            {"target": "8", "value": "6", "good": "8", "bad": "4"},
            {"rule": "efficacy"},
            "实际 6 ÷ 目标 8，完成率 0.75；按功效系数计分：满意值 8，不允许值 4，权重 10 × 0.8 = 8 分",
        ),
        ("annual_stock", {"target": "8"}, {}, "未报，权重 10，得 0 分"),
        ("annual_stock", {"not_applicable": True}, {}, "经认定不适用，权重由其他指标分担"),
        ("annual_stock", {"value": "3"}, {}, "没有目标值，权重由其他指标分担"),
        ("annual_stock", {"target": "0", "value": "3"}, {}, "目标值为 0，权重由其他指标分担"),
        ("direction", {"value": "3"}, {}, "没有参照值，权重由其他指标分担"),
        (
            "annual_stock",
            {"target": "8", "reported_by_other": True},
            {},
            "应由其他单位报送而未报，不计入本单位，权重由其他指标分担",
        ),
        (
            "cumulative",
            {"target": "8", "value": "1"},
            {"trajectory": [["2022Q2", "0"]]},
            "到本季度末尚无进度要求，权重由其他指标分担",
        ),
    ],
)
def test_a_line_says_how_its_points_came_about(
    kind: str, figure: Json, options: dict[str, object], expected: str
) -> None:
    assert sentence(kind, figure, **options) == expected


def test_due_items_and_components_say_what_they_earn() -> None:
    case = golden()
    case["districts"][0]["items_due"] += [
        {"due": "2022-03-31", "completed": "2022-04-06"},
        {"due": "2022-06-30"},
        {"due": "2022-09-30"},
    ]
    (district,) = assessed(case).districts
    _, key_tasks, reporting, supervision = district.components
    assert [explain_credit(credit) for credit in key_tasks.credits] == [
        "2022-03-31 到期，2022-03-30 办结，按时，计 1",
        "2022-03-31 到期，2022-04-06 办结，逾期 3 个工作日，计 0.6",
        "2022-06-30 到期，尚未办结，计 0",
        "2022-09-30 到期，尚未到期，不计",
    ]
    assert explain_component(key_tasks) == "计入 3 项，平均 0.533333；权重 20 × 0.533333 = 10.666667 分"
    assert explain_component(reporting) == "迟报、退回、未报共扣 0.5 分；权重 10 × 0.95 = 9.5 分"
    assert explain_component(supervision) == "督办单、通报共扣 0 分；权重 10 × 1 = 10 分"


@given(cases())
@settings(deadline=None)
def test_every_line_of_every_case_can_be_explained(case: Json) -> None:
    for district in assessed(case).districts:
        for component in district.components:
            assert explain_component(component)
            assert all(explain_line(line) for line in component.lines)
            assert all(explain_credit(credit) for credit in component.credits)
