"""Rules of points in a plan: the check refuses in its file and line what the calculator would refuse later."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from plan_folders import change

from config.errors import BadInput
from config.plan import check_plan
from supervision.indicators import AGAINST_REFERENCE, MeasureType, PointRule
from supervision.scoring import loads_case

WITHOUT_TARGET = {*AGAINST_REFERENCE, MeasureType.RUBRIC}
GOOD_AND_BAD = ", good: 5, bad: 9"

PAIRS = [pytest.param(rule, kind, id=f"{rule}-{kind}") for rule in PointRule for kind in MeasureType]


def calculator_refuses(rule: PointRule, kind: MeasureType) -> bool:
    """Return whether `duban score` refuses an item of that kind under that rule."""
    figure: dict[str, object] = {"target": "1", "good": "1", "bad": "0"}
    item = {"code": "T", "weight": "1", "measure_type": kind, "rule": rule}
    case = {
        "plan": {"start": "2022-01-01", "end": "2022-12-31"},
        "quarter": "2022Q1",
        "as_of": "2022-04-25",
        "scheme": {"components": [{"code": "targets", "weight": "1", "items": [item]}]},
        "districts": [{"code": "1", "name": "一", "figures": {"T": figure}}],
    }
    try:
        loads_case(json.dumps(case))
    except BadInput:
        return True
    return False


def measured_as(city: Path, kind: MeasureType) -> None:
    """Let A2 be of that kind."""
    options = "\n    reference: 上年同期" if kind in AGAINST_REFERENCE else ""
    change(city / "indicators.yaml", "measure_type: ceiling_ratio", f"measure_type: {kind}{options}")
    if kind in WITHOUT_TARGET:
        change(city / "indicators.yaml", "target: 7.5", "target: null")


def said_of(city: Path, line: int) -> list[str]:
    """Return the errors about that line of assessment.yaml."""
    problems = check_plan(city)
    return [p.message for p in problems if (p.file, p.line, p.severity) == ("assessment.yaml", line, "error")]


@pytest.mark.parametrize(("rule", "kind"), PAIRS)
def test_the_check_refuses_for_an_item_exactly_what_the_calculator_refuses(
    city: Path, rule: PointRule, kind: MeasureType
) -> None:
    measured_as(city, kind)
    values = GOOD_AND_BAD if rule is PointRule.EFFICACY else ""
    old, new = "{code: A2, weight: 30}", f"{{code: A2, weight: 30, rule: {rule}{values}}}"
    line = change(city / "assessment.yaml", old, new)
    expected = [f"A2：计分规则 {rule} 不适用于指标类型 {kind}"] if calculator_refuses(rule, kind) else []
    assert said_of(city, line) == expected


@pytest.mark.parametrize("rule", PointRule)
def test_a_rule_of_the_scheme_is_held_against_every_item_without_its_own(city: Path, rule: PointRule) -> None:
    change(city / "assessment.yaml", "    rule: capped", f"    rule: {rule}")
    split = change(city / "assessment.yaml", "{code: A1, weight: 40,", "{code: A1, weight: 40, ")
    same = change(city / "assessment.yaml", "{code: A2, weight: 30}", "{code: A2, weight: 30 }")
    wrong = {
        PointRule.BEST_TAKES_FULL: ("不适用于指标类型 cumulative", "不适用于指标类型 ceiling_ratio"),
        PointRule.EFFICACY: ("各区县大小不同", "满意值 good 和不允许值 bad"),
    }.get(rule)
    found = said_of(city, split), said_of(city, same)
    assert [len(each) for each in found] == ([1, 1] if wrong else [0, 0])
    if wrong:
        assert all(words in each[0] for words, each in zip(wrong, found, strict=True))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("rule: efficacy", "须写明互不相同的满意值"),
        ("rule: efficacy, good: 5", "须写明互不相同的满意值"),
        ("rule: efficacy, good: 5, bad: 5.0", "须写明互不相同的满意值"),
        ("good: 5, bad: 9", "只用于计分规则 efficacy"),
        ("rule: zhenjiang_2005, bad: 9", "只用于计分规则 efficacy"),
    ],
)
def test_good_and_bad_go_with_efficacy_and_efficacy_with_both(city: Path, options: str, says: str) -> None:
    line = change(city / "assessment.yaml", "{code: A2, weight: 30}", f"{{code: A2, weight: 30, {options}}}")
    [message] = said_of(city, line)
    assert says in message


@pytest.mark.parametrize("kind", sorted(set(MeasureType) - {"cumulative", "stock", "annual_stock"}))
def test_only_what_adds_up_is_split(city: Path, kind: MeasureType) -> None:
    measured_as(city, kind)
    change(city / "indicators.yaml", "    additive: false", "    additive: true")
    change(city / "indicators.yaml", "method: same, source", "method: split, base: windows, source")
    assert any("不能按基数分解" in p.message and p.file == "indicators.yaml" for p in check_plan(city))
