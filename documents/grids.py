"""What a table in a file holds, before anybody asks what it means: lines of cells that know their names."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

MAX_BYTES = 5 * 1024 * 1024
"""Size of a file that is read at all. A form with forty indicators for thirteen districts takes 40 kB."""

MAX_ROWS = 5000
"""Rows with content in one table."""

MAX_COLUMNS = 50
"""Columns looked at, from the left."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell as text; `unreadable` says why it holds no text or number of its own, like a date or an error."""

    text: str
    unreadable: str = ""


@dataclass(frozen=True)
class Grid:
    """One table. `lines` are the lines with content, each with its number in the file.

    `cell_name` takes line number, column (from 0) and heading and returns how a person finds the cell.
    """

    name: str
    lines: tuple[tuple[int, tuple[GridCell, ...]], ...]
    cell_name: Callable[[int, int, str], str]


def tidy(text: str) -> str:
    """Return `text` on one line, without control characters and surplus spaces."""
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Cf") else c for c in text).split())


def has_content(cells: tuple[GridCell, ...]) -> bool:
    """Return whether any cell of a line holds something."""
    return any(cell.text or cell.unreadable for cell in cells)
