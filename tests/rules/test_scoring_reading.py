"""What the reader refuses, each time in one line that names the place."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_cases import Json, a_case, a_district, an_item, golden

from config.errors import BadInput
from supervision.scoring import loads_case, read_case

T01 = "districts[0].figures.T01"
ITEM = "scheme.components[0].items[0]"


def refused(case: object) -> str:
    with pytest.raises(BadInput) as caught:
        read_case(case)
    complaint = str(caught.value)
    assert "\n" not in complaint
    return complaint


def put(case: Json, path: str, value: object) -> Json:
    """Set what stands at a path such as districts/0/figures; DELETE removes it."""
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    content: Any = case
    for step in steps:
        content = content[step]
    if value is DELETE:
        del content[last]
    else:
        content[last] = value
    return case


DELETE = object()
DISTRICT, SCHEME = "districts/0", "scheme"
ITEM_AT, FIGURE_AT = "scheme/components/0/items/0", "districts/0/figures/T01"


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        # unknown keys, anywhere
        ("extra", 1, "extra"),
        ("plan/extra", 1, "plan.extra"),
        ("scheme/weights", 1, "scheme.weights"),
        ("scheme/lights/red", 1, "scheme.lights.red"),
        ("scheme/components/1/name", 1, "scheme.components[1].name"),
        (f"{ITEM_AT}/wieght", 1, f"{ITEM}.wieght"),
        (f"{DISTRICT}/score", 1, "districts[0].score"),
        (f"{DISTRICT}/figures/T99", {}, "districts[0].figures.T99"),
        (f"{FIGURE_AT}/vaule", "1", f"{T01}.vaule"),
        (f"{DISTRICT}/items_due/0/date", "x", "districts[0].items_due[0].date"),
        (f"{DISTRICT}/requests/0/x", 1, "districts[0].requests[0].x"),
        (f"{DISTRICT}/supervision/x", 1, "districts[0].supervision.x"),
        (f"{DISTRICT}/adjustments/0/x", 1, "districts[0].adjustments[0].x"),
        # what must be there
        ("plan", DELETE, "plan.start"),
        ("plan/end", None, "plan.end"),
        ("quarter", DELETE, "quarter"),
        ("as_of", DELETE, "as_of"),
        ("scheme", DELETE, "scheme.components"),
        ("scheme/components", [], "scheme.components"),
        ("districts", DELETE, "districts"),
        ("districts", [], "districts"),
        ("scheme/components/1/code", DELETE, "scheme.components[1].code"),
        ("scheme/components/1/weight", DELETE, "scheme.components[1].weight"),
        (f"{ITEM_AT}/code", None, f"{ITEM}.code"),
        (f"{ITEM_AT}/weight", None, f"{ITEM}.weight"),
        (f"{ITEM_AT}/measure_type", DELETE, f"{ITEM}.measure_type"),
        (f"{DISTRICT}/code", DELETE, "districts[0].code"),
        (f"{DISTRICT}/name", DELETE, "districts[0].name"),
        (f"{DISTRICT}/figures", DELETE, T01),
        (f"{DISTRICT}/figures/T01", DELETE, T01),
        (f"{DISTRICT}/figures/T01", None, T01),
        (f"{DISTRICT}/items_due/0/due", DELETE, "districts[0].items_due[0].due"),
        (f"{DISTRICT}/adjustments/0/points", DELETE, "districts[0].adjustments[0].points"),
        # weights
        ("scheme/components/1/weight", "0", "scheme.components[1].weight"),
        ("scheme/components/1/weight", -1, "scheme.components[1].weight"),
        (f"{ITEM_AT}/weight", "0", f"{ITEM}.weight"),
        (f"{ITEM_AT}/weight", "39.999", "scheme.components[0].items"),
        ("scheme/components/0/weight", "61", "scheme.components[0].items"),
        ("scheme/components/0/items", [], "scheme.components[0].items"),
        # codes
        ("scheme/components/1/code", "targets2", "scheme.components[1].code"),
        ("scheme/components/2/code", "key_tasks", "scheme.components[2].code"),
        ("scheme/components/0/items/1/code", "T01", "scheme.components[0].items[1].code"),
        ("scheme/components/1/items", [an_item()], "scheme.components[1].items"),
        (f"{ITEM_AT}/code", " ", f"{ITEM}.code"),
        (f"{ITEM_AT}/measure_type", "median", f"{ITEM}.measure_type"),
        (f"{DISTRICT}/code", 330102, "districts[0].code"),
        (f"{DISTRICT}/name", "上城\n区", "districts[0].name"),
        (f"{DISTRICT}/name", "\ud800", "districts[0].name"),
        # rules and options that contradict each other
        ("scheme/rule", "best_takes_full", f"{ITEM}.rule"),
        ("scheme/rule", "fastest", "scheme.rule"),
        (f"{ITEM_AT}/rule", "best_takes_full", f"{ITEM}.rule"),
        (f"{ITEM_AT}/basis", "gain", f"{ITEM}.basis"),
        (f"{ITEM_AT}/basis", "half", f"{ITEM}.basis"),
        (f"{ITEM_AT}/strict", "yes", f"{ITEM}.strict"),
        (f"{ITEM_AT}/strict", 1, f"{ITEM}.strict"),
        (f"{ITEM_AT}/tolerance", "-1", f"{ITEM}.tolerance"),
        # trajectories
        (f"{ITEM_AT}/trajectory", "linear", f"{ITEM}.trajectory"),
        (f"{ITEM_AT}/trajectory", [["2022Q1"]], f"{ITEM}.trajectory[0]"),
        (f"{ITEM_AT}/trajectory", ["2022Q1"], f"{ITEM}.trajectory[0]"),
        (f"{ITEM_AT}/trajectory", [["2022-03", "0.5"]], f"{ITEM}.trajectory[0][0]"),
        (f"{ITEM_AT}/trajectory", [["2020Q4", "0.5"]], f"{ITEM}.trajectory[0][0]"),
        (f"{ITEM_AT}/trajectory", [["2024Q1", "0.5"]], f"{ITEM}.trajectory[0][0]"),
        (f"{ITEM_AT}/trajectory", [["2022Q1", "1.01"]], f"{ITEM}.trajectory[0][1]"),
        (f"{ITEM_AT}/trajectory", [["2022Q1", "-0.1"]], f"{ITEM}.trajectory[0][1]"),
        (f"{ITEM_AT}/trajectory", [["2022Q2", "0.2"], ["2022Q2", "0.3"]], f"{ITEM}.trajectory[1][0]"),
        (f"{ITEM_AT}/trajectory", [["2022Q2", "0.2"], ["2022Q1", "0.3"]], f"{ITEM}.trajectory[1][0]"),
        (f"{ITEM_AT}/trajectory", [["2022Q1", "0.2"], ["2022Q2", "0.1"]], f"{ITEM}.trajectory[1][1]"),
        # thresholds
        ("scheme/cap", "0", "scheme.cap"),
        ("scheme/min_coverage", "1.1", "scheme.min_coverage"),
        ("scheme/min_coverage", "-0.1", "scheme.min_coverage"),
        ("scheme/adjustment_limit", "-5", "scheme.adjustment_limit"),
        ("scheme/max_total", "0", "scheme.max_total"),
        ("scheme/lights", {"yellow_from": "80"}, "scheme.lights.yellow_from"),
        ("scheme/lights", [], "scheme.lights"),
        ("scheme/grades", [], "scheme.grades"),
        ("scheme/grades", [["90", "优秀"]], "scheme.grades"),
        ("scheme/grades", [["60", "合格"], ["90", "优秀"], ["0", "不合格"]], "scheme.grades[1][0]"),
        ("scheme/grades", [["60", "合格"], ["60", "良好"], ["0", "不合格"]], "scheme.grades[1][0]"),
        ("scheme/grades", [["0", ""]], "scheme.grades[0][1]"),
        ("scheme/grades", [{"0": "合格"}], "scheme.grades[0]"),
        # figures
        (FIGURE_AT, "480", T01),
        (FIGURE_AT, [], T01),
        (f"{FIGURE_AT}/value", "48O", f"{T01}.value"),
        (f"{FIGURE_AT}/value", "", f"{T01}.value"),
        (f"{FIGURE_AT}/value", "１２", f"{T01}.value"),
        (f"{FIGURE_AT}/value", "1,000", f"{T01}.value"),
        (f"{FIGURE_AT}/value", "1_000", f"{T01}.value"),
        (f"{FIGURE_AT}/value", "NaN", f"{T01}.value"),
        (f"{FIGURE_AT}/value", "Infinity", f"{T01}.value"),
        (f"{FIGURE_AT}/value", "-inf", f"{T01}.value"),
        (f"{FIGURE_AT}/value", Decimal("NaN"), f"{T01}.value"),
        (f"{FIGURE_AT}/value", "1e999999", f"{T01}.value"),
        (f"{FIGURE_AT}/value", "1e31", f"{T01}.value"),
        (f"{FIGURE_AT}/value", "1e-31", f"{T01}.value"),
        (f"{FIGURE_AT}/value", Decimal("1e999999"), f"{T01}.value"),
        (f"{FIGURE_AT}/value", Decimal("0e999999"), f"{T01}.value"),
        (f"{FIGURE_AT}/value", 10**400, f"{T01}.value"),
        (f"{FIGURE_AT}/value", True, f"{T01}.value"),
        (f"{FIGURE_AT}/value", 480.5, f"{T01}.value"),
        (f"{FIGURE_AT}/value", ["480"], f"{T01}.value"),
        (f"{FIGURE_AT}/not_applicable", "true", f"{T01}.not_applicable"),
        (f"{FIGURE_AT}/target", "-1", f"{T01}.target"),
        (f"{DISTRICT}/figures/T28/baseline", "-1", "districts[0].figures.T28.baseline"),
        # conduct
        (f"{DISTRICT}/items_due", {}, "districts[0].items_due"),
        (f"{DISTRICT}/items_due/0/due", "2022-02-30", "districts[0].items_due[0].due"),
        (f"{DISTRICT}/items_due/0/due", "20220331", "districts[0].items_due[0].due"),
        (f"{DISTRICT}/items_due/0/completed", "2022-3-1", "districts[0].items_due[0].completed"),
        (f"{DISTRICT}/items_due/0/completed", "2022-03-30T12:00:00", "districts[0].items_due[0].completed"),
        (f"{DISTRICT}/requests/0/returned", -1, "districts[0].requests[0].returned"),
        (f"{DISTRICT}/requests/0/returned", "0.5", "districts[0].requests[0].returned"),
        (f"{DISTRICT}/requests/0/late", 0, "districts[0].requests[0].late"),
        (f"{DISTRICT}/supervision", [], "districts[0].supervision"),
        (f"{DISTRICT}/supervision/circulars", -1, "districts[0].supervision.circulars"),
        (f"{DISTRICT}/supervision/circulars", True, "districts[0].supervision.circulars"),
        # dates and quarters
        ("quarter", "2022-Q2", "quarter"),
        ("quarter", "2022Q5", "quarter"),
        ("quarter", "2022", "quarter"),
        ("quarter", "2020Q4", "quarter"),
        ("quarter", "2024Q1", "quarter"),
        ("as_of", "2022-13-01", "as_of"),
        ("as_of", 20220725, "as_of"),
        ("plan/end", "2020-12-31", "plan.end"),
        ("districts", {}, "districts"),
        ("scheme", [], "scheme"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_place(path: str, value: object, place: str) -> None:
    complaint = refused(put(golden(), path, value))
    assert complaint.startswith(f"{place}：")


@pytest.mark.parametrize("data", [None, [], "text", 1, True])
def test_only_an_object_is_a_case(data: object) -> None:
    assert refused(data).startswith("输入：")


def with_figure(kind: str, figure: Json, **options: object) -> Json:
    return a_case([an_item(measure_type=kind, **options)], [a_district(figures={"T01": figure})])


@pytest.mark.parametrize(
    ("kind", "options", "place"),
    [
        ("exact_rate", {"strict": True}, f"{ITEM}.strict"),
        ("cumulative", {"rule": "best_takes_full"}, f"{ITEM}.rule"),
        ("ceiling_ratio", {"rule": "best_takes_full"}, f"{ITEM}.rule"),
        ("relative", {"rule": "efficacy"}, f"{ITEM}.rule"),
        ("direction", {"rule": "efficacy"}, f"{ITEM}.rule"),
        ("rubric", {"rule": "efficacy"}, f"{ITEM}.rule"),
    ],
)
def test_a_rule_or_option_that_the_measure_cannot_bear_is_refused(
    kind: str, options: dict[str, object], place: str
) -> None:
    assert refused(with_figure(kind, {}, **options)).startswith(f"{place}：")


@pytest.mark.parametrize("kind", ["average_growth", "floor_ratio", "exact_rate"])
def test_best_takes_full_may_score_rates(kind: str) -> None:
    read_case(with_figure(kind, {"target": "5"}, rule="best_takes_full"))


def test_the_rule_of_the_scheme_is_no_contradiction_where_the_item_has_its_own() -> None:
    case = with_figure("rubric", {}, rule="capped")
    case["scheme"]["rule"] = "efficacy"
    read_case(case)


@pytest.mark.parametrize(
    ("kind", "figure", "options", "key"),
    [
        ("average_growth", {"target": "0", "value": "1"}, {}, "target"),
        ("average_growth", {"target": "-2"}, {}, "target"),
        ("stock", {"target": "5", "value": "1"}, {"basis": "gain"}, "baseline"),
        ("stock", {"target": "5", "bad": "1"}, {"rule": "efficacy"}, "good"),
        ("stock", {"target": "5", "good": "1"}, {"rule": "efficacy"}, "bad"),
        ("stock", {"target": "5", "good": "1", "bad": "1.0"}, {"rule": "efficacy"}, "good"),
        ("rubric", {"rating": "0.7"}, {}, "rating"),
        ("rubric", {"value": "1"}, {}, "value"),
        ("annual_stock", {"target": "5", "rating": "1"}, {}, "rating"),
    ],
)
def test_a_figure_that_its_measure_cannot_be_applied_to_is_refused(
    kind: str, figure: Json, options: dict[str, object], key: str
) -> None:
    assert refused(with_figure(kind, figure, **options)).startswith(f"{T01}.{key}：")


@pytest.mark.parametrize("options", [{"basis": "gain"}, {"rule": "efficacy"}])
def test_what_does_not_apply_needs_neither_baseline_nor_bounds(options: dict[str, object]) -> None:
    read_case(with_figure("stock", {"not_applicable": True}, **options))


def test_figures_under_a_scheme_without_targets_are_refused() -> None:
    case = a_case([], [a_district(figures={"T01": {}})], weights={"supervision": "10"})
    assert refused(case).startswith("districts[0].figures.T01：")
    read_case(a_case([], [a_district(figures={})], weights={"supervision": "10"}))


def test_the_same_district_twice_is_refused() -> None:
    case = golden()
    case["districts"] *= 2
    assert refused(case).startswith("districts[1].code：")


def test_everything_that_may_be_left_out_has_its_default() -> None:
    case = golden()
    bare = {key: case[key] for key in ("plan", "quarter", "as_of")} | {
        "scheme": {"components": [{"code": "supervision", "weight": 10}]},
        "districts": [{"code": "1", "name": "甲"}],
    }
    scheme = read_case(bare).scheme
    assert (str(scheme.rule), scheme.cap, scheme.min_coverage) == ("capped", 1, Decimal("0.8"))
    assert (scheme.adjustment_limit, scheme.max_total, scheme.yellow_from) == (5, None, Decimal("0.8"))
    assert [(grade.at_least, grade.name) for grade in scheme.grades] == [
        (90, "优秀"),
        (80, "良好"),
        (60, "合格"),
        (0, "不合格"),
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "不是有效的 JSON：第 1 行第 1 列"),
        ('{"plan":', "不是有效的 JSON：第 1 行"),
        ('{"plan": NaN}', "NaN"),
        ('{"plan": -Infinity}', "-Infinity"),
        ('{"plan": 1, "plan": 2}', "'plan' 出现两次"),
        ("[" * 100_000, "嵌套过深"),
        ("1" * 5000, "位数过多"),
        ("1e99999999999999999999", "无法表示"),
        ("[1.5]", "输入：应为 JSON 对象"),
    ],
)
def test_broken_text_is_reported_in_one_line(text: str, complaint: str) -> None:
    with pytest.raises(BadInput) as caught:
        loads_case(text)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_decimals_in_the_text_are_read_as_they_are_written() -> None:
    text = json.dumps(golden()).replace('"480"', "480.10000000000000000001")
    (district,) = loads_case(text).districts
    assert district.figures[0].value == Decimal("480.10000000000000000001")


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert loads_case("\ufeff" + json.dumps(golden())) == read_case(golden())


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_paths = [
    "plan",
    "quarter",
    "as_of",
    "scheme",
    "scheme/components",
    "scheme/components/0",
    "scheme/components/0/items",
    ITEM_AT,
    f"{ITEM_AT}/trajectory",
    f"{ITEM_AT}/weight",
    "scheme/grades",
    "districts",
    DISTRICT,
    f"{DISTRICT}/figures",
    FIGURE_AT,
    f"{FIGURE_AT}/value",
    f"{DISTRICT}/items_due/0",
    f"{DISTRICT}/requests/0",
    f"{DISTRICT}/adjustments/0/points",
    f"{DISTRICT}/supervision",
]


@given(st.sampled_from(_paths), _anything)
def test_whatever_stands_anywhere_is_read_or_refused_in_one_line(path: str, value: object) -> None:
    try:
        read_case(put(golden(), path, value))
    except BadInput as refusal:
        assert "\n" not in str(refusal)
        str(refusal).encode()


def _explain(change: Callable[[Json], Any]) -> str:
    case = golden()
    change(case)
    return refused(case)


def test_the_complaint_says_what_to_do() -> None:
    assert _explain(lambda case: case["districts"][0]["figures"].pop("T28")) == (
        'districts[0].figures.T28：缺少该指标的条目；未报请写 {}，不适用请写 {"not_applicable": true}'
    )
    assert _explain(lambda case: case["scheme"]["components"][0].update(weight="50")) == (
        "scheme.components[0].items：各指标权重之和为 60，应等于 targets 的权重 50"
    )
