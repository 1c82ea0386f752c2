"""A chart: what it says in words and as a table, and how it is drawn once a font is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from documents.charts.canvas import Canvas

AnEntry = TypeVar("AnEntry")

MADE_UP = "模拟数据"


@dataclass(frozen=True, slots=True)
class Grid:
    """The data behind a chart, as text: what a reader who cannot see the drawing reads."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing. `code` names its files; `alternative` says in words what it shows; `note` stands below it.

    `height` is that of the drawing in millimetres, its width is the width of an official page's text.
    """

    code: str
    title: str
    alternative: str
    grid: Grid
    height: float
    draw: Callable[[Canvas], None]
    note: str = ""
    simulated: bool = False


def in_parts(entries: Sequence[AnEntry], most: int) -> Iterator[tuple[str, str, Sequence[AnEntry]]]:
    """Cut `entries` into even parts of at most `most`, so that a page holds one.

    Gives for each the ending of its code and of its title; both are empty when one part holds all.
    """
    parts = max(-(-len(entries) // most), 1)
    size = max(-(-len(entries) // parts), 1)
    for number in range(parts):
        part = entries[number * size : (number + 1) * size]
        yield (f"-{number + 1}", f"（{number + 1}/{parts}）", part) if parts > 1 else ("", "", part)
