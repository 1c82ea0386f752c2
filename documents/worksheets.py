"""Reading one worksheet as a stream: its lines with content, and what is merged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from typing import IO
from xml.etree.ElementTree import Element

from openpyxl.utils import column_index_from_string

from config.errors import BadInput
from documents.cells import OF_KIND, Shown, Unreadable, calculated
from documents.grids import MAX_CELLS, MAX_COLUMNS, MAX_FAULTS, MAX_ROWS, MAX_TEXT, Faults, Lines, Merged
from documents.packages import Damaged, grown

LAST_ROW = 1_048_576
"""The last row that a spreadsheet has; a row numbered beyond it comes from a broken or hostile file."""

MAX_SEEN = 12_000_000
"""Cells in a sheet, empty ones included: a million formatted rows are read over, more is no form."""

MAX_MERGED = 10_000
"""Merged ranges that are looked at."""

MAX_HELD = 4 * 1024 * 1024
"""Bytes of the sheet in which no line ends. The widest line takes 1 MB, what stands behind the lines far less."""

_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


def read_worksheet(
    stream: IO[bytes], strings: Sequence[str], formats: Sequence[Shown], name: str
) -> tuple[Lines, Faults, tuple[Merged, ...]]:
    """Return the lines with content by number, what is unreadable in them, and the merged ranges.

    `strings` are the texts that cells share, `formats` how each style shows a number. Raises BadInput for a sheet
    with more than a form can have, one of BROKEN for one that is broken.
    """
    sheet = _Worksheet(strings, formats, name)
    held = 0
    for root, size in grown(stream):
        held = 0 if sheet.take_lines(root) else held + size
        if held > MAX_HELD:
            raise Damaged(f"第 {sheet.line} 行以后过长")
    sheet.take_lines(root, to_the_end=True)
    return tuple(sheet.lines), sheet.unreadable, merged_in(root)


class _Worksheet:
    """What has been read so far. Lines are taken out of the growing tree as soon as they are complete."""

    def __init__(self, strings: Sequence[str], formats: Sequence[Shown], name: str) -> None:
        self.lines: list[tuple[int, tuple[str, ...]]] = []
        self.unreadable: dict[tuple[int, int], str] = {}
        self._strings, self._name = strings, name
        self._formats = {str(style): how for style, how in enumerate(formats)}
        self.line = self._seen = self._kept = 0
        self._formulas: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._value = ""

    def take_lines(self, root: Element, *, to_the_end: bool = False) -> bool:
        """Read the lines that are complete and take them out of the tree; the last one may still be growing.

        Return whether there were any.
        """
        space = root.tag.removesuffix("worksheet")
        data = root.find(f"{space}sheetData")
        if data is None:
            return False
        self._value = f"{space}v"
        ready = len(data) if to_the_end else len(data) - 1
        if ready > 0:
            for row in data[:ready]:
                self._read_line(row)
            del data[:ready]
        return ready > 0

    def _read_line(self, row: Element) -> None:
        """Read a line, and keep it when it holds anything."""
        given = row.get("r")
        line = self.line + 1 if given is None else index_of(given)
        if line <= self.line:
            raise Damaged(f"第 {line} 行次序不对")
        self.line = line
        self._seen += len(row)
        if self._seen > MAX_SEEN:
            raise BadInput(f"{self._name} 的单元格过多，不是报送表，请删去表格以外设了格式的空行空列")
        faults = len(self.unreadable)
        texts = self._texts(row) if line <= LAST_ROW else []
        if texts or len(self.unreadable) > faults:
            self.lines.append((line, tuple(texts)))
            self._kept += len(texts)
            if len(self.lines) > MAX_ROWS:
                raise BadInput(f"{self._name} 超过 {MAX_ROWS} 行，不是报送表，请核对")
            if self._kept > MAX_CELLS or len(self.unreadable) > MAX_FAULTS:
                raise BadInput(f"{self._name} 的内容过多，不是报送表，请核对")

    def _texts(self, row: Element) -> list[str]:
        """Return the texts of a line, from the first column through the last one with a text."""
        texts: list[str] = []
        digits = len(str(self.line))
        column = -1
        for cell in row:
            reference = cell.get("r", "")
            known = self._columns.get(reference[:-digits])
            column = self._column(reference, column) if known is None else known
            if not len(cell) or column >= MAX_COLUMNS:
                continue
            kind = cell.get("t", "n")
            try:
                text = self._strings[int(cell[0].text or "")] if kind == "s" else self._text(cell, kind)
            except Unreadable as fault:
                self.unreadable[self.line, column] = fault.reason
                text = fault.text
            if not text:
                continue
            if column == len(texts):
                texts.append(text)
            else:
                texts.extend([""] * (column + 1 - len(texts)))
                texts[column] = text
        return texts

    def _column(self, reference: str, before: int) -> int:
        """Return the column of a cell, from 0; the next one when the cell does not say."""
        letters = reference.rstrip("0123456789")
        if not letters:
            return before + 1
        column = self._columns[letters] = column_index_from_string(letters) - 1
        return column

    def _text(self, cell: Element, kind: str) -> str:
        """Return the text of a cell that shares none. Raises Unreadable for what is neither text nor number."""
        if len(cell) > 1 or kind == "inlineStr" or cell[0].tag != self._value:
            return self._put_together(cell, kind)
        return self._read(cell, kind, cell[0].text)

    def _put_together(self, cell: Element, kind: str) -> str:
        """Return the text of a cell with a formula, or with a text of its own."""
        parts = {part.tag.rpartition("}")[2]: part for part in cell}
        stored = parts["v"].text if "v" in parts else None
        if kind == "inlineStr" and "is" in parts:
            stored = "".join(_spoken(parts["is"]))
        text = self._read(cell, kind, stored)
        if "f" not in parts:
            return text
        written, shared = parts["f"].text or "", parts["f"].get("si")
        return calculated(self._formulas.setdefault(shared, written) if shared else written, text)

    def _read(self, cell: Element, kind: str, stored: str | None) -> str:
        if not stored or stored.isspace():
            return ""
        if len(stored) > MAX_TEXT:
            raise Damaged(f"有超过 {MAX_TEXT} 字的单元格")
        return OF_KIND[kind](stored, self._formats.get(cell.get("s", "0"), Shown.PLAIN))


def _spoken(text: Element) -> list[str]:
    """Return the pieces of a cell's own text; how it is read aloud in Japanese is no part of it."""
    parts = (part.iter() for part in text if part.tag.rpartition("}")[2] in ("t", "r"))
    return [each.text or "" for each in chain.from_iterable(parts) if each.tag.rpartition("}")[2] == "t"]


def merged_in(root: Element) -> tuple[Merged, ...]:
    """Return the ranges that a sheet has merged."""
    found: list[Merged] = []
    for each in root.iterfind("{*}mergeCells/{*}mergeCell"):
        area = _AREA.fullmatch(each.get("ref", ""))
        if area and len(found) < MAX_MERGED:
            left, right = (column_index_from_string(area[group]) - 1 for group in (1, 3))
            found.append(Merged(area[0], (int(area[2]), int(area[4])), (left, right)))
    return tuple(found)


def index_of(text: str) -> int:
    """Return a number that counts something. Raises Damaged for what int() takes beside plain digits."""
    if not (text.isascii() and text.isdigit()):
        raise Damaged(f"“{text[:20]}”不是序号")
    return int(text)
