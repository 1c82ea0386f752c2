"""Forms that come back as a hurried office sends them: one clear line that names the cell, and nothing is kept."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from form_workbooks import QUARTER, Form, content_of, form_of
from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from reporting_office import Office, at
from sqlalchemy import func, select

from config.errors import BadInput
from database import reading, writing
from documents.forms.layout import write_form
from documents.sheets import read_submission
from models import Figure, Submission
from supervision.ledger import reporting

VALUES = {"T01": 480, "T02": 100, "T04": 0}


def file(office: Office, content: bytes, name: str = "表.xlsx") -> str:
    sheet = read_submission(content, name).of(office.force.plan, **QUARTER)
    with writing(office.database) as session:
        who = office.who(session, "330102.liaison", at("07-06"))
        return reporting.submit(session, office.force, sheet=sheet, by=who, at=at("07-06"), **QUARTER).state


def kept(office: Office) -> int:
    with reading(office.database) as session:
        return sum(
            session.execute(select(func.count()).select_from(kind)).scalar_one() for kind in (Submission, Figure)
        )


def refused(office: Office, content: bytes, name: str = "表.xlsx") -> str:
    before = kept(office)
    with pytest.raises(BadInput) as refusal:
        file(office, content, name)
    said = str(refusal.value)
    assert "\n" not in said and name in said and len(said) < 600
    assert kept(office) == before
    return said


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("480", "480"), ("４８０", "480"), ("1,480", "1480"), ("1，480", "1480"), ("480家", "480"), (" 480 ", "480"),
        ("0.05万家", "500"), ("0.05万", "500"), ("０．０５万", "500"), ("4.8e2", None), ("1,48", None), ("约480", None),
        ("480以上", None), ("480户", None), ("-480", None), ("480.5", None), ("四百八十", None), ("—", None),
        ("480/500", None), ("0.000000001亿", None), ("'480", None), ("480。", None),
    ],
)  # fmt: skip
def test_a_number_typed_as_text_is_taken_when_it_can_mean_one_thing_only(
    desk: Office, typed: str, means: str | None
) -> None:
    form = Form(form_of(desk)).fill({"T01": typed, "T02": 10})
    if means is None:
        assert form.cell("T01", "本期值") in refused(desk, form.saved())
    else:
        assert file(desk, form.saved()) == "filed"
        with reading(desk.database) as session:
            found = session.execute(select(Figure.value).order_by(Figure.id)).scalars().all()
        assert [str(value) for value in found if value is not None] == [means, "10"]


@pytest.mark.parametrize(
    ("formula", "words"),
    [("=40*12", "没有计算结果"), ("='[1]表'!A1", "别的文件"), ("=1/0", "没有计算结果")],
)
def test_a_formula_that_nobody_has_calculated_is_named_by_its_cell(desk: Office, formula: str, words: str) -> None:
    form = Form(form_of(desk)).fill({"T01": formula, "T02": 100})
    said = refused(desk, form.saved())
    assert words in said and form.cell("T01", "本期值") in said


def paste_over(form: Form) -> None:
    for heading in ("指标", "口径", "计量单位", "目标值", "上期值"):
        form.put(form.row("T04"), heading, form.at(form.row("T01"), heading))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (paste_over, "B8 应为"),
        (lambda form: form.sheet.delete_cols(form.columns["状态"]), "找不到表头"),
        (lambda form: form.sheet.delete_cols(form.columns["校核"]), "缺少“校核”列"),
        (lambda form: form.sheet.delete_cols(form.columns["目标值"]), "缺少“目标值”列"),
        (lambda form: form.sheet.merge_cells("H6:H8"), "合并了单元格 H6:H8"),
        (lambda form: form.put(form.row("T01"), "说明", "字" * 501), "本行的说明"),
    ],
)
def test_what_was_pasted_deleted_or_merged_is_named(desk: Office, change: Callable[[Form], Any], words: str) -> None:
    form = Form(form_of(desk)).fill(VALUES)
    change(form)
    assert words in refused(desk, form.saved())


def test_values_in_hidden_rows_count_and_their_faults_are_named(desk: Office) -> None:
    form = Form(form_of(desk)).fill(VALUES)
    form.sheet.row_dimensions[form.row("T02")].hidden = True
    form.put(form.row("T02"), "本期值", "不知道")
    assert form.cell("T02", "本期值") in refused(desk, form.saved())
    form.put(form.row("T02"), "本期值", 100)
    assert file(desk, form.saved()) == "filed"


def test_a_renamed_sheet_and_a_renamed_file_are_harmless(desk: Office) -> None:
    form = Form(form_of(desk)).fill(VALUES)
    form.sheet.title = "上城区二季度（定稿）"
    assert file(desk, form.saved(), "上城区最终版 (2).xlsx") == "filed"


def test_a_table_hidden_with_its_sheet_is_not_passed_over(desk: Office) -> None:
    form = Form(form_of(desk)).fill(VALUES)
    form.book.create_sheet("说明")
    form.sheet.sheet_state = "hidden"
    form.book.active = form.book.sheetnames.index("说明")
    assert "取消隐藏" in refused(desk, form.saved())


def test_the_template_of_another_district_or_year_is_told_by_whose_it_is(desk: Office) -> None:
    other = Form(write_form(content_of(desk, unit="西湖区"))).fill(VALUES)
    assert "西湖区2022年第二季度" in refused(desk, other.saved())


def test_a_form_copied_into_that_of_another_district_is_found_by_its_head(desk: Office) -> None:
    own, other = Form(form_of(desk)), Form(write_form(content_of(desk, unit="西湖区")))
    for row in own.sheet.iter_rows(max_row=own.heading - 1):
        for cell in row:
            if not isinstance(cell, MergedCell):
                cell.value = other.sheet[cell.coordinate].value
    assert "表格上方" in refused(desk, own.fill(VALUES).saved())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "去掉密码并另存为 .xlsx"),
        ("<html><table><tr><td>代码</td><td>本期值</td></tr></table></html>".encode(), "没有找到表头"),
        (
            "代码,指标,口径,计量单位,目标值,应达值,上期值,本期值,状态,说明,校核\nT01,甲,乙,家,,,,5,,,\n".encode(),
            "模板标识",
        ),
        (b"%PDF-1.7\n", "报送"),
        (b"{\\rtf1}", "报送"),
        (b"PK\x05\x06" + bytes(18), "报送"),
    ],
)
def test_a_file_of_another_kind_with_the_name_of_a_workbook_is_told(desk: Office, content: bytes, words: str) -> None:
    said = refused(desk, content, "报送表.xlsx")
    assert words in said


def test_a_form_turned_into_values_by_another_program_keeps_its_stamp(desk: Office) -> None:
    book = load_workbook(io.BytesIO(Form(form_of(desk)).fill(VALUES).saved()))
    for area in list(book["报表"].conditional_formatting):
        del book["报表"].conditional_formatting[area.sqref]
    out = io.BytesIO()
    book.save(out)
    assert file(desk, out.getvalue()) == "filed"
