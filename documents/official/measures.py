"""The measures of the page, each with its clause of GB/T 9704-2012 (党政机关公文格式). Lengths are exact."""

from __future__ import annotations

from fractions import Fraction

POINTS_PER_MM = Fraction(720, 254)
TWIPS_PER_POINT = 20

PAGE_WIDTH, PAGE_HEIGHT = 210, 297
"""Millimetres: A4. Source: 5.1."""

TOP, LEFT = 37, 28
"""Millimetres: 天头, 订口. Source: 5.2.1."""

TEXT_WIDTH, TEXT_HEIGHT = 156, 225
"""Millimetres: 版心. Right and bottom margins follow from it: 26 and 35. Source: 5.2.1."""

RIGHT, BOTTOM = PAGE_WIDTH - LEFT - TEXT_WIDTH, PAGE_HEIGHT - TOP - TEXT_HEIGHT

LINES, CHARACTERS = 22, 28
"""Of body text on a page and in a line. Source: 5.2.3."""

LINE_PITCH = Fraction("28.95")
"""Points from line to line: the height of the text over 22, a hair less so that the last line fits. Source: 5.2.3."""

NARROWER = Fraction(1, 4)
"""Points that a character of the text is set narrower, so that twenty-eight of 16 points fit into 156 mm."""

TITLE, BODY, SMALL = 22, 16, 14
"""Points: 2号 for the title (7.3.1), 3号 for the text (5.2.2), 4号 for imprint and page number (7.4, 7.5)."""

RED_HEAD_TOP = 35
"""Millimetres from the top of the text area to the 发文机关标志. Source: 7.2.4."""

RED_HEAD_LARGEST, RED_HEAD_NARROWEST = 46, Fraction(60, 100)
"""Points, and how far a long name may be condensed to stay on one line. Source: 7.2.4: 醒目、美观、庄重."""

LINES_TO_NUMBER, LINES_TO_TITLE, LINES_TO_ADDRESSEE = 2, 2, 1
"""Empty lines: before the 文号 (7.2.5), before the title (7.3.1), before the 主送机关 (7.3.2)."""

RED_RULE_BELOW_NUMBER = 4
"""Millimetres. Source: 7.2.7."""

INDENT = 2
"""Characters at the beginning of a paragraph. Source: 7.3.3."""

DATE_FROM_RIGHT = 4
"""Characters between the date and the right edge; the organisation is centred over it. Source: 7.3.5.1."""

THICK_RULE, THIN_RULE = Fraction(35, 100), Fraction(25, 100)
"""Millimetres: first and last rule of the 版记, and those between. Source: 7.4.1."""

PAGE_NUMBER_BELOW = 7
"""Millimetres from the text area to the page number, which is one character from the edge. Source: 7.5."""

RED = "FF0000"
"""Of the 发文机关标志 and its rule. Source: 5.2.4, 7.2.4, 7.2.7."""

TABLE_SIZES = ((5, 12), (8, Fraction("10.5")), (99, 9))
"""Points of a table's text by its number of columns at most (小四, 五号, 小五). Source: office practice."""

NOTE = Fraction("10.5")
"""Points of captions' notes and of the closing note (五号). Source: office practice."""


def points(mm: int | Fraction) -> Fraction:
    """Return millimetres as points."""
    return mm * POINTS_PER_MM


def twips(length: int | Fraction) -> int:
    """Return points as whole twentieths of a point, as .docx counts."""
    return round(length * TWIPS_PER_POINT)


def mm_twips(mm: int | Fraction) -> int:
    """Return millimetres as whole twentieths of a point."""
    return twips(points(mm))


def table_size(columns: int) -> Fraction:
    """Return the size in points of a table's text."""
    return Fraction(next(size for most, size in TABLE_SIZES if columns <= most or most == TABLE_SIZES[-1][0]))


def red_head_fit(characters: int) -> tuple[int, Fraction]:
    """Return size in points and horizontal scale (at most 1) of a 发文机关标志 of so many characters on one line."""
    width = points(TEXT_WIDTH)
    size = min(RED_HEAD_LARGEST, max(TITLE, int(width / (max(characters, 1) * RED_HEAD_NARROWEST))))
    return size, min(Fraction(1), max(RED_HEAD_NARROWEST, width / (max(characters, 1) * size)))
