"""What stands in the cell of a workbook, as text, or why it is neither text nor number."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum, auto

from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import from_excel

from documents.grids import tidy

DIGITS = 15
"""Significant digits that a spreadsheet keeps and shows. Beyond them a stored double is noise: 0.1+0.2 is 0.3."""

_IN_QUOTES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_OF_ANOTHER_FILE = re.compile(r"\[[0-9]+\]")
"""How a formula refers to another file: [1]Sheet1!A1."""


class Unreadable(Exception):
    """A cell that is neither text nor number: its `text` as far as there is one, and the `reason`."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(reason)
        self.text, self.reason = text, reason


class Shown(Enum):
    """How the format of a cell shows its number."""

    PLAIN = auto()
    PERCENT = auto()
    DATE = auto()


def shown(number_format: str) -> Shown:
    """Return how a number format shows a number; a per cent sign in quotes is only a letter."""
    if is_date_format(number_format):
        return Shown.DATE
    return Shown.PERCENT if "%" in _IN_QUOTES.sub("", number_format) else Shown.PLAIN


def calculated(formula: str, text: str) -> str:
    """Return the stored result of a formula.

    Raises Unreadable when nobody has calculated it, and when it comes from another file: nobody could check it.
    """
    if _OF_ANOTHER_FILE.search(formula):
        raise Unreadable(text, "引用了别的文件，他人无法核对，请改为直接填数")
    if not text:
        raise Unreadable("", "是公式但没有计算结果，请用表格软件打开并保存一次，或直接填数")
    return text


def number(stored: str, how: Shown) -> str:
    """Return a number as it is shown: stored 0.025 in percent format is shown, and meant, as 2.5%.

    Raises Unreadable for a date and for what is not finite.
    """
    if how is Shown.PLAIN and len(stored) <= DIGITS and stored.isascii() and stored.isdigit():
        return str(int(stored))
    value = float(stored)
    if not math.isfinite(value):
        raise Unreadable(str(value), f"是 {value}，不是数，请填数")
    if how is Shown.DATE:
        raise _date(_day(value))
    found = Decimal(f"{value:.{DIGITS}g}")
    return f"{found.scaleb(2):f}%" if how is Shown.PERCENT else f"{found:f}"


def _day(value: float) -> str:
    try:
        return str(from_excel(value))
    except (ValueError, OverflowError):
        return str(value)


def _date(day: str) -> Unreadable:
    return Unreadable(day, f"是日期或时间（{day}），不是数，请把单元格格式改为常规后填数")


def _truth(stored: str, _: Shown) -> str:
    raise Unreadable("TRUE" if stored == "1" else "FALSE", "是逻辑值，不是数，请填数")


def _error(stored: str, _: Shown) -> str:
    raise Unreadable(tidy(stored), f"是错误值 {tidy(stored)}，请改正公式或直接填数")


def _iso_date(stored: str, _: Shown) -> str:
    raise _date(tidy(stored))


def _text(stored: str, _: Shown) -> str:
    return tidy(stored)


OF_KIND: Mapping[str, Callable[[str, Shown], str]] = {
    "n": number,
    "b": _truth,
    "e": _error,
    "d": _iso_date,
    "str": _text,
    "inlineStr": _text,
}
"""By the type that a cell declares; shared strings, the seventh, are looked up."""
