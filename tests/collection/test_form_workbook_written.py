"""The form as it is handed out: prefilled, locked but for what is to be filled in, and checked while it is typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from form_workbooks import LISTING, Form, content_of, form_of
from reporting_office import Office, at

from config.plan import Plan
from database import Database, writing
from documents.forms.layout import write_form
from documents.forms.stamp import STAMP_SHEET
from supervision.ledger.plan import put_plan


@pytest.fixture(scope="module")
def blank(loaded_file: object) -> Iterator[Form]:
    database = Database(f"sqlite:///{loaded_file}")
    yield Form(form_of(Office(database)))
    database.dispose()


@pytest.fixture(scope="module")
def listing(loaded_file: object) -> Iterator[Form]:
    database = Database(f"sqlite:///{loaded_file}")
    yield Form(form_of(Office(database), **LISTING))
    database.dispose()


def test_a_form_says_whose_it_is_for_when_and_until_when(blank: Form) -> None:
    head = " ".join(str(blank.sheet.cell(row, 1).value) for row in range(1, blank.heading))
    for words in ("区县小微企业成长情况季报", "上城区", "2022年第二季度（2022Q2）", "2022年7月1日开放", "7月20日截止"):
        assert words in head
    assert "模拟数据" not in head


def test_a_form_has_a_line_for_each_indicator_with_definition_ruling_and_target(blank: Form) -> None:
    row = blank.row("T01")
    assert (blank.at(row, "指标"), blank.at(row, "计量单位")) == ("累计新增小微企业数", "家")
    assert "16.5万家以上" in blank.at(row, "口径") and "不扣除注销、吊销" in blank.at(row, "口径")
    assert blank.at(row, "目标值") == 2 * blank.at(row, "应达值")  # half of the plan has passed
    assert blank.last - blank.heading == 13


def test_a_form_about_all_districts_has_a_line_for_each_of_them(listing: Form) -> None:
    areas = [listing.at(row, "区县") for row in range(listing.heading + 1, listing.last + 1)]
    assert len(areas) == 26 and len(set(areas)) == 13
    assert areas[0] == areas[13]


def test_a_definition_is_given_once_for_all_districts(listing: Form) -> None:
    definitions = [listing.at(row, "口径") for row in range(listing.heading + 1, listing.last + 1)]
    assert definitions[0].startswith("计划原文：300家") and definitions[13].startswith("计划原文：120家以上")
    assert set(definitions[1:13]) == {"同上"}


def test_a_form_about_one_area_has_no_column_for_it(blank: Form) -> None:
    assert "区县" not in blank.columns


def test_only_the_input_cells_are_unlocked_and_they_are_coloured(blank: Form) -> None:
    assert blank.sheet.protection.sheet
    inputs = [blank.columns[heading] for heading in ("本期值", "状态", "说明")]
    for row in blank.sheet.iter_rows(min_row=1, max_row=blank.last):
        for cell in row:
            is_input = cell.row > blank.heading and cell.column in inputs
            assert cell.protection.locked is not is_input, cell.coordinate
            if is_input:
                assert cell.fill.fgColor.rgb == "FFFFF8DC"


def test_the_stamp_is_on_a_sheet_that_no_menu_shows(blank: Form) -> None:
    assert blank.book[STAMP_SHEET].sheet_state == "veryHidden"


def test_each_value_takes_only_what_its_indicator_can_be(blank: Form) -> None:
    rules = {str(rule.sqref): rule for rule in blank.sheet.data_validations.dataValidation}
    first, last = blank.heading + 1, blank.last
    of_t01 = rules[blank.cell("T01", "本期值")]
    assert (of_t01.type, of_t01.formula1, of_t01.errorStyle or "stop") == ("whole", "0", "stop")
    assert "单位：家" in of_t01.prompt and "不得为负" in of_t01.error
    state = next(rule for rule in rules.values() if rule.type == "list")
    assert state.formula1 == '"有数,不适用"'
    assert str(state.sqref) == f"I{first}:I{last}"
    assert any(rule.type == "textLength" and rule.formula1 == "500" for rule in rules.values())


def test_a_ratio_takes_0_to_100_and_a_balance_may_be_negative(desk: Office) -> None:
    ratio = Form(form_of(desk, form="tax-half-yearly", unit="市税务局", period="2022H1"))
    assert (ratio.rule("T37").formula1, ratio.rule("T37").formula2) == ("0", "100")
    lending = Form(form_of(desk, form="lending-quarterly", unit="人行杭州中心支行"))
    assert lending.rule("T19").formula1.startswith("-")


def test_the_check_beside_a_value_names_its_own_cells_and_those_of_its_set(blank: Form) -> None:
    formula = blank.at(blank.row("T02"), "校核")
    assert blank.cell("T01", "本期值") in formula and "大于其所属的 T01" in formula
    assert "小于" not in formula  # nothing was filed before


def test_what_was_filed_for_earlier_periods_stands_beside_the_value(desk: Office) -> None:
    first = desk.submit({"T01": "480", "T02": "100"}, "04-10", period="2022Q1")
    desk.confirm(first.request_id, "04-12")
    form = Form(form_of(desk))
    row = form.row("T01")
    assert form.at(row, "上期值") == 480
    assert form.at(row, "本期值") is None
    assert "小于 2022Q1 的累计数" in form.at(row, "校核") and "超过 2022Q1 的 3 倍" in form.at(row, "校核")


def test_a_returned_form_comes_back_with_its_values_and_the_comment(desk: Office) -> None:
    filed = desk.submit({"T01": "480", "T02": "不适用", "T04": "0"}, "07-05", note="初步数")
    desk.send_back(filed.request_id, "07-06", comment="T01 少报一个街道")
    content = content_of(desk, "07-07")
    assert content.prefilled == 3
    assert content.due == date(2022, 7, 11)  # by the return
    form = Form(write_form(content))
    assert "退回意见（第 1 版，2022年7月5日报送）：T01 少报一个街道" in str(form.sheet.cell(form.heading - 1, 1).value)
    assert (form.at(form.row("T01"), "本期值"), form.at(form.row("T01"), "状态")) == (480, "有数")
    assert (form.at(form.row("T02"), "本期值"), form.at(form.row("T02"), "状态")) == (None, "不适用")
    assert (form.at(form.row("T04"), "本期值"), form.at(form.row("T04"), "状态")) == (0, "有数")
    assert form.at(form.row("T07"), "状态") is None
    assert form.at(form.row("T01"), "说明") == "初步数"


def test_a_number_that_another_form_has_for_the_same_time_and_place_is_filled_in(desk: Office) -> None:
    data = desk.force.plan.model_dump(mode="json")
    forms = data["reporting"]["forms"]
    forms.append(next(form for form in forms if form["code"] == "district-quarterly") | {"code": "again"})
    with writing(desk.database) as session:
        put_plan(session, Plan.model_validate(data, context={"stored": True}), at=at("06-01"))
    office = Office(desk.database)
    office.submit({"T01": "480"}, "07-05", form="again")
    content = content_of(office)
    assert content.prefilled == 1
    assert next(line for line in content.lines if line.line.code == "T01").value.text == "480"


def test_a_demonstration_says_so_in_its_title(desk: Office) -> None:
    made_up = Form(write_form(replace(content_of(desk), synthetic=True)))
    assert made_up.sheet["A1"].value == "区县小微企业成长情况季报（模拟数据）"


def test_the_same_content_gives_the_same_bytes(desk: Office) -> None:
    assert form_of(desk) == form_of(desk)
