"""What a figure is worth: formulas, what does not apply, what is missing, lights and rules of points."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from scoring_cases import MEASURE_TYPES, a_case, a_district, an_item, scored, the_line

from supervision.indicators import (
    Basis,
    Figure,
    FigureLight,
    LineStatus,
    Measure,
    MeasureType,
    PointRule,
    light_of,
    read,
)
from supervision.points import best_takes_full, capped, efficacy, share_of, zhenjiang_2005

HALF = Fraction(1, 2)


def a_figure(**numbers: object) -> Figure:
    return Figure(
        **{key: number if isinstance(number, bool) else Decimal(str(number)) for key, number in numbers.items()}
    )


def attained(kind: str, *, scheduled: Fraction = HALF, tolerance: str = "5", **numbers: object) -> Fraction | None:
    measure = Measure(MeasureType(kind), tolerance=Decimal(tolerance))
    return read(measure, a_figure(**numbers), scheduled=scheduled).attainment


@pytest.mark.parametrize(
    ("kind", "numbers", "attainment"),
    [
        ("cumulative", {"target": 1000, "value": 480}, Fraction(96, 100)),
        ("cumulative", {"target": 3, "value": 1}, Fraction(2, 3)),
        ("cumulative", {"target": 1000, "value": 0}, 0),
        ("cumulative", {"target": 1000, "value": -5}, 0),
        ("cumulative", {"target": 1000, "value": 5000}, 10),
        ("stock", {"target": 300, "baseline": 100, "value": 200}, 1),
        ("stock", {"target": 300, "baseline": 100, "value": 150}, Fraction(3, 4)),
        ("stock", {"target": 300, "value": 150}, HALF),  # no baseline: the target itself is expected
        ("stock", {"target": 100, "baseline": 300, "value": 200}, 1),  # a stock that is to shrink
        ("stock", {"target": 100, "baseline": 0, "value": 25}, HALF),
        ("annual_stock", {"target": 300, "value": 150}, HALF),
        ("average_growth", {"target": 8, "value": 6}, Fraction(3, 4)),
        ("average_growth", {"target": 8, "value": -6}, 0),
        ("floor_ratio", {"target": 95, "value": 95}, 1),
        ("floor_ratio", {"target": 95, "value": 100}, Fraction(100, 95)),
        ("ceiling_ratio", {"target": 1, "value": "0.9"}, 1),
        ("ceiling_ratio", {"target": 1, "value": 1}, 1),
        ("ceiling_ratio", {"target": 1, "value": "1.25"}, Fraction(4, 5)),
        ("ceiling_ratio", {"target": 0, "value": 0}, 1),
        ("ceiling_ratio", {"target": 0, "value": "0.01"}, 0),
        ("exact_rate", {"target": 100, "value": 80}, Fraction(4, 5)),
        ("exact_rate", {"target": 100, "value": 120}, 1),
        ("relative", {"reference": 12, "value": 12}, 1),
        ("relative", {"reference": 12, "value": 30}, 1),
        ("relative", {"reference": 12, "value": 11}, Fraction(4, 5)),
        ("relative", {"reference": 12, "value": 7}, 0),
        ("relative", {"reference": 12, "value": -40}, 0),
        ("relative", {"reference": -2, "value": -3}, Fraction(4, 5)),  # points, not a ratio of negatives
        ("direction", {"reference": 500, "value": 501}, 1),
        ("direction", {"reference": 500, "value": 500}, 0),
        ("direction", {"reference": 500, "value": 499}, 0),
        ("rubric", {"rating": 0}, 0),
        ("rubric", {"rating": "0.5"}, HALF),
        ("rubric", {"rating": 1}, 1),
    ],
)
def test_each_measure_type_attains_by_its_own_formula(
    kind: str, numbers: dict[str, object], attainment: object
) -> None:
    assert attained(kind, **numbers) == attainment


def test_a_stock_on_its_gain_counts_what_was_added_to_the_baseline() -> None:
    measure = Measure(MeasureType.STOCK, basis=Basis.GAIN)
    reading = read(measure, a_figure(target=300, baseline=100, value=150), scheduled=HALF)
    assert (reading.expected, reading.attainment) == (200, HALF)


def test_without_tolerance_anything_below_the_reference_is_worth_nothing() -> None:
    assert attained("relative", tolerance="0", reference=12, value="11.99") == 0
    assert attained("relative", tolerance="0", reference=12, value=12) == 1


@pytest.mark.parametrize("kind", ["cumulative", "stock", "annual_stock", "floor_ratio", "exact_rate"])
@pytest.mark.parametrize("figure", [{"value": "5"}, {"target": "0", "value": "5"}])
def test_without_a_target_there_is_nothing_to_attain(kind: str, figure: dict[str, object]) -> None:
    assert the_line(an_item(measure_type=kind), figure)["status"] == "not_applicable"


def test_a_growth_without_a_target_does_not_apply() -> None:
    assert the_line(an_item(measure_type="average_growth"), {"value": "5"})["status"] == "not_applicable"


def test_a_ceiling_of_zero_applies_and_a_ceiling_without_target_does_not() -> None:
    item = an_item(measure_type="ceiling_ratio")
    assert the_line(item, {"target": "0", "value": "0"})["attainment"] == "1.000000"
    assert the_line(item, {"value": "0"})["status"] == "not_applicable"


@pytest.mark.parametrize("kind", ["relative", "direction"])
def test_without_a_reference_there_is_nothing_to_compare_with(kind: str) -> None:
    item = an_item(measure_type=kind)
    assert the_line(item, {"value": "5"})["status"] == "not_applicable"
    assert the_line(item, {"value": "5", "reference": "0"})["status"] == "ok"


@pytest.mark.parametrize("kind", MEASURE_TYPES)
def test_zero_is_a_figure_and_nothing_is_not(kind: str) -> None:
    item, reported = an_item(measure_type=kind), "rating" if kind == "rubric" else "value"
    figure: dict[str, object] = {"target": "5", "reference": "3"}
    assert the_line(item, {**figure, reported: "0"})["status"] == "ok"
    missing = the_line(item, figure)
    assert (missing["status"], missing["light"]) == ("missing", "grey")
    assert (missing["attainment"], missing["points"], missing["weight"]) == (None, "0.000000", "10.000000")


@pytest.mark.parametrize("kind", MEASURE_TYPES)
def test_a_figure_that_another_unit_owes_and_has_not_sent_does_not_count(kind: str) -> None:
    item, reported = an_item(measure_type=kind), "rating" if kind == "rubric" else "value"
    owed = {"target": "5", "reference": "3", "reported_by_other": True}
    assert the_line(item, owed)["status"] == "not_applicable"
    assert the_line(item, {**owed, reported: "1"})["status"] == "ok"


@pytest.mark.parametrize("kind", MEASURE_TYPES)
def test_not_applicable_goes_before_whatever_was_reported(kind: str) -> None:
    reported = "rating" if kind == "rubric" else "value"
    figure = {"target": "5", "reference": "3", reported: "1", "not_applicable": True}
    assert the_line(an_item(measure_type=kind), figure) == {
        "code": "T01",
        "weight": "0.000000",
        "expected": None,
        "attainment": None,
        "points": None,
        "status": "not_applicable",
        "light": None,
    }


@pytest.mark.parametrize(
    ("item", "figure"),
    [
        (an_item(measure_type="cumulative", trajectory=[["2022Q2", "0"]]), {"target": "9", "value": "1"}),
        (an_item(measure_type="stock", trajectory=[["2022Q2", "0"]]), {"target": "9", "baseline": "0", "value": "1"}),
        (
            an_item(measure_type="stock", basis="gain", trajectory=[["2022Q2", "0"]]),
            {"target": "9", "baseline": "1", "value": "1"},
        ),
        (an_item(measure_type="stock", basis="gain"), {"target": "9", "baseline": "9", "value": "10"}),
    ],
)
def test_while_the_schedule_expects_nothing_the_line_does_not_apply(
    item: dict[str, object], figure: dict[str, object]
) -> None:
    assert the_line(item, figure)["status"] == "not_applicable"


def test_a_gain_from_a_baseline_that_cancels_the_expected_level_still_applies() -> None:
    # E = −9 + 18·½ = 0, yet the divisor of the gain is 9.
    item = an_item(measure_type="stock", basis="gain")
    line = the_line(item, {"target": "9", "baseline": "-9", "value": "0"})
    assert (line["status"], line["expected"], line["attainment"]) == ("ok", "0.000000", "1.000000")


@pytest.mark.parametrize(
    ("trajectory", "expected"),
    [
        (None, "50.000000"),
        ([], "50.000000"),
        ([["2021Q4", "0.1"], ["2022Q4", "0.9"]], "50.000000"),
        ([["2022Q2", "0.3"]], "30.000000"),
        ([["2022Q4", "0.8"]], "60.000000"),  # from 0 at the eve of 2021Q1 over eight quarters
        ([["2022Q1", "0.3"]], "40.000000"),  # to 1 at the end of 2023Q4 over seven quarters
        ([["2022Q1", "0.5"], ["2023Q4", "0.5"]], "50.000000"),
    ],
)
def test_a_trajectory_is_linear_between_the_quarters_it_lists(trajectory: object, expected: str) -> None:
    item = an_item(measure_type="cumulative", trajectory=trajectory)
    assert the_line(item, {"target": "100", "value": "1"})["expected"] == expected


def test_a_quarter_that_the_plan_only_touches_counts_as_one_of_its_quarters() -> None:
    case = a_case(
        [an_item(measure_type="cumulative")],
        [a_district(figures={"T01": {"target": "8", "value": "1"}})],
    )
    case["plan"] = {"start": "2022-06-30", "end": "2022-10-01"}
    (district,) = scored(case)["districts"]
    assert district["components"][0]["items"][0]["expected"] == "2.666667"


@pytest.mark.parametrize(
    ("value", "light"),
    [("80", "yellow"), ("79.99", "red"), ("99.99", "yellow"), ("100", "green"), ("0", "red")],
)
def test_a_line_is_green_from_the_expected_value_up_and_yellow_from_the_threshold_up(value: str, light: str) -> None:
    assert the_line(an_item(), {"target": "100", "value": value})["light"] == light


@pytest.mark.parametrize(
    ("kind", "value", "light"),
    [
        ("annual_stock", "100", "yellow"),
        ("annual_stock", "100.01", "green"),
        ("annual_stock", "99.99", "yellow"),
        ("ceiling_ratio", "100", "yellow"),
        ("ceiling_ratio", "99.99", "green"),
        ("ceiling_ratio", "125.1", "red"),
    ],
)
def test_under_strict_reaching_the_target_exactly_is_yellow_and_scores_the_same(
    kind: str, value: str, light: str
) -> None:
    figure = {"target": "100", "value": value}
    strict = the_line(an_item(measure_type=kind, strict=True), figure)
    assert strict["light"] == light
    assert strict["points"] == the_line(an_item(measure_type=kind), figure)["points"]


def test_what_is_not_reported_is_grey_whatever_the_threshold() -> None:
    reading = read(Measure(MeasureType.ANNUAL_STOCK), a_figure(target=1), scheduled=HALF)
    assert reading.status is LineStatus.MISSING
    measure = Measure(MeasureType.ANNUAL_STOCK)
    assert light_of(measure, a_figure(target=1), reading, yellow_from=Fraction(0)) is FigureLight.GREY


def test_capped_stops_at_the_cap() -> None:
    assert capped(Fraction(99, 100), cap=Fraction(1)) == Fraction(99, 100)
    assert capped(Fraction(3, 2), cap=Fraction(1)) == 1
    assert capped(Fraction(3, 2), cap=Fraction(6, 5)) == Fraction(6, 5)


@pytest.mark.parametrize(
    ("attainment", "share"),
    [("0.79999", "0"), ("0.8", "0.8"), ("1", "1"), ("1.5", "1.5"), ("1.50001", "1.5"), ("0", "0")],
)
def test_zhenjiang_pays_from_80_to_150_percent(attainment: str, share: str) -> None:
    assert zhenjiang_2005(Fraction(attainment)) == Fraction(share)


def test_best_takes_full_measures_against_the_best_district() -> None:
    item = an_item(measure_type="average_growth", rule="best_takes_full")
    line = the_line(item, {"target": "8", "value": "3"}, {"target": "8", "value": "12"}, {"target": "8"})
    assert (line["points"], line["attainment"]) == ("2.500000", "0.375000")


def test_best_takes_full_looks_past_districts_where_the_item_does_not_count() -> None:
    item = an_item(measure_type="average_growth", rule="best_takes_full")
    absent = {"target": "8", "value": "99", "not_applicable": True}
    assert the_line(item, {"target": "8", "value": "3"}, absent)["points"] == "10.000000"


def test_best_takes_full_gives_nothing_when_nobody_is_above_zero() -> None:
    item = an_item(measure_type="average_growth", rule="best_takes_full")
    line = the_line(item, {"target": "8", "value": "0"}, {"target": "8", "value": "-3"})
    assert (line["points"], line["status"]) == ("0.000000", "ok")
    assert best_takes_full(Fraction(-1), best=Fraction(0)) == 0


@pytest.mark.parametrize(
    ("value", "good", "bad", "share"),
    [
        ("100", "100", "50", "1"),
        ("50", "100", "50", "0.6"),
        ("75", "100", "50", "0.8"),
        ("120", "100", "50", "1"),
        ("-25", "100", "50", "0"),
        ("-26", "100", "50", "0"),
        ("1", "1", "3", "1"),  # less is better
        ("2", "1", "3", "0.8"),
    ],
)
def test_efficacy_places_a_value_between_bad_and_good(value: str, good: str, bad: str, share: str) -> None:
    assert efficacy(Fraction(value), good=Fraction(good), bad=Fraction(bad)) == Fraction(share)


def test_the_rule_of_an_item_goes_before_that_of_the_scheme() -> None:
    figure = {"target": "100", "value": "150"}
    assert the_line(an_item(), figure, rule="zhenjiang_2005")["points"] == "15.000000"
    assert the_line(an_item(rule="capped"), figure, rule="zhenjiang_2005")["points"] == "10.000000"


def test_efficacy_without_its_bounds_fails_instead_of_guessing() -> None:
    with pytest.raises(ValueError, match="read_case"):
        share_of(PointRule.EFFICACY, attainment=HALF, figure=a_figure(value=1), cap=Fraction(1), best=Fraction(0))
