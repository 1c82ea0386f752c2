"""Reading a .xlsx workbook: values as they stand in the cells, without running anything.

Streamed and read once, because no library tells at once what a figure needs told: the stored result, that it is a
formula's, and the number format that makes 0.05 five per cent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import get_column_letter

from config.errors import BadInput
from documents.cells import Shown, shown
from documents.grids import MAX_TEXT, Grid, tidy
from documents.packages import BROKEN, Damaged, Package, not_collecting, open_package, walk
from documents.worksheets import read_worksheet

MAX_STRINGS = 2_000_000
"""Different texts in a workbook."""

_VISIBLE = "visible"


@dataclass(frozen=True, slots=True)
class _Listed:
    """A sheet as the workbook lists it."""

    title: str
    part: str
    visible: bool


def read_workbook(content: bytes, name: str, *, hidden: Collection[str] = ()) -> list[Grid]:
    """Return the visible sheets of a workbook in order, and the hidden ones of the titles in `hidden`.

    Raises BadInput in one line for a package that is damaged, encrypted, too large, no workbook or with macros.
    """
    package = open_package(content, name)
    try:
        book, others = _book(package)
        wanted = [sheet for sheet in _sheets(package, book) if sheet.visible or sheet.title in hidden]
        with not_collecting():
            strings = _strings(package, others.get("sharedStrings", ""))
            formats = _formats(package, others.get("styles", ""))
            return [_grid(package, sheet, strings, formats, name) for sheet in wanted]
    except BadInput:
        raise
    except BROKEN as damage:
        reason = str(damage) if isinstance(damage, Damaged) else type(damage).__name__
        raise BadInput(f"{name} 已损坏或不是 .xlsx 工作簿，请重新保存后再报（{reason}）") from None


def _grid(package: Package, sheet: _Listed, strings: list[str], formats: list[Shown], name: str) -> Grid:
    with package.open(sheet.part) as stream:
        lines, unreadable, merged = read_worksheet(stream, strings, formats, name)
    return Grid(sheet.title, lines, cell_name, unreadable, merged)


def cell_name(line: int, column: int, _heading: str = "") -> str:
    """Return what a spreadsheet calls the cell: B7. `column` counts from 0."""
    return f"{get_column_letter(column + 1)}{line}"


def _book(package: Package) -> tuple[str, dict[str, str]]:
    """Return the part that lists the sheets, and the parts it refers to by kind."""
    for kind, part in package.related("").values():
        if kind == "officeDocument":
            return part, dict(package.related(part).values())
    raise Damaged("没有工作簿")


def _sheets(package: Package, book: str) -> Iterator[_Listed]:
    listed: list[_Listed] = []
    parts = package.related(book)

    def start(tag: str, of: dict[str, str]) -> None:
        if tag == "sheet":
            number = next((value for key, value in of.items() if key.rpartition(":")[2] == "id"), "")
            kind, part = parts.get(number, ("", ""))
            if kind == "worksheet":
                listed.append(_Listed(of.get("name", ""), part, of.get("state", _VISIBLE) == _VISIBLE))

    with package.open(book) as stream:
        walk(stream, start)
    if not listed:
        raise Damaged("没有工作表")
    yield from listed


def _strings(package: Package, part: str) -> list[str]:
    """Return the texts that cells share, in order; how a text is read aloud in Japanese is no part of it."""
    found: list[str] = []
    pieces: list[str] = []
    keep = False
    aside = length = 0

    def start(tag: str, of: dict[str, str]) -> None:
        nonlocal keep, aside
        if tag == "t":
            keep = not aside
        elif tag == "rPh":
            aside += 1

    def end(tag: str) -> None:
        nonlocal keep, aside, length
        if tag == "t":
            keep = False
        elif tag == "rPh":
            aside -= 1
        elif tag == "si":
            found.append(tidy("".join(pieces)))
            pieces.clear()
            length = 0
            if len(found) > MAX_STRINGS:
                raise Damaged("文字过多")

    def text(piece: str) -> None:
        nonlocal length
        if keep:
            pieces.append(piece)
            length += len(piece)
            if length > MAX_TEXT:
                raise Damaged(f"有超过 {MAX_TEXT} 字的单元格")

    if part and package.has(part):
        with package.open(part) as stream:
            walk(stream, start, end, text)
    return found


def _formats(package: Package, part: str) -> list[Shown]:
    """Return by a cell's style how its number is shown."""
    codes: dict[str, str] = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    styles: list[str] = []
    in_cells = False

    def start(tag: str, of: dict[str, str]) -> None:
        nonlocal in_cells
        if tag == "numFmt":
            codes[of.get("numFmtId", "")] = of.get("formatCode", "")
        elif tag == "cellXfs":
            in_cells = True
        elif tag == "xf" and in_cells:
            styles.append(of.get("numFmtId", "0"))

    def end(tag: str) -> None:
        nonlocal in_cells
        in_cells = in_cells and tag != "cellXfs"

    if part and package.has(part):
        with package.open(part) as stream:
            walk(stream, start, end)
    known = {number: shown(codes.get(number, "")) for number in dict.fromkeys(styles)}
    return [known[number] for number in styles]
