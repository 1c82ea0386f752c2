"""Where everything stands in the workbook: columns of a table, runs of rows, and how a formula names a cell.

Rows are numbered as the spreadsheet numbers them, from 1. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from openpyxl.utils import get_column_letter

HEAD = 3
"""Rows above the first line of every table: title, remark, headings. They are frozen and repeated on paper."""

FIRST = HEAD + 1
"""The row of a table's first line."""

LAST_ROW = 1_048_576
"""The last row that a spreadsheet has."""


class Block(NamedTuple):
    """A run of rows, both included; never empty."""

    first: int
    last: int

    @property
    def rows(self) -> range:
        """Return the numbers of the rows."""
        return range(self.first, self.last + 1)


def blocks(sizes: Iterable[int], *, start: int = FIRST) -> tuple[Block, ...]:
    """Return blocks of these sizes one below the other. An empty one still has a row, to fill in by hand."""
    found = []
    for size in sizes:
        found.append(Block(start, start + max(size, 1) - 1))
        start = found[-1].last + 1
    return tuple(found)


def whole(parts: Sequence[Block]) -> Block:
    """Return the run from the first block's first row to the last block's last."""
    return Block(parts[0].first, parts[-1].last)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: `width` in characters of the standard font."""

    key: str
    heading: str
    width: float


@dataclass(frozen=True)
class Table:
    """A sheet with one table on it, below HEAD rows."""

    name: str
    columns: tuple[Column, ...]

    @cached_property
    def letters(self) -> Mapping[str, str]:
        """Return the letter of every column by its key."""
        return {column.key: get_column_letter(index + 1) for index, column in enumerate(self.columns)}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Return the place of every column, counted from 0, by its key."""
        return {column.key: index for index, column in enumerate(self.columns)}

    def cells(self, row: int) -> dict[str, str]:
        """Return the cells of a row as formulas of this sheet name them, like K5, by column key."""
        return {key: f"{letter}{row}" for key, letter in self.letters.items()}

    def inside(self, key: str, rows: Block) -> str:
        """Return a run of a column as formulas of this sheet name it, like $K$5:$K$27."""
        letter = self.letters[key]
        return f"${letter}${rows.first}:${letter}${rows.last}"

    def run(self, key: str, rows: Block) -> str:
        """Return a run of a column as formulas of other sheets name it, like '指标得分'!$K$5:$K$27."""
        return f"'{self.name}'!{self.inside(key, rows)}"

    def cell(self, key: str, row: int) -> str:
        """Return a cell as formulas of other sheets name it, like '指标得分'!$K$5."""
        return f"'{self.name}'!${self.letters[key]}${row}"
