"""How an exact number is written into a cell, so that the same number is read out of it."""

from __future__ import annotations

from decimal import Decimal

from documents.cells import DIGITS, Shown, number
from supervision.exact import plain


def fits(exact: Decimal) -> bool:
    """Return whether a spreadsheet keeps the number to its last digit; else it is written as text."""
    return Decimal(f"{float(exact):.{DIGITS}g}") == exact


def as_written(exact: Decimal | None) -> str:
    """Return the text that reading the cell gives; empty for no number."""
    if exact is None:
        return ""
    return number(repr(float(exact)), Shown.PLAIN) if fits(exact) else plain(exact)
