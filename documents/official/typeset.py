"""An official paper as .pdf, set by typst with the fonts of the machine. What it says is handed over as data."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from importlib.resources import files
from pathlib import Path
from typing import Any

from config.errors import DubanError
from documents import fonts as known_fonts
from documents.fonts import FontRole, Fonts
from documents.official import measures as m
from documents.official.content import (
    Attachment,
    Block,
    Heading,
    Landscape,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Run,
    Table,
)
from documents.official.rows import table_data
from documents.official.words import (
    SEAL,
    attachment_label,
    attachment_lines,
    columns,
    copied_line,
    day_words,
    imprint_day,
    number_or_state,
    numbered,
    printable,
    title_lines,
)
from notifications.wording import one_line

_TEMPLATE = "paper.typ"
_PANIC = "PanicException"
"""What a failure inside the typesetter is called; it is no Exception, and nothing else would tell it in one line."""


def as_pdf(paper: Paper, fonts: Fonts) -> bytes:
    """Return the paper as a .pdf after GB/T 9704-2012. The same paper and fonts give the same bytes.

    Where `fonts` stand in for official ones, the closing note and the file's description say so.
    """
    import typst  # half a second that nothing but a PDF needs

    paper = printable(paper)
    at = datetime.combine(paper.day, time.min, tzinfo=UTC)
    with tempfile.TemporaryDirectory(prefix="duban-") as name:
        folder = Path(name)
        data = _paper(paper, fonts, _Pictures(folder))
        (folder / "paper.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (folder / _TEMPLATE).write_text(files(__package__).joinpath(_TEMPLATE).read_text("utf-8"), encoding="utf-8")
        try:
            made: bytes = typst.compile(
                folder / _TEMPLATE, root=folder, font_paths=known_fonts.typesetter(fonts.folders),
                format="pdf", timestamp=int(at.timestamp()),
            )  # fmt: skip
        except BaseException as error:
            if type(error).__name__ != _PANIC:
                raise
            raise DubanError(
                f"《{one_line(paper.title)}》的 PDF 没有排成（排版程序出错），请用 .docx，并请反馈"
            ) from error
    return made


def substitution_note(fonts: Fonts) -> str:
    """Return which fonts stand in for the official ones, as a sentence; empty when none does."""
    if not fonts.substitutes:
        return ""
    return f"本 PDF 以替代字体排印（{'；'.join(fonts.substitutes)}），正式印制以同名 .docx 为准。"


class _Pictures:
    """The pictures of a paper, written beside it as they come."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def put(self, png: bytes) -> str:
        """Write a picture and return the name of its file."""
        self._count += 1
        name = f"picture-{self._count}.png"
        (self._folder / name).write_bytes(png)
        return name


def _paper(paper: Paper, fonts: Fonts, pictures: _Pictures) -> dict[str, Any]:
    note = "\n".join(part for part in (paper.closing_note, substitution_note(fonts)) if part)
    return {
        "measures": _measures(),
        "fonts": {role.name.lower(): _families(fonts, role) for role in FontRole},
        "about": _about(paper, note),
        "mark": paper.mark,
        "urgency": paper.urgency,
        "red-head": _red_head(paper.red_head),
        "number": number_or_state(paper),
        "signatory": paper.signatory,
        "title": title_lines(paper.title),
        "addressee": paper.addressee,
        "blocks": list(_blocks(numbered(paper.blocks), pictures, lies=paper.landscape)),
        "attachment-lines": attachment_lines(paper.attachments),
        "signature": _signature(paper),
        "contact": paper.contact,
        "copied": copied_line(paper),
        "imprint": paper.imprint and {"office": paper.imprint.office, "day": imprint_day(paper.imprint)},
        "closing-note": note,
        "landscape": paper.landscape,
        "attachments": [
            _attachment(paper, attachment, number, pictures)
            for number, attachment in enumerate(paper.attachments, start=1)
            if attachment.blocks
        ],
    }


def _measures() -> dict[str, Any]:
    return {
        "margins": (m.TOP, m.RIGHT, m.BOTTOM, m.LEFT),
        "pitch": float(m.LINE_PITCH),
        "tracking": -float(m.NARROWER),
        "title": m.TITLE,
        "body": m.BODY,
        "small": m.SMALL,
        "note": float(m.NOTE),
        "red": m.RED,
        "red-head-top": m.RED_HEAD_TOP,
        "rule-below": m.RED_RULE_BELOW_NUMBER,
        "number-below": m.PAGE_NUMBER_BELOW,
        "thick": float(m.THICK_RULE),
        "thin": float(m.THIN_RULE),
    }


def _families(fonts: Fonts, role: FontRole) -> dict[str, Any]:
    """Return the role's font, and behind it the others: they may have a character that it has not."""
    chosen = fonts[role].family
    others = dict.fromkeys(fonts[other].family for other in FontRole)
    return {"families": [chosen, *(family for family in others if family != chosen)], "bold": fonts[role].bold}


def _about(paper: Paper, note: str) -> dict[str, Any]:
    office = paper.signature.organisation if paper.signature else (paper.red_head or "")
    return {
        "title": one_line(paper.title),
        "author": office,
        "keywords": [paper.mark] if paper.mark else [],
        "description": one_line(note),
        "year": paper.day.year,
        "month": paper.day.month,
        "day": paper.day.day,
    }


def _red_head(name: str | None) -> dict[str, Any] | None:
    if name is None:
        return None
    return {"text": name, "size": m.red_head_fit(round(columns(name)))[0]}


def _signature(paper: Paper) -> dict[str, str] | None:
    if paper.signature is None:
        return None
    seal = SEAL if paper.signature.sealed else ""
    return {"organisation": paper.signature.organisation + seal, "day": day_words(paper.signature.day)}


def _attachment(paper: Paper, attachment: Attachment, number: int, pictures: _Pictures) -> dict[str, Any]:
    blocks: Sequence[Block] = numbered(attachment.blocks)
    lies = len(blocks) == 1 and isinstance(blocks[0], Landscape)
    inner = blocks[0].blocks if isinstance(blocks[0], Landscape) and lies else blocks
    return {
        "label": attachment_label(paper.attachments, number),
        "title": title_lines(attachment.title),
        "landscape": lies or paper.landscape,
        "blocks": list(_blocks(inner, pictures, lies=lies or paper.landscape)),
    }


def _blocks(blocks: Sequence[Block], pictures: _Pictures, *, lies: bool) -> Iterator[Mapping[str, Any]]:
    width = m.points(m.TEXT_HEIGHT if lies else m.TEXT_WIDTH)
    for block in blocks:
        match block:
            case Heading():
                yield {"kind": "heading", "level": block.level, "text": block.text}
            case Paragraph():
                yield {
                    "kind": "paragraph", "indented": block.indented, "align": block.align.value,
                    "runs": [_run(run) for run in block.runs],
                }  # fmt: skip
            case Table():
                yield table_data(block, width)
            case Picture():
                yield {
                    "kind": "picture", "file": pictures.put(block.png), "share": float(block.share),
                    "caption": block.caption, "alternative": block.alternative,
                }  # fmt: skip
            case PageBreak():
                yield {"kind": "page_break"}
            case Landscape():
                yield {"kind": "landscape", "blocks": list(_blocks(block.blocks, pictures, lies=True))}


def _run(run: Run) -> dict[str, Any]:
    return {"text": run.text, "strong": run.strong}
