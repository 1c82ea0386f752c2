"""Reading .xlsx submissions: exact numbers, named cells, and nothing that fills the memory."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from filings import a_form, a_workbook, hangzhou_plan, saved
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from config.errors import BadInput
from documents.grids import MAX_ROWS
from documents.packages import MAX_UNPACKED
from documents.sheets import Row, read_submission
from supervision.collection.filing import digest, read_cells

ROWS = [("T01", 480, "含平台企业"), ("T02", None, None), ("T03", "不适用", "市级统建")]


def first(value: Any, number_format: str = "") -> Row:
    """Return the row that a value gives in the cell B2."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["指标", "数值", "备注"])
    sheet.append(["T01", value, ""])
    sheet["B2"].number_format = number_format or sheet["B2"].number_format
    return read_submission(saved(book), "a.xlsx").rows[0]


def edited(content: bytes, changes: Mapping[str, tuple[str, str]]) -> bytes:
    """Return a workbook with a pattern replaced in some of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part)
            for pattern, replacement in [changes[part.filename]] if part.filename in changes else []:
                text = re.sub(pattern, replacement, text.decode()).encode()
            new.writestr(part.filename, text)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def refusal_of(content: bytes, name: str = "报送.xlsx") -> str:
    with pytest.raises(BadInput) as refusal:
        read_submission(content, name)
    assert "\n" not in str(refusal.value)
    assert name in str(refusal.value)
    return str(refusal.value)


def test_rows_are_read_with_the_names_of_their_cells() -> None:
    found = read_submission(a_workbook(ROWS), "a.xlsx").rows
    assert found == (
        Row("T01", "480", "含平台企业", "", "", "B2", "A2"),
        Row("T02", "", "", "", "", "B3", "A3"),
        Row("T03", "不适用", "市级统建", "", "", "B4", "A4"),
    )


def test_columns_are_found_wherever_they_stand() -> None:
    content = a_workbook([(1, "说明", "T01", "家", 5)], heading=["序号", "备注", "指标", "计量单位", "数值"])
    assert read_submission(content, "a.xlsx").rows == (Row("T01", "5", "说明", "", "家", "E2", "C2"),)


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (0, "0"), (480, "480"), (480.0, "480"), (0.1 + 0.2, "0.3"), (1.1 * 3, "3.3"), (2.55, "2.55"), (-3.2, "-3.2"),
        (1e15, "1000000000000000"), (123456789012345, "123456789012345"), (1e-7, "0.0000001"), ("1,234", "1,234"),
        ("16.5万", "16.5万"), (165000.5, "165000.5"),
    ],
)  # fmt: skip
def test_a_number_is_taken_as_the_spreadsheet_shows_it(stored: Any, text: str) -> None:
    assert first(stored) == Row("T01", text, "", "", "", "B2", "A2")


@pytest.mark.parametrize(
    ("stored", "number_format", "text"),
    [
        (0.025, "0.00%", "2.5%"), (1, "0%", "100%"), (0.07, "0%", "7%"), (0.29, "0.0%", "29%"),
        (5, '0"%"', "5"), (5, "0\\%", "5"), (1234, "#,##0", "1234"), (5, "[Red]0", "5"),
    ],
)  # fmt: skip
def test_a_cell_in_percent_format_means_what_it_shows(stored: float, number_format: str, text: str) -> None:
    assert first(stored, number_format).value_text == text


@given(value=st.decimals(-(10**9), 10**9, places=4))
@settings(max_examples=30)
def test_every_decimal_comes_back_exactly(value: Decimal) -> None:
    assert Decimal(first(float(value)).value_text) == value


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        (date(2022, 6, 30), "日期"),
        (time(8, 30), "时间"),
        (True, "逻辑值"),
        ("=1+1", "没有计算结果"),
        ("#DIV/0!", "#DIV/0!"),
    ],
)
def test_what_is_no_number_is_unreadable_and_says_why(stored: Any, words: str) -> None:
    row = first(stored)
    assert words in row.unreadable
    assert row.cell == "B2"


def test_a_number_shown_as_a_date_is_unreadable() -> None:
    assert "日期" in first(480, "yyyy-mm-dd").unreadable


def test_a_formula_with_a_result_is_read_as_the_result() -> None:
    content = edited(a_workbook([("T01", "=400+80", "")]), {SHEET: (r"<v\s*/>|<v></v>", "<v>480</v>")})
    assert read_submission(content, "a.xlsx").rows[0].value_text == "480"


def test_a_date_in_another_column_hinders_nobody() -> None:
    content = a_workbook([("T01", 5, "", date(2022, 7, 1))], heading=["指标", "数值", "备注", "填报日期"])
    assert read_submission(content, "a.xlsx").rows[0].unreadable == ""


def test_a_title_and_remarks_may_stand_around_the_table() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["2022年第二季度报送表"], [], ["指标", "数值"], ["T01", 5], [], ["填报人：张三"]):
        sheet.append(row)
    assert [row.cell for row in read_submission(saved(book), "a.xlsx").rows] == ["B4", "B6"]


def test_the_one_visible_sheet_with_headings_is_read() -> None:
    book = load_workbook(io.BytesIO(a_workbook(ROWS)))
    book.create_sheet("填表说明", 0).append(["请于20日前报送"])
    hidden = book.create_sheet("上季度")
    hidden.append(["指标", "数值"])
    hidden.append(["T01", 1])
    hidden.sheet_state = "hidden"
    assert len(read_submission(saved(book), "a.xlsx").rows) == 3


def test_two_sheets_that_both_look_like_it_are_refused() -> None:
    book = load_workbook(io.BytesIO(a_workbook(ROWS)))
    book.create_sheet("副本").append(["指标", "数值"])
    assert "“副本”" in refusal_of(saved(book))


def test_saving_a_workbook_again_changes_no_digest() -> None:
    plan, content = hangzhou_plan(), a_workbook([("T01", 480, "含平台企业"), ("T02", 100.5, None)])
    book = load_workbook(io.BytesIO(content))
    book.create_sheet("备查").append(["与报送无关"])
    book.worksheets[0].column_dimensions["A"].width = 40
    csv = "备注,数值,指标\n,100.50,T02\n含平台企业,４８０,T01\n".encode("gb18030")
    digests = set()
    for file, name in ((content, "a.xlsx"), (saved(book), "b.xlsx"), (csv, "c.csv")):
        cells, problems = read_cells(plan, a_form(), plan.unit("上城区"), read_submission(file, name).rows)
        assert problems == []
        digests.add(digest(cells))
    assert len(digests) == 1


def test_content_tells_the_type_whatever_the_name_says() -> None:
    assert len(read_submission(a_workbook(ROWS), "a.csv").rows) == 3
    assert len(read_submission("指标,数值\nT01,5\n".encode(), "a.xlsx").rows) == 1


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.99])
def test_a_half_written_workbook_is_refused(keep: float) -> None:
    content = a_workbook(ROWS)
    assert "重新保存" in refusal_of(content[: int(len(content) * keep)])


def test_an_old_or_encrypted_workbook_is_refused() -> None:
    assert "加密" in refusal_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    content = bytearray(a_workbook(ROWS))
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 8] |= 1
    assert "加密" in refusal_of(bytes(content))


def test_another_kind_of_package_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    assert "不是 .xlsx 工作簿" in refusal_of(out.getvalue())
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
    assert "重新保存" in refusal_of(out.getvalue())


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr("[Content_Types].xml", b"<Types/>")
        with package.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(MAX_UNPACKED // 2**20):
                part.write(b" " * 2**20)
    tracemalloc.start()
    assert "过大" in refusal_of(out.getvalue())
    assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    tracemalloc.stop()


def test_a_package_of_countless_parts_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for number in range(1001):
            package.writestr(f"{number}.xml", "")
    assert "过大" in refusal_of(out.getvalue())


def test_entities_that_multiply_are_refused() -> None:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f"<!DOCTYPE w [{entities}]><worksheet"
    content = edited(a_workbook(ROWS), {SHEET: ("<worksheet", bomb)})
    content = edited(content, {SHEET: ("480", "&a9;")})
    assert "重新保存" in refusal_of(content)


def test_a_sheet_may_lie_about_its_dimensions() -> None:
    content = edited(a_workbook(ROWS), {SHEET: (r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"')})
    assert len(read_submission(content, "a.xlsx").rows) == 3
    content = edited(a_workbook(ROWS), {SHEET: (r'<dimension ref="[^"]*"', '<dimension ref="A1:A1"')})
    assert len(read_submission(content, "a.xlsx").rows) == 3


def test_a_row_beyond_the_last_one_does_not_run_for_ever() -> None:
    content = edited(a_workbook(ROWS), {SHEET: (r'<row r="4"', '<row r="99999999999"')})
    assert len(read_submission(content, "a.xlsx").rows) == 2


def test_more_rows_than_any_form_has_are_refused() -> None:
    rows = "".join(f'<row r="{number}"><c><v>1</v></c></row>' for number in range(9, MAX_ROWS + 10))
    content = edited(a_workbook(ROWS), {SHEET: ("</sheetData>", f"{rows}</sheetData>")})
    assert f"{MAX_ROWS} 行" in refusal_of(content)


def test_a_path_is_read_like_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "上城区.xlsx"
    path.write_bytes(a_workbook(ROWS))
    assert read_submission(path).rows == read_submission(a_workbook(ROWS), "a.xlsx").rows


def reads_or_refuses(content: bytes) -> None:
    try:
        rows = read_submission(content, "a.xlsx").rows
    except BadInput as refusal:
        assert "\n" not in str(refusal)
    else:
        assert rows


@given(content=st.binary(max_size=400))
def test_any_bytes_that_begin_like_a_package_are_refused_or_read(content: bytes) -> None:
    reads_or_refuses(b"PK\x03\x04" + content)


INTACT = a_workbook(ROWS)


@given(place=st.integers(0, len(INTACT) - 1), byte=st.integers(0, 255), length=st.integers(1, 30))
@settings(max_examples=150)
def test_a_damaged_workbook_is_refused_or_read(place: int, byte: int, length: int) -> None:
    reads_or_refuses(INTACT[:place] + bytes([byte]) * length + INTACT[place + length :])


@given(text=st.text(alphabet="<>/&;rvct=\"' 0129AZ#:is", max_size=40), place=st.floats(0, 1))
@settings(max_examples=150)
def test_a_workbook_with_nonsense_in_its_sheet_is_refused_or_read(text: str, place: float) -> None:
    with zipfile.ZipFile(io.BytesIO(INTACT)) as package:
        xml = package.read(SHEET).decode()
    cut = int(place * len(xml))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(INTACT)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            damaged = (xml[:cut] + text + xml[cut:]).encode()
            new.writestr(part.filename, damaged if part.filename == SHEET else old.read(part))
    reads_or_refuses(out.getvalue())
