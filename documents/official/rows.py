"""Tables as the typesetter gets them: no row higher than a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from documents.official import measures as m
from documents.official.content import Cell, Table

ROW_LINES = 20
"""Lines of a row at most. A longer one goes on in rows below it, because the typesetter keeps rows whole: broken over
pages they make it fail on a tagged PDF (typst 0.15)."""

_CELL_EDGES = 8
"""Points that the edges of a cell take from its width."""


def table_data(block: Table, width: Fraction) -> dict[str, Any]:
    """Return the table as plain data, set over `width` points."""
    size: Fraction = m.table_size(len(block.columns))
    return {
        "kind": "table",
        "caption": block.caption,
        "note": block.note,
        "size": float(size),
        "row-lines": block.row_lines,
        "columns": [{"title": c.title, "share": c.share, "align": c.align.value} for c in block.columns],
        "rows": [[_cell(cell) for cell in row] for row in _whole_rows(block, width)],
    }


def _whole_rows(block: Table, width: Fraction) -> Iterator[tuple[Cell, ...]]:
    """Return the rows, one that is too long as several below one another."""
    size, total = m.table_size(len(block.columns)), sum(column.share for column in block.columns)
    room = [max(1, int((width * column.share / total - _CELL_EDGES) / size)) for column in block.columns]
    for row in block.rows:
        cells = [content if isinstance(content, Cell) else Cell(content) for content in row]
        parts = [list(_parts(cell.text, fits)) for cell, fits in zip(cells, room, strict=True)]
        for texts in zip_longest(*parts, fillvalue=""):
            yield tuple(replace(cell, text=text) for cell, text in zip(cells, texts, strict=True))


def _parts(text: str, fits: int) -> Iterator[str]:
    """Return `text` in parts of at most ROW_LINES lines of `fits` characters."""
    kept: list[str] = []
    free = ROW_LINES
    for line in text.split("\n"):
        rest = line
        while len(rest) > free * fits:
            yield "\n".join([*kept, rest[: free * fits]])
            rest, kept, free = rest[free * fits :], [], ROW_LINES
        kept.append(rest)
        free -= max(1, -(-len(rest) // fits))
        if free < 1:
            yield "\n".join(kept)
            kept, free = [], ROW_LINES
    if kept or not text:
        yield "\n".join(kept)


def _cell(cell: Cell) -> dict[str, Any]:
    return {"text": cell.text, "strong": cell.strong, "fill": cell.fill}
