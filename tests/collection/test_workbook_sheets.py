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
WHOLE = r"(?s)\A.+\Z"
"""The whole part, whatever stands in it."""


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


def as_sheet(data: str, prolog: str = "") -> bytes:
    """Return a workbook whose sheet is written by hand."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    xml = f"{prolog}<worksheet {space}><sheetData>{data}</sheetData></worksheet>"
    return edited(a_workbook(ROWS), {SHEET: (WHOLE, xml)})


TEXT = '<c t="inlineStr"><is><t>{}</t></is></c>'
HEAD = f"<row>{TEXT.format('指标')}{TEXT.format('数值')}</row>"


def rows_of(data: str) -> list[tuple[str, str]]:
    return [(row.indicator, row.value_text) for row in read_submission(as_sheet(HEAD + data), "a.xlsx").rows]


def test_every_way_of_writing_a_cell_is_read() -> None:
    t01 = '<row><c t="inlineStr"><is><r><t>T</t></r><r><t>01</t></r><rPh><t>ティー</t></rPh></is></c>{}</row>'
    assert rows_of(t01.format("<c><v>480</v></c>")) == [("T01", "480")]
    assert rows_of(t01.format('<c t="str"><f>A1</f><v>480</v></c>')) == [("T01", "480")]
    assert rows_of(t01.format("\n <c>\n <v> 480 </v>\n </c>\n")) == [("T01", "480")]
    assert rows_of(t01.format("<c><v>4<!-- -->80</v></c>")) == [("T01", "480")]
    assert rows_of(t01.format("<c><f>A1</f><v>480</v></c><c><v/></c>")) == [("T01", "480")]


def test_tags_may_have_a_prefix() -> None:
    content = edited(a_workbook(ROWS), {SHEET: (WHOLE, _prefixed(a_workbook(ROWS)))})
    assert read_submission(content, "a.xlsx").rows == read_submission(a_workbook(ROWS), "a.xlsx").rows


def _prefixed(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        xml = package.read(SHEET).decode()
    return re.sub(r"<(/?)(?=[a-z])", r"<\1x:", xml).replace("xmlns=", "xmlns:x=")


def test_a_formula_on_another_file_is_refused_by_its_cell_also_where_it_is_shared() -> None:
    first = f'<row>{TEXT.format("T01")}<c><f t="shared" si="0">[1]x!A1</f><v>5</v></c></row>'
    second = f'<row>{TEXT.format("T02")}<c><f t="shared" si="0"/><v>6</v></c></row>'
    rows = read_submission(as_sheet(HEAD + first + second), "a.xlsx").rows
    assert [(row.cell, row.value_text) for row in rows] == [("B2", "5"), ("B3", "6")]
    assert all("引用了别的文件" in row.unreadable for row in rows)


def test_a_formula_within_the_file_is_none_on_another() -> None:
    assert first("=SUM(Table1[数值])").unreadable.startswith("是公式但没有计算结果")


def test_a_workbook_with_macros_is_refused_whatever_it_is_called() -> None:
    out = io.BytesIO(a_workbook(ROWS))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")
    assert "含有宏" in refusal_of(out.getvalue())
    with pytest.raises(BadInput, match=r"只收 \.csv 和 \.xlsx"):
        read_submission(out.getvalue(), "a.xlsm")


def test_merged_cells_in_the_table_are_refused_and_above_it_they_are_not() -> None:
    book = load_workbook(io.BytesIO(a_workbook(ROWS)))
    sheet = book.worksheets[0]
    sheet.insert_rows(1)
    sheet["A1"] = "季报"
    sheet.merge_cells("A1:C1")
    assert len(read_submission(saved(book), "a.xlsx").rows) == 3
    sheet.merge_cells("B3:B4")
    assert "合并了单元格 B3:B4" in refusal_of(saved(book))


def test_a_million_formatted_rows_without_content_are_read_over() -> None:
    data = "".join(f'<row r="{n}" s="1" customFormat="1"><c s="1"/></row>' for n in range(3, 200_000))
    t01 = f'<row r="2">{TEXT.format("T01")}<c><v>5</v></c></row>'
    assert rows_of(t01 + data + '<row r="1048576"><c r="XFD1048576" s="1"/></row>') == [("T01", "5")]


@pytest.mark.parametrize(
    "data",
    [
        f"<row>{'<c/>' * 1_200_000}</row>",
        f"<row>{'<c>' * 1_500_000}{'</c>' * 1_500_000}</row>",
        f"<row>{TEXT.format('x' * 40_000)}</row>",
        '<row r="5"><c><v>1</v></c></row><row r="4"><c><v>1</v></c></row>',
        '<row r="-1"><c><v>1</v></c></row>',
        '<row><c t="s"><v>999999</v></c></row>',
        '<row><c t="x"><v>1</v></c></row>',
        '<row><c r="ÄÖ1"><v>1</v></c></row>',
    ],
    ids=["wide", "deep", "long", "backwards", "negative", "no string", "no type", "no column"],
)
def test_a_sheet_that_no_program_writes_is_refused(data: str) -> None:
    assert "重新保存" in refusal_of(as_sheet(HEAD + data))


def test_a_document_type_is_refused_in_every_part() -> None:
    doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    assert "DOCTYPE" in refusal_of(as_sheet(HEAD, doctype))
    for part in ("xl/workbook.xml", "xl/styles.xml", "_rels/.rels"):
        content = edited(a_workbook(ROWS), {part: (r"(?s)^(<\?xml.*?\?>)?", doctype)})
        assert "DOCTYPE" in refusal_of(content), part


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
