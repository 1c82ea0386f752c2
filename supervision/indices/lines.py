"""A data file as it was read, before anybody asks what its cells mean; and complaints that name line and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.errors import BadInput

_TOLD = 5
"""Complaints that are told at once; the others are counted."""


@dataclass(frozen=True)
class Line:
    """One line: its number in the file, and the text of each known column; an empty cell has an empty text."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class DataFile:
    """A file with one heading line: its name, its SHA-256, the headings as they stand, by column, and its lines."""

    name: str
    digest: str
    headings: Mapping[str, str]
    lines: tuple[Line, ...]

    def place(self, line: Line, column: str) -> str:
        """Return how a person finds a cell: 第 3 行“数值”列."""
        return f"第 {line.number} 行“{self.headings.get(column, column)}”列"


def refuse(name: str, complaints: Sequence[str]) -> None:
    """Raise BadInput with the first complaints about the file `name`, if there are any. Nothing of it is used then."""
    if complaints:
        more = f"；另有 {len(complaints) - _TOLD} 处" if len(complaints) > _TOLD else ""
        raise BadInput(f"{name} 未收录：{'；'.join(complaints[:_TOLD])}{more}")
