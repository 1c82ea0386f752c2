"""Scoring workbooks for the tests: made, spoiled, changed by hand, recalculated by LibreOffice, read back."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, unescape

import openpyxl
from needed import libreoffice
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.workbook import Workbook
from python_calamine import CalamineSheet, CalamineWorkbook
from scoring_cases import Json, scored

from documents.scoring import Labels, scoring_workbook
from documents.scoring.table import HEAD, Table
from supervision.workdays import Workdays, published

SPOILT = -999
"""What stands in place of every cached result before LibreOffice recalculates."""

_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""
_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>([^<]*)</f><v>([^<]*)</v></c>')
_TEXT = ' t="str"'
_CELL = '<c r="{place}"( s="[0-9]+")?(?: t="[a-z]+")?(?:/>|>.*?</c>)'


def a_workbook(
    case: Json,
    *,
    title: str = "2022年第二季度评分工作簿",
    labels: Labels | None = None,
    calendar: Workdays | None = None,
    simulated: bool = True,
    vetoes: Mapping[str, str] | None = None,
) -> bytes:
    """Return the workbook of the run of `case`."""
    return scoring_workbook(
        case,
        scored(case),
        title=title,
        labels=labels or Labels(),
        calendar=calendar or published(),
        simulated=simulated,
        vetoes=vetoes,
    )


def opened(content: bytes) -> Workbook:
    """Return a workbook with its formats and the values that stand in its cells."""
    return openpyxl.load_workbook(io.BytesIO(content), data_only=True)


def _rewritten(content: bytes, change: Callable[[str, str], str]) -> bytes:
    """Return the package with `change(name, text)` applied to every sheet."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        titles = re.findall(r'<sheet name="(.*?)"', source.read("xl/workbook.xml").decode())
        names = {f"xl/worksheets/sheet{n}.xml": title for n, title in enumerate(titles, start=1)}
        for part in source.namelist():
            text = source.read(part)
            if part in names:
                text = change(names[part], text.decode()).encode()
            made.writestr(part, text)
    return target.getvalue()


def spoilt(content: bytes) -> bytes:
    """Return the workbook with a wrong cached result under every formula: what is right later was recalculated."""

    def wrong(found: re.Match[str]) -> str:
        place, kind, formula, _ = found.groups()
        return f'<c r="{place}"{kind.replace(_TEXT, "")}><f>{formula}</f><v>{SPOILT}</v></c>'

    return _rewritten(content, lambda _, text: _FORMULA.sub(wrong, text))


def changed(content: bytes, cells: Mapping[tuple[str, str], str | float | None]) -> bytes:
    """Return the workbook with cells, by sheet and place, filled in as somebody would by hand; None empties one."""

    def change(sheet: str, text: str) -> str:
        for (name, place), value in cells.items():
            if name == sheet:
                text, count = re.subn(_CELL.format(place=place), _filled(place, value), text)
                assert count == 1, f"{sheet}!{place}"
        return text

    return _rewritten(content, change)


def _filled(place: str, value: str | float | None) -> str:
    if value is None:
        return rf'<c r="{place}"\1/>'
    if isinstance(value, str):
        return rf'<c r="{place}"\1 t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return rf'<c r="{place}"\1><v>{value}</v></c>'


def recalculated(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Return what LibreOffice, started once, makes of the files when it recalculates them as it loads them."""
    profile, results = folder / "profile", folder / "recalculated"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS, encoding="utf-8")
    paths = []
    for name, content in files.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(content)
        paths.append(str(path))
    command = [libreoffice(), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(results), *paths], check=True, capture_output=True, timeout=240)
    return {name: (results / f"{name}.xlsx").read_bytes() for name in files}


Grid = list[list[Any]]


def grids_of(content: bytes) -> dict[str, Grid]:
    """Return the values of every sheet, nothing and empty text as None."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: _grid(book.get_sheet_by_name(name)) for name in book.sheet_names}


def _grid(sheet: CalamineSheet) -> Grid:
    rows = sheet.to_python(skip_empty_area=False)
    return [[None if value == "" else value for value in row] for row in rows]


def rows_of(grids: Mapping[str, Grid], table: Table) -> Iterator[dict[str, Any]]:
    """Yield the lines of a table by column key."""
    keys = [column.key for column in table.columns]
    for row in grids[table.name][HEAD:]:
        yield dict(zip(keys, [*row, *[None] * len(keys)], strict=False))


class Formula(NamedTuple):
    """A formula of a workbook that was just made, and the result stored under it: a number, text or None."""

    sheet: str
    row: int
    column: int
    text: str
    stored: float | str | None


def formulas_of(content: bytes) -> Iterator[Formula]:
    """Yield every formula, `row` and `column` counted from 0."""
    for sheet, text in _sheets(content):
        for place, kind, formula, value in _FORMULA.findall(text):
            row, column = coordinate_to_tuple(place)
            stored = unescape(value) if 't="str"' in kind else float(value) if value else None
            yield Formula(sheet, row - 1, column - 1, unescape(formula), stored)


def _sheets(content: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        titles = re.findall(r'<sheet name="(.*?)"', package.read("xl/workbook.xml").decode())
        for number, title in enumerate(titles, start=1):
            yield title, package.read(f"xl/worksheets/sheet{number}.xml").decode()
