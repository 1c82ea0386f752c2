"""One rank up: the change that is named lifts the district, one unit less does not, and "cannot" is the truth."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import pytest
from analysis_cases import CALENDAR, a_topic, honest_case, ready, worked
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_cases import Json, a_case, a_district, an_item, cases, scored

from config.errors import BadInput
from supervision.analysis.levers import Lever, LeverState, UnitLevers
from supervision.analysis.sensitivity import one_rank_up

_DECIMALS = 2
TOPICS = {f"T{n:02d}": a_topic(f"T{n:02d}", decimals=_DECIMALS) for n in range(30)}


def levers_of(case: Json, unit: str, **topics: Any) -> UnitLevers:
    read, result = ready(case)
    return one_rank_up(read, result, unit, topics={**TOPICS, **topics}, calendar=CALENDAR)


def with_figure(case: Json, unit: str, code: str, number: Decimal) -> tuple[Decimal, int]:
    """Return total and rank of `unit` by the whole calculator when it files `number`."""
    changed = json.loads(json.dumps(case))  # a deep copy would keep figures shared that the case shares
    item = next(item for item in changed["scheme"]["components"][0]["items"] if item["code"] == code)
    district = next(each for each in changed["districts"] if each["code"] == unit)
    district["figures"][code]["rating" if item["measure_type"] == "rubric" else "value"] = str(number)
    found = next(each for each in scored(changed)["districts"] if each["code"] == unit)
    return Decimal(found["total"]), found["rank"]


def rule_of(case: Json, code: str) -> str:
    item = next(item for item in case["scheme"]["components"][0]["items"] if item["code"] == code)
    return str(item.get("rule") or case["scheme"].get("rule", "capped"))


def lower_is_better(case: Json, unit: str, code: str) -> bool:
    item = next(item for item in case["scheme"]["components"][0]["items"] if item["code"] == code)
    figure = next(each for each in case["districts"] if each["code"] == unit)["figures"][code]
    if rule_of(case, code) == "efficacy":
        return Decimal(str(figure["good"])) < Decimal(str(figure["bad"]))
    if item.get("basis") == "gain":
        return Decimal(str(figure["target"])) < Decimal(str(figure["baseline"]))
    return bool(item["measure_type"] == "ceiling_ratio")


@given(cases(), st.data())
@settings(max_examples=40, deadline=None)
def test_the_change_lifts_by_the_whole_calculator_and_one_unit_less_does_not(case: Json, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from([each["code"] for each in case["districts"]]))
    found = levers_of(case, unit)
    for lever in found.levers:
        _check(case, unit, found, lever)


def _check(case: Json, unit: str, found: UnitLevers, lever: Lever) -> None:
    assert found.rank is not None
    if lever.state is LeverState.LIFTS:
        assert lever.needed is not None
        assert with_figure(case, unit, lever.topic.code, lever.needed) == (lever.total, lever.rank)
        assert lever.rank is not None
        assert lever.rank < found.rank
        kind = next(i for i in case["scheme"]["components"][0]["items"] if i["code"] == lever.topic.code)[
            "measure_type"
        ]
        step = Decimal("0.5") if kind == "rubric" else Decimal("0.01")
        less = lever.needed + (step if lower_is_better(case, unit, lever.topic.code) else -step)
        if kind != "rubric" or less >= 0:
            assert with_figure(case, unit, lever.topic.code, less)[1] >= found.rank
    elif lever.state is LeverState.CANNOT:
        assert lever.needed is not None
        assert with_figure(case, unit, lever.topic.code, lever.needed) == (lever.total, lever.rank)
        assert lever.rank is not None
        assert lever.rank >= found.rank
        for further in (Decimal(1), Decimal(10**6)):
            less = lever.needed - further if lower_is_better(case, unit, lever.topic.code) else lever.needed + further
            if rule_of(case, lever.topic.code) != "best_takes_full" and lever.needed not in (0, Decimal("0.5"), 1):
                assert with_figure(case, unit, lever.topic.code, less)[1] >= found.rank


@pytest.mark.parametrize("case", worked("上升一位"), ids=lambda case: case["情形"])
def test_a_rise_is_as_the_office_worked_it_out(case: Json) -> None:
    districts = [
        a_district(name, name=name, figures={"T01": {"target": "1000", "value": None if value == "未报" else value}},
                   adjustments=[{"points": case["加分"][name]}] if name in case.get("加分", {}) else [])
        for name, value in case["各区"].items()
    ]  # fmt: skip
    rows = a_case([an_item("T01", "100", measure_type="cumulative")], districts, min_coverage="0")
    (name,) = set(case) - {"情形", "各区", "加分"}
    found, expected = levers_of(rows, name, T01=a_topic("T01")), case[name]
    if expected == "首位":
        assert (found.goal, found.levers) == (None, ())
        assert found.words == f"{name}：总分 90.00，已居首位"
        return
    (lever,) = found.levers
    assert lever.state is (LeverState.CANNOT if "不能" in expected else LeverState.LIFTS)
    assert lever.needed == Decimal(expected.get("不能") or expected["达到"])
    assert (lever.total, lever.rank) == (Decimal(expected["总分"]), int(expected["位次"]))
    assert lever.change == (Decimal(expected["增加"]) if "增加" in expected else None)


def two(mine: Json, other: Json, *items: Json, **scheme: Any) -> UnitLevers:
    return levers_of(
        a_case(list(items), [a_district("1", figures=mine), a_district("2", figures=other)], **scheme), "1"
    )


def test_a_full_line_and_one_that_does_not_apply_are_said() -> None:
    items = [an_item("T01", "40"), an_item("T02", "30"), an_item("T03", "30")]
    mine = {
        "T01": {"target": "10", "value": "12"},
        "T02": {"target": "10", "value": "1"},
        "T03": {"not_applicable": True},
    }
    found = two(mine, {**mine, "T02": {"target": "10", "value": "9"}}, *items)
    assert [lever.state.value for lever in found.levers] == ["full", "lifts", "not_applicable"]
    assert found.levers[0].words == "T01 新增企业：现为 12家，已得满分，再好也不加分"
    assert found.levers[1].words.startswith("T02 新增企业：由 1家 增加 8家，达到 9家，总分即为 ")
    assert found.words.endswith("3 项指标中有 1 项单独改善即可升位")


def test_under_a_ceiling_less_is_asked_for() -> None:
    found = two(
        {"T01": {"target": "3", "value": "6"}}, {"T01": {"target": "3", "value": "4"}},
        an_item("T01", "100", measure_type="ceiling_ratio"),
    )  # fmt: skip
    assert found.levers[0].needed == 4
    assert "减少 2家" in found.levers[0].words


def test_a_part_of_a_whole_is_never_asked_beyond_100_percent() -> None:
    item = an_item("T01", "100", measure_type="floor_ratio", rule="zhenjiang_2005")
    figures = [{"T01": {"target": "90", "value": value}} for value in ("80", "120")]
    case = a_case([item], [a_district(f"{n}", figures=each) for n, each in enumerate(figures)])
    lever = levers_of(case, "0", T01=a_topic("T01", unit_of_measure="%", decimals=2)).levers[0]
    assert (lever.state, lever.needed) == (LeverState.CANNOT, 100)
    assert lever.words == "T01 新增企业：单靠这一项不能升位，即使达到 100%，总分也只有 111.11，仍为第 2 位"


def test_a_rating_lifts_by_its_steps() -> None:
    item = an_item("T01", "100", measure_type="rubric")
    assert two({"T01": {"rating": "0"}}, {"T01": {"rating": "0.5"}}, item).levers[0].needed == Decimal("0.5")
    lever = two({"T01": {"rating": "0.5"}}, {"T01": {"rating": "1"}}, item).levers[0]
    assert lever.words == "T01 新增企业：由评定 0.5 提高到评定 1，总分即为 100.00，升至第 1 位"


def test_beside_best_takes_full_the_leaders_still_set_the_measure() -> None:
    items = [an_item("T01", "50", measure_type="floor_ratio", rule="best_takes_full"), an_item("T02", "50")]
    rows = [
        ("1", "4", "10"), ("2", "5", "90"), ("3", "8", "60"),
    ]  # fmt: skip
    districts = [
        a_district(code, figures={"T01": {"target": "5", "value": rate}, "T02": {"target": "100", "value": value}})
        for code, rate, value in rows
    ]
    case = a_case(items, districts)
    found = levers_of(case, "1")
    for lever in found.levers:
        _check(case, "1", found, lever)


def test_a_district_without_enough_data_is_told_to_report_first() -> None:
    found = two({"T01": {"target": "5"}}, {"T01": {"target": "5", "value": "5"}}, an_item("T01", "100"))
    assert (found.rank, found.levers) == (None, ())
    assert found.words.endswith("数据不足，未参加排名，应先补报数据")


def test_a_unit_that_is_not_assessed_is_refused() -> None:
    with pytest.raises(BadInput, match="没有单位 9"):
        levers_of(honest_case(1, districts=2, items=2), "9")


def test_thirteen_districts_with_23_indicators_take_seconds() -> None:
    case = honest_case(2)
    read, result = ready(case)
    begun = time.monotonic()
    found = [one_rank_up(read, result, each["code"], topics=TOPICS, calendar=CALENDAR) for each in case["districts"]]
    assert time.monotonic() - begun < 10
    assert sum(len(each.levers) for each in found) == 12 * 23
    assert found[0].as_json()["code"] == "330101"


POOR = {
    "cumulative": {"target": "100", "value": "12"},
    "stock": {"target": "100", "baseline": "40", "value": "44"},
    "annual_stock": {"target": "70", "value": "31"},
    "average_growth": {"target": "9", "value": "2"},
    "floor_ratio": {"target": "10", "value": "3"},
    "exact_rate": {"target": "100", "value": "61"},
    "ceiling_ratio": {"target": "3", "value": "7"},
    "relative": {"target": "1", "reference": "8", "value": "4"},
    "direction": {"target": "1", "reference": "8", "value": "8"},
    "rubric": {"rating": "0"},
}
"""For every measure a figure that leaves much to gain."""

PAIRS = [
    *((kind, "capped") for kind in POOR),
    *((kind, "zhenjiang_2005") for kind in POOR),
    *((kind, "efficacy") for kind in list(POOR)[:7]),
    *((kind, "best_takes_full") for kind in ("average_growth", "floor_ratio", "exact_rate")),
]


@pytest.mark.parametrize(("kind", "rule"), PAIRS)
@given(st.decimals("0.1", "25", places=1))
@settings(max_examples=3, deadline=None)
def test_every_measure_under_every_rule_has_its_smallest_change(kind: str, rule: str, lead: Decimal) -> None:
    items = [an_item("T01", "60", measure_type=kind, rule=rule), an_item("T02", "40")]
    bounds = {"good": POOR[kind].get("target"), "bad": "200" if kind == "ceiling_ratio" else "0"}
    poor = POOR[kind] | (bounds if rule == "efficacy" else {})
    best = {**poor, "value": "9"} if rule == "best_takes_full" else poor
    districts = [
        a_district("1", figures={"T01": poor, "T02": {"target": "100", "value": "50"}}),
        a_district("2", figures={"T01": poor, "T02": {"target": "100", "value": str(50 + lead)}}),
        a_district("3", figures={"T01": best, "T02": {"target": "100", "value": "10"}}),
    ]
    case = a_case(items, districts, rule="capped")
    found = levers_of(case, "1")
    assert found.goal is not None
    assert found.levers[0].state in {LeverState.LIFTS, LeverState.CANNOT}
    _check(case, "1", found, found.levers[0])


def test_a_stock_that_is_to_shrink_is_asked_for_less() -> None:
    item = an_item("T01", "100", measure_type="stock", basis="gain")
    figures = [{"T01": {"target": "100", "baseline": "200", "value": value}} for value in ("190", "170")]
    case = a_case([item], [a_district(f"{n}", figures=each) for n, each in enumerate(figures)])
    found = levers_of(case, "0")
    assert found.levers[0].needed == 170
    _check(case, "0", found, found.levers[0])
