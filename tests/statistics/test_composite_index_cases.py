"""The worked cases of the composite index, computed again."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from config.plan.schema.statistics import Index
from supervision.exact import half_up
from supervision.indices.composite import CompositeIndex, composite

CASES = YAML(typ="base").load(
    (Path(__file__).parent.parent / "cases" / "composite_index.yaml").read_text(encoding="utf-8")
)


def an_index(case: dict[str, Any]) -> Index:
    modules = [
        {
            "code": f"m{m}", "name": module["名称"], "weight": module["权重"],
            "components": [
                {"code": f"c{m}-{c}", "name": f"第{c + 1}项", "weight": part["权重"], "series": "s",
                 "inverse": part.get("反向") == "true"}
                for c, part in enumerate(module["组成"])
            ],
        }
        for m, module in enumerate(case["模块"])
    ]  # fmt: skip
    return Index.model_validate(
        {
            "code": "own", "title": "测算指数", "frequency": "quarterly", "base_period": "2022Q1", "areas": ["杭州市"],
            "method": case["算法"], "missing": case.get("缺数", "share"), "min_coverage": case.get("下限", "0.5"),
            "decimals": 2, "modules": modules, "source": "office ruling",
        }
    )  # fmt: skip


def computed(case: dict[str, Any]) -> CompositeIndex:
    numbers: tuple[dict[str, Decimal | None], ...] = ({}, {})
    for m, module in enumerate(case["模块"]):
        for c, part in enumerate(module["组成"]):
            for side, text in zip(numbers, part["数"], strict=True):
                side[f"c{m}-{c}"] = None if text == "缺" else Decimal(text)
    return composite(an_index(case), area="杭州市", period="2022Q2", base=numbers[0], current=numbers[1])


def printed(number: Fraction | None) -> str:
    return "无" if number is None else half_up(number, 2)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["情形"])
def test_an_index_is_what_the_office_worked_out(case: dict[str, Any]) -> None:
    result = computed(case)
    assert [printed(module.index) for module in result.modules] == case["模块指数"]
    assert printed(result.index) == case["指数"]
    assert result.coverage == Fraction(case["覆盖率"])
    assert case.get("说明", "") in result.because
    assert bool(result.because) == (case["指数"] == "无")
    assert result.label == "内部测算"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["情形"])
def test_the_weights_in_use_sum_to_one(case: dict[str, Any]) -> None:
    modules = computed(case).modules
    assert sum(module.weight for module in modules) == 1
    assert [sum(part.weight for part in module.components) for module in modules] == [m.weight for m in modules]
