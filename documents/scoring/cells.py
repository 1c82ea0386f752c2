"""The cells of the workbook: what stands in one, what it is for, and how it looks for that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import NamedTuple

BODY_FONT, HEAD_FONT = "宋体", "黑体"
SIZE = 10

PLAIN, SIX, TWO, WHOLE, DAY = "General", "0.000000", "0.00", "0", "yyyy-mm-dd"
"""Number formats: as it stands, six and two decimals, whole numbers, dates."""


class Look(Enum):
    """What a cell is for. Only inputs and parameters can be changed by hand."""

    TEXT = auto()
    INPUT = auto()
    PARAMETER = auto()
    FORMULA = auto()
    RESULT = auto()
    STORED = auto()
    UNUSED = auto()
    HEADING = auto()
    TITLE = auto()
    SECTION = auto()
    REMARK = auto()
    WARNING = auto()
    PARAGRAPH = auto()


_BOX: Mapping[str, object] = {"border": 1, "border_color": "#BFBFBF", "valign": "vcenter"}

PROPERTIES: Mapping[Look, Mapping[str, object]] = {
    Look.TEXT: {**_BOX, "text_wrap": True, "indent": 1},
    Look.INPUT: {**_BOX, "bg_color": "#FFF2CC", "locked": False},
    Look.PARAMETER: {**_BOX, "bg_color": "#DDEBF7", "locked": False},
    Look.FORMULA: _BOX,
    Look.RESULT: {**_BOX, "bold": True, "bg_color": "#E2EFDA"},
    Look.STORED: {**_BOX, "font_color": "#595959", "bg_color": "#EDEDED"},
    Look.UNUSED: {**_BOX, "bg_color": "#D9D9D9"},
    Look.HEADING: {**_BOX, "text_wrap": True, "font_name": HEAD_FONT, "bg_color": "#D9E1F2", "align": "center"},
    Look.TITLE: {"font_name": HEAD_FONT, "font_size": 16, "valign": "vcenter"},
    Look.SECTION: {"font_name": HEAD_FONT, "font_size": 12, "valign": "vcenter"},
    Look.REMARK: {"font_color": "#595959", "valign": "vcenter", "indent": 1},
    Look.WARNING: {"font_name": HEAD_FONT, "font_color": "#C00000", "valign": "vcenter"},
    Look.PARAGRAPH: {"text_wrap": True, "valign": "top"},
}


WRAPPED = frozenset({Look.TEXT, Look.HEADING})
"""Looks in which text runs over several lines."""

CENTRED = frozenset({Look.INPUT, Look.PARAMETER, Look.FORMULA, Look.RESULT, Look.STORED})
"""Looks in which a word stands in the middle, so that it does not run into the number on its left."""


class Cell(NamedTuple):
    """One cell. With a `formula`, `value` is what the stored run found, shown until somebody recalculates."""

    value: str | float | date | None
    look: Look = Look.TEXT
    number: str = PLAIN
    formula: str | None = None


def text(value: str | None, look: Look = Look.TEXT) -> Cell:
    """Return a cell of text, empty for None."""
    return Cell(value, look)


def given(value: Decimal | date | int | None, look: Look = Look.INPUT, number: str = PLAIN) -> Cell:
    """Return a cell with what was given, empty for None."""
    return Cell(float(value) if isinstance(value, Decimal) else value, look, number)


def computed(formula: str, value: str | float | None, number: str = PLAIN, look: Look = Look.FORMULA) -> Cell:
    """Return a cell with a formula (without its =) and the result of the stored run; None shows as nothing."""
    return Cell("" if value is None else value, look, number, formula)
