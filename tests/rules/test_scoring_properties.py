"""Properties of the calculator that hold for every case, and its agreement with a second calculation."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_cases import Json, a_case, a_district, an_item, assessed, cases, only, scored
from scoring_reference import reference

from supervision.exact import half_up
from supervision.indicators import LineStatus
from supervision.scoring import assess, loads_case, read_case
from supervision.workdays import published


@given(cases())
@settings(max_examples=200, deadline=None)
def test_the_result_agrees_with_a_second_naive_calculation(case: Json) -> None:
    result = scored(case)
    for district in result["districts"]:
        district["rank_interval"] = None
    assert result["districts"] == reference(case)


@given(cases(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_rows_changes_nothing(case: Json, random: object) -> None:
    shuffled = copy.deepcopy(case)
    shuffle = random.shuffle  # type: ignore[attr-defined]
    shuffle(shuffled["districts"])
    for district in shuffled["districts"]:
        for rows in ("items_due", "requests", "adjustments"):
            shuffle(district[rows])
        district["figures"] = dict(reversed(district["figures"].items()))
    assert scored(shuffled) == scored(case)


@given(cases())
@settings(deadline=None)
def test_a_case_read_from_text_and_from_objects_gives_the_same_bytes(case: Json) -> None:
    text = json.dumps(case, ensure_ascii=False)
    read = assess(loads_case(text), calendar=published()).as_json()
    assert json.dumps(read) == json.dumps(scored(case))


@given(cases())
@settings(deadline=None)
def test_weights_and_points_add_up(case: Json) -> None:
    parts = read_case(case).scheme.components
    whole = sum((Fraction(part.weight) for part in parts), Fraction(0))
    for district in assessed(case).districts:
        applies = any(component.share is not None for component in district.components)
        assert sum(component.weight for component in district.components) == (whole if applies else 0)
        for component in district.components:
            if component.lines:
                assert sum(line.weight for line in component.lines) == component.weight
                assert sum(line.points or 0 for line in component.lines) == component.points


@given(cases())
@settings(deadline=None)
def test_the_total_is_the_bounded_sum_of_the_points_rounded_once(case: Json) -> None:
    limit = case["scheme"]["max_total"]
    for district in assessed(case).districts:
        points = sum((part.points for part in district.components), district.adjustments)
        points = max(points, Fraction(0)) if limit is None else min(max(points, Fraction(0)), Fraction(limit))
        assert str(district.total) == half_up(points, 2)


@given(cases())
@settings(deadline=None)
def test_ranks_are_competition_ranks_and_intervals_contain_them(case: Json) -> None:
    ranked = [district for district in scored(case)["districts"] if district["ranked"]]
    for district in ranked:
        better = [other for other in ranked if Decimal(other["total"]) > Decimal(district["total"])]
        assert district["rank"] == 1 + len(better)
        low, high = district["rank_interval"]
        assert 1 <= low <= district["rank"] <= high <= len(ranked)


@given(cases())
@settings(deadline=None)
def test_a_line_that_does_not_apply_weighs_nothing_and_a_missing_one_earns_nothing(case: Json) -> None:
    for district in assessed(case).districts:
        for line in (line for part in district.components for line in part.lines):
            if line.reading.status is LineStatus.NOT_APPLICABLE:
                assert (line.weight, line.points, line.light) == (0, None, None)
            elif line.reading.status is LineStatus.MISSING:
                assert line.weight > 0
                assert line.points == 0


_RISING = st.sampled_from(["cumulative", "stock", "annual_stock", "average_growth", "floor_ratio", "exact_rate"])
_values = st.decimals(-5, 500, places=2, allow_nan=False)


def _one_figure(kind: str, value: Decimal | None, **figure: object) -> Decimal:
    written = None if value is None else str(value)
    content = {"target": "100", "reference": "3", "value": written, **figure}
    case = a_case([an_item(measure_type=kind)], [a_district(figures={"T01": content})], weights={"supervision": "10"})
    return Decimal(only(case)["total"])


@given(st.one_of(_RISING, st.sampled_from(["relative", "direction"])), _values, _values)
@settings(deadline=None)
def test_a_higher_figure_never_scores_lower_where_more_is_better(kind: str, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert _one_figure(kind, low) <= _one_figure(kind, high)


@given(_values, _values)
@settings(deadline=None)
def test_a_lower_figure_never_scores_lower_under_a_ceiling(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert _one_figure("ceiling_ratio", low) >= _one_figure("ceiling_ratio", high)


@given(st.one_of(_RISING, st.sampled_from(["ceiling_ratio", "relative", "direction"])), _values)
@settings(deadline=None)
def test_no_district_gains_by_not_reporting(kind: str, value: Decimal) -> None:
    assert _one_figure(kind, None) <= _one_figure(kind, value)


@given(cases(most_districts=2), st.data())
@settings(deadline=None)
def test_withholding_a_figure_never_raises_the_total(case: Json, data: st.DataObject) -> None:
    district = data.draw(st.sampled_from(case["districts"]))
    own = {key: figure for key, figure in district["figures"].items() if not figure.get("reported_by_other")}
    if not own:
        return
    before = {each["code"]: Decimal(each["total"]) for each in scored(case)["districts"]}
    figure = own[data.draw(st.sampled_from(sorted(own)))]
    figure["value"] = figure["rating"] = None
    after = {each["code"]: Decimal(each["total"]) for each in scored(case)["districts"]}
    assert after[district["code"]] <= before[district["code"]]


@given(st.lists(st.integers(1, 13), min_size=2, max_size=5), st.integers(0, 99), st.sampled_from([3, 7, 11]))
@settings(deadline=None)
def test_a_total_exactly_on_a_half_rounds_up_whatever_was_shared_out(
    weights: list[int], hundredths: int, target: int
) -> None:
    # Each line that applies attains (2h + 1) / 200 / W, so the total of W points lies exactly on a half
    # hundredth, however the weight of the first line splits into thirds, sevenths or elevenths.
    whole = sum(weights)
    figure = {"target": str(target * whole * 200), "value": str(target * (2 * hundredths + 1))}
    items = [an_item(f"T{n}", weight) for n, weight in enumerate(weights)]
    figures = {item["code"]: figure for item in items} | {"T0": {"not_applicable": True}}
    district = only(a_case(items, [a_district(figures=figures)]))
    assert district["total"] == f"{Decimal(hundredths + 1) / 100:.2f}"
