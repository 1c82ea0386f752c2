"""The form as it comes back: another, an outdated and a changed one are told apart; what is harmless is let pass."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from filings import changed_plan, hangzhou_plan
from form_workbooks import LISTING, QUARTER, Form, filled_in, form_of, row_of
from openpyxl import load_workbook
from openpyxl.comments import Comment
from reporting_office import Office, at

from config.errors import BadInput
from config.plan import Plan
from database import Database, writing
from documents.forms.stamp import STAMP_SHEET
from documents.forms.verdicts import OutdatedForm, TamperedForm, WrongForm
from documents.sheets import read_submission
from supervision.collection.filing import Unacceptable
from supervision.ledger import reporting

VALUES = {"T01": 480, "T02": 100, "T04": 0}


@pytest.fixture(scope="module")
def made(loaded_file: object) -> Iterator[bytes]:
    database = Database(f"sqlite:///{loaded_file}")
    yield form_of(Office(database))
    database.dispose()


@pytest.fixture(scope="module")
def listing(loaded_file: object) -> Iterator[bytes]:
    database = Database(f"sqlite:///{loaded_file}")
    yield form_of(Office(database), **LISTING)
    database.dispose()


def refusal(kind: type[BadInput], content: bytes, plan: Plan | None = None, **of: str) -> str:
    with pytest.raises(kind) as refused:
        filled_in(content, plan, **of)
    assert type(refused.value) is kind
    assert "\n" not in str(refused.value) and "表.xlsx" in str(refused.value)
    return str(refused.value)


def test_what_was_filled_in_is_read_with_the_names_of_its_cells(made: bytes) -> None:
    form = Form(made).fill(VALUES, note="核实")
    sheet = filled_in(form.saved())
    row = row_of(sheet, "T01")
    assert (row.value_text, row.note, row.cell) == ("480", "核实", form.cell("T01", "本期值"))
    assert row.label == form.cell("T01", "代码")
    assert row_of(sheet, "T04").value_text == "0"
    assert row_of(sheet, "T07").value_text == ""
    assert len(sheet.rows) == 13


def test_a_form_about_districts_is_read_by_district(listing: bytes) -> None:
    form = Form(listing)
    form.put(form.row("T13", "萧山区"), "本期值", 31)
    sheet = filled_in(form.saved(), **LISTING)
    assert [row.area for row in sheet.rows if row.value_text] == ["萧山区"]


@pytest.mark.parametrize(
    ("value", "state", "text", "problem"),
    [
        (480, None, "480", ""), (480, "有数", "480", ""), (0, None, "0", ""), (None, None, "", ""),
        (None, "不适用", "不适用", ""), ("不适用", None, "不适用", ""), ("不适用", "不适用", "不适用", ""),
        (None, "有数", "", "没有填数"), (5, "不适用", "5", "只留一个"), ("不适用", "有数", "不适用", "改正状态"),
        (5, "暂无", "5", "I6 的状态只能是"),
    ],
)  # fmt: skip
def test_state_and_value_say_the_same_thing(made: bytes, value: Any, state: Any, text: str, problem: str) -> None:
    form = Form(made)
    form.put(form.row("T01"), "本期值", value)
    form.put(form.row("T01"), "状态", state)
    row = row_of(filled_in(form.saved()), "T01")
    assert row.value_text == text
    assert problem in row.unreadable and bool(problem) == bool(row.unreadable)


@pytest.mark.parametrize(
    "of",
    [{"unit": "西湖区"}, {"period": "2022Q1"}, {"form": "district-upgrade-monthly", "period": "2022-06"}],
    ids=["unit", "period", "form"],
)
def test_a_form_of_another_unit_period_or_kind_is_told_by_whose_it_is(made: bytes, of: dict[str, str]) -> None:
    said = refusal(WrongForm, made, **of)
    assert "上城区2022年第二季度《区县小微企业成长情况季报》的模板" in said and "核对" in said


def redefined(change: Callable[[dict[str, Any]], object]) -> Plan:
    data = hangzhou_plan().model_dump(mode="json")
    change(data)
    return Plan.model_validate(data, context={"stored": True})


def test_a_form_of_another_plan_is_told(made: bytes) -> None:
    other = redefined(lambda data: data.update(code="hangzhou-2024-2026"))
    assert "另一计划（hangzhou-2021-2023）的模板" in refusal(WrongForm, made, other)


def test_a_form_for_what_the_plan_no_longer_has_is_told_by_its_codes(made: bytes) -> None:
    other = changed_plan(code="renamed")
    assert "330102 2022Q2 district-quarterly 的模板" in refusal(WrongForm, made, other, form="renamed")


def test_a_form_made_before_its_definition_changed_is_outdated_and_says_what_changed(made: bytes) -> None:
    more = changed_plan(indicators=["T01", "T03", *[f"T{n:02}" for n in (4, 7, 12, 28, 29, 32, 33, 34, 35, 38, 39)]])
    said = refusal(OutdatedForm, made, more)
    assert "2022-07-02 生成的旧模板" in said and "增加了指标 T03" in said and "取消了指标 T02" in said
    assert "duban form district-quarterly 上城区 2022Q2" in said

    def other_ruling(data: dict[str, Any]) -> None:
        ruling = next(each for each in data["rulings"] if "T01" in each["affects"])
        ruling["ruling"] = "按净增数累计"

    said = refusal(OutdatedForm, made, redefined(other_ruling))
    assert "修改了名称、口径或计量单位 T01、T02" in said


def test_a_definition_that_changed_makes_a_form_about_districts_outdated(listing: bytes) -> None:
    def other_text(data: dict[str, Any]) -> None:
        next(each for each in data["indicators"] if each["code"] == "T13")["text"] = "350家"

    assert "修改了名称、口径或计量单位 T13。" in refusal(OutdatedForm, listing, redefined(other_text), **LISTING)


def test_what_changes_no_meaning_leaves_a_form_valid(made: bytes) -> None:
    looser = changed_plan(due="day 22 month +1", checks=["decimals"])
    assert len(filled_in(Form(made).fill(VALUES).saved(), looser).rows) == 13


def delete_row(form: Form) -> None:
    form.sheet.delete_rows(form.row("T04"))


def add_row(form: Form) -> None:
    row = form.last + 1
    for heading, value in (("代码", "T99"), ("本期值", 5)):
        form.put(row, heading, value)


def repeat_row(form: Form) -> None:
    for heading in form.columns:
        form.put(form.last + 1, heading, form.at(form.row("T01"), heading))


def swap_labels(form: Form) -> None:
    one, other = form.row("T01"), form.row("T04")
    names = form.at(one, "指标"), form.at(other, "指标")
    form.put(one, "指标", names[1])
    form.put(other, "指标", names[0])


def swap_codes(form: Form) -> None:
    one, other = form.row("T01"), form.row("T04")
    form.put(one, "代码", "T04")
    form.put(other, "代码", "T01")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (delete_row, ["缺少 T04 一行"]),
        (add_row, ["T99", "不是本表的行"]),
        (repeat_row, ["重复", "T01"]),
        (swap_labels, ["B6 应为“累计新增小微企业数”，现为“县级小微企业培育库入库企业数”", "B8"]),
        (swap_codes, ["有 ", "B6 应为"]),
        (lambda form: form.put(form.row("T01"), "口径", "自己定"), ["C6", "自己定"]),
        (lambda form: form.put(form.row("T01"), "计量单位", "万家"), ["D6 应为“家”，现为“万家”"]),
        (lambda form: form.put(form.row("T01"), "目标值", 1), ["第 6 行（T01）锁定的目标值"]),
        (lambda form: form.put(form.row("T01"), "上期值", 1), ["第 6 行（T01）锁定的目标值、应达值或上期值"]),
        (lambda form: form.sheet.delete_cols(3), ["缺少“口径”列"]),
        (lambda form: form.put(form.heading, "说明", "备注"), ["缺少“说明”列"]),
        (lambda form: form.sheet.cell(2, 1, "报送单位：西湖区"), ["表格上方"]),
        (lambda form: form.sheet.merge_cells("H6:H7"), ["合并了单元格 H6:H7"]),
        (lambda form: form.book.remove(form.book[STAMP_SHEET]), ["模板标识"]),
        (lambda form: form.book[STAMP_SHEET].cell(4, 2, "330106"), ["模板标识"]),
    ],
)  # fmt: skip
def test_a_change_that_is_not_for_the_unit_to_make_is_named(
    made: bytes, change: Callable[[Form], object], words: list[str]
) -> None:
    form = Form(made).fill(VALUES)
    change(form)
    said = refusal(TamperedForm, form.saved())
    assert all(word in said for word in words), said
    assert "改动过" in said and "duban form district-quarterly 上城区 2022Q2" in said


def test_many_changes_are_counted_and_the_first_ones_named(made: bytes) -> None:
    form = Form(made)
    for row in range(form.heading + 1, form.last + 1):
        form.put(row, "指标", "改")
        form.put(row, "口径", "改")
    said = refusal(TamperedForm, form.saved())
    assert "有 26 处" in said and "另有 16 处" in said and len(said) < 1200


def test_two_forms_in_one_file_are_refused(made: bytes) -> None:
    form = Form(made)
    form.book.copy_worksheet(form.sheet)
    with pytest.raises(TamperedForm, match="多张报表工作表"):
        read_submission(form.saved(), "表.xlsx")


def test_a_form_without_its_headings_is_refused(made: bytes) -> None:
    form = Form(made)
    form.sheet.delete_rows(form.heading)
    with pytest.raises(TamperedForm, match="找不到表头"):
        read_submission(form.saved(), "表.xlsx")


def test_a_form_saved_as_csv_has_lost_its_stamp() -> None:
    content = "代码,指标,口径,计量单位,目标值,应达值,上期值,本期值,状态,说明,校核\nT01,累计,原文,家,,,,5,,,\n".encode()
    with pytest.raises(TamperedForm, match="模板标识"):
        read_submission(content, "表.csv").of(hangzhou_plan(), **QUARTER)


def widen(form: Form) -> None:
    form.sheet.column_dimensions["C"].width = 90
    form.sheet.row_dimensions[7].height = 60
    form.sheet.row_dimensions[9].hidden = True
    form.sheet["J7"].comment = Comment("问统计科", "张三")


def sort_by_name(form: Form) -> None:
    rows = [[form.at(r, h) for h in form.columns] for r in range(form.heading + 1, form.last + 1)]
    for place, values in enumerate(sorted(rows, key=lambda row: str(row[1]))):
        for heading, value in zip(form.columns, values, strict=True):
            form.put(form.heading + 1 + place, heading, value)


def add_sheet(form: Form) -> None:
    form.book.create_sheet("计算底稿").append(["街道", "户数"])


def sign(form: Form) -> None:
    form.sheet.cell(form.last + 2, 1, "填报人：张三")
    form.sheet.cell(form.last + 2, 14, "2022年7月5日")


def move_columns(form: Form) -> None:
    form.sheet.insert_cols(1)
    form.sheet.insert_rows(1, 2)


def show_stamp(form: Form) -> None:
    form.book[STAMP_SHEET].sheet_state = "visible"


def unprotect(form: Form) -> None:
    form.sheet.protection.sheet = False


@pytest.mark.parametrize(
    "change",
    [widen, sort_by_name, add_sheet, sign, move_columns, show_stamp, unprotect],
    ids=lambda each: each.__name__,
)
def test_a_harmless_change_is_let_pass(made: bytes, change: Callable[[Form], object]) -> None:
    form = Form(made).fill(VALUES, note="核实")
    change(form)
    sheet = filled_in(form.saved())
    assert {row.indicator: row.value_text for row in sheet.rows if row.value_text} == {
        "T01": "480",
        "T02": "100",
        "T04": "0",
    }


def test_every_problem_is_reported_with_its_cell_and_the_same_file_changes_nothing(desk: Office) -> None:
    form = Form(form_of(desk))
    bad = {"T01": "约五百", "T02": 12.5, "T04": -3, "T07": 1e6, "T12": "１，２３４"}
    with pytest.raises(Unacceptable) as refused:
        file(desk, form.fill(bad).saved())
    places = {problem.where for problem in refused.value.problems}
    assert places == {form.cell(code, "本期值") for code in ("T01", "T02", "T04")}
    good = Form(form_of(desk)).fill(VALUES).saved()
    assert file(desk, good) == "filed"
    assert file(desk, good) == "unchanged"
    plain = b"indicator,value\nT01,480\nT02,100\nT04,0\n"
    assert file(desk, plain, "上城区.csv") == "unchanged"
    again = Form(form_of(desk, "07-06")).saved()  # prefilled with what was filed
    assert file(desk, again) == "unchanged"


def file(office: Office, content: bytes, name: str = "表.xlsx") -> str:
    sheet = read_submission(content, name).of(office.force.plan, **QUARTER)
    with writing(office.database) as session:
        who = office.who(session, "330102.liaison", at("07-06"))
        return reporting.submit(session, office.force, sheet=sheet, by=who, at=at("07-06"), **QUARTER).state


def test_no_check_speaks_before_anything_is_filled_in(made: bytes) -> None:
    sheet = load_workbook(io.BytesIO(made), data_only=True)["报表"]
    form = Form(made)
    assert not [
        code for code in hangzhou_plan().form(QUARTER["form"]).indicators if sheet[form.cell(code, "校核")].value
    ]
