"""How wide text stands on paper and in a cell."""

from __future__ import annotations

from unicodedata import east_asian_width


def half_widths(text: str) -> int:
    """Return the width of `text` in halves of a Chinese character: digits and Latin letters take one of them."""
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)
