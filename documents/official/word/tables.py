"""Tables of the .docx: fixed widths, a heading line that is repeated, rows that stay whole.

Written as XML at once: a ledger has thousands of cells, and a library that asks for each anew takes a minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from docx.document import Document as Docx
from docx.oxml.ns import qn

from documents.fonts import FontRole
from documents.official import measures as m
from documents.official.content import Align, Cell, Column, Table
from documents.official.word.elements import element, fonts, rule
from documents.official.word.styles import FAMILIES, style_id

GRID = Fraction(1, 2)
"""Points: the lines of a table."""

LINE_HEIGHT = Fraction(3, 2)
"""Of a line in a table, by the size of its text."""

MARGIN = 4
"""Points between a cell's edge and its text."""


def write_table(document: Docx, block: Table, *, width: int) -> None:
    """Write the table over `width` twentieths of a point."""
    widths = list(_widths(block.columns, width))
    size = m.table_size(len(block.columns))
    table = _frame(widths)
    titles = tuple(Column(column.title, column.share) for column in block.columns)
    table.append(_row([column.title for column in titles], titles, widths, size, is_head=True))
    for cells in block.rows:
        table.append(_row(cells, block.columns, widths, size, lines=block.row_lines))
    document.element.body.insert_element_before(table, "w:sectPr")


def _widths(columns: Sequence[Column], width: int) -> Iterator[int]:
    """Return the widths, which sum to `width` exactly."""
    total, taken, given = sum(column.share for column in columns), 0, 0
    for column in columns:
        taken += column.share
        yield width * taken // total - given
        given = width * taken // total


def _frame(widths: Sequence[int]) -> Any:
    borders = element("tblBorders")
    borders.extend(rule(side, GRID) for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    margins = element("tblCellMar")
    margins.extend(element(side, w=m.twips(MARGIN), type="dxa") for side in ("left", "right"))
    properties = element("tblPr")
    properties.append(element("tblW", w=sum(widths), type="dxa"))
    properties.append(element("jc", val="center"))
    properties.append(borders)
    properties.append(element("tblLayout", type="fixed"))
    properties.append(margins)
    grid = element("tblGrid")
    grid.extend(element("gridCol", w=width) for width in widths)
    table = element("tbl")
    table.extend([properties, grid])
    return table


def _row(
    cells: Sequence[str | Cell],
    columns: Sequence[Column],
    widths: Sequence[int],
    size: Fraction,
    *,
    is_head: bool = False,
    lines: int = 1,
) -> Any:
    row = element("tr")
    properties = element("trPr")
    properties.append(element("cantSplit"))
    if lines > 1:
        properties.append(element("trHeight", val=m.twips(lines * size * LINE_HEIGHT), hRule="atLeast"))
    if is_head:
        properties.append(element("tblHeader"))
    row.append(properties)
    for content, column, width in zip(cells, columns, widths, strict=True):
        cell = content if isinstance(content, Cell) else Cell(content)
        row.append(_cell(cell, column.align, width, size, is_head))
    return row


def _cell(content: Cell, align: Align, width: int, size: Fraction, is_head: bool) -> Any:
    properties = element("tcPr")
    properties.append(element("tcW", w=width, type="dxa"))
    if content.fill:
        properties.append(element("shd", val="clear", color="auto", fill=content.fill.removeprefix("#")))
    properties.append(element("vAlign", val="center"))
    line = element("p")
    shape = element("pPr")
    shape.extend([element("pStyle", val=style_id("表格文字")), element("jc", val=align.value)])
    line.extend([shape, _run(content, size, is_head)])
    cell = element("tc")
    cell.extend([properties, line])
    return cell


def _run(content: Cell, size: Fraction, is_head: bool) -> Any:
    run = element("r")
    properties = element("rPr")
    if is_head:
        properties.append(fonts(FAMILIES[FontRole.HEI]))
    if content.strong:
        properties.append(element("b"))
    half_points = round(size * 2)
    properties.extend([element("sz", val=half_points), element("szCs", val=half_points)])
    run.append(properties)
    for place, line in enumerate(content.text.split("\n")):
        if place:
            run.append(element("br"))
        text = element("t")
        text.set(qn("xml:space"), "preserve")
        text.text = line
        run.append(text)
    return run
