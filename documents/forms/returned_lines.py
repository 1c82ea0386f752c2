"""The table of a form that came back, line by line, by the headings of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from documents.forms.columns import INPUTS, Column
from documents.grids import Grid


class ReturnedLine(NamedTuple):
    """One line as it stands in the file. `fault` says why the value is neither text nor number; empty when it is."""

    number: int
    code: str
    meaning: tuple[str, ...]
    area: str
    numbers: tuple[str, ...]
    value: str
    state: str
    note: str
    fault: str

    @property
    def words(self) -> tuple[str, str]:
        """Return what identifies the line: code and name of the area."""
        return self.code, self.area

    @property
    def is_filled(self) -> bool:
        """Return whether an input cell holds anything."""
        return bool(self.value or self.state or self.note or self.fault)


@dataclass(frozen=True)
class Table:
    """Where the table of a form stands: its sheet, the line of its headings, and its columns (from 0).

    `twice`: the columns whose heading stands there more than once.
    """

    grid: Grid
    heading_line: int
    columns: Mapping[Column, int]
    twice: frozenset[Column]

    def cell(self, line: ReturnedLine, column: Column) -> str:
        """Return how a person finds a cell."""
        return f"{self._letters[column]}{line.number}"

    @cached_property
    def _letters(self) -> Mapping[Column, str]:
        return {column: get_column_letter(place + 1) for column, place in self.columns.items()}

    @property
    def head(self) -> tuple[str, ...]:
        """Return the texts above the headings."""
        return tuple(text for number, texts in self.grid.lines if number < self.heading_line for text in texts)

    @property
    def merged_inputs(self) -> tuple[str, ...]:
        """Return the merged ranges that an input cell is part of: what stands in them belongs to no line."""
        inputs = [self.columns[column] for column in INPUTS if column in self.columns]
        return tuple(
            area.name
            for area in self.grid.merged
            if area.lines[1] > self.heading_line and any(area.columns[0] <= at <= area.columns[1] for at in inputs)
        )

    def lines(self) -> Iterator[ReturnedLine]:
        """Yield the lines below the headings that name an indicator or hold an input; others are remarks."""
        places = [self.columns.get(column, -1) for column in Column]
        last, value = max(places), self.columns[Column.VALUE]
        for number, texts in self.grid.lines:
            if number <= self.heading_line:
                continue
            held = (*texts[: last + 1], *[""] * (last + 1 - len(texts)), "")  # "" for every column that is missing
            code, *meaning, area, target, expected, previous, typed, state, note, _ = [held[at] for at in places]
            fault = self.grid.unreadable.get((number, value), "")
            line = ReturnedLine(
                number, code, tuple(meaning), area, (target, expected, previous), typed, state, note, fault
            )
            if code or line.is_filled:
                yield line
