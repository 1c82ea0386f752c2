"""Headings, paragraphs, tables and pictures, one after the other."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx.document import Document as Docx
from docx.shared import Mm
from docx.text.paragraph import Paragraph as Line

from documents.official import measures as m
from documents.official.content import Align, Block, Heading, Landscape, PageBreak, Paragraph, Picture, Run, Table
from documents.official.word import sections
from documents.official.word.elements import element, put
from documents.official.word.styles import style_id
from documents.official.word.tables import write_table


class Writer:
    """What is written so far, and how the page lies on which it goes on."""

    def __init__(self, document: Docx, *, landscape: bool = False) -> None:
        """Write into `document`, whose first pages have been set up."""
        self.document = document
        self.landscape = landscape
        self._written = landscape
        self._break = False

    @property
    def width(self) -> int:
        """Return the width of the text in millimetres."""
        return m.TEXT_HEIGHT if self.landscape else m.TEXT_WIDTH

    def blocks(self, blocks: Sequence[Block]) -> None:
        """Write the blocks in order; headings have their numbers already."""
        for block in blocks:
            match block:
                case Heading():
                    self.lines([block.text], style=f"Heading {block.level}")
                case Paragraph():
                    self.text(block)
                case Table():
                    self._table(block)
                case Picture():
                    self._picture(block)
                case PageBreak():
                    self.break_page()
                case Landscape():
                    before = self.landscape
                    self.turn(landscape=True)
                    self.blocks(block.blocks)
                    self.turn(landscape=before)

    def turn(self, *, landscape: bool) -> None:
        """Go on upon pages that lie or stand. They begin with what is written on them: none stays empty."""
        self.landscape = landscape

    def break_page(self) -> None:
        """Go on upon a new page."""
        self._break = True

    def settle(self) -> None:
        """Begin the pages that were asked for, if these lie otherwise."""
        if self.landscape != self._written:
            sections.add(self.document, landscape=self.landscape)
            self._written, self._break = self.landscape, False

    def text(self, block: Paragraph) -> Line:
        """Write one paragraph of body text."""
        line = self.line("正文段落" if block.indented else "Normal")
        for run in block.runs:
            add_run(line, run)
        if block.align is not Align.LEFT:
            put(line._p.get_or_add_pPr(), element("jc", val=block.align.value))
            put(line._p.get_or_add_pPr(), element("ind", firstLineChars=0, firstLine=0))
        return line

    def lines(self, lines: Sequence[str], *, style: str, before: int = 0) -> Line:
        """Write lines of one paragraph, broken where the lines end; `before` in empty lines."""
        line = self.line(style)
        add_run(line, Run("\n".join(lines)))
        if before:
            pitch = m.twips(m.LINE_PITCH)
            put(line._p.get_or_add_pPr(), element("spacing", before=before * pitch, line=pitch, lineRule="exact"))
        return line

    def line(self, style: str) -> Line:
        """Begin a paragraph of that style."""
        self.settle()
        line = self.document.add_paragraph()
        line._p.style = style_id(style)  # by its key: the library looks a name up anew in all styles each time
        if self._break:
            put(line._p.get_or_add_pPr(), element("pageBreakBefore"))
            self._break = False
        return line

    def _table(self, block: Table) -> None:
        if block.caption:
            self.lines([block.caption], style="表题")
        elif self._break:
            self.line("注")
        self.settle()
        write_table(self.document, block, width=m.mm_twips(self.width))
        # A table needs a paragraph behind it: else the next one grows into it.
        self.lines([f"注：{block.note}"] if block.note else [""], style="注")

    def _picture(self, block: Picture) -> None:
        line = self.line("图片")
        shape = line.add_run().add_picture(io.BytesIO(block.png), width=Mm(float(self.width * block.share)))
        _describe(shape, block)
        self.lines([block.caption], style="图题")


def add_run(line: Line, run: Run) -> Any:
    """Add a stretch of text; its line breaks stay line breaks."""
    made = line.add_run(run.text)
    if run.strong:
        made.bold = True
    return made


def _describe(shape: Any, block: Picture) -> None:
    properties = shape._inline.docPr
    properties.set("descr", block.alternative)
    properties.set("title", block.caption)
