"""How the cells of a form look."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from documents.forms.columns import Column
from documents.widths import half_widths

WIDTHS = {
    Column.CODE: 7, Column.NAME: 24, Column.DEFINITION: 46, Column.UNIT_OF_MEASURE: 9, Column.AREA: 10,
    Column.TARGET: 12, Column.EXPECTED: 12, Column.PREVIOUS: 12, Column.VALUE: 14, Column.STATE: 9, Column.NOTE: 26,
    Column.CHECK: 30,
}  # fmt: skip
"""Of the columns, in narrow characters of the body's size."""

LINE_HEIGHT = 14
"""Points of a line of text."""

_FONT, _SIZE = "宋体", 10
_INPUT, _HEADING, _BORDER, _PROBLEM = "#FFF8DC", "#E8ECF1", "#A6A6A6", "#C00000"


@dataclass(frozen=True)
class Formats:
    """The formats of one workbook."""

    title: Format
    head: Format
    remark: Format
    heading: Format
    text: Format
    whole: Format
    decimal: Format
    value: Format
    choice: Format
    note: Format
    check: Format
    problem: Format

    def of_head(self, line: int) -> Format:
        """Return the format of a line above the table: title, what every form says, what was said to this one."""
        return self.title if line == 0 else self.head if line < _ALWAYS else self.remark


_ALWAYS = 4
"""Lines above the table that every form has."""


def make_formats(book: Workbook) -> Formats:
    """Return the formats, made in `book`."""
    body: dict[str, Any] = {"font_name": _FONT, "font_size": _SIZE, "valign": "vcenter", "text_wrap": True}
    cell = body | {"border": 1, "border_color": _BORDER}
    entry = cell | {"locked": False, "bg_color": _INPUT}
    return Formats(
        title=book.add_format(body | {"font_size": 16, "bold": True, "align": "center"}),
        head=book.add_format(body),
        remark=book.add_format(body | {"font_color": _PROBLEM, "bold": True}),
        heading=book.add_format(cell | {"bold": True, "align": "center", "bg_color": _HEADING}),
        text=book.add_format(cell),
        whole=book.add_format(cell | {"num_format": "#,##0", "align": "right"}),
        decimal=book.add_format(cell | {"num_format": "#,##0.00####", "align": "right"}),
        value=book.add_format(entry | {"align": "right"}),
        choice=book.add_format(entry | {"align": "center"}),
        note=book.add_format(entry),
        check=book.add_format(cell),
        problem=book.add_format({"font_color": _PROBLEM, "bold": True}),
    )


def lines_of(text: str, width: int) -> int:
    """Return how many lines `text` takes in a cell of that width; a Chinese character is two narrow ones wide."""
    return max(1, ceil(half_widths(text) / (width - 1)))
