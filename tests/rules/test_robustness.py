"""Rank intervals: reproducible, by the run's own arithmetic, and containing the rank."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scoring_cases import Json, a_case, a_district, an_item, cases, scored

from supervision.indicators import LineStatus
from supervision.robustness import competition_ranks_by_row
from supervision.scoring import Result, assess, read_case
from supervision.workdays import published


def intervals(case: Json) -> dict[str, Any]:
    return {each["code"]: each["rank_interval"] for each in scored(case)["districts"]}


def naive(case: Json, result: Result) -> dict[str, list[int]]:
    """Return the intervals by loops over draws, districts and lines, straight from the contract."""
    scheme = read_case(case).scheme
    generator = np.random.default_rng(20211229)
    by_item = generator.uniform(0.8, 1.2, (1000, len(scheme.items)))
    by_component = generator.uniform(0.8, 1.2, (1000, len(scheme.components)))
    ranked = [district for district in result.districts if district.ranked]
    ranks: dict[str, list[int]] = {district.code: [] for district in ranked}
    for draw in range(1000):
        items = [float(item.weight) * by_item[draw, n] for n, item in enumerate(scheme.items)]
        parts = [float(part.weight) * by_component[draw, n] for n, part in enumerate(scheme.components)]
        whole = sum(float(part.weight) for part in scheme.components)
        parts = [part * whole / sum(parts) for part in parts]
        totals = {}
        for district in ranked:
            shares = []
            for component in district.components:
                share = component.share
                if component.lines and share is not None:
                    lines = [
                        (items[n], float(line.share or 0))
                        for n, line in enumerate(component.lines)
                        if line.reading.status is not LineStatus.NOT_APPLICABLE
                    ]
                    shares.append(sum(w * s for w, s in lines) / sum(w for w, _ in lines))
                else:
                    shares.append(None if share is None else float(share))
            taking = sum(part for part, share in zip(parts, shares, strict=True) if share is not None)
            total = sum(
                part / taking * whole * share for part, share in zip(parts, shares, strict=True) if share is not None
            )
            total = max(0.0, total + float(district.adjustments))
            if scheme.max_total is not None:
                total = min(total, float(scheme.max_total))
            totals[district.code] = math.floor(total * 100 + 0.5 + 1e-9)
        for code, total in totals.items():
            ranks[code].append(1 + sum(other > total for other in totals.values()))
    found = {}
    for district in ranked:
        rank = district.rank or 0
        # The nearest of 1000 draws to the 5th and the 95th percentile are the 51st and the 950th.
        drawn = sorted(ranks[district.code])
        found[district.code] = [min(drawn[50], rank), max(drawn[949], rank)]
    return found


@given(cases())
@settings(max_examples=40, deadline=None)
def test_the_intervals_agree_with_loops_over_the_draws(case: Json) -> None:
    result = assess(read_case(case), calendar=published())
    expected = naive(case, result)
    assert intervals(case) == {each.code: expected.get(each.code) for each in result.districts}


def rivals(first: str, second: str) -> Json:
    """Return two districts of which each is strong in the item where the other is weak."""
    items = [an_item("T01", "50"), an_item("T02", "50")]
    one = {"T01": {"target": "100", "value": first}, "T02": {"target": "100", "value": second}}
    other = {"T01": {"target": "100", "value": second}, "T02": {"target": "100", "value": "60"}}
    return a_case(items, [a_district("1", figures=one), a_district("2", figures=other)])


def test_close_rivals_may_change_places_and_distant_ones_do_not() -> None:
    assert intervals(rivals("62", "99")) == {"1": [1, 2], "2": [1, 2]}
    assert intervals(rivals("100", "20")) == {"1": [1, 1], "2": [2, 2]}


def test_those_who_are_equal_in_everything_share_every_rank() -> None:
    figures = {"T01": {"target": "3", "value": "1"}, "T02": {"target": "7", "value": "2"}}
    items = [an_item("T01", "30"), an_item("T02", "70")]
    case = a_case(items, [a_district(f"{n:02d}", figures=figures) for n in range(17)])
    assert set(map(tuple, intervals(case).values())) == {(1, 1)}


def test_a_total_that_no_weight_can_move_rounds_in_the_draws_as_in_the_run() -> None:
    # Every share is 0.5, so every draw gives 50.005 exactly: up to 50.01, level with the second district.
    def district(code: str, points: str) -> Json:
        figures = {item["code"]: {"target": "3", "value": "1.5"} for item in items}
        return a_district(code, figures=figures, adjustments=[{"points": points, "reason": "典型案例"}])

    items = [an_item(f"T{n:02d}", "10") for n in range(10)]
    case = a_case(items, [district("1", "0.005"), district("2", "0.01")])
    assert intervals(case) == {"1": [1, 1], "2": [1, 1]}


def test_the_unranked_take_no_place_in_the_draws() -> None:
    items = [an_item("T01", "100")]
    figures = [{"target": "100", "value": "50"}, {"target": "100"}, {"target": "100", "value": "40"}]
    districts = [a_district(str(n), figures={"T01": figure}) for n, figure in enumerate(figures)]
    assert intervals(a_case(items, districts, min_coverage="1")) == {"0": [1, 1], "1": None, "2": [2, 2]}


def test_adding_a_component_does_not_change_the_draws_of_the_items() -> None:
    # Items are drawn first, so a scheme with one component more perturbs its items as before.
    case = rivals("64", "98")
    before = scored(case)["districts"]
    case["scheme"]["components"].append({"code": "supervision", "weight": "0.0000001"})
    after = scored(case)["districts"]
    assert [each["rank_interval"] for each in before] == [each["rank_interval"] for each in after]


@pytest.mark.parametrize(
    ("totals", "ranks"),
    [
        ([[5, 5, 3]], [[1, 1, 3]]),
        ([[1, 2, 3], [3, 2, 1]], [[3, 2, 1], [1, 2, 3]]),
        ([[7]], [[1]]),
        ([[2, 9, 2, 9]], [[3, 1, 3, 1]]),
    ],
)
def test_draws_are_ranked_by_competition(totals: list[list[int]], ranks: list[list[int]]) -> None:
    assert competition_ranks_by_row(np.array(totals)).tolist() == ranks
