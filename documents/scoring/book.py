"""The workbook while it is written: cells with a look, sheets with a head, formats made once.

Text always goes in as text, whatever it begins with: a name like `=1+1` is a name.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from documents.scoring.cells import BODY_FONT, CENTRED, HEAD_FONT, PLAIN, PROPERTIES, SIZE, WRAPPED, Cell, Look, text
from documents.scoring.table import HEAD, Block, Table
from documents.widths import half_widths

LONGEST_TEXT = 32_767
"""Characters that a cell can hold."""

A4 = 9
_SCALE = 60
"""Percent of the size on screen at which a table of two pages' width is printed."""

_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.6, "bottom": 0.6}  # inches
_TITLE_HEIGHT, _HEADING_HEIGHT = 26, 44  # points
_INDENT = 2  # characters of a column's width in which no text stands
_HIGHEST = 409  # points: a file with a higher row is taken for damaged
_LINE_HEIGHT, _AIR = 13.5, 3  # points: of a line of text, and above and below all of them together

SIMULATED = "模拟数据"

_LOOKS_LIKE_A_FORMULA = ("=", "+", "-", "@")


def lines_of(content: str, width: float) -> int:
    """Return how many lines text takes in a column of so many characters; a Chinese one is two wide."""
    return max(1, math.ceil(half_widths(content) / max(width - _INDENT, 1)))


class Book:
    """A workbook in memory. `content` closes it and gives its bytes, the same for the same calls."""

    def __init__(self, *, title: str, day: date, simulated: bool) -> None:
        """Begin a workbook; `day` stands in its properties as the day it was made."""
        self._buffer = io.BytesIO()
        font = {"font_name": BODY_FONT, "font_size": SIZE}
        options = {"in_memory": True, "default_format_properties": font}
        self._workbook = xlsxwriter.Workbook(self._buffer, options)
        self._workbook.set_properties({"title": title, "created": datetime.combine(day, time(0))})
        self._formats: dict[tuple[Look, str, bool, bool], Format] = {}
        self.title = title
        self.simulated = simulated

    def format(self, look: Look, number: str = PLAIN, *, quoted: bool = False, centred: bool = False) -> Format:
        """Return the format of a look with a number format, made once.

        `quoted` keeps text that looks like a formula a text even after it was edited.
        """
        key = look, number, quoted, centred
        found = self._formats.get(key)
        if found is None:
            properties = dict(PROPERTIES[look])
            if number != PLAIN:
                properties["num_format"] = number
            if quoted:
                properties["quote_prefix"] = True
            if centred:
                properties["align"] = "center"
            found = self._formats[key] = self._workbook.add_format(properties)
        return found

    def colour(self, **properties: object) -> Format:
        """Return a format for a condition."""
        return self._workbook.add_format(dict(properties))

    def name(self, name: str, place: str) -> None:
        """Let formulas call `place`, like '办法'!$B$4, by `name`."""
        self._workbook.define_name(name, f"={place}")

    def sheet(self, name: str, widths: Sequence[float]) -> Sheet:
        """Return a new sheet with columns of these widths, protected without a password, set up for A4 across."""
        return Sheet(self, self._workbook.add_worksheet(name), widths)

    def table(self, table: Table, remark: str, *, frozen: str | None = None) -> Sheet:
        """Return a new sheet with the head of `table`; the columns through `frozen` stay in sight."""
        sheet = self.sheet(table.name, [column.width for column in table.columns])
        sheet.head(f"{self.title}——{table.name}", remark)
        for index, column in enumerate(table.columns):
            sheet.put(HEAD, index, text(column.heading, Look.HEADING))
        sheet.worksheet.set_row(HEAD - 1, _HEADING_HEIGHT)
        sheet.worksheet.freeze_panes(HEAD, table.places[frozen] + 1 if frozen else 0)
        sheet.worksheet.repeat_rows(0, HEAD - 1)
        return sheet

    def content(self) -> bytes:
        """Return the finished workbook."""
        self._workbook.close()
        return self._buffer.getvalue()


class Sheet:
    """A sheet while it is written."""

    def __init__(self, book: Book, worksheet: Worksheet, widths: Sequence[float]) -> None:
        self.book = book
        self.worksheet = worksheet
        self._widths = widths
        for index, width in enumerate(widths):
            worksheet.set_column(index, index, width)
        worksheet.set_landscape()
        worksheet.set_paper(A4)
        worksheet.set_margins(**_MARGINS)
        worksheet.fit_to_pages(1, 0)
        worksheet.set_footer("&C第 &P 页，共 &N 页")
        worksheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
        everywhere = f"A1:XFD{2**20}"
        worksheet.ignore_errors({"number_stored_as_text": everywhere, "formula_differs": everywhere})

    def head(self, title: str, remark: str) -> None:
        """Write the first two rows: the title, and what is to be known; made-up data is marked in both."""
        mark = f"（{SIMULATED}）" if self.book.simulated else ""
        self.worksheet.set_row(0, _TITLE_HEIGHT)
        self.put(1, 0, text(title + mark, Look.TITLE))
        self.put(2, 0, text(remark, Look.REMARK))
        if self.book.simulated:
            self.worksheet.set_header(f'&R&"{HEAD_FONT}"&10{SIMULATED}')

    def row(self, table: Table, row: int, cells: Mapping[str, Cell]) -> None:
        """Write a line of `table`: a cell for every column that has one."""
        places = table.places
        self._line(row, [(places[key], cell) for key, cell in cells.items() if key in places])

    def line(self, row: int, cells: Sequence[Cell]) -> None:
        """Write cells side by side from the first column on."""
        self._line(row, enumerate(cells))

    def _line(self, row: int, cells: Iterable[tuple[int, Cell]]) -> None:
        """Write cells by their columns; not every program makes a row as high as its text needs, so it is said."""
        lines = 1
        for column, cell in cells:
            self.put(row, column, cell)
            if cell.look in WRAPPED and isinstance(cell.value, str):
                lines = max(lines, lines_of(cell.value, self._widths[column]))
        if lines > 1:
            self.height(row, lines)

    def height(self, row: int, lines: int) -> None:
        """Make a row high enough for so many lines of text, as far as a row can be."""
        self.worksheet.set_row(row - 1, min(_LINE_HEIGHT * lines + _AIR, _HIGHEST))

    def merged(self, row: int, columns: tuple[int, int], content: str, look: Look) -> None:
        """Write text across columns, both included, in a row as high as it needs."""
        first, last = columns
        # The library would take text given here for a formula when it looks like one.
        self.worksheet.merge_range(row - 1, first, row - 1, last, "", self.book.format(look))
        self.put(row, first, text(content, look))
        self.height(row, lines_of(content, sum(self._widths[first : last + 1])))

    def two_pages_wide(self, table: Table, *, second: str, repeated: str) -> None:
        """Print the sheet on two pages side by side: one through the columns before `second`, one from there on.

        The columns through `repeated` stand on both.
        """
        self.worksheet.set_print_scale(_SCALE)
        self.worksheet.set_v_pagebreaks([table.places[second]])
        self.worksheet.repeat_columns(0, table.places[repeated])

    def filters(self, table: Table, rows: Block) -> None:
        """Let the reader show only some of the lines of `table`."""
        self.worksheet.autofilter(HEAD - 1, 0, rows.last - 1, len(table.columns) - 1)

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Write one cell; `row` counts from 1, `column` from 0."""
        value, look, number, formula = cell
        worksheet = self.worksheet
        if formula is not None:
            centred = look in CENTRED and number == PLAIN and isinstance(value, str)
            style = self.book.format(look, number, centred=centred)
            worksheet.write_formula(row - 1, column, f"={formula}", style, value)
        elif value is None or value == "":
            worksheet.write_blank(row - 1, column, None, self.book.format(look, number))
        elif isinstance(value, str):
            quoted, centred = value.startswith(_LOOKS_LIKE_A_FORMULA), look in CENTRED
            style = self.book.format(look, number, quoted=quoted, centred=centred)
            worksheet.write_string(row - 1, column, value[:LONGEST_TEXT], style)
        elif isinstance(value, date):
            style = self.book.format(look, number, centred=True)
            worksheet.write_datetime(row - 1, column, datetime.combine(value, time(0)), style)
        else:
            worksheet.write_number(row - 1, column, value, self.book.format(look, number))
