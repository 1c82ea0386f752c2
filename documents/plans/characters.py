"""Characters as a plan document means them: what copying out of a PDF or a form has bent is put right."""

from __future__ import annotations

import re
import unicodedata

_WIDE = {
    chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}

_RADICALS = {
    chr(code): unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00), *range(0x3220, 0x322A), *range(0x2474, 0x249C))
}
"""Radicals and compatibility forms that PDF files hold instead of the character; ㈠ ⑴ ⒈ too, which are numbering."""

_BLANKS = dict.fromkeys("\t\x0b\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000", " ") | {
    chr(code): " " for code in range(0x2000, 0x200B)
}

_NOTHING = dict.fromkeys((*range(0x00, 0x09), *range(0x0E, 0x1C), 0x7F, 0xAD, 0xFEFF, 0xFFFD), "") | dict.fromkeys(
    (*range(8203, 8208), *range(8234, 8239), *range(8288, 8293), *range(57344, 63744)), ""
)

_ALIKE = {
    "％": "%",
    "．": ".",
    "﹒": ".",
    "﹝": "〔",
    "﹞": "〕",
    "∶": "：",
    "︰": "：",
    "﹕": "：",
    "﹔": "；",
    "﹐": "，",
    "＋": "+",
    "～": "~",
    "〜": "~",
    "∼": "~",
    "－": "-",
    "‐": "-",
    "‑": "-",
    "–": "—",
    "―": "—",
    "─": "—",
    "•": "·",
    "‧": "·",
    "∙": "·",
    "・": "·",
    "﹪": "%",
    "｡": "。",
    "､": "、",
}

_TABLE = str.maketrans(_WIDE | _RADICALS | _BLANKS | _ALIKE) | _NOTHING

_YEAR_MARKS = re.compile(r"[„‟“\[［【〔(（](20\d\d|19\d\d)[‟„”\]］】〕)）](?=\s*(?:第\s*)?\d{1,5}\s*号)")

_EMPTY_QUOTES = re.compile(r"“ *”")
"""Marks that a PDF draws in another font, and so away from their words."""

_FOLDED = str.maketrans("()[]［］【】:;,", "（）〔〕〔〕〔〕：；，")

_COMMA = re.compile(r"(?<=[一-龥”）》%]) *, *")
_STOP = re.compile(r"(?<=[一-龥”）》])(?<![一二三四五六七八九十百])\.(?![.\dA-Za-z…·])")
"""Half-width marks behind a Chinese word; 一. is numbering, and dots in a row are a table of contents."""

LINE_ENDS = re.compile(r"\r\n|\n\r|[\r\n\x0b\x0c\x85\u2028\u2029]")
"""What ends a line of a text file; a form feed begins a page."""


def tidied(line: str) -> str:
    """Return `line` with half-width digits, plain spaces and the characters that its strange ones stand for."""
    text = _EMPTY_QUOTES.sub("", line.translate(_TABLE))
    return _STOP.sub("。", _COMMA.sub("，", text))


def with_year_marks(text: str) -> str:
    """Return `text` with the year of a 文号 in 〔〕, whatever it stood in: „2021‟21号, [2021]21号. Keeps the length."""
    return _YEAR_MARKS.sub(r"〔\1〕", text)


def folded(text: str) -> str:
    """Return `text` with every kind of bracket, colon, semicolon and comma in one form. Keeps the length."""
    return text.translate(_FOLDED)


def width(text: str) -> int:
    """Return how many half-width columns `text` takes."""
    return (len(text) + len(text.encode("utf-8", "replace"))) // 2  # a Han character is three bytes
