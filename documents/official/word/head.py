"""The 版头 of the .docx, the title and the 主送机关. Source: GB/T 9704-2012, 7.2 and 7.3."""

from __future__ import annotations

from documents.fonts import FontRole
from documents.official import measures as m
from documents.official.content import Paper, Run
from documents.official.word.blocks import Writer, add_run
from documents.official.word.elements import element, fonts, put, rule
from documents.official.word.styles import FAMILIES
from documents.official.words import columns, number_or_state, title_lines

_RED_RULE = 2
"""Points: how thick the red rule is. Source: 7.2.7 leaves it open."""

_ASCENT_SLACK = 6
"""Points of air that a word processor leaves above large characters."""


def write(writer: Writer, paper: Paper) -> None:
    """Write everything above the first block."""
    if paper.urgency:
        writer.lines([paper.urgency], style="紧急程度")
    if paper.red_head is not None:
        _red_head(writer, paper.red_head, has_line_above=bool(paper.urgency))
        _number(writer, paper)
    before = m.LINES_TO_TITLE if paper.red_head is not None else 0
    writer.lines(title_lines(paper.title), style="Title", before=before)
    if paper.red_head is None and number_or_state(paper):
        writer.lines([number_or_state(paper)], style="发文字号", before=1)
    if paper.addressee:
        writer.lines([f"{paper.addressee}："], style="主送机关")
    elif paper.blocks:
        writer.lines([""], style="Normal")


def _red_head(writer: Writer, name: str, *, has_line_above: bool) -> None:
    """Write the 发文机关标志, condensed rather than broken when it is long."""
    size, scale = m.red_head_fit(round(columns(name)))
    line = writer.lines([name], style="发文机关标志")
    above = m.points(m.RED_HEAD_TOP) - _ASCENT_SLACK - (m.LINE_PITCH if has_line_above else 0)
    put(line._p.get_or_add_pPr(), element("spacing", before=m.twips(above), after=0, line=240, lineRule="auto"))
    properties = line.runs[0]._r.get_or_add_rPr()
    properties.append(element("w", val=int(scale * 100)))
    properties.append(element("sz", val=size * 2))
    properties.append(element("szCs", val=size * 2))


def _number(writer: Writer, paper: Paper) -> None:
    """Write 文号 and 签发人 with the red rule four millimetres below them."""
    line = writer.line("发文字号")
    properties = line._p.get_or_add_pPr()
    borders = element("pBdr")
    space = round(m.points(m.RED_RULE_BELOW_NUMBER))
    borders.append(rule("bottom", m.points(0) + _RED_RULE, colour=m.RED, space=space))
    put(properties, borders)
    if paper.signatory is None:
        add_run(line, Run(number_or_state(paper)))
        return
    # On a paper that goes upward both stand one character from the edges. Source: 7.2.5, 7.2.6.
    stops = element("tabs")
    edge = m.mm_twips(writer.width) - m.twips(m.BODY)
    stops.append(element("tab", val="right", pos=edge))
    put(properties, element("jc", val="left"), element("ind", leftChars=100, left=m.twips(m.BODY)), stops)
    add_run(line, Run(number_or_state(paper)))
    line.add_run("\t签发人：")
    name = line.add_run(paper.signatory or "　　　")
    name._r.get_or_add_rPr().insert(0, fonts(FAMILIES[FontRole.KAI]))
