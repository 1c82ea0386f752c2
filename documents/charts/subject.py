"""What a map is about: a value of each district and the class it falls into, as words and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from documents.charts.boundaries import is_known
from documents.charts.chart import Grid
from documents.charts.wording import Look


class Shade(NamedTuple):
    """One class of a map: its word in the legend, and how its districts are filled."""

    word: str
    look: Look


@dataclass(frozen=True, slots=True)
class Spot:
    """One district: its value as it is written on it, the number of its shade, and its other cells in the table."""

    code: str
    name: str
    value: str
    shade: int
    cells: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return what is written on it: its name, and its value below."""
        return f"{self.name}\n{self.value}"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a map is about. `name` is what a list of maps calls it, `measure` what the legend is headed; `columns` are
    those of the spots' cells, `basis` says what it was found from.
    """

    code: str
    name: str
    title: str
    measure: str
    shades: tuple[Shade, ...]
    spots: tuple[Spot, ...]
    columns: tuple[str, ...]
    simulated: bool = False
    basis: str = ""

    @property
    def grid(self) -> Grid:
        """Return the data as a table, districts without boundaries too."""
        rows = ((each.code, each.name, *each.cells, self.shades[each.shade].word) for each in self.spots)
        return Grid(("区划代码", "单位", *self.columns, "档次"), tuple(rows))

    @property
    def drawn(self) -> tuple[Spot, ...]:
        """Return the districts that have boundaries."""
        return tuple(each for each in self.spots if is_known(each.code))

    @property
    def undrawn(self) -> tuple[Spot, ...]:
        """Return the districts that have none."""
        return tuple(each for each in self.spots if not is_known(each.code))

    @property
    def in_words(self) -> str:
        """Return what the map shows, for who cannot see it."""
        told = "；".join(f"{each.name}{each.value}" for each in self.drawn)
        return f"分级地图，{len(self.drawn)}个单位的{self.name}：{told}。"
