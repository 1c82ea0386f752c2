"""Pages of the .docx: size, margins, grid, the page number at their foot and a warning at their head."""

from __future__ import annotations

from typing import Any

from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Twips

from documents.official import measures as m
from documents.official.content import Paper
from documents.official.word.elements import element, field, put
from documents.official.word.styles import style_id

_NUMBER_HEIGHT = 7
"""Millimetres that the page number's line takes."""


def begin(document: Docx, paper: Paper) -> None:
    """Set up the first pages. Later sections take header and footer over from them."""
    document.settings.odd_and_even_pages_header_footer = True
    _compatible(document)
    section = document.sections[0]
    shape(section, landscape=paper.landscape)
    for footer, is_odd in ((section.footer, True), (section.even_page_footer, False)):
        _number(footer.paragraphs[0], is_odd=is_odd)
    for header in (section.header, section.even_page_header):
        line = header.paragraphs[0]
        line._p.style = style_id("标识")
        if paper.mark:
            line.add_run(f"【{paper.mark}】")


def add(document: Docx, *, landscape: bool) -> Section:
    """Begin new pages that stand or lie."""
    section: Section = document.add_section(WD_SECTION.NEW_PAGE)
    shape(section, landscape=landscape)
    return section


def shape(section: Section, *, landscape: bool) -> None:
    """Give the pages their size, margins and grid. Lying, the page is turned with its margins. Source: 5.2, 8."""
    standing = (m.TOP, m.RIGHT, m.BOTTOM, m.LEFT)
    top, right, bottom, left = (*standing[3:], *standing[:3]) if landscape else standing
    width, height = (m.PAGE_HEIGHT, m.PAGE_WIDTH) if landscape else (m.PAGE_WIDTH, m.PAGE_HEIGHT)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.right_margin = Twips(m.mm_twips(top)), Twips(m.mm_twips(right))
    section.bottom_margin, section.left_margin = Twips(m.mm_twips(bottom)), Twips(m.mm_twips(left))
    section.gutter = Twips(0)
    section.header_distance = Mm(top // 2)
    section.footer_distance = Mm(max(bottom - m.PAGE_NUMBER_BELOW - _NUMBER_HEIGHT, 8))
    _grid(section)


def _grid(section: Section) -> None:
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    # A grid of lines only: on one of characters too, LibreOffice gives each of them two cells. The styles set the
    # text a little narrower instead, and every word processor puts twenty-eight into a line.
    properties.append(element("docGrid", type="lines", linePitch=m.twips(m.LINE_PITCH)))


def _number(line: Any, *, is_odd: bool) -> None:
    """Write — 1 — outside: odd pages right, even pages left, one character from the edge. Source: 7.5."""
    line._p.style = style_id("页码")
    side = {"right" if is_odd else "left": m.twips(m.SMALL), f"{'right' if is_odd else 'left'}Chars": 100}
    put(line._p.get_or_add_pPr(), element("jc", val="right" if is_odd else "left"), element("ind", **side))
    line.add_run("— ")
    for content in field("PAGE"):
        line.add_run()._r.append(content)
    line.add_run(" —")


def _compatible(document: Docx) -> None:
    """Ask for the layout of present word processors, not that of 2007."""
    settings = document.settings.element
    for old in settings.findall(qn("w:compat")):
        settings.remove(old)
    mode = element("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15)
    compat = element("compat")
    compat.append(mode)
    after = next((child for child in settings if child.tag in (qn("w:rsids"), qn("m:mathPr"))), None)
    settings.append(compat) if after is None else after.addprevious(compat)
