"""What an official paper says, before anybody asks what it looks like.

Headings carry a level only and no number; texts carry no markup. A layout (.docx, .pdf) puts on numbers, fonts and
measures, so that both show the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Literal

HeadingLevel = Literal[1, 2, 3, 4]


class Align(StrEnum):
    """How the text of a paragraph or a column stands."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one manner; `strong` is for the few words that a reader must not miss."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; the layout numbers it 一、/（一）/1./（1） by its level, anew under each heading above it."""

    level: HeadingLevel
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of body text, indented by two characters unless told otherwise.

    A line break inside a run stays a line break. Text that people wrote goes through `paragraphs`.
    """

    runs: tuple[Run, ...]
    indented: bool = True
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table. `fill` is the colour behind it (`#RRGGBB`), which never carries a meaning alone."""

    text: str
    strong: bool = False
    fill: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the table's width (shares need not sum to one), and how its cells stand."""

    title: str
    share: int = 1
    align: Align = Align.CENTRE


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its heading line is repeated on each page, and no row is broken across two that fits on one.

    Every row has one cell per column. `caption` stands above, `note` (source, unit of measure) below. `row_lines` is
    how many lines each row is high at least: more than one for a form that is filled in by hand.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    caption: str = ""
    note: str = ""
    row_lines: int = 1

    def __post_init__(self) -> None:
        """Raise ValueError for a table without columns, or for a row of another length."""
        if not self.columns:
            raise ValueError("a table needs at least one column")
        for place, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {place} has {len(row)} cells for {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (PNG), centred; `share` of the text's width, `alternative` for who cannot see it."""

    png: bytes
    caption: str
    alternative: str
    share: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        """Raise ValueError for a share outside (0, 1], or for bytes that are no PNG."""
        if not 0 < self.share <= 1:
            raise ValueError(f"a picture cannot take {self.share} of the width")
        if not self.png.startswith(b"\x89PNG\r\n\x1a\n"):
            raise ValueError("a picture is given as PNG")


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class Landscape:
    """Blocks on pages of their own that lie on their side, for wide tables."""

    blocks: tuple[Heading | Paragraph | Table | Picture, ...]


Block = Heading | Paragraph | Table | Picture | PageBreak | Landscape


@dataclass(frozen=True, slots=True)
class Attachment:
    """附件: named after the text. With blocks it is printed behind the signature, from a new page on.

    Headings in it are numbered from the beginning again.
    """

    title: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """落款: the organisation over the day, with （盖章） beside it unless it needs no seal. No seal is ever drawn.

    `day` is None in a draft: the day is that of the signature, and is left blank until then.
    """

    organisation: str
    day: date | None
    sealed: bool = True


@dataclass(frozen=True, slots=True)
class Imprint:
    """印发机关 and 印发日期 of the 版记; no day in a draft."""

    office: str
    day: date | None


@dataclass(frozen=True)
class Paper:
    """An official paper (公文), element by element in the order of GB/T 9704-2012 clause 7.

    Line breaks in `title` are where it is broken; longer lines are broken by the layout.

    `day` dates the file itself, so that the same paper is the same bytes on any day.
    """

    title: str
    day: date
    blocks: tuple[Block, ...]
    red_head: str | None = None
    """发文机关标志, in red; None for a paper without one, like a table that goes with another paper."""
    number: str | None = None
    """发文字号. None before the signature: then `state` says what it is."""
    state: str = ""
    """拟稿, 送审稿: printed where the number would stand, until there is one."""
    signatory: str | None = None
    """签发人: only on papers that go upward; empty leaves room for the name."""
    urgency: str = ""
    """紧急程度: 特急 or 加急; empty for none."""
    addressee: str = ""
    """主送机关."""
    attachments: tuple[Attachment, ...] = ()
    signature: Signature | None = None
    contact: str = ""
    """附注, in brackets below the date, like 联系人：李明，电话：…; without the brackets."""
    copied_to: tuple[str, ...] = ()
    """抄送机关, one group of units each."""
    imprint: Imprint | None = None
    mark: str = ""
    """A warning at the head of every page, like 模拟数据."""
    closing_note: str = ""
    """A remark in small print at the very end, for instance on where the figures come from."""
    landscape: bool = False
    """Whether the whole paper lies on its side."""


def paragraph(text: str, *, strong: bool = False, indented: bool = True, align: Align = Align.LEFT) -> Paragraph:
    """Return one paragraph in one manner."""
    return Paragraph((Run(text, strong),), indented=indented, align=align)


def paragraphs(text: str, *, lead: str = "") -> tuple[Paragraph, ...]:
    """Return text that a person wrote as a paragraph per line, without empty ones; `lead` stands strong before it.

    Without any text and without `lead` there is no paragraph.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lead:
        return tuple(paragraph(line) for line in lines)
    first, rest = (lines[0], lines[1:]) if lines else ("", [])
    opening = Paragraph((Run(lead, strong=True), Run(first)) if first else (Run(lead, strong=True),))
    return (opening, *(paragraph(line) for line in rest))
