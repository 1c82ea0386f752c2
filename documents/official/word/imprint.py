"""The 版记 of the .docx, held at the foot of the last page by a text box. Source: GB/T 9704-2012, 7.4.

A box, because it is the one thing that Word, WPS and LibreOffice all hold there: LibreOffice before 7.6 lets a table
as wide as the text fall back into it, and drops a frame whose paragraphs have different rules.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from documents.official import measures as m
from documents.official.content import Paper
from documents.official.word.blocks import Writer
from documents.official.word.elements import element, put, rule
from documents.official.word.styles import style_id
from documents.official.words import columns, copied_line, imprint_day

EMU_PER_POINT = 12700

LABEL = 3
"""Characters of 抄送：, behind which its further lines begin. Source: 7.4.2."""

LINE = 22
"""Points of one line between its rules."""

APART = 2
"""Characters at least between office and date."""

NARROWEST = Fraction(66, 100)
"""How far office and date are condensed to stay on one line."""

_BOX = """<mc:AlternateContent
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
<mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0"
 relativeHeight="2" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="margin"><wp:align>center</wp:align></wp:positionH>
<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>
<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapTopAndBottom/>
<wp:docPr id="9704" name="版记" descr="版记"/><wp:cNvGraphicFramePr/><a:graphic>
<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
<wps:txbx><w:txbxContent/></wps:txbx>
<wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:spAutoFit/></wps:bodyPr></wps:wsp>
</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent>"""


def write(writer: Writer, paper: Paper) -> None:
    """Write 抄送 and 印发 between their rules; nothing when the paper has neither."""
    width = m.points(writer.width)
    parts = [part for part in (_copied(paper, width), _printed(paper, width)) if part is not None]
    if not parts:
        return
    table = _table(width)
    for place, (line, _) in enumerate(parts):
        table.append(_row(line, m.twips(width), is_first=place == 0, is_last=place == len(parts) - 1))
    # A little more than the lines take: a box that is too low hides its last line, one that is too high only air.
    height = sum(lines * LINE for _, lines in parts) + len(parts) + 2
    anchor = writer.line("注")
    put(anchor._p.get_or_add_pPr(), element("spacing", before=0, after=0, line=20, lineRule="exact"))
    box: Any = parse_xml(_BOX.format(width=int(width * EMU_PER_POINT), height=height * EMU_PER_POINT))
    next(box.iter("{*}txbxContent")).extend([table, _line("", element("spacing", line=20, lineRule="exact"))])
    anchor.add_run()._r.append(box)


def _copied(paper: Paper, width: Fraction) -> tuple[Any, int] | None:
    """Return 抄送 with how many lines it takes; what is broken goes on behind the colon."""
    text = copied_line(paper)
    if not text:
        return None
    label = m.twips(LABEL * m.SMALL)
    room = width / m.SMALL - 2 - LABEL - 1
    return _line(f"抄送：{text}", element("ind", left=label, hanging=label)), max(1, ceil(columns(text) / room))


def _printed(paper: Paper, width: Fraction) -> tuple[Any, int] | None:
    """Return office and date of printing on one line, one character from either edge. Source: 7.4.3."""
    if paper.imprint is None:
        return None
    day = imprint_day(paper.imprint)
    needed, room = Fraction(columns(paper.imprint.office + day)) + APART, width / m.SMALL - 2
    stops = element("tabs")
    stops.append(element("tab", val="right", pos=m.twips(room * m.SMALL)))
    line = _line(f"{paper.imprint.office}\t{day}", stops)
    if needed > room:
        properties = element("rPr")
        properties.append(element("w", val=int(max(NARROWEST, room / needed) * 100)))
        line.find(qn("w:r")).insert(0, properties)
    return line, 1 if needed * NARROWEST <= room else 2


def _table(width: Fraction) -> Any:
    properties = element("tblPr")
    margins = element("tblCellMar")
    margins.extend(element(side, w=m.twips(m.SMALL), type="dxa") for side in ("left", "right"))
    properties.append(element("tblW", w=m.twips(width), type="dxa"))
    properties.append(element("tblInd", w=0, type="dxa"))
    properties.append(element("tblLayout", type="fixed"))
    properties.append(margins)
    grid = element("tblGrid")
    grid.append(element("gridCol", w=m.twips(width)))
    table = element("tbl")
    table.extend([properties, grid])
    return table


def _row(line: Any, width: int, *, is_first: bool, is_last: bool) -> Any:
    """Return a row with rules above and below only: thick at the ends of the 版记, thin between. Source: 7.4.1."""
    thick, thin = m.points(m.THICK_RULE), m.points(m.THIN_RULE)
    borders = element("tcBorders")
    borders.append(rule("top", thick if is_first else thin))
    borders.append(rule("bottom", thick if is_last else thin))
    properties = element("tcPr")
    properties.extend([element("tcW", w=width, type="dxa"), borders])
    cell, row = element("tc"), element("tr")
    cell.extend([properties, line])
    row.append(cell)
    return row


def _line(text: str, *shape: Any) -> Any:
    line, properties, run = element("p"), element("pPr"), element("r")
    properties.append(element("pStyle", val=style_id("版记")))
    put(properties, *shape)
    for place, part in enumerate(text.split("\t")):
        if place:
            run.append(element("tab"))
        content = element("t")
        content.text = part
        run.append(content)
    line.extend([properties, run])
    return line
