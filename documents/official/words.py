"""What a layout itself adds to a paper's words: numbers of headings, lists of attachments, dates, broken titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from itertools import accumulate
from math import ceil
from typing import Any, TypeVar, cast

from config.plan.numerals import ordinal
from documents.official.content import Attachment, Block, Heading, Imprint, Landscape, Paper
from documents.widths import half_widths
from notifications.wording import one_line
from supervision.periods import day_in_words

Value = TypeVar("Value")
ABlock = TypeVar("ABlock", bound=Block)

SEAL = "（盖章）"
"""Printed where the seal goes. A seal is never drawn. Source: office ruling."""

BLANK_DAY = "　　年　月　日"
"""What a draft has for a date."""

TITLE_LINE = 20
"""Characters of 2号 that fit into a line of the title."""

_PAIRS = (("“", "”"), ("《", "》"), ("〔", "〕"), ("（", "）"))
_NEVER_FIRST = "，。、；：？！）〕】》”’…—%％"
_NEVER_LAST = "（〔【《“‘"


def printable(value: Value) -> Value:
    """Return content with every text in it safe for a page: no control characters, line breaks as \\n alone."""
    found: Any = value
    if type(found) is str:  # a term is a str too, and stays one
        return cast(Value, "\n".join(one_line(line) for line in found.splitlines()))
    if isinstance(value, tuple):
        return cast(Value, tuple(printable(each) for each in value))
    if is_dataclass(value) and not isinstance(value, type):
        held: dict[str, Any] = {field.name: getattr(value, field.name) for field in fields(value)}
        return replace(value, **{name: printable(each) for name, each in held.items()})
    return value


def heading_number(level: int, number: int) -> str:
    """Return what stands before a heading: 一、 （一） 1. （1）. Source: GB/T 9704-2012, 7.3.3."""
    return (f"{ordinal(number)}、", f"（{ordinal(number)}）", f"{number}.", f"（{number}）")[level - 1]


def numbered(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with the numbers before their headings, also inside landscape pages."""
    counts = [0, 0, 0, 0]
    return tuple(
        Landscape(tuple(_numbered(each, counts) for each in block.blocks))
        if isinstance(block, Landscape)
        else _numbered(block, counts)
        for block in blocks
    )


def _numbered(block: ABlock, counts: list[int]) -> ABlock:
    """Return a heading with its number; `counts`, by level, go on or begin again. Anything else stays as it is."""
    if not isinstance(block, Heading):
        return block
    counts[block.level - 1] += 1
    counts[block.level :] = [0] * (len(counts) - block.level)
    return replace(block, text=heading_number(block.level, counts[block.level - 1]) + block.text)


def title_lines(title: str, most: int = TITLE_LINE) -> tuple[str, ...]:
    """Return the title in centred lines of about equal length, each of at most `most` characters.

    Line breaks of the title itself stay. No line begins or ends with punctuation that may not stand there.
    """
    return tuple(line for given in title.splitlines() for line in _balanced(given, most))


def _balanced(text: str, most: int) -> Iterator[str]:
    rest = text
    while (width := columns(rest)) > most:
        many = ceil(width / most)
        line = rest[: _break(rest, wanted=width / many, least=width - (many - 1) * most, most=most)]
        yield line
        rest = rest[len(line) :]
    if rest:
        yield rest


def _break(text: str, *, wanted: float, least: float, most: int) -> int:
    """Return after how many characters to break: near `wanted` columns, and so that all lines hold `most` at most.

    A pause of the sentence is best, else between any two characters that may be parted: which of them make a word is
    for the author to say, by a line break of the title's.
    """
    widths = list(accumulate(map(columns, text)))
    allowed = [here for here, width in enumerate(widths, start=1) if width <= most and not _bad(text, here)]
    fitting = [here for here in allowed if widths[here - 1] >= least]
    outside = [here for here in fitting if not _inside_quotes(text, here)]
    paused = [here for here in outside if _pauses(text, here)]
    for places in (paused, outside, fitting):
        if places:
            return min(places, key=lambda here: (abs(widths[here - 1] - wanted), here))
    return max(allowed, default=max(1, sum(width <= most for width in widths)))


def _pauses(text: str, place: int) -> bool:
    return text[place - 1] in "、，；：的”）》" or text[place : place + 1] in ("“", "（", "《")


def _inside_quotes(text: str, place: int) -> bool:
    """Return whether a break at `place` would tear a name in quotes or a title in brackets apart."""
    return any(text.count(opened, 0, place) > text.count(closed, 0, place) for opened, closed in _PAIRS)


def _bad(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place : place + 1]
    both_narrow = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
    return after in _NEVER_FIRST or before in _NEVER_LAST or both_narrow


def columns(text: str) -> float:
    """Return the width of `text` in full characters: digits and Latin letters take half of one."""
    return half_widths(text) / 2


def attachment_lines(attachments: Sequence[Attachment]) -> tuple[tuple[str, str], ...]:
    """Return 附件： and each title, numbered when there are several; without punctuation. Source: 7.3.4."""
    if len(attachments) == 1:
        return (("附件：", attachments[0].title),)
    return tuple(
        ("附件：" if number == 1 else "", f"{number}.{attachment.title}")
        for number, attachment in enumerate(attachments, start=1)
    )


def attachment_label(attachments: Sequence[Attachment], number: int) -> str:
    """Return what stands at the head of an attachment: 附件, with its number when there are several. Source: 7.3.7."""
    return "附件" if len(attachments) == 1 else f"附件{number}"


def day_words(day: date | None) -> str:
    """Return the date in Arabic digits without leading zeros; blanks for a draft. Source: 7.3.5."""
    return BLANK_DAY if day is None else day_in_words(day)


def copied_line(paper: Paper) -> str:
    """Return what follows 抄送：, closed by a full stop; empty when nobody gets a copy. Source: 7.4.2."""
    apart = "；" if any("、" in name or "，" in name for name in paper.copied_to) else "，"
    return apart.join(paper.copied_to) + "。" if paper.copied_to else ""


def imprint_day(imprint: Imprint) -> str:
    """Return the date of the imprint with 印发 behind it. Source: 7.4.3."""
    return f"{day_words(imprint.day)}印发"


def number_or_state(paper: Paper) -> str:
    """Return what stands below the red head: the 文号, or what the paper is until it has one."""
    return paper.number or paper.state
