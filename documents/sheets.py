"""Reading what a unit files: a .csv or .xlsx with columns for indicator, value and note."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath

from config.errors import BadInput
from documents.delimited import read_delimited
from documents.forms.returned import ReturnedForm, returned_form
from documents.forms.stamp import STAMP_SHEET
from documents.grids import MAX_BYTES, Grid, tidy
from documents.opened import content_of, too_large
from documents.rows import Row, Sheet
from documents.workbooks import read_workbook

__all__ = ["HEADING_LINES", "Row", "Sheet", "read_submission"]

HEADING_LINES = 10
"""Lines with content in which the headings are looked for: a title and a few remarks may stand above them."""

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0"
"""What old workbooks (.xls) and encrypted ones begin with."""

_WANTED = "报送表"

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "indicator": ("indicator", "指标", "指标编号", "指标代码"),
    "name": ("name", "指标名称"),
    "value": ("value", "数值", "数据", "填报数"),
    "note": ("note", "备注", "说明"),
    "area": ("district", "area", "区县", "区、县", "地区"),
    "unit_of_measure": ("unit_of_measure", "计量单位"),
}
"""Headings by field. 单位 alone is none of them: it may mean an organisation or a unit of measure."""

_FIELDS = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
_EXPECTED = "表头应有 indicator、value、note（或 指标、数值、备注）三列"


def read_submission(source: Path | bytes, name: str = "") -> Sheet | ReturnedForm:
    """Return what a .csv or .xlsx file says; `name` is what a complaint calls it (default: the path's).

    Its `of` gives the rows, for a form only when it is the right one. In a plain sheet columns are found by their
    headings in English or Chinese, in any order; others are ignored. An .xlsx has exactly one visible sheet with such
    headings. What the values mean is not asked here.
    Raises BadInput in one line for a file that is absent, too large, of another type, encrypted, damaged, without
    the headings or without a single row.
    """
    name = name or (source.name if isinstance(source, Path) else "报送文件")
    name = tidy(name.encode("utf-8", "replace").decode())  # a name on disk need not be text
    content = _content(source, name)
    if PurePath(name).suffix.lower() not in (".csv", ".xlsx"):
        raise BadInput(f"{name} 的类型不能报送，只收 .csv 和 .xlsx")
    if not content.strip():
        raise BadInput(f"{name} 是空文件")
    if content.startswith(_COMPOUND):
        raise BadInput(f"{name} 是旧版 .xls 或加密的工作簿，请去掉密码并另存为 .xlsx")
    is_workbook = content.startswith(_ZIP)
    grids = read_workbook(content, name, hidden=(STAMP_SHEET,)) if is_workbook else [read_delimited(content, name)]
    form = returned_form(grids, name)
    if form is not None:
        return form
    grid, line, columns = _headed(grids, name)
    _refuse_merged(grid, line, columns, name)
    rows = tuple(_rows(grid, line, columns))
    if not rows:
        raise BadInput(f"{name} 只有表头，没有数据")
    return Sheet(name, rows)


def _content(source: Path | bytes, name: str) -> bytes:
    if isinstance(source, Path):
        return content_of(source, name, limit=MAX_BYTES, wanted=_WANTED)
    if len(source) > MAX_BYTES:
        raise too_large(name, limit=MAX_BYTES, wanted=_WANTED)
    return source


def _headed(grids: list[Grid], name: str) -> tuple[Grid, int, dict[str, tuple[int, str]]]:
    """Return the one table with the headings, the line they stand in, and column and heading by field."""
    found = []
    for grid in grids:
        for number, texts in grid.lines[:HEADING_LINES]:
            columns = _columns(texts, f"{name} 第 {number} 行")
            if {"indicator", "value"} <= columns.keys():
                found.append((grid, number, columns))
                break
    if len(found) > 1:
        titles = "、".join(f"“{grid.name}”" for grid, _, _ in found)
        raise BadInput(f"{name} 有多张工作表都像报送表（{titles}），请只留一张")
    if not found:
        raise BadInput(f"{name} 没有找到表头：{_EXPECTED}")
    return found[0]


def _columns(texts: Sequence[str], place: str) -> dict[str, tuple[int, str]]:
    """Return column and heading by field, when the line is one of headings."""
    columns: dict[str, tuple[int, str]] = {}
    twice = []
    for column, text in enumerate(texts):
        heading = unicodedata.normalize("NFKC", text).casefold()  # （市） is (市) for this purpose
        field = _FIELDS.get(re.sub(r"[(].*[)]$", "", heading).strip())
        if field in columns:
            twice.append(f"“{columns[field][1]}”和“{text}”")
        elif field is not None:
            columns[field] = (column, text)
    if "name" in columns:  # beside the code it is for people to read; alone it is what names the indicator
        columns.setdefault("indicator", columns.pop("name"))
    if twice and {"indicator", "value"} <= columns.keys():
        raise BadInput(f"{place}表头重复：{'、'.join(twice)}，请只留一列")
    return columns


def _refuse_merged(grid: Grid, line: int, columns: Mapping[str, tuple[int, str]], name: str) -> None:
    """Raise BadInput for merged cells below the headings: what stands in them belongs to no line."""
    read = {column for column, _ in columns.values()}
    for area in grid.merged:
        if area.lines[1] > line and any(area.columns[0] <= column <= area.columns[1] for column in read):
            raise BadInput(f"{name} 合并了单元格 {area.name}，请取消合并，每行各填各的")


def _rows(grid: Grid, heading_line: int, columns: Mapping[str, tuple[int, str]]) -> Iterator[Row]:
    for number, texts in grid.lines:
        if number <= heading_line:
            continue
        held = {field: texts[column] for field, (column, _) in columns.items() if column < len(texts)}
        unreadable = grid.unreadable.get((number, columns["value"][0]), "")
        if not any(held.values()) and not unreadable:
            continue
        text = defaultdict(str, held)
        yield Row(
            indicator=text["indicator"],
            value_text=text["value"],
            note=text["note"],
            area=text["area"],
            unit_of_measure=text["unit_of_measure"],
            cell=grid.cell_name(number, *columns["value"]),
            label=grid.cell_name(number, *columns["indicator"]),
            unreadable=unreadable,
        )
