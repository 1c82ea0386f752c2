"""An official paper as markdown, for a page that shows text only: the words of the paper, without its layout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from documents.official.content import Block, Cell, Heading, Landscape, Paper, Paragraph, Picture, Table
from documents.official.words import attachment_label, number_or_state, numbered

_SIGNS = re.compile(r"([\\`*_\[\]<>|#~$])")
_TOP = 2
"""The level of a paper's first headings, below its title."""


def as_markdown(paper: Paper) -> str:
    """Return the words of `paper` as markdown; of a picture the caption and what it shows."""
    return "\n\n".join(part for part in _parts(paper) if part) + "\n"


def plain(text: str) -> str:
    """Return `text` in one line as markdown shows it, whatever signs it holds."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of texts."""
    rule = f"|{' --- |' * len(columns)}"
    lines = [f"| {' | '.join(plain(cell) for cell in row)} |" for row in [columns, *rows]]
    return "\n".join([lines[0], rule, *lines[1:]])


def _parts(paper: Paper) -> Iterator[str]:
    yield f"**{plain(paper.mark)}**" if paper.mark else ""
    yield f"# {plain(''.join(paper.title.splitlines()))}"
    yield plain(number_or_state(paper))
    yield f"{plain(paper.addressee)}：" if paper.addressee else ""
    yield from _blocks(numbered(paper.blocks))
    for number, attachment in enumerate(paper.attachments, start=1):
        yield f"**{plain(attachment_label(paper.attachments, number))}** {plain(attachment.title)}"
        yield from _blocks(numbered(attachment.blocks))
    yield plain(paper.signature.organisation) if paper.signature else ""
    yield f"*{plain(paper.closing_note)}*" if paper.closing_note else ""


def _blocks(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading):
            yield f"{'#' * (_TOP + block.level - 1)} {plain(block.text)}"
        elif isinstance(block, Paragraph):
            yield "".join(f"**{plain(run.text)}**" if run.strong else plain(run.text) for run in block.runs)
        elif isinstance(block, Table):
            yield f"**{plain(block.caption)}**" if block.caption else ""
            yield table([column.title for column in block.columns], [[*map(_text, row)] for row in block.rows])
            yield plain(block.note)
        elif isinstance(block, Picture):
            yield f"*{plain(block.caption)}：{plain(block.alternative)}*"
        elif isinstance(block, Landscape):
            yield from _blocks(block.blocks)


def _text(cell: str | Cell) -> str:
    return cell if isinstance(cell, str) else cell.text
