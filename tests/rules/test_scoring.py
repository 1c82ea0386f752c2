"""From lines to ranks: the golden case, sharing out, conduct, totals, grades, coverage and order."""

from __future__ import annotations

from typing import Any

import pytest
from scoring_cases import Json, a_case, a_district, an_item, golden, only, scored

from config.errors import CalendarNotPublished

FULL = {"target": "100", "value": "100"}
EMPTY = {"target": "100"}
ABSENT = {"not_applicable": True}


def component(district: Json, code: str) -> Json:
    found: Json = next(each for each in district["components"] if each["code"] == code)
    return found


def conduct(code: str, weight: str = "10", **content: object) -> str:
    """Return the points of the only component of a scheme without targets."""
    case = a_case([], [a_district(**content)], weights={code: weight})
    points: str = component(only(case), code)["points"]
    return points


def totals(case: Json) -> list[tuple[str, str, Any]]:
    return [(each["code"], each["total"], each["rank"]) for each in scored(case)["districts"]]


def standing(points: dict[str, str], **scheme: object) -> Json:
    """Return a case in which each district reaches the total that is given for it."""
    districts = [a_district(code, figures={"T01": {"target": "100", "value": value}}) for code, value in points.items()]
    return a_case([an_item(weight="100")], districts, **scheme)


def test_the_golden_case_is_worth_98_90() -> None:
    assert scored(golden()) == {
        "quarter": "2022Q2",
        "districts": [
            {
                "code": "330102",
                "name": "上城区",
                "group": "区",
                "total": "98.90",
                "rank": 1,
                "group_rank": 1,
                "grade": "优秀",
                "coverage": "1.000000",
                "ranked": True,
                "rank_interval": [1, 1],
                "components": [
                    {
                        "code": "targets",
                        "weight": "60.000000",
                        "points": "58.400000",
                        "items": [
                            {
                                "code": "T01",
                                "weight": "40.000000",
                                "expected": "500.000000",
                                "attainment": "0.960000",
                                "points": "38.400000",
                                "status": "ok",
                                "light": "yellow",
                            },
                            {
                                "code": "T28",
                                "weight": "20.000000",
                                "expected": "200.000000",
                                "attainment": "1.000000",
                                "points": "20.000000",
                                "status": "ok",
                                "light": "green",
                            },
                        ],
                    },
                    {"code": "key_tasks", "weight": "20.000000", "points": "20.000000", "items": []},
                    {"code": "reporting", "weight": "10.000000", "points": "9.500000", "items": []},
                    {"code": "supervision", "weight": "10.000000", "points": "10.000000", "items": []},
                ],
                "adjustments": "1.000000",
            }
        ],
        "scheme_hash": scored(golden())["scheme_hash"],
        "input_digest": scored(golden())["input_digest"],
    }


def test_the_keys_stand_in_the_order_of_the_contract() -> None:
    result = scored(golden())
    (district,) = result["districts"]
    targets = district["components"][0]
    assert list(result) == ["quarter", "districts", "scheme_hash", "input_digest"]
    assert " ".join(district) == (
        "code name group total rank group_rank grade coverage ranked rank_interval components adjustments"
    )
    assert " ".join(targets) == "code weight points items"
    assert " ".join(targets["items"][0]) == "code weight expected attainment points status light"


def test_the_weight_of_what_does_not_apply_is_shared_pro_rata_among_its_neighbours() -> None:
    items = [an_item("T01", "10"), an_item("T02", "20"), an_item("T03", "30")]
    figures = {"T01": FULL, "T02": {"target": "3", "value": "1"}, "T03": ABSENT}
    district = only(a_case(items, [a_district(figures=figures)], weights={"supervision": "40"}))
    lines = component(district, "targets")["items"]
    assert [line["weight"] for line in lines] == ["20.000000", "40.000000", "0.000000"]
    assert [line["points"] for line in lines] == ["20.000000", "13.333333", None]
    assert component(district, "targets")["points"] == "33.333333"


def test_a_component_with_nothing_applicable_hands_its_weight_to_the_others_pro_rata() -> None:
    weights = {"key_tasks": "20", "reporting": "10", "supervision": "10"}
    district = only(a_case([an_item(weight="60")], [a_district(figures={"T01": FULL})], weights=weights))
    assert [(each["code"], each["weight"], each["points"]) for each in district["components"]] == [
        ("targets", "75.000000", "75.000000"),
        ("key_tasks", "0.000000", "0.000000"),
        ("reporting", "12.500000", "12.500000"),
        ("supervision", "12.500000", "12.500000"),
    ]
    assert component(district, "targets")["items"][0]["weight"] == "75.000000"


def test_targets_of_which_none_applies_hand_their_weight_on_and_count_as_covered() -> None:
    district = only(a_case([an_item()], [a_district(figures={"T01": ABSENT})], weights={"supervision": "30"}))
    assert component(district, "targets")["weight"] == "0.000000"
    assert component(district, "supervision")["points"] == "40.000000"
    assert (district["coverage"], district["ranked"], district["total"]) == ("1.000000", True, "40.00")


def test_where_nothing_applies_at_all_only_the_adjustments_remain() -> None:
    district = only(
        a_case([], [a_district(adjustments=[{"points": "1.5", "reason": "典型案例"}])], weights={"key_tasks": "10"})
    )
    assert (component(district, "key_tasks")["weight"], district["total"]) == ("0.000000", "1.50")


@pytest.mark.parametrize(
    ("due", "completed", "points"),
    [
        ("2022-03-31", "2022-03-31", "10.000000"),
        ("2022-03-31", "2022-01-04", "10.000000"),
        ("2022-03-31", "2022-04-01", "6.000000"),
        ("2022-03-31", "2022-04-15", "6.000000"),  # the 10th working day: Qingming, and 04-02 made up
        ("2022-03-31", "2022-04-17", "6.000000"),  # a Sunday adds none
        ("2022-03-31", "2022-04-18", "0.000000"),
        ("2022-07-25", "2022-07-25", "10.000000"),
        ("2022-07-25", None, "0.000000"),  # due on the day of the assessment, and open
        ("2022-07-20", "2022-07-26", "0.000000"),  # completed after the day of the assessment: still open
    ],
)
def test_a_key_task_earns_by_the_working_days_it_is_late(due: str, completed: str | None, points: str) -> None:
    assert conduct("key_tasks", items_due=[{"due": due, "completed": completed}]) == points


def test_an_open_item_not_yet_due_does_not_count_and_one_completed_ahead_does() -> None:
    late = {"due": "2022-03-31", "completed": "2022-04-01"}
    open_item = {"due": "2022-07-26"}
    ahead = {"due": "2022-09-30", "completed": "2022-07-25"}
    assert conduct("key_tasks", items_due=[late, open_item]) == "6.000000"
    assert conduct("key_tasks", items_due=[late, open_item, ahead]) == "8.000000"


def test_a_late_completion_in_a_year_without_calendar_is_refused_by_name() -> None:
    case = a_case(
        [], [a_district(items_due=[{"due": "2027-01-04", "completed": "2027-02-01"}])], weights={"key_tasks": "10"}
    )
    case["plan"] = {"start": "2025-01-01", "end": "2027-12-31"}
    case["quarter"], case["as_of"] = "2027Q1", "2027-04-25"
    with pytest.raises(CalendarNotPublished, match="2027"):
        scored(case)


@pytest.mark.parametrize(
    ("requests", "points"),
    [
        ([], "10.000000"),
        ([{"late": True}], "9.500000"),
        ([{"returned": 1}], "9.700000"),
        ([{"late": True, "returned": 1}], "9.200000"),
        ([{"late": True, "returned": 2}], "9.000000"),  # never more than silence
        ([{"returned": 9}], "9.000000"),
        ([{"missing": True}], "9.000000"),
        ([{"missing": True, "late": True, "returned": 3}], "9.000000"),
        ([{"missing": True}] * 11, "0.000000"),
    ],
)
def test_reporting_loses_by_request_and_never_more_than_its_weight(requests: list[Json], points: str) -> None:
    assert conduct("reporting", requests=requests) == points


@pytest.mark.parametrize(
    ("papers", "points"),
    [
        ({}, "10.000000"),
        ({"supervision_notices": 3}, "7.000000"),
        ({"supervision_notices": 1, "circulars": 2}, "5.000000"),
        ({"circulars": 6}, "0.000000"),
    ],
)
def test_supervision_loses_one_point_a_notice_and_two_a_circular(papers: Json, points: str) -> None:
    assert conduct("supervision", supervision=papers) == points


def test_deductions_are_points_of_the_weight_in_the_scheme_not_of_the_weight_shared_out() -> None:
    weights = {"key_tasks": "10", "reporting": "10"}
    case = a_case([], [a_district(requests=[{"missing": True}])], weights=weights)
    assert component(only(case), "reporting")["points"] == "18.000000"  # 9/10 of what is now 20


def test_a_member_unit_is_assessed_without_targets() -> None:
    unit = a_district(
        "scjg", group=None, items_due=[{"due": "2022-06-30", "completed": "2022-07-01"}], requests=[{"late": True}]
    )
    weights = {"key_tasks": "60", "reporting": "20", "supervision": "20"}
    district = only(a_case([], [unit], weights=weights))
    assert (district["total"], district["grade"], district["group_rank"]) == ("75.50", "合格", 1)
    assert district["coverage"] == "1.000000"


@pytest.mark.parametrize(
    ("points", "net", "total"),
    [
        (["3", "4"], "5.000000", "55.00"),
        (["-3", "-4.5"], "-5.000000", "45.00"),
        (["7", "-3.25"], "3.750000", "53.75"),  # the net is clipped, not each
        (["0.0000005"], "0.000001", "50.00"),
        (["-0.0000004"], "0.000000", "50.00"),
        ([], "0.000000", "50.00"),
    ],
)
def test_adjustments_are_netted_then_clipped(points: list[str], net: str, total: str) -> None:
    case = standing({"330102": "50"})
    case["districts"][0]["adjustments"] = [{"points": each, "reason": "典型案例"} for each in points]
    district = only(case)
    assert (district["adjustments"], district["total"]) == (net, total)


def test_a_total_is_never_below_zero_nor_above_the_maximum() -> None:
    low, high = standing({"330102": "1"}), standing({"330102": "100"}, max_total="100")
    low["districts"][0]["adjustments"] = [{"points": "-5", "reason": "通报批评"}]
    high["districts"][0]["adjustments"] = [{"points": "5", "reason": "典型案例"}]
    assert (only(low)["total"], only(high)["total"]) == ("0.00", "100.00")
    del high["scheme"]["max_total"]
    assert only(high)["total"] == "105.00"


@pytest.mark.parametrize(
    ("value", "grade"),
    [
        ("100", "优秀"),
        ("90", "优秀"),
        ("89.995", "优秀"),  # grades read the rounded total
        ("89.994", "良好"),
        ("80", "良好"),
        ("60", "合格"),
        ("59.99", "不合格"),
        ("0", "不合格"),
    ],
)
def test_grades_begin_at_their_cut_off(value: str, grade: str) -> None:
    assert only(standing({"330102": value}))["grade"] == grade


def test_equal_totals_share_a_rank_and_the_next_one_is_skipped() -> None:
    case = standing({"3": "80.004", "1": "70", "4": "80", "2": "90"})
    assert totals(case) == [("2", "90.00", 1), ("3", "80.00", 2), ("4", "80.00", 2), ("1", "70.00", 4)]


def test_peers_are_ranked_among_themselves() -> None:
    case = standing({"1": "90", "2": "80", "3": "70", "4": "60", "5": "60"})
    for district, group in zip(case["districts"], ["区", "县市", "区", "县市", "县市"], strict=True):
        district["group"] = group
    assert [each["group_rank"] for each in scored(case)["districts"]] == [1, 1, 2, 2, 2]


def test_those_without_a_group_are_peers_of_each_other() -> None:
    case = standing({"1": "90", "2": "80"})
    for district in case["districts"]:
        district["group"] = None
    assert [each["group_rank"] for each in scored(case)["districts"]] == [1, 2]


def test_a_district_that_reports_too_little_is_listed_last_without_rank_and_with_the_lowest_grade() -> None:
    items = [an_item("T01", "79"), an_item("T02", "21")]
    reported, silent = {"T01": FULL, "T02": EMPTY}, {"T01": EMPTY, "T02": EMPTY}
    poor = {"T01": {"target": "100", "value": "1"}, "T02": FULL}
    districts = [a_district("9", figures=reported), a_district("1", figures=silent), a_district("5", figures=poor)]
    first, *others = scored(a_case(items, districts))["districts"]
    assert (first["code"], first["rank"], first["rank_interval"]) == ("5", 1, [1, 1])
    assert [each["code"] for each in others] == ["1", "9"]
    for district in others:
        assert not district["ranked"]
        assert (district["rank"], district["group_rank"], district["rank_interval"]) == (None, None, None)
        assert district["grade"] == "不合格"
    assert (others[1]["coverage"], others[1]["total"]) == ("0.790000", "79.00")


def test_coverage_exactly_at_the_minimum_is_enough_and_skips_what_does_not_apply() -> None:
    items = [an_item("T01", "40"), an_item("T02", "10"), an_item("T03", "50")]
    figures = {"T01": FULL, "T02": EMPTY, "T03": ABSENT}
    district = only(a_case(items, [a_district(figures=figures)]))
    assert (district["coverage"], district["ranked"]) == ("0.800000", True)


def test_coverage_just_under_the_minimum_is_not_rounded_up() -> None:
    items = [an_item("T01", "0.7999999"), an_item("T02", "0.2000001")]
    district = only(a_case(items, [a_district(figures={"T01": FULL, "T02": EMPTY})]))
    assert (district["coverage"], district["ranked"]) == ("0.800000", False)


def test_a_value_of_thirty_digits_is_calculated_exactly() -> None:
    figure = {"target": "3" * 30, "value": "1" * 30}
    district = only(a_case([an_item(weight="3")], [a_district(figures={"T01": figure})]))
    assert district["components"][0]["items"][0]["points"] == "1.000000"
