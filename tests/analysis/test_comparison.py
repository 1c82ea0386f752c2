"""How one assessment differs from another: exact sums, reasons in words, the effect of a correction."""

from __future__ import annotations

import copy
from decimal import Decimal
from fractions import Fraction

import pytest
from analysis_cases import CALENDAR, a_topic, honest_case, ready, rows_of_totals
from hypothesis import given, settings
from scoring_cases import Json, a_case, a_district, an_item, cases

from config.errors import BadInput
from supervision.analysis.comparison import ANOTHER_SCHEME, ANOTHER_YEAR, Comparison, compare
from supervision.analysis.correction import Effect, effect_of_correction

TOPICS = {"T01": a_topic("T01")}


def compared(before: Json, after: Json) -> Comparison:
    return compare(ready(before)[1], ready(after)[1], topics=TOPICS)


def corrected(before: Json, after: Json) -> Effect:
    return effect_of_correction(ready(before)[0], ready(after)[0], calendar=CALENDAR, topics=TOPICS)


@given(cases(most_districts=3), cases(most_districts=3))
@settings(max_examples=15, deadline=None)
def test_components_and_rest_are_the_change_of_the_total_exactly(before: Json, after: Json) -> None:
    for unit in compared(before, after).units:
        if unit.before is None:
            assert unit.change is None
            continue
        parts = sum((each.change for each in unit.components), Fraction(0))
        assert parts + unit.rest == Fraction(unit.after.total - unit.before.total)
        changes = [abs(each.change) for each in unit.reasons]
        assert changes == sorted(changes, reverse=True)
        assert 0 not in changes


def test_the_lines_that_moved_most_come_first_and_are_told() -> None:
    items = [an_item("T01", "50"), an_item("T02", "30")]
    weights = {"reporting": "20"}
    before = a_district(figures={"T01": {"target": "100", "value": "60"}, "T02": {"target": "100"}}, requests=[{}])
    after = a_district(
        figures={"T01": {"target": "100", "value": "80"}, "T02": {"target": "100", "value": "100"}},
        requests=[{"late": True}],
    )
    low = {"min_coverage": "0"}
    (unit,) = compared(
        a_case(items, [before], weights=weights, **low), a_case(items, [after], weights=weights, **low)
    ).units
    assert [reason.code for reason in unit.reasons] == ["T02", "T01", "reporting"]
    assert unit.reasons[0].words == "T02由未报变为完成率 100%，得分 0.00 → 30.00"
    assert unit.reasons[1].words == "T01 新增企业由完成率 60%变为完成率 80%，得分 30.00 → 40.00"
    assert unit.reasons[2].words.startswith("数据报送由 20.00 分变为 19.50 分（原为：迟报、退回、未报共扣 0 分")
    assert unit.words.startswith(
        "区330102：总分由 50.00 变为 89.50（+39.5），位次仍为第 1 位，等次由不合格变为良好。主要变化：T02"
    )


def test_a_line_whose_worth_alone_moved_is_not_told_to_have_another_weight() -> None:
    item = an_item("T01", "100", measure_type="floor_ratio", rule="best_takes_full")
    before = [
        a_district(code, figures={"T01": {"target": "50", "value": value}})
        for code, value in (("1", "40"), ("2", "50"))
    ]
    after = copy.deepcopy(before)
    after[1]["figures"]["T01"]["value"] = "80"
    words = {unit.code: unit.words for unit in compared(a_case([item], before), a_case([item], after)).units}
    assert "完成率 80%不变，得分率由 80% 变为 50%，得分 80.00 → 50.00" in words["1"]


def test_ranks_that_move_are_told() -> None:
    found = compared(rows_of_totals(90, 80), rows_of_totals(70, 80))
    words = {unit.code: unit.words for unit in found.units}
    assert "位次由第 2 位升至第 1 位" in words["000002"]
    assert "位次由第 1 位降至第 2 位" in words["000001"]
    assert "总分 80.00 不变，" in words["000002"]


def test_units_that_come_and_go_are_told() -> None:
    before, after = rows_of_totals(90, 80), rows_of_totals(90)
    assert compared(before, after).gone == ("区000002",)
    newcomer = compared(after, before).units[1]
    assert newcomer.words == "区000002：前一次未参加考核，本次总分 80.00，第 2 位"
    assert newcomer.as_json()["before"] is None


def test_another_year_and_another_scheme_are_remarked() -> None:
    before, after = rows_of_totals(90), rows_of_totals(90)
    before["quarter"], before["as_of"] = "2021Q4", "2022-01-25"
    after["scheme"]["cap"] = "1.2"
    assert compared(before, after).remarks == (ANOTHER_YEAR, ANOTHER_SCHEME)


# ---- corrections


@given(cases(most_districts=3))
@settings(max_examples=15, deadline=None)
def test_a_correction_of_nothing_touches_nobody(case: Json) -> None:
    assert not any(unit.is_touched for unit in corrected(case, case).units)


def test_who_was_corrected_and_who_moved_because_of_it_are_told_apart() -> None:
    before = rows_of_totals(90, 85, 70)
    after = copy.deepcopy(before)
    after["districts"][0]["figures"]["T01"]["value"] = "8000"
    found = corrected(before, after)
    words = {unit.change.code: unit.words for unit in found.units}
    assert words["000001"] == (
        "区000001：T01 新增企业的实际值由9000家改为8000家，总分由 90.00 变为 80.00（−10），"
        "位次由第 1 位降至第 2 位，等次由优秀变为良好"
    )
    assert (
        words["000002"]
        == "区000002：本单位的数据未变，受其他单位更正或办法变化影响，总分 85.00 不变，位次由第 2 位升至第 1 位"
    )
    assert words["000003"] == "区000003：本单位的数据未变，得分、位次、等次不变"
    assert found.words == "2022年第二季度更正：区000001的数据有改动，2 个单位的位次有变化"
    assert [unit.is_touched for unit in found.units] == [True, True, False]


def test_every_kind_of_input_that_differs_is_named() -> None:
    item = an_item("T01", "60")
    conduct = {
        "items_due": [{"due": "2022-03-31", "completed": "2022-03-30"}],
        "requests": [{}],
        "adjustments": [{"points": "1", "reason": "典型案例"}],
    }
    before = a_district(figures={"T01": {"target": "100"}}, **conduct)
    after = a_district(
        group="县市",
        figures={"T01": {"target": "120", "value": "0", "reported_by_other": True}},
        items_due=[{"due": "2022-03-31"}, *conduct["items_due"]],
        requests=[{"late": True, "returned": 2}],
        supervision={"supervision_notices": 1},
    )
    weights = {"key_tasks": "20", "reporting": "10", "supervision": "10"}
    (unit,) = corrected(a_case([item], [before], weights=weights), a_case([item], [after], weights=weights)).units
    assert [change.words for change in unit.inputs] == [
        "T01 新增企业的目标值由100家改为120家",
        "T01 新增企业的实际值由空改为0家",
        "T01 新增企业的由其他单位报送由否改为是",
        "增加交办事项：2022-03-31 到期，未办结",
        "减少报送任务：按时",
        "增加报送任务：迟报，退回 2 次",
        "督办单由 0 份改为 1 份",
        "减少加减分：+1 分（典型案例）",
        "组别由区改为县市",
    ]
    assert unit.inputs[1].as_json() == {
        "subject": "T01", "key": "value", "before": "", "after": "0家", "words": "T01 新增企业的实际值由空改为0家",
    }  # fmt: skip


def test_the_order_of_rows_is_no_correction() -> None:
    case = honest_case(1, districts=3, items=3)
    case["districts"][0]["requests"] = [{"late": True}, {}]
    other = copy.deepcopy(case)
    other["districts"][0]["requests"].reverse()
    other["districts"].reverse()
    assert not any(unit.inputs for unit in corrected(case, other).units)


def test_vintages_of_different_days_say_so_and_of_different_quarters_are_refused() -> None:
    before, after = rows_of_totals(90), rows_of_totals(90)
    after["as_of"] = "2022-08-01"
    assert corrected(before, after).day_moved
    after["quarter"] = "2022Q3"
    with pytest.raises(BadInput, match="不是同一季度"):
        corrected(before, after)


def test_a_unit_that_only_a_later_day_moved_is_not_said_to_suffer_from_others() -> None:
    weights = {"key_tasks": "20"}
    items = [an_item("T01", "80")]
    mine = a_district(
        figures={"T01": {"target": "100", "value": "100"}},
        items_due=[{"due": "2022-06-30", "completed": "2022-06-29"}, {"due": "2022-07-29"}],
    )
    before = a_case(items, [mine], weights=weights) | {"as_of": "2022-07-25"}
    after = copy.deepcopy(before) | {"as_of": "2022-08-03"}
    (unit,) = corrected(before, after).units
    assert unit.cause == "因数据截止日推后，其间到期的交办事项一并计入"
    assert "其他单位" not in unit.words


def test_signs_are_those_of_papers() -> None:
    found = compared(rows_of_totals(90), rows_of_totals("89.5")).units[0]
    assert found.change == Decimal("-0.50")
    assert "（−0.5）" in found.words
