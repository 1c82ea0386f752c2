"""What a table in a file holds, before anybody asks what it means: lines of texts whose cells have names."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

MAX_BYTES = 20 * 1024 * 1024
"""Size of a file that is read at all. A form with 35 indicators for 2,900 districts takes half of it."""

MAX_ROWS = 150_000
"""Rows with content in one table."""

MAX_COLUMNS = 50
"""Columns looked at, from the left."""

MAX_CELLS = 2_000_000
"""Cells with content in one table: what keeps wide tables from filling the memory."""

MAX_FAULTS = 300_000
"""Cells of one table that cannot be read; a form that a program saved without results has one in each line."""

MAX_TEXT = 32_767
"""Characters of one cell, a spreadsheet's own limit."""

Lines = tuple[tuple[int, tuple[str, ...]], ...]
"""The lines with content, each with its number in the file and its texts from the first column on."""

Faults = Mapping[tuple[int, int], str]
"""By line and column (from 0) why a cell holds no text or number of its own, like a date or an error."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells merged into one: `name` as the spreadsheet calls them, lines and columns (from 0) inclusive."""

    name: str
    lines: tuple[int, int]
    columns: tuple[int, int]


@dataclass(frozen=True)
class Grid:
    """One table. `cell_name` takes line number, column (from 0) and heading and returns how a person finds the cell."""

    name: str
    lines: Lines
    cell_name: Callable[[int, int, str], str]
    unreadable: Faults = field(default_factory=dict)
    merged: tuple[Merged, ...] = ()


def tidy(text: str) -> str:
    """Return `text` on one line, without control characters and surplus spaces."""
    if text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Cf") else c for c in text).split())
