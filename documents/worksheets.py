"""Reading one worksheet as a stream: its lines with content, and what is merged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from typing import IO
from xml.parsers import expat

from openpyxl.utils import column_index_from_string

from config.errors import BadInput
from documents.cells import OF_KIND, Shown, Unreadable, calculated
from documents.grids import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, Faults, Lines, Merged
from documents.packages import Damaged, feed, without_prefix

LAST_ROW = 1_048_576
"""The last row that a spreadsheet has; a row numbered beyond it comes from a broken or hostile file."""

MAX_SEEN = 12_000_000
"""Cells in a sheet, empty ones included: a million formatted rows are read over, more is no form."""

MAX_WIDE = 20_000
"""Cells in one line; a spreadsheet has 16,384 columns."""

MAX_MERGED = 10_000
"""Merged ranges that are looked at."""

_BUFFER = 4 * MAX_TEXT
"""Bytes of text that the parser gives at once: a text that comes in two pieces is too long."""

_WITH_TEXT = 7
"""Three attributes by name and value, and a text: how most programs write a cell that shares a text."""

_NAME = 2
"""Letters of the longest attribute of a cell: cm, vm, ph."""

_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


def read_worksheet(
    stream: IO[bytes], strings: Sequence[str], formats: Sequence[Shown], name: str
) -> tuple[Lines, Faults, tuple[Merged, ...]]:
    """Return the lines with content by number, what is unreadable in them, and the merged ranges.

    `strings` are the texts that cells share, `formats` how each style shows a number. Raises BadInput for a sheet
    with more than a form can have, one of BROKEN for one that is broken.
    """
    sheet = _Worksheet(strings, formats, name)
    feed(sheet.parser, stream, sheet.between)
    sheet.end_line()
    return tuple(sheet.lines), sheet.unreadable, tuple(sheet.merged)


class _Mark(Enum):
    """What the texts after it belong to."""

    VALUE = auto()
    NOTHING = auto()
    ASIDE = auto()
    """How a text is read aloud in Japanese, up to the end of the cell."""


_Part = str | tuple[str] | _Mark
"""A piece of text; a formula, by the number under which it is shared (empty: it is not); a mark."""

_Plain = list[str]
"""A cell as it comes: name and value of its attributes in turn, and at the end its text if it has one."""

_Composed = tuple[_Plain, list[_Part]]
"""A cell with a formula, or with a text of its own, and what it is put together of."""


class _Worksheet:
    """The state of reading.

    A line is noted down as it comes and read when the next one begins. To listen only to what begins, and to let the
    parser itself put the text where it belongs, takes a third of the time of handling every event.
    """

    def __init__(self, strings: Sequence[str], formats: Sequence[Shown], name: str) -> None:
        self.lines: list[tuple[int, tuple[str, ...]]] = []
        self.unreadable: dict[tuple[int, int], str] = {}
        self.merged: list[Merged] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = self.parser.ordered_attributes = True
        self.parser.buffer_size = _BUFFER
        self.parser.StartElementHandler = without_prefix(self.parser, self._start)
        self._strings, self._name = strings, name
        self._formats = {str(number): how for number, how in enumerate(formats)}
        self._cells: list[_Plain | _Composed] = []
        self._composing = False
        self._line = self._seen = self._kept = 0
        self._formulas: dict[str, str] = {}
        self._columns: dict[str, int] = {}

    def _start(self, tag: str, of: list[str]) -> None:
        """Note what begins in a line; read the line when the next one begins."""
        if tag == "c":
            self._cells.append(of)
            self._composing = False
            self.parser.CharacterDataHandler = of.append
        elif tag == "v" and not self._composing:
            if self._cells and len(self._cells[-1]) & 1:  # blanks before the value
                self._compose(tag, of)
        elif tag == "row":
            self.end_line()
            self._begin_line(_named(of).get("r"))
        elif tag == "mergeCell":
            self._merge(_named(of).get("ref", ""))
        elif self._cells:
            self._compose(tag, of)

    def _compose(self, tag: str, of: list[str]) -> None:
        """Note a part of the last cell, or what begins after it and is none."""
        cell = self._cells[-1]
        if isinstance(cell, list):
            cell = (cell, [])
            self._cells[-1] = cell
            self._composing = True
            self.parser.CharacterDataHandler = cell[1].append
        parts = cell[1]
        if tag == "f":
            parts.append((_named(of).get("si", ""),))
        elif tag == "v" or tag == "t":
            parts.append(_Mark.VALUE)
        elif not parts or parts[-1] is not _Mark.NOTHING:
            parts.append(_Mark.ASIDE if tag == "rPh" else _Mark.NOTHING)

    def between(self) -> None:
        """Expect the last text in two pieces, as the stream was. Raises Damaged for a line with too many cells."""
        if len(self._cells) > MAX_WIDE:
            raise Damaged(f"第 {self._line} 行过长")
        if self._cells and not self._composing:
            self._compose("v", [])

    def _begin_line(self, number: str | None) -> None:
        line = self._line + 1 if number is None else index_of(number)
        if line <= self._line:
            raise Damaged(f"第 {line} 行次序不对")
        self._line = line

    def end_line(self) -> None:
        """Read the line that was noted down, and keep it when it holds anything."""
        self._seen += len(self._cells)
        if self._seen > MAX_SEEN:
            raise BadInput(f"{self._name} 的单元格过多，不是报送表，请删去表格以外设了格式的空行空列")
        faults = len(self.unreadable)
        texts = self._texts() if self._line <= LAST_ROW else []
        self._cells.clear()
        if texts or len(self.unreadable) > faults:
            self.lines.append((self._line, tuple(texts)))
            self._kept += len(texts)
            if len(self.lines) > MAX_ROWS:
                raise BadInput(f"{self._name} 超过 {MAX_ROWS} 行，不是报送表，请核对")
            if self._kept > MAX_CELLS:
                raise BadInput(f"{self._name} 的内容过多（超过 {MAX_CELLS} 格），不是报送表，请核对")

    def _texts(self) -> list[str]:
        """Return the texts of the line, from the first column through the last one with a text."""
        texts: list[str] = []
        digits = len(str(self._line))
        column = -1
        for cell in self._cells:
            of = cell if isinstance(cell, list) else cell[0]
            known = self._columns.get(of[1][:-digits]) if len(of) == _WITH_TEXT and of[5] == "s" else None
            if known is not None and cell is of:  # the most frequent cell by far: a text that several share
                column, text = known, self._strings[int(of[6])]
            else:
                column = self._column(of, column)
                text = self._text(cell, column) if column < MAX_COLUMNS else ""
            if not text:
                continue
            if column == len(texts):
                texts.append(text)
            else:
                texts.extend([""] * (column + 1 - len(texts)))
                texts[column] = text
        return texts

    def _text(self, cell: _Plain | _Composed, column: int) -> str:
        try:
            return self._value(cell) if isinstance(cell, list) else self._put_together(*cell)
        except Unreadable as fault:
            self.unreadable[self._line, column] = fault.reason
            return fault.text

    def _column(self, of: _Plain, before: int) -> int:
        """Return the column of a cell, from 0; the next one when the cell does not say."""
        reference = of[1] if of and of[0] == "r" else _named(of).get("r", "")
        letters = reference.rstrip("0123456789")
        if letters not in self._columns:
            if not letters:
                return before + 1
            self._columns[letters] = column_index_from_string(letters) - 1
        return self._columns[letters]

    def _value(self, of: _Plain) -> str:
        """Return the text of a cell that has a value and nothing else."""
        if not len(of) & 1:
            if of and len(of[-2]) > _NAME:
                raise _too_long()
            return ""
        if len(of) > 1 and len(of[-3]) > _NAME:
            raise _too_long()
        return self._read(of, of[-1])

    def _put_together(self, of: _Plain, parts: list[_Part]) -> str:
        """Return the text of a composed cell."""
        value = of[-1:] if len(of) & 1 else []
        formula: list[str] = []
        into, shared = value, None
        for part in parts:
            if isinstance(part, str):
                into.append(part)
            elif isinstance(part, tuple):
                into, shared = formula, part[0]
            elif part is _Mark.ASIDE:
                break
            else:
                into = value if part is _Mark.VALUE else []
        text = self._read(of, "".join(value))
        if shared is None:
            return text
        written = "".join(formula).strip()
        return calculated(self._formulas.setdefault(shared, written) if shared else written, text)

    def _read(self, of: _Plain, stored: str) -> str:
        names = of[:-1:2]
        kind = of[2 * names.index("t") + 1] if "t" in names else "n"
        if kind == "s" and stored:
            return self._strings[int(stored)]
        stored = stored.strip()
        if len(stored) > MAX_TEXT:
            raise _too_long()
        if not stored:
            return ""
        style = of[2 * names.index("s") + 1] if "s" in names else "0"
        return OF_KIND[kind](stored, self._formats.get(style, Shown.PLAIN))

    def _merge(self, area: str) -> None:
        found = _AREA.fullmatch(area)
        if found and len(self.merged) < MAX_MERGED:
            left, right = (column_index_from_string(found[group]) - 1 for group in (1, 3))
            self.merged.append(Merged(area, (int(found[2]), int(found[4])), (left, right)))


def _named(of: list[str]) -> dict[str, str]:
    """Return the attributes of a tag by name; a text behind them is none."""
    return dict(zip(of[::2], of[1::2], strict=False))


def _too_long() -> Damaged:
    return Damaged(f"有超过 {MAX_TEXT} 字的单元格")


def index_of(text: str) -> int:
    """Return a number that counts something. Raises Damaged for what int() takes beside plain digits."""
    if not (text.isascii() and text.isdigit()):
        raise Damaged(f"“{text[:20]}”不是序号")
    return int(text)
