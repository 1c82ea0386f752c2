"""The styles of the .docx: one for each element of the paper, so that who edits it changes a style, not lines."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml.ns import qn

from documents.fonts import FontRole
from documents.official import measures as m
from documents.official.word.elements import element, fonts, put

FAMILIES = {
    FontRole.TITLE: "方正小标宋简体",
    FontRole.BODY: "仿宋_GB2312",
    FontRole.KAI: "楷体_GB2312",
    FontRole.HEI: "黑体",
    FontRole.SONG: "宋体",
}
"""The official fonts by the names that offices use."""

INSTEAD = {
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "宋体"),
    "仿宋_GB2312": ("仿宋", "FangSong"),
    "楷体_GB2312": ("楷体", "KaiTi"),
    "黑体": ("SimHei",),
    "宋体": ("SimSun",),
}
"""Which fonts a reader may take for one that is not installed (altName of the font table)."""


@dataclass(frozen=True)
class Style:
    """One style. `before` is in lines, `line` the exact pitch in points (None: as high as it needs).

    `key` is what the file calls it: plain ASCII, which every reader keeps.
    """

    name: str
    key: str
    font: FontRole = FontRole.BODY
    size: int | Fraction = m.BODY
    bold: bool = False
    align: str = "both"
    indent: int = 0
    before: int = 0
    line: Fraction | None = m.LINE_PITCH
    colour: str = "000000"
    level: int | None = None
    keep: bool = False
    on_grid: bool = True


STYLES = (
    Style("Normal", "Normal"),
    Style("正文段落", "BodyParagraph", indent=m.INDENT),
    Style("Title", "Title", FontRole.TITLE, m.TITLE, align="center", keep=True, on_grid=False),
    Style("Heading 1", "Heading1", FontRole.HEI, indent=m.INDENT, level=0, keep=True),
    Style("Heading 2", "Heading2", FontRole.KAI, indent=m.INDENT, level=1, keep=True),
    Style("Heading 3", "Heading3", indent=m.INDENT, level=2, keep=True),
    Style("Heading 4", "Heading4", indent=m.INDENT, level=3, keep=True),
    Style("紧急程度", "Urgency", FontRole.HEI, align="left"),
    Style(
        "发文机关标志",
        "RedHead",
        FontRole.TITLE,
        m.RED_HEAD_LARGEST,
        align="center",
        line=None,
        colour=m.RED,
        on_grid=False,
    ),
    Style("发文字号", "Number", align="center", before=m.LINES_TO_NUMBER),
    Style("主送机关", "Addressee", align="left", before=m.LINES_TO_ADDRESSEE),
    Style("附件说明", "AttachmentList", align="left"),
    Style("附件", "Attachment", FontRole.HEI, align="left", keep=True),
    Style("落款", "Signature", align="right", keep=True),
    Style("附注", "Remark", align="left", indent=m.INDENT),
    Style("版记", "Imprint", size=m.SMALL, align="left", line=Fraction(20), on_grid=False),
    Style("表格文字", "TableText", size=12, align="center", line=None, on_grid=False),
    Style("表题", "TableCaption", FontRole.HEI, size=14, align="center", keep=True),
    Style("图题", "PictureCaption", size=12, align="center", on_grid=False),
    Style("注", "Note", size=m.NOTE, align="left", line=None, on_grid=False),
    Style("图片", "Picture", align="center", line=None, keep=True, on_grid=False),
    Style("页码", "PageNumber", FontRole.SONG, m.SMALL, align="left", line=None, on_grid=False),
    Style("标识", "Mark", FontRole.HEI, m.SMALL, align="center", line=None, on_grid=False),
)


_KEYS = {style.name: style.key for style in STYLES}


def style_id(name: str) -> str:
    """Return what the file calls the style of that name."""
    return _KEYS[name]


def define(document: Docx) -> None:
    """Give the document the styles of an official paper and the official fonts as its defaults."""
    known = {style.name for style in document.styles}
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for properties in defaults.iter(qn("w:rPr")):
        _fonts(properties, FAMILIES[FontRole.BODY])
    for style in STYLES:
        if style.name not in known:
            document.styles.add_style(style.name, WD_STYLE_TYPE.PARAGRAPH).element.set(qn("w:styleId"), style.key)
        _shape(document.styles[style.name].element, style)
    _alternatives(document)


def _shape(made: Any, style: Style) -> None:
    for old in (*made.findall(qn("w:rPr")), *made.findall(qn("w:pPr"))):
        made.remove(old)
    made.append(_paragraph(style))
    made.append(_run(style))


def _paragraph(style: Style) -> Any:
    found = element("pPr")
    pitch = m.twips(m.LINE_PITCH)
    spacing: dict[str, str | int] = {"before": style.before * pitch, "after": 0}
    spacing |= {"line": m.twips(style.line), "lineRule": "exact"} if style.line else {"line": 240, "lineRule": "auto"}
    put(found, element("spacing", **spacing), element("jc", val=style.align), element("widowControl", val=0))
    first = {"firstLineChars": style.indent * 100, "firstLine": m.twips(style.indent * m.BODY)}
    put(found, element("ind", left=0, right=0, **first), element("autoSpaceDE", val=0), element("autoSpaceDN", val=0))
    if not style.on_grid:
        put(found, element("snapToGrid", val=0))
    if style.keep:
        put(found, element("keepNext"))
    if style.level is not None:
        put(found, element("outlineLvl", val=style.level))
    return found


def _run(style: Style) -> Any:
    found = element("rPr")
    half_points = round(style.size * 2)
    found.append(fonts(FAMILIES[style.font]))
    if style.bold:
        found.append(element("b"))
    found.append(element("color", val=style.colour))
    if style.size == m.BODY:
        found.append(element("spacing", val=-m.twips(m.NARROWER)))
    found.append(element("kern", val=0))
    found.append(element("sz", val=half_points))
    found.append(element("szCs", val=half_points))
    found.append(element("lang", val="en-US", eastAsia="zh-CN"))
    return found


def _fonts(properties: Any, family: str) -> None:
    for old in (*properties.findall(qn("w:rFonts")), *properties.findall(qn("w:lang"))):
        properties.remove(old)
    properties.insert(0, fonts(family))
    properties.append(element("lang", val="en-US", eastAsia="zh-CN"))


def _alternatives(document: Docx) -> None:
    """Write the font table: the official fonts, each with what may stand in for it."""
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    table = element("fonts")
    for family, others in INSTEAD.items():
        font = element("font", name=family)
        font.append(element("altName", val=",".join(others)))
        font.append(element("charset", val="86"))
        table.append(font)
    part._blob = serialize_part_xml(table)
