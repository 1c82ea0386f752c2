"""What a district can rely on in every case: better figures help, order means nothing, silence never pays.

Each statement stands in docs/scoring.md, What holds for every case, with the corners in which more would be false.
"""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scoring_cases import Json, a_case, a_district, an_item, cases, only, scored


def by_code(case: Json) -> dict[str, Json]:
    return {each["code"]: each for each in scored(case)["districts"]}


def own_copy(case: Json) -> Json:
    """Return a copy in which no two districts share a figure."""
    found = copy.copy(case)
    found["districts"] = [copy.deepcopy(district) for district in case["districts"]]
    return found


def standing(case: Json, code: str) -> tuple[Any, ...]:
    """Return total, rank, group rank, grade and place in the list, each so that more is better."""
    rows = scored(case)["districts"]
    grades = [name for _, name in case["scheme"].get("grades") or [["", n] for n in ("优秀", "良好", "合格", "不合格")]]
    place = next(number for number, each in enumerate(rows) if each["code"] == code)
    mine = rows[place]
    ranks = [-(mine[key] or len(rows) + 1) for key in ("rank", "group_rank")]
    return (Decimal(mine["total"]), *ranks, -grades.index(mine["grade"]), -place)


def no_better(after: tuple[Any, ...], before: tuple[Any, ...]) -> bool:
    return all(now <= then for now, then in zip(after, before, strict=True))


def a_figure(case: Json, data: st.DataObject) -> tuple[Json, Json, Json]:
    """Draw a district, an item of the scheme, and the district's figure for it."""
    items = next((part["items"] for part in case["scheme"]["components"] if part["code"] == "targets"), [])
    assume(items)
    district, item = data.draw(st.sampled_from(case["districts"])), data.draw(st.sampled_from(items))
    return district, item, district["figures"][item["code"]]


def is_lower_better(item: Json, figure: Json, rule: str) -> bool:
    def number(key: str) -> Decimal:
        return Decimal(str(figure[key]))

    if rule == "efficacy":
        return number("good") < number("bad")
    if item.get("basis") == "gain":
        return number("target") < number("baseline")
    return bool(item["measure_type"] == "ceiling_ratio")


# ---- a better figure


@given(cases(), st.data(), st.decimals("0.01", "9", places=2))
@settings(max_examples=30, deadline=None)
def test_a_better_figure_never_lowers_the_districts_own_standing_under_any_rule(
    case: Json, data: st.DataObject, by: Decimal
) -> None:
    case = own_copy(case)
    district, item, figure = a_figure(case, data)
    key = "rating" if item["measure_type"] == "rubric" else "value"
    assume(figure.get(key) is not None)
    if item.get("basis") == "gain":
        assume(figure.get("target") is not None)
    before = standing(case, district["code"])
    if key == "rating":
        figure[key] = "1"
    else:
        rule = item.get("rule") or case["scheme"]["rule"]
        figure[key] = str(Decimal(str(figure[key])) + (-by if is_lower_better(item, figure, rule) else by))
    assert no_better(before, standing(case, district["code"]))


@given(cases(), st.data(), st.decimals("-9", "9", places=2))
@settings(max_examples=30, deadline=None)
def test_a_figure_moves_nobody_elses_total_but_under_best_takes_full(
    case: Json, data: st.DataObject, by: Decimal
) -> None:
    case = own_copy(case)
    district, item, figure = a_figure(case, data)
    rule = item.get("rule") or case["scheme"]["rule"]
    assume(rule != "best_takes_full" and figure.get("value") is not None)
    before = by_code(case)
    figure["value"] = str(Decimal(str(figure["value"])) + by)
    after = by_code(case)
    others = before.keys() - {district["code"]}
    assert {code: after[code]["total"] for code in others} == {code: before[code]["total"] for code in others}


def test_under_best_takes_full_a_better_best_lowers_the_others() -> None:
    item = an_item("T01", "100", measure_type="floor_ratio", rule="best_takes_full")
    rows = [a_district(f"{n}", figures={"T01": {"target": "5", "value": value}}) for n, value in enumerate(("4", "5"))]
    case = a_case([item], rows)
    before = by_code(case)["0"]["total"]
    rows[1]["figures"]["T01"]["value"] = "8"
    assert (before, by_code(case)["0"]["total"]) == ("80.00", "50.00")


# ---- order


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_components_and_items_changes_no_total_rank_grade_or_line(case: Json, random: Any) -> None:
    shuffled = copy.deepcopy(case)
    random.shuffle(shuffled["scheme"]["components"])
    for part in shuffled["scheme"]["components"]:
        random.shuffle(part.get("items", []))
    assert _without_order(shuffled) == _without_order(case)


def _without_order(case: Json) -> Json:
    """Return the result by codes; the draws of the rank interval alone follow the order of the scheme."""
    found = by_code(case)
    for district in found.values():
        del district["rank_interval"]
        district["components"] = {
            part["code"]: part | {"items": {line["code"]: line for line in part["items"]}}
            for part in district["components"]
        }
    return found


# ---- silence


@given(cases(), st.data())
@settings(max_examples=30, deadline=None)
def test_withholding_own_figures_improves_neither_total_rank_grade_nor_place(case: Json, data: st.DataObject) -> None:
    case = own_copy(case)
    district = data.draw(st.sampled_from(case["districts"]))
    own = sorted(code for code, figure in district["figures"].items() if not figure.get("reported_by_other"))
    withheld = data.draw(st.sets(st.sampled_from(own))) if own else set()
    before = standing(case, district["code"])
    for code in withheld:
        district["figures"][code].pop("value", None)
        district["figures"][code].pop("rating", None)
    assert no_better(standing(case, district["code"]), before)


@given(st.booleans(), st.integers(0, 9))
@settings(deadline=None)
def test_filing_late_and_with_returns_never_costs_more_than_silence(late: bool, returned: int) -> None:
    filed, silent = (
        only(a_case([], [a_district(requests=[request])], weights={"reporting": "10"}))["total"]
        for request in ({"late": late, "returned": returned}, {"missing": True})
    )
    assert Decimal(silent) <= Decimal(filed)


@given(cases(), st.data(), st.sampled_from(["2022-03-30", "2022-04-18", "2022-07-25", "2022-07-26"]))
@settings(max_examples=30, deadline=None)
def test_completing_an_item_never_lowers_the_total_while_no_line_earns_more_than_its_weight(
    case: Json, data: st.DataObject, day: str
) -> None:
    case = own_copy(case)
    case["scheme"] = copy.deepcopy(case["scheme"]) | {"cap": "1"}
    for rules in (case["scheme"], *(item for part in case["scheme"]["components"] for item in part.get("items", ()))):
        if rules.get("rule") == "zhenjiang_2005":
            rules["rule"] = "capped"
    district = data.draw(st.sampled_from(case["districts"]))
    item = {"due": data.draw(st.sampled_from(["2022-03-31", "2022-07-25", "2022-08-05"])), "completed": None}
    district["items_due"].append(item)
    before = Decimal(by_code(case)[district["code"]]["total"])
    item["completed"] = day
    assert before <= Decimal(by_code(case)[district["code"]]["total"])


# ---- the corners, in which more would be false


def test_a_first_item_done_early_can_cost_a_district_whose_lines_earn_more_than_their_weight() -> None:
    figures = {"T01": {"target": "100", "value": "150"}}
    districts = [
        a_district(figures=figures, items_due=[{"due": "2022-08-05", "completed": done}])
        for done in (None, "2022-07-01")
    ]
    totals = [
        only(a_case([an_item("T01", "80")], [each], weights={"key_tasks": "20"}, cap="1.5"))["total"]
        for each in districts
    ]
    assert totals == ["150.00", "140.00"]


def test_what_another_unit_owes_and_has_not_sent_costs_nothing_and_may_even_help_the_district() -> None:
    items = [an_item("T01", "50"), an_item("T02", "50")]
    poor = {"target": "100", "value": "20", "reported_by_other": True}
    good = {"target": "100", "value": "90"}
    sent = only(a_case(items, [a_district(figures={"T01": good, "T02": poor})]))
    owed = only(a_case(items, [a_district(figures={"T01": good, "T02": {**poor, "value": None}})]))
    assert (sent["total"], owed["total"]) == ("55.00", "90.00")


def test_a_direction_without_last_years_figure_is_not_applicable() -> None:
    items = [an_item("T01", "50"), an_item("T02", "50", measure_type="direction")]
    good = {"target": "100", "value": "90"}
    totals = [
        only(a_case(items, [a_district(figures={"T01": good, "T02": {"reference": reference, "value": "7"}})]))["total"]
        for reference in ("8", None)
    ]
    assert totals == ["45.00", "90.00"]


@pytest.mark.parametrize(("silent", "expected"), [(False, ["甲", "乙", "丙"]), (True, ["甲", "丙", "乙"])])
def test_whoever_falls_below_the_coverage_is_listed_last_and_those_behind_move_up(
    silent: bool, expected: list[str]
) -> None:
    items = [an_item("T01", "70"), an_item("T02", "30")]
    rows = []
    for name, value in (("甲", "90"), ("乙", "80"), ("丙", "10")):
        figures = {code: {"target": "100", "value": value} for code in ("T01", "T02")}
        if name == "乙" and silent:
            figures["T02"] = {"target": "100", "value": None}  # type: ignore[dict-item]
        rows.append(a_district(name, name=name, figures=figures))
    found = scored(a_case(items, rows))["districts"]
    assert [each["name"] for each in found] == expected
    second = next(each for each in found if each["name"] == "乙")
    if silent:
        assert (second["ranked"], second["rank"], second["grade"]) == (False, None, "不合格")
