"""Reading .csv submissions as spreadsheets in China save them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filings import a_csv
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInput
from documents.grids import MAX_BYTES, MAX_ROWS
from documents.sheets import Row, Sheet, read_submission

ROWS = [("T01", "480", "含平台企业"), ("T02", "", ""), ("T03", "不适用", "市级统建")]


def values(sheet: Sheet) -> list[tuple[str, str, str]]:
    return [(row.indicator, row.value_text, row.note) for row in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_each_encoding_says_the_same(encoding: str) -> None:
    assert values(read_submission(a_csv(ROWS, encoding=encoding), "a.csv")) == ROWS


@pytest.mark.parametrize(
    "heading",
    [
        "indicator,value,note",
        "Indicator,VALUE,Note",
        "指标,数值,备注",
        "指标编号,填报数（必填）,说明",
        " 指标 , 数值 , 备注 ",
    ],
)
def test_headings_are_known_in_either_language(heading: str) -> None:
    assert values(read_submission(a_csv(ROWS, heading), "a.csv")) == ROWS


def test_columns_come_in_any_order_beside_others() -> None:
    found = read_submission(a_csv([("甲", "家", "480", "T01", "说明")], "序号,计量单位,数值,指标,备注"), "a.csv")
    assert found.rows[0] == Row("T01", "480", "说明", "", "家", "第 2 行“数值”列", "第 2 行“指标”列")


def test_the_name_of_an_indicator_serves_when_there_is_no_code() -> None:
    both = read_submission(a_csv([("累计新增", "T01", "5")], "指标名称,指标编号,数值"), "a.csv")
    alone = read_submission(a_csv([("累计新增", "5")], "指标名称,数值"), "a.csv")
    assert [row.indicator for row in (*both.rows, *alone.rows)] == ["T01", "累计新增"]


def test_an_area_column_is_read() -> None:
    found = read_submission(a_csv([("T13", "上城区", "5")], "指标,区、县（市）,数值"), "a.csv")
    assert found.rows[0].area == "上城区"


def test_a_title_above_the_headings_and_empty_lines_are_passed_over() -> None:
    content = "2022年第二季度报送表,,\n\n,,\n指标,数值,备注\n\nT01,5,\n,,\nT02,6,\n".encode()
    assert [(row.indicator, row.cell) for row in read_submission(content, "a.csv").rows] == [
        ("T01", "第 6 行“数值”列"), ("T02", "第 8 行“数值”列"),
    ]  # fmt: skip


def test_a_cell_over_several_lines_keeps_the_count_of_lines() -> None:
    content = 'indicator,value,note\nT01,5,"一\n二\r\n三"\nT02,6,\n'.encode()
    found = read_submission(content, "a.csv").rows
    assert found[0].note == "一 二 三"
    assert found[1].cell == "第 5 行“value”列"


def test_a_line_that_is_too_short_has_empty_cells() -> None:
    assert read_submission(b"indicator,value,note\nT01\n", "a.csv").rows[0].value_text == ""


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "上城区.csv"
    path.write_bytes(a_csv(ROWS))
    assert read_submission(path) == Sheet("上城区.csv", read_submission(a_csv(ROWS), "x.csv").rows)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空文件"),
        (b"  \n", "空文件"),
        (b"indicator,value,note\n", "只有表头"),
        (b"a,b,c\n1,2,3\n", "没有找到表头"),
        ("指标，数值，备注\nT01，5，\n".encode(), "没有找到表头"),
        (b"indicator,value,value\nT01,1,2\n", "表头重复"),
        (b'indicator,value\nT01,"5\n', "引号没有成对"),
        (b'indicator,value\nT01,"' + b"x" * 200_000 + b'"\n', "过长"),
        (b"indicator,value\nT01,\x005\n", "不是文本文件"),
        ("指标,数值\nT01,5\n".encode("utf-16"), "不是文本文件"),
        (b"\xff\xfe\xfd", "编码"),
        (b"indicator,value\n" + b"T01,1\n" * (MAX_ROWS + 1), f"超过 {MAX_ROWS} 行"),
        (b"x" * (MAX_BYTES + 1), "20 MB"),
    ],
)
def test_a_file_that_is_no_submission_is_refused_in_one_line(content: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words) as refusal:
        read_submission(content, "报送.csv")
    assert "\n" not in str(refusal.value)
    assert "报送.csv" in str(refusal.value)


@pytest.mark.parametrize("name", ["报送.txt", "报送.xls", "报送.docx", "报送", "报送.csv.exe", ".csv"])
def test_other_types_of_file_are_refused(name: str) -> None:
    with pytest.raises(BadInput, match="只收"):
        read_submission(a_csv(ROWS), name)


def test_a_path_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path, tmp_path / ("x" * 300 + ".csv"), tmp_path / "a\0b.csv"):
        with pytest.raises(BadInput):
            read_submission(path)


def test_a_name_that_is_no_text_does_not_hinder_the_record(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff\xfe.csv")
    path.write_bytes(a_csv(ROWS))
    assert read_submission(path).name == "??.csv"


def test_a_large_file_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(10 * 1024**3)
    with pytest.raises(BadInput, match="20 MB"):
        read_submission(path)


@given(
    content=st.binary(max_size=300), heading=st.sampled_from([b"", b"indicator,value,note\n", "指标,数值\n".encode()])
)
def test_any_bytes_are_a_sheet_or_bad_input(content: bytes, heading: bytes) -> None:
    try:
        sheet = read_submission(heading + content, "a.csv")
    except BadInput as refusal:
        assert "\n" not in str(refusal)
    else:
        assert sheet.rows


cell = st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc", "Cf", "Z"]), max_size=10)


@given(rows=st.lists(st.tuples(cell.filter(bool), cell, cell), min_size=1, max_size=10))
def test_what_was_written_is_what_is_read(rows: list[tuple[str, str, str]]) -> None:
    quoted = [tuple('"' + text.replace('"', '""') + '"' for text in row) for row in rows]
    for encoding in ("utf-8", "gb18030"):
        assert values(read_submission(a_csv(quoted, encoding="utf-8"), "a.csv")) == rows, encoding
