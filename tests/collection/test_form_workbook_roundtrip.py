"""A form that was opened, filled in and saved by LibreOffice is taken, and its checks speak while it is filled in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from form_workbooks import Form, filled_in, form_of, row_of, through_libreoffice
from openpyxl import load_workbook
from reporting_office import Office

from database import Database


@pytest.fixture(scope="module")
def saved_form(loaded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Form, bytes]]:
    """A form with values of every kind, and the bytes that LibreOffice made of it."""
    database = Database(f"sqlite:///{loaded_file}")
    form = Form(form_of(Office(database)))
    form.fill({"T01": 3000, "T02": 4000, "T04": 12.5, "T07": "５，０００", "T12": 0, "T29": -2})
    form.put(form.row("T28"), "状态", "不适用")
    form.put(form.row("T32"), "状态", "有数")
    form.put(form.row("T33"), "本期值", "=100+23")
    form.put(form.row("T34"), "说明", "尚未核定")
    yield form, through_libreoffice(form.saved(), tmp_path_factory.mktemp("office")).read_bytes()
    database.dispose()


def test_a_form_saved_by_libreoffice_is_taken_as_it_was_filled_in(saved_form: tuple[Form, bytes]) -> None:
    form, content = saved_form
    sheet = filled_in(content)
    assert [(row.indicator, row.value_text, row.note, row.cell) for row in sheet.rows] == [
        (row.indicator, row.value_text if row.indicator != "T33" else "123", row.note, row.cell)
        for row in filled_in(form.saved()).rows
    ]
    assert row_of(sheet, "T28").value_text == "不适用"
    assert "没有填数" in row_of(sheet, "T32").unreadable


def test_the_checks_beside_the_values_speak_in_words(saved_form: tuple[Form, bytes], tmp_path: Path) -> None:
    form, content = saved_form
    (tmp_path / "saved.xlsx").write_bytes(content)
    sheet = load_workbook(tmp_path / "saved.xlsx", data_only=True)["报表"]
    said = {code: sheet[form.cell(code, "校核")].value for code in ("T01", "T02", "T04", "T07", "T28", "T29", "T32")}
    assert not said["T01"] and not said["T28"]
    assert said["T02"] == "大于其所属的 T01，请改正"
    assert said["T04"] == "只能是整数，请改正"
    assert said["T07"] == "不是数，请只填阿拉伯数字"
    assert said["T29"] == "为负数，请改正"
    assert "尚未填数" in said["T32"]


def test_locks_choices_and_the_hidden_stamp_survive_the_round_trip(saved_form: tuple[Form, bytes]) -> None:
    form, content = saved_form
    again = Form(content)
    assert again.sheet.protection.sheet
    assert not again.sheet[form.cell("T01", "本期值")].protection.locked
    assert again.sheet[form.cell("T01", "代码")].protection.locked
    assert {rule.type for rule in again.sheet.data_validations.dataValidation} >= {"whole", "list"}
    assert again.book["_duban"].sheet_state != "visible"


def test_a_form_prints_on_the_width_of_a_page(saved_form: tuple[Form, bytes], tmp_path: Path) -> None:
    form, _ = saved_form
    pages = through_libreoffice(form.saved(), tmp_path, "pdf").read_bytes()
    assert pages.startswith(b"%PDF")
    import pypdfium2

    document = pypdfium2.PdfDocument(pages)
    text = document[0].get_textpage().get_text_range()
    assert len(document) == 1
    assert "区县小微企业成长情况季报" in text and "校核" in text and "T39" in text
