"""The worked cases of the four rules of points, calculated again; and their arithmetic, which a person can follow."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from scoring_cases import Json, a_case, a_district, scored

from supervision.exact import half_up
from supervision.indicators import PointRule

CASES = YAML(typ="base").load((Path(__file__).parent.parent / "cases" / "rule_packs.yaml").read_text(encoding="utf-8"))

FIGURE = {"目标": "target", "实绩": "value", "满意值": "good", "不允许值": "bad"}
MISSING = "未报"

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_OPERATORS = str.maketrans({"×": "*", "÷": "/", "−": "-"})


def worked(title: str) -> list[Any]:
    return [pytest.param(case, id=case["情形"]) for case in CASES[title]]


def value_of(text: str) -> Fraction:
    """Return what a written term is worth, exactly."""
    code = _NUMBER.sub(r"F('\g<0>')", text.strip().translate(_OPERATORS))
    return Fraction(eval(code, {"F": Fraction, "__builtins__": {}}))


def result_of(step: str) -> Fraction:
    """Return the result of a written step like `最优值 8：6 ÷ 8 = 0.75，……`. Fails when it does not hold."""
    formula = step.rpartition("：")[2].partition("，")[0]
    left, sign, right = re.split(r"([=≈])", formula)
    places = len(right.strip().partition(".")[2]) or 2
    if sign == "=":
        assert value_of(left) == value_of(right), step
    else:
        assert half_up(value_of(left), places) == half_up(value_of(right), places), step
    return value_of(right)


def printed(number: str, places: int = 6) -> str:
    return str(Decimal(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def as_figure(line: Json) -> Json:
    return {FIGURE[key]: None if text == MISSING else text for key, text in line.items() if key in FIGURE}


def as_item(code: str, about: Json) -> Json:
    return {"code": code, "weight": about["权重"], "measure_type": about["类型"], "rule": about.get("规则")}


def as_case(case: Json) -> Json:
    districts = [
        a_district(
            str(place),
            name=unit["名称"],
            figures={code: as_figure(line) for code, line in unit["逐项"].items()},
            requests=[
                {key: value == "true" for key, value in row.items()} for row in unit.get("报送", {}).get("内容", [])
            ],
        )
        for place, unit in enumerate(case["各单位"])
    ]
    items = [as_item(code, about) for code, about in case["指标"].items()]
    return a_case(items, districts, weights=case.get("其他部分"), rule=case["规则"], cap=case.get("封顶"))


@pytest.mark.parametrize("case", worked("办法"))
def test_every_unit_gets_what_was_worked_out_by_hand(case: Json) -> None:
    result = {district["name"]: district for district in scored(as_case(case))["districts"]}
    for unit in case["各单位"]:
        found = result[unit["名称"]]
        parts = {part["code"]: part for part in found["components"]}
        points = {line["code"]: line["points"] for line in parts["targets"]["items"]}
        assert points == {code: printed(line["得分"]) for code, line in unit["逐项"].items()}, unit["名称"]
        if "报送" in unit:
            assert parts["reporting"]["points"] == printed(unit["报送"]["得分"])
        assert found["total"] == printed(str(Decimal(re.split("[=≈]", unit["总分"])[1].strip())), 2)
        assert str(found["rank"] or "无") == unit["位次"], unit["名称"]


@pytest.mark.parametrize("case", worked("办法"))
def test_the_written_arithmetic_holds_and_leads_to_the_points(case: Json) -> None:
    for unit in case["各单位"]:
        lines = [*unit["逐项"].values(), *([unit["报送"]] if "报送" in unit else [])]
        for line in lines:
            results = [result_of(step) for step in line["算式"]]
            assert results[-1] == Fraction(line["得分"]), line
        result_of(unit["总分"])


@pytest.mark.parametrize("case", worked("办法"))
def test_every_case_names_its_source_and_says_that_its_figures_are_made_up(case: Json) -> None:
    assert case["出处"].endswith("数据为模拟数据")
    assert all(unit["名称"].startswith("模拟") for unit in case["各单位"])


def test_the_published_weights_are_those_of_the_two_papers() -> None:
    weights = [[int(item["权重"]) for item in case["指标"].values()] for case in CASES["办法"][:2]]
    assert weights == [[10, 10, 16, 10, 25, 8, 6], [6, 4, 4, 2, 15, 20, 10, 5, 10, 4]]


def test_every_rule_has_worked_cases() -> None:
    assert {case["规则"] for case in CASES["办法"]} == {rule.value for rule in PointRule}


@pytest.mark.parametrize("rule", PointRule)
@pytest.mark.parametrize("case", worked("成员单位"))
def test_a_member_unit_gets_the_same_under_every_rule(case: Json, rule: PointRule) -> None:
    unit = a_district(
        "scj", name="模拟单位", items_due=case["到期事项"],
        requests=[{key: value == "true" for key, value in row.items()} for row in case["报送"]],
        supervision={key: int(value) for key, value in case["督办"].items()},
    )  # fmt: skip
    weights = {"key_tasks": "60", "reporting": "20", "supervision": "20"}
    (found,) = scored(a_case([], [unit], weights=weights, rule=rule.value))["districts"]
    written = [case["重点任务"], case["数据报送"], case["督办扣分"]]
    assert [part["points"] for part in found["components"]] == [printed(part["得分"]) for part in written]
    assert [result_of(part["算式"][-1]) for part in written] == [Fraction(part["得分"]) for part in written]
    assert all(result_of(step) is not None for part in written for step in part["算式"])
    assert found["total"] == printed(case["总分"].rpartition("=")[2].strip(), 2)
    result_of(case["总分"])
