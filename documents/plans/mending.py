"""One text out of lines: page marks, blank lines and hard wraps are gone, and every place still knows its line."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from documents.plans.characters import tidied, width, with_year_marks

_PAGE_MARK = re.compile(
    r"[-—_·.~\s]*[-—_~]\s*\d{1,4}\s*[-—_~][-—_·.~\s]*|第\s*\d{1,4}\s*页(?:[，,/\s]*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}"
    r"|[-—]\s*第?\s*\d{1,4}\s*页?\s*[-—]|(?i:page)\s*\d{1,4}(?:\s*of\s*\d{1,4})?"
)
_HEADING = re.compile(
    r"第?[一二三四五六七八九十百]+[、.章节条篇]|[（(][一二三四五六七八九十\d]+[)）]|\d{1,3}[.、]|[①-⑳]|[^，。]{2,10}[：:]"
)
"""How a heading, or a line with a label, begins: it may end without a full stop."""

_NUMBERED = re.compile(
    r"(?<=[。；！）)])\s*(?=(?:[一二三四五六七八九十]{1,3}、|\d{1,2}[.、](?!\d)|第[一二三四五六七八九十百]{1,4}[章条]))|(?=[（(][一二三四五六七八九十]{1,3}[）)])"
)
_ONLY_QUOTES = re.compile(r"[“”‘’]+")
"""What is left of a line of a PDF whose marks are in another font than its words."""

_TOO_LONG = 2000
"""Characters that no paragraph exceeds."""

_BARE_NUMBER = re.compile(r"\d{1,4}")
_CONTENTS_LINE = re.compile(r"(?:[.…·]\s*){4}\d{1,4}\s*$")
_ENDS_SENTENCE = "。！？；：!?;:"
_CLOSERS = "”’）)】〕》"

_WRAPPED_WIDTH = 30
"""Half-width columns from which a line can be a full one."""

_FULL_SLACK = 6
"""Half-width columns by which a full line may be shorter than the usual one: no mark may begin a line."""

_ALIKE = 3
"""Lines of one length, longer than all others, that show a hard wrap."""

_FEWEST_FULL = 0.05
"""Share of the lines of a hard-wrapped text that are full ones, at least."""

_ENOUGH = 0.3
"""Share of the lines without a final mark from which a text counts as hard-wrapped, or as broken at random."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the document as it stands there: its number from 1, and whether a page begins with it."""

    number: int
    text: str
    new_page: bool = False


@dataclass(frozen=True)
class Mended:
    """The whole text without line breaks.

    `starts`, `numbers` and `closed` are of equal length: where in `text` each line begins, which line of the document
    it is, and whether it ends before the margin (so that a heading without a full stop ends there). `breaks` are the
    places between two characters where the document had a space or the end of a line. `ragged` is whether lines end
    in the middle of sentences for no visible reason, so that the end of a line says little.
    """

    text: str
    starts: tuple[int, ...]
    numbers: tuple[int, ...]
    closed: tuple[bool, ...]
    breaks: tuple[int, ...]
    ragged: bool

    def line(self, offset: int) -> int:
        """Return the number of the document's line that holds `offset`; 1 for an empty text."""
        return self.numbers[max(0, bisect_right(self.starts, offset) - 1)] if self.numbers else 1

    def index(self, offset: int) -> int:
        """Return which of the lines holds `offset`, from 0."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def end_of_line(self, index: int) -> int:
        """Return the offset behind the last character of a line."""
        return self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)

    def breaks_between(self, start: int, end: int) -> tuple[int, ...]:
        """Return the breaks inside [start, end), from `start`."""
        inside = self.breaks[bisect_right(self.breaks, start) : bisect_left(self.breaks, end)]
        return tuple(offset - start for offset in inside)


def mended(lines: Sequence[Line]) -> Mended:
    """Return the text of `lines` in one piece.

    Dropped: page marks (- 6 -, —6—, 第6页, and bare numbers that count the pages), running heads, lines of a table
    of contents, blank lines and spaces between Chinese characters. Two lines that end and begin with Latin letters
    keep a space between them.
    """
    tidy = [Line(line.number, text, line.new_page) for line in lines for text in _cut(tidied(line.text).strip())]
    kept = [line for line in _without_page_marks(tidy) if line.text]
    full, ragged = _wrapping(kept)
    pieces: list[str] = []
    starts, breaks, length, last = [], [], 0, ""
    for line in kept:
        text, inner = _unspaced(line.text)
        if length and _are_words(last, text[0]):
            pieces.append(" ")
            length += 1
        starts.append(length)
        breaks.extend([*([length] if length else []), *(length + offset for offset in inner)])
        pieces.append(text)
        length, last = length + len(text), text[-1]
    return Mended(
        text=_with_marks("".join(pieces)),
        starts=tuple(starts),
        numbers=tuple(line.number for line in kept),
        closed=tuple(width(line.text) < full[0] and len(line.text) < full[1] for line in kept),
        breaks=tuple(breaks),
        ragged=ragged,
    )


def _cut(line: str) -> list[str]:
    """Return the line, or the pieces of one that must hold a whole document: it is cut before each number."""
    return _NUMBERED.split(line) if len(line) > _TOO_LONG else [line]


def _are_words(left: str, right: str) -> bool:
    """Return whether two Latin letters end and begin words; capitals belong to one abbreviation (AAA)."""
    letters = left.isascii() and left.isalpha() and right.isascii() and right.isalpha()
    return letters and not (left.isupper() and right.isupper())


def _unspaced(text: str) -> tuple[str, list[int]]:
    """Return `text` without the spaces that separate no Latin words or numbers, and where they stood."""
    parts = text.split()
    pieces, offsets, length = [parts[0]], [], len(parts[0])
    for before, part in pairwise(parts):
        if before[-1].isascii() and before[-1].isalnum() and part[0].isascii() and part[0].isalnum():
            pieces.append(" ")
            length += 1
        offsets.append(length)
        pieces.append(part)
        length += len(part)
    return "".join(pieces), offsets


def _with_marks(text: str) -> str:
    """Return `text` with the marks that a copied PDF bends: years of a 文号, 〃 for · or 、. Keeps the length."""
    text = with_year_marks(text)
    quoted = re.compile(r"“[^“”。]{0,40}”")
    return quoted.sub(lambda found: found[0].replace("〃", "·"), text).replace("〃", "、")


def _without_page_marks(lines: Sequence[Line]) -> Iterator[Line]:
    bare = _bare_page_numbers(lines)
    heads = _running_heads(lines)
    for line in lines:
        text = line.text
        if line.number in bare or text in heads or _ONLY_QUOTES.fullmatch(text) or _CONTENTS_LINE.search(text):
            continue
        if not (len(text) < 30 and _PAGE_MARK.fullmatch(text)):
            yield line


def _bare_page_numbers(lines: Sequence[Line]) -> frozenset[int]:
    """Return the lines that hold nothing but a page number: they stand alone, and each is one more than the last."""
    alone: list[tuple[int, int]] = []
    for i, line in enumerate(lines):
        text = line.text
        if not _BARE_NUMBER.fullmatch(text):
            continue
        above = i == 0 or not lines[i - 1].text
        below = i + 1 == len(lines) or not lines[i + 1].text or lines[i + 1].new_page
        if above and below:
            alone.append((line.number, int(text)))
    last = {page: place for place, (_, page) in enumerate(alone)}
    first = {page: place for place, (_, page) in reversed(list(enumerate(alone)))}
    return frozenset(
        number
        for place, (number, page) in enumerate(alone)
        if first.get(page - 1, place) < place or last.get(page + 1, place) > place
    )


def _running_heads(lines: Sequence[Line]) -> frozenset[str]:
    """Return the texts that stand first or last on at least three pages, and on most."""
    edges: Counter[str] = Counter()
    pages = 0
    for i, line in enumerate(lines):
        if line.new_page:
            pages += 1
            edges.update({line.text, *(above.text for above in lines[max(0, i - 1) : i])})
    return frozenset(text for text, times in edges.items() if text and times >= max(3, pages // 2))


def _wrapping(lines: Sequence[Line]) -> tuple[tuple[int, int], bool]:
    """Return from which width, or number of characters, a line is a full one; and whether lines break at random.

    A text is hard-wrapped when several of its longest lines are of one length and end in the middle of a sentence.
    Without hard wraps no line is full: both are then beyond all.
    """
    beyond = 1 << 30
    is_open = [not _ends_sentence(line.text) for line in lines]
    widths, lengths = [width(line.text) for line in lines], [len(line.text) for line in lines]
    full = (
        _full_from(widths, is_open, _FULL_SLACK, beyond),
        _full_from(lengths, is_open, _FULL_SLACK // 2, beyond),
    )
    if full != (beyond, beyond):
        return full, False
    loose = sum(open_ and not _HEADING.match(line.text) for open_, line in zip(is_open, lines, strict=True))
    return full, loose >= max(2, len(lines) * _ENOUGH)


def _full_from(sizes: Sequence[int], is_open: Sequence[bool], slack: int, beyond: int) -> int:
    """Return the size from which lines are full; `beyond` when the longest ones are not alike or end with a stop."""
    if len(sizes) < _ALIKE:
        return beyond
    top = sorted(sizes)[-_ALIKE]
    longest = [open_ for size, open_ in zip(sizes, is_open, strict=True) if size >= top - slack]
    alike = len(longest) >= max(_ALIKE, len(sizes) * _FEWEST_FULL)
    return (
        top - slack
        if alike and sum(longest) * 2 >= len(longest) and top >= _WRAPPED_WIDTH * slack // _FULL_SLACK
        else beyond
    )


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSERS)[-1:] in _ENDS_SENTENCE or text[-1:] in _CLOSERS
