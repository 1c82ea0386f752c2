"""The numbers that a Word document gives its lists: they stand in no text, but a reader sees them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

_HAN = "〇一二三四五六七八九"
_CHINESE = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCountingThousand"}
)
_CIRCLED = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})
_DECIMAL = frozenset({"decimal", "decimalZero", "decimalFullWidth", "decimalHalfWidth"})
_LEVELS = 9
_STYLES_DEEP = 20


@dataclass(frozen=True)
class _Level:
    """How one level of a list is numbered: first number, form, and text like （%2）."""

    start: int
    form: str
    text: str


@dataclass
class Lists:
    """The lists of a document: how they are numbered, and how far each has come."""

    levels: Mapping[str, Mapping[int, _Level]]
    styles: Mapping[str, tuple[str | None, str | None, int]]
    counters: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Any) -> Lists:
        """Return the lists of a python-docx document; none where it has no such part."""
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return cls({}, {})
        return cls(_levels(root), _styles(document.styles.element))

    def label(self, paragraph: Any) -> str:
        """Return the number of a paragraph (一、 or （二）), counting it; empty for one that has none."""
        found = self._place(paragraph)
        if found is None:
            return ""
        number_id, depth = found
        levels = self.levels.get(number_id, {})
        level = levels.get(depth)
        if level is None or level.form in ("bullet", "none"):
            return ""
        counter = self.counters.setdefault(number_id, {})
        counter[depth] = counter.get(depth, level.start - 1) + 1
        for deeper in [key for key in counter if key > depth]:
            del counter[deeper]
        return _filled(level, levels, counter)

    def _place(self, paragraph: Any) -> tuple[str, int] | None:
        """Return the list and level of a paragraph, its own or its style's; None without one."""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return None
        own = _numbering(properties)
        style = properties.find(qn("w:pStyle"))
        inherited = self._of_style(style.get(qn("w:val")) if style is not None else None)
        number_id = own[0] if own and own[0] is not None else inherited[0]
        depth = own[1] if own and own[1] is not None else inherited[1]
        return None if number_id in (None, "0") else (str(number_id), min(depth or 0, _LEVELS - 1))

    def _of_style(self, style: str | None) -> tuple[str | None, int]:
        for _ in range(_STYLES_DEEP):
            if style is None or style not in self.styles:
                break
            base, number_id, depth = self.styles[style]
            if number_id is not None:
                return number_id, depth
            style = base
        return None, 0


def _filled(level: _Level, levels: Mapping[int, _Level], counter: Mapping[int, int]) -> str:
    def number(found: re.Match[str]) -> str:
        depth = int(found[1]) - 1
        other = levels.get(depth, level)
        return _written(counter.get(depth, other.start), other.form)

    return re.sub(r"%([1-9])", number, level.text)


def _written(number: int, form: str) -> str:
    if form in _CHINESE:
        return _in_han(number)
    if form in _CIRCLED and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if form in _DECIMAL:
        return str(number)
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26)
        return letter if form == "lowerLetter" else letter.upper()
    return str(number)


def _in_han(number: int) -> str:
    """Return a number from 0 to 999 in Chinese numerals; others in digits."""
    if not 0 <= number < 1000:
        return str(number)
    if number < 10:
        return _HAN[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return f"{_HAN[tens] if tens > 1 else ''}十{_HAN[ones] if ones else ''}"
    hundreds, rest = divmod(number, 100)
    tail = "" if not rest else (f"零{_HAN[rest]}" if rest < 10 else f"{'一' if rest < 20 else ''}{_in_han(rest)}")
    return f"{_HAN[hundreds]}百{tail}"


def _levels(root: Any) -> dict[str, dict[int, _Level]]:
    abstract = {a.get(qn("w:abstractNumId")): a for a in root.findall(qn("w:abstractNum"))}
    found: dict[str, dict[int, _Level]] = {}
    for number in root.findall(qn("w:num")):
        reference = number.find(qn("w:abstractNumId"))
        base = abstract.get(reference.get(qn("w:val"))) if reference is not None else None
        levels = {} if base is None else {_whole(e.get(qn("w:ilvl"))): _level(e) for e in base.findall(qn("w:lvl"))}
        for override in number.findall(qn("w:lvlOverride")):
            if (own := override.find(qn("w:lvl"))) is not None:
                levels[_whole(override.get(qn("w:ilvl")))] = _level(own)
        found[number.get(qn("w:numId"))] = levels
    return found


def _level(element: Any) -> _Level:
    def value(tag: str, default: str) -> str:
        child = element.find(qn(tag))
        return default if child is None else str(child.get(qn("w:val")) or default)

    return _Level(_whole(value("w:start", "1")), value("w:numFmt", "decimal"), value("w:lvlText", ""))


def _styles(root: Any) -> dict[str, tuple[str | None, str | None, int]]:
    """Return base, list and level of every paragraph style."""
    found: dict[str, tuple[str | None, str | None, int]] = {}
    for style in root.findall(qn("w:style")):
        base, properties = style.find(qn("w:basedOn")), style.find(qn("w:pPr"))
        number_id, depth = (_numbering(properties) if properties is not None else None) or (None, 0)
        name = None if base is None else base.get(qn("w:val"))
        found[style.get(qn("w:styleId"))] = (name, number_id, depth or 0)
    return found


def _numbering(properties: Any) -> tuple[str | None, int | None] | None:
    numbering = properties.find(qn("w:numPr"))
    if numbering is None:
        return None
    number_id, depth = numbering.find(qn("w:numId")), numbering.find(qn("w:ilvl"))
    return (
        None if number_id is None else number_id.get(qn("w:val")),
        None if depth is None else _whole(depth.get(qn("w:val"))),
    )


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0
