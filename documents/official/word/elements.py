"""Small pieces of WordprocessingML that python-docx has no words for."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

EIGHTHS_PER_POINT = 8
"""Widths of rules are counted in eighths of a point."""

_ORDER = {
    name: place
    for place, name in enumerate(
        (
            "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "pBdr", "shd", "tabs",
            "kinsoku", "wordWrap", "overflowPunct", "autoSpaceDE", "autoSpaceDN", "adjustRightInd", "snapToGrid",
            "spacing", "ind", "contextualSpacing", "jc", "outlineLvl", "rPr", "sectPr",
        )
    )
}  # fmt: skip
"""In what order the schema wants the properties of a paragraph: readers refuse or drop what stands elsewhere."""


def element(name: str, /, **attributes: str | int) -> Any:
    """Return an element of the namespace w with attributes of the same namespace."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def put(properties: Any, *children: Any) -> None:
    """Put `children` among the properties of a paragraph in the order of the schema, in place of any of that name."""
    for child in children:
        for old in properties.findall(child.tag):
            properties.remove(old)
        properties.append(child)
    ordered = sorted(properties, key=lambda each: _ORDER.get(each.tag.rpartition("}")[2], len(_ORDER)))
    properties[:] = ordered


def fonts(family: str) -> Any:
    """Return the fonts of a style or run: the same for every script, so that digits too are in it."""
    return element("rFonts", ascii=family, hAnsi=family, eastAsia=family, cs=family)


def rule(side: str, width: Fraction, *, colour: str = "000000", space: int = 0) -> Any:
    """Return one border: `width` and `space` (from the text) in points."""
    size = max(2, round(width * EIGHTHS_PER_POINT))
    return element(side, val="single", sz=size, space=space, color=colour)


def field(code: str) -> list[Any]:
    """Return the runs' contents of a field like PAGE, with a 1 to show until it is computed."""
    instruction = element("instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" {code} "
    shown = element("t")
    shown.text = "1"
    marks = [element("fldChar", fldCharType=kind) for kind in ("begin", "separate", "end")]
    return [marks[0], instruction, marks[1], shown, marks[2]]
