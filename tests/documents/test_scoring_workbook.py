"""What a scoring workbook holds before anybody recalculates it, and what it refuses to hold."""

from __future__ import annotations

import copy
import re
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from scoring_cases import Json, a_case, a_district, an_item, golden, scored
from scoring_workbook_cases import a_full_case, every_rule_case, hostile_case, thresholds_case, units_case
from scoring_workbooks import a_workbook, formulas_of, grids_of, opened, rows_of

from config.errors import BadInput, Refused
from config.plan import load_plan, packaged_plan
from documents.scoring import IndicatorLabel, Labels, RulingLabel, labels_of, scoring_workbook
from documents.scoring.tables import LINES, PARTS, summary_table
from supervision.scoring import read_case
from supervision.workdays import published, read_arrangement

OLD_FUNCTIONS = frozenset(
    "AND COUNT COUNTIFS EXACT IF INDEX INT ISERROR ISNUMBER LEFT MATCH MAX MIN MONTH NA NETWORKDAYS OR RIGHT ROUND "
    "ROUNDUP ROWS SUM SUMIF SUMPRODUCT VALUE YEAR".split()
)
"""What Excel 2007 has had, and so every spreadsheet that is in use."""

LONGEST_FORMULA = 8192


def the_plan_labels(population: str = "districts") -> Labels:
    plan = load_plan(packaged_plan())
    return labels_of(plan, plan.scheme(population, quarter="2022Q2"))


def cells_of(content: bytes) -> list[object]:
    """Return the values of all cells that hold something."""
    grids = grids_of(content).values()
    return [value for grid in grids for row in grid for value in row if value is not None]


def test_the_sheets_of_districts_and_of_member_units_are_those_their_schemes_need() -> None:
    full = opened(a_workbook(a_full_case(districts=2), labels=the_plan_labels())).sheetnames
    assert full == "说明 汇总 组成部分 指标得分 重点任务 报送 督办与加减分 办法 工作日 口径裁定".split()
    units = opened(a_workbook(units_case(), labels=the_plan_labels("units"))).sheetnames
    assert units == "说明 汇总 组成部分 重点任务 报送 督办与加减分 办法 工作日".split()
    few = a_case([an_item()], [a_district(figures={"T01": {"target": "1", "value": "1"}})])
    assert opened(a_workbook(few)).sheetnames == "说明 汇总 组成部分 指标得分 加减分 办法".split()


def test_without_recalculation_a_viewer_sees_the_stored_run() -> None:
    case = a_full_case()
    result, grids = scored(case), grids_of(a_workbook(case))
    summary = rows_of(grids, summary_table(read_case(case).scheme))
    for row, district in zip(summary, result["districts"], strict=True):
        assert (row["rank"], row["grade"]) == (district["rank"], district["grade"])
        assert f"{row['total']:.2f}" == district["total"]
    lines = rows_of(grids, LINES)
    for district in result["districts"]:
        for item in district["components"][0]["items"]:
            row = next(lines)
            assert (row["code"], row["indicator"]) == (district["code"], item["code"])
            assert f"{row['points']:.6f}" == item["points"]


def test_every_indicator_carries_its_name_wording_and_clause_from_the_plan() -> None:
    rows = list(rows_of(grids_of(a_workbook(a_full_case(districts=1), labels=the_plan_labels())), LINES))
    first = rows[0]
    assert first["title"] == "累计新增小微企业数"
    assert (first["unit"], first["wording"], first["clause"]) == ("家", "16.5万家以上", "二（一）")
    assert all(row["title"] != row["indicator"] and row["clause"] for row in rows)


def test_sources_are_in_chinese_and_only_rulings_on_the_scheme_are_listed() -> None:
    labels = the_plan_labels()
    assert labels.scheme_source == "四（二）：强化实施考评；各项数值为办公室裁定"
    assert {"基期", "年均增长的算法"} <= {ruling.topic for ruling in labels.rulings}
    assert the_plan_labels("units").rulings == ()
    texts = [value for value in cells_of(a_workbook(a_full_case(districts=1), labels=labels)) if isinstance(value, str)]
    assert not any("office ruling" in text for text in texts)


def test_an_indicator_that_the_plan_does_not_know_stands_by_its_code() -> None:
    (first, _) = rows_of(grids_of(a_workbook(golden())), LINES)
    assert (first["indicator"], first["title"]) == ("T01", "T01")


def test_only_functions_that_every_spreadsheet_has_are_used() -> None:
    cases = [every_rule_case(), units_case(), thresholds_case(), golden()]
    formulas = [formula.text for case in cases for formula in formulas_of(a_workbook(case))]
    used = {name for text in formulas for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", text)}
    assert used <= OLD_FUNCTIONS
    assert max(map(len, formulas)) < LONGEST_FORMULA


def test_every_result_is_a_formula_and_no_formula_holds_a_name_or_a_figure() -> None:
    case = a_full_case(districts=3)
    formulas = [formula for formula in formulas_of(a_workbook(case)) if formula.sheet == LINES.name]
    per_line = {formula.column for formula in formulas}
    assert len(per_line) == len(("status expected attainment share nominal weight points light scheduled").split())
    figures = {each["value"] for district in case["districts"] for each in district["figures"].values()}
    assert not any(value and value in formula.text for formula in formulas for value in figures)


def test_inputs_can_be_changed_and_formulas_cannot() -> None:
    book = opened(a_workbook(a_full_case(districts=1)))
    formulas = {(found.sheet, found.row + 1, found.column + 1) for found in formulas_of(a_workbook(golden()))}
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book)
    lines, letters = book[LINES.name], LINES.letters
    assert not lines[f"{letters['value']}4"].protection.locked
    assert lines[f"{letters['points']}4"].protection.locked
    assert lines[f"{letters['code']}4"].protection.locked
    gold = opened(a_workbook(golden()))
    assert all(gold[sheet].cell(row, column).protection.locked for sheet, row, column in formulas)
    unlocked = [cell for sheet in gold for row in sheet.iter_rows() for cell in row if not cell.protection.locked]
    assert {cell.fill.fgColor.rgb for cell in unlocked} == {"FFFFF2CC", "FFDDEBF7"}


def test_what_an_indicator_does_not_look_at_cannot_be_filled_in() -> None:
    case = a_case(
        [an_item("A"), an_item("B", measure_type="relative"), an_item("C", measure_type="rubric")],
        [a_district(figures={"A": {"target": "1"}, "B": {"reference": "1", "target": "5"}, "C": {"rating": "0.5"}})],
    )
    sheet = opened(a_workbook(case))[LINES.name]
    columns = ("target", "baseline", "reference", "value", "good")
    free = {
        row: {key for key in columns if not sheet[f"{LINES.letters[key]}{row}"].protection.locked} for row in (4, 5, 6)
    }
    assert free == {4: {"target", "value"}, 5: {"reference", "value"}, 6: {"value"}}


def test_sheets_are_set_up_to_be_read_and_printed() -> None:
    book = opened(a_workbook(a_full_case(districts=2), labels=the_plan_labels()))
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows is not None
        fonts = {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value is not None}
        assert fonts <= {"宋体", "黑体"}
    assert book[LINES.name].freeze_panes == "E4"
    assert book[LINES.name].print_title_cols == "$A:$D"


def test_names_that_look_like_formulas_stay_names() -> None:
    content = a_workbook(hostile_case(), title="=1+1", labels=hostile_labels())
    texts = {value for value in cells_of(content) if isinstance(value, str)}
    assert {'=HYPERLINK("http://127.0.0.1","x")', "+1+1", "-2", "@SUM(A1)", "{=1+1}", "=cmd|' /C calc'!A0"} <= texts
    assert {"=A1", "=B2", "=C3", "=D4", "=E5", "=F6"} <= texts
    formulas = [formula.text for formula in formulas_of(content)]
    assert not any(word in text for text in formulas for word in ("HYPERLINK", "cmd", "=1+1", "@SUM", "=A1", "=F6"))
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert not any("link" in name.lower() for name in package.namelist())


def hostile_labels() -> Labels:
    return Labels(
        subject="=A1",
        scheme="=B2",
        scheme_source="=C3",
        indicators={"a": IndicatorLabel("=D4", "=E5", 0, "=F6", "=F6")},
        rulings=(RulingLabel("=A1", "=A1", "=A1", date(2021, 12, 29), ("a",), "=A1"),),
    )


def test_a_very_long_name_makes_no_row_higher_than_a_spreadsheet_allows() -> None:
    long = Labels(indicators={"T01": IndicatorLabel("很长的名称" * 8000)})
    sheet = opened(a_workbook(golden(), labels=long))[LINES.name]
    assert len(sheet["D4"].value) == 32_767
    assert sheet.row_dimensions[4].height <= 409


@pytest.mark.parametrize("simulated", [True, False])
def test_made_up_data_is_marked_on_every_sheet_and_real_data_is_not(simulated: bool) -> None:
    book = opened(a_workbook(golden(), simulated=simulated))
    assert {"模拟数据" in str(sheet["A1"].value) for sheet in book} == {simulated}
    assert {"模拟数据" in str(sheet.oddHeader.right.text) for sheet in book} == {simulated}


def test_the_guide_names_the_fingerprints_and_the_day() -> None:
    case = golden()
    texts = cells_of(a_workbook(case, labels=the_plan_labels()))
    result = scored(case)
    assert {result["scheme_hash"], result["input_digest"], "2022年7月25日", "2022年第二季度"} <= set(texts)


def test_the_same_run_gives_the_same_bytes() -> None:
    case = a_full_case(districts=2)
    assert a_workbook(case, labels=the_plan_labels()) == a_workbook(copy.deepcopy(case), labels=the_plan_labels())


def test_the_stored_rank_interval_is_printed_as_it_stands() -> None:
    case = a_full_case(districts=3)
    result = scored(case)
    result["districts"][0]["rank_interval"] = [1, 77]
    content = scoring_workbook(case, result, title="x", labels=Labels(), calendar=published(), simulated=True)
    first = next(rows_of(grids_of(content), summary_table(read_case(case).scheme)))
    assert (first["low"], first["high"]) == (1, 77)


def the_refusal(case: Json, result: Json) -> str:
    with pytest.raises(Refused) as caught:
        scoring_workbook(case, result, title="x", labels=Labels(), calendar=published(), simulated=True)
    return str(caught.value)


def test_a_result_that_is_not_that_of_its_case_is_refused_with_the_place() -> None:
    case = a_full_case(districts=3)
    result: Any = scored(case)
    result["districts"][1]["total"] = "99.99"
    assert f"{result['districts'][1]['code']} {result['districts'][1]['name']} 的总分" in the_refusal(case, result)
    result = scored(case)
    result["districts"].reverse()
    assert "次序" in the_refusal(case, result)
    assert "考核季度" in the_refusal(case, {})
    changed = copy.deepcopy(case)
    changed["districts"][0]["figures"]["T01"]["value"] = "1"
    assert "数据指纹" in the_refusal(changed, scored(case))


def test_a_calendar_that_was_changed_after_the_run_is_refused_instead_of_recounted() -> None:
    item = {"due": "2022-03-31", "completed": "2022-04-15"}
    case = a_case([], [a_district(items_due=[item])], weights={"key_tasks": "10"})
    days = [{"name": "调休", "date": "2022-04-10", "isOffDay": False}]
    amended = published().with_year(read_arrangement({"year": 2022, "days": days}, "2022.json"))
    with pytest.raises(Refused, match="放假安排"):
        scoring_workbook(case, scored(case), title="x", labels=Labels(), calendar=amended, simulated=True)


def test_a_day_before_spreadsheets_agree_on_days_is_refused() -> None:
    case = a_case([], [a_district(items_due=[{"due": "1899-12-31"}])], weights={"key_tasks": "10"})
    with pytest.raises(BadInput, match="1899-12-31"):
        a_workbook(case)


def remarks_on(case: Json) -> list[str]:
    guide = grids_of(a_workbook(case))["说明"]
    return [str(row[0]) for row in guide if row[0] and ("有效数字，表格" in str(row[0]) or "相差极小" in str(row[0]))]


def test_places_where_a_spreadsheet_would_find_something_else_are_named() -> None:
    assert remarks_on(golden()) == []
    long = a_case([an_item()], [a_district(figures={"T01": {"target": "10000000000000001", "value": "5"}})])
    assert remarks_on(long) == ["区330102 T01：超过 15 位有效数字，表格软件只保留前 15 位，重算结果可能有出入"]
    near = {"target": "100000000000000", "value": "99999999999999.9"}
    (light, total) = (a_case([an_item()], [a_district(figures={"T01": near})]), golden())
    assert [remark.split("：")[0] for remark in remarks_on(light)] == ["区330102 T01"]
    total["districts"][0]["adjustments"] = [{"points": str(Decimal("1.005") - Decimal("1e-10"))}]
    assert [remark.split("：")[0] for remark in remarks_on(total)] == ["上城区"]


def test_an_empty_list_still_has_a_line_to_fill_in() -> None:
    case = a_case([], [a_district("1"), a_district("2")], weights={"key_tasks": "6", "reporting": "4"})
    book = opened(a_workbook(case))
    for sheet, column in (("重点任务", "D"), ("报送", "D"), ("加减分", "C")):
        assert [book[sheet][f"A{row}"].value for row in (4, 5)] == ["1", "2"]
        assert not book[sheet][f"{column}4"].protection.locked
    parts = list(rows_of(grids_of(a_workbook(case)), PARTS))
    assert [part["weight"] for part in parts] == [0, 10, 0, 10]
