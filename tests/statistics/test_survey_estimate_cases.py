"""The worked cases of sample surveys, computed again."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from supervision.exact import half_up
from supervision.indices.estimate import estimate
from supervision.indices.sample import Disposition, Sampled, respondents, response_rates
from supervision.indices.suppression import Shown, suppressed, words

CASES = YAML(typ="base").load(
    (Path(__file__).parent.parent / "cases" / "survey_estimates.yaml").read_text(encoding="utf-8")
)
REFUSED = "拒访"


def a_sample(case: dict[str, Any]) -> tuple[tuple[Sampled, ...], dict[str, int]]:
    population = {f"层{k}": int(stratum["总体"]) for k, stratum in enumerate(case["层"])}
    sample = []
    for k, stratum in enumerate(case["层"]):
        for text in stratum["回答"]:
            group = case["分组"][len(sample)] if "分组" in case else ""
            answered = text != REFUSED
            sample.append(
                Sampled(
                    number=str(len(sample)),
                    stratum=f"层{k}",
                    disposition=Disposition.COMPLETE if answered else Disposition.REFUSAL,
                    base_weight=Fraction(population[f"层{k}"], len(stratum["回答"])),
                    answers={"q": Fraction(text)} if answered else {},
                    groups={"g": group},
                )
            )
    return tuple(sample), population


def printed(number: Fraction | None, case: dict[str, Any]) -> str:
    if number is None:
        return "无"
    return half_up(number * 100 if case["推算"] == "share" else number, 2)


@pytest.mark.parametrize("case", CASES["推算"], ids=lambda case: case["情形"])
def test_an_estimate_is_what_the_office_worked_out(case: dict[str, Any]) -> None:
    sample, population = a_sample(case)
    only = case.get("只看")
    result = estimate(
        respondents(sample, "q"),
        case["推算"],
        population=population,
        inside=lambda respondent: only in (None, respondent.groups["g"]),
    )
    assert printed(result.value, case) == case["估计值"]
    assert printed(result.standard_error, case) == case["标准误"]
    assert result.respondents == int(case["有效回答"])
    assert bool(result.because) == (case["标准误"] == "无")


@pytest.mark.parametrize("case", CASES["应答率"], ids=lambda case: case["情形"])
def test_response_rates_are_what_the_office_worked_out(case: dict[str, Any]) -> None:
    sample = [
        Sampled(f"{word}{k}", "层", Disposition(word), Fraction(20), {}, {})
        for word, many in case["结果"].items()
        for k in range(int(many))
    ]
    for weighted in (False, True):  # equal weights change nothing
        rates = response_rates(sample, weighted=weighted)
        found = {name: half_up(getattr(rates, name.lower()) * 100, 2) for name in ("RR1", "RR2", "RR3")}
        assert found == {name: case[name] for name in found}


@pytest.mark.parametrize("case", CASES["不显示的格子"], ids=lambda case: case["情形"])
def test_cells_are_withheld_as_the_office_worked_out(case: dict[str, Any]) -> None:
    found = suppressed({name: int(count) for name, count in case["有效回答"].items()}, least=30)
    assert [name for name, shown in found.items() if shown is Shown.TOO_FEW] == case["不足"]
    assert [name for name, shown in found.items() if shown is Shown.PROTECTS] == case["防倒推"]


def test_a_withheld_cell_says_why() -> None:
    assert words(Shown.TOO_FEW, 30) == "…（样本不足 30）"
    assert words(Shown.PROTECTS, 30) == "…（防止由合计倒推）"
    assert words(Shown.SHOWN, 30) == ""


def test_weighted_rates_count_what_units_stand_for() -> None:
    sample = [
        Sampled("1", "大", Disposition.COMPLETE, Fraction(1), {}, {}),
        Sampled("2", "小", Disposition.REFUSAL, Fraction(9), {}, {}),
    ]
    assert response_rates(sample, weighted=False).rr1 == Fraction(1, 2)
    assert response_rates(sample, weighted=True).rr1 == Fraction(1, 10)
