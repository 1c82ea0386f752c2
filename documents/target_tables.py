"""Reading a table of the districts' targets (目标分解表), in any of the three shapes that offices keep it in.

One line for each target, with columns for indicator, district and number; or indicators down and districts across;
or districts down and indicators across. What the names and numbers mean is not asked here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.errors import BadInput
from documents.grids import Grid
from documents.tables import read_tables

HEADING_LINES = 10
"""Lines with content in which the headings are looked for: a title and a few remarks may stand above them."""

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "indicator": ("indicator", "指标", "指标编号", "指标代码"),
    "name": ("name", "指标名称"),
    "district": ("district", "区县", "区、县", "区市县", "地区", "区县名称"),
    "target": ("target", "目标", "目标值"),
    "baseline": ("baseline", "基期", "基期值"),
    "reason": ("reason", "理由", "原因"),
    "beside": ("no", "序号", "unit_of_measure", "计量单位", "单位", "note", "备注", "说明", "全市目标", "city_target"),
}
"""Headings by field; what stands beside the targets is for people to read."""

_FIELDS = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
_EXPECTED = "表头应有 指标、区县、目标值 三列，或以区县为列（首列为指标），或以指标为列（首列为区县）"


@dataclass(frozen=True, slots=True)
class TargetCell:
    """What the table gives one district of one indicator, as it stands in the file; empty where nothing stands.

    `where` and `where_baseline` name the cells as a person finds them, `where_names` the one with the indicator or
    district. `unreadable` says why a cell holds neither text nor number; empty when it does.
    """

    indicator: str
    district: str
    target: str
    baseline: str
    reason: str
    where: str
    where_baseline: str
    where_names: str
    unreadable: str = ""


@dataclass(frozen=True)
class TargetTable:
    """A file as it was read: its name, and its cells with content in order."""

    name: str
    cells: tuple[TargetCell, ...]


def read_target_table(file: Path) -> TargetTable:
    """Return the cells of the one table of targets in a .csv or .xlsx file.

    Raises BadInput in one line as `documents.tables.read_tables` does, without the headings, with several tables
    that have them, and without a single number.
    """
    name, grids = read_tables(file)
    found = [(grid, number, cells) for grid in grids for number, cells in _heading_of(grid)]
    if len(found) > 1:
        titles = "、".join(f"“{grid.name}”" for grid, _, _ in found)
        raise BadInput(f"{name} 有多张工作表都像目标分解表（{titles}），请只留一张")
    if not found:
        raise BadInput(f"{name} 没有找到表头：{_EXPECTED}")
    cells = tuple(_cells(*found[0], name))
    if not cells:
        raise BadInput(f"{name} 只有表头，没有数据")
    return TargetTable(name, cells)


def _heading_of(grid: Grid) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the first line that can be one of headings, with its number."""
    for number, texts in grid.lines[:HEADING_LINES]:
        fields = {_field(text) for text in texts if text}
        named = fields & {"indicator", "name", "district"}
        if named and (None in fields or {"target", "baseline"} & fields):
            yield number, texts
            return


def _field(heading: str) -> str | None:
    plain = unicodedata.normalize("NFKC", heading).casefold()  # （市） is (市) for this purpose
    return _FIELDS.get(re.sub(r"[(].*[)]$", "", plain).strip())


def _cells(grid: Grid, heading_line: int, headings: tuple[str, ...], name: str) -> Iterator[TargetCell]:
    columns = _columns(headings, name)
    lines = [(number, texts) for number, texts in grid.lines if number > heading_line]
    if columns.keys() & {"target", "baseline"}:
        if not ("district" in columns and "indicator" in columns):
            raise BadInput(f"{name} 的表头不全：{_EXPECTED}")
        return _long(grid, lines, columns)
    if ("district" in columns) == ("indicator" in columns):
        raise BadInput(f"{name} 的表头看不出哪一列是目标值：{_EXPECTED}")
    return _wide(grid, lines, columns, headings)


def _columns(headings: tuple[str, ...], name: str) -> dict[str, tuple[int, str]]:
    """Return column and heading by field. Raises BadInput for a field that has two."""
    columns: dict[str, tuple[int, str]] = {}
    for place, heading in enumerate(headings):
        field = _field(heading)
        if field is None or field == "beside":
            continue
        if field in columns:
            raise BadInput(f"{name} 的表头重复：“{columns[field][1]}”和“{heading}”，请只留一列")
        columns[field] = place, heading
    if "name" in columns:  # beside the code it is for people to read; alone it is what names the indicator
        columns.setdefault("indicator", columns.pop("name"))
    return columns


_Lines = list[tuple[int, tuple[str, ...]]]


def _long(grid: Grid, lines: _Lines, columns: Mapping[str, tuple[int, str]]) -> Iterator[TargetCell]:
    for number, texts in lines:
        held = {field: _at(texts, columns[field][0]) if field in columns else "" for field in _HEADINGS}
        places = [columns[field][0] for field in ("target", "baseline") if field in columns]
        faults = [fault for place in places if (fault := grid.unreadable.get((number, place)))]
        if not (held["target"] or held["baseline"] or faults):
            continue
        where = {field: grid.cell_name(number, *column) for field, column in columns.items()}
        yield TargetCell(
            indicator=held["indicator"],
            district=held["district"],
            target=held["target"],
            baseline=held["baseline"],
            reason=held["reason"],
            where=where.get("target", where["indicator"]),
            where_baseline=where.get("baseline", where["indicator"]),
            where_names=where["indicator"],
            unreadable=next(iter(faults), ""),
        )


def _wide(
    grid: Grid, lines: _Lines, columns: Mapping[str, tuple[int, str]], headings: tuple[str, ...]
) -> Iterator[TargetCell]:
    down = "district" if "district" in columns else "indicator"
    side, _ = columns[down]
    for number, texts in lines:
        for place, heading in enumerate(headings):
            text, fault = _at(texts, place), grid.unreadable.get((number, place), "")
            if not heading or _field(heading) is not None or not (text or fault):
                continue
            where = grid.cell_name(number, place, heading)
            named = _at(texts, side)
            indicator, district = (heading, named) if down == "district" else (named, heading)
            yield TargetCell(indicator, district, text, "", "", where, where, where, fault)


def _at(texts: tuple[str, ...], place: int) -> str:
    return texts[place] if place < len(texts) else ""
