"""An official paper as .docx, with the official fonts by name: whoever opens it has them, or the substitutes listed."""

from __future__ import annotations

from docx import Document
from docx.document import Document as Docx

from documents.official.content import Attachment, Landscape, Paper
from documents.official.word import head, imprint, sections, styles, tail
from documents.official.word.blocks import Writer
from documents.official.word.package import packed
from documents.official.words import attachment_label, numbered, printable, title_lines


def as_docx(paper: Paper) -> bytes:
    """Return the paper as a .docx after GB/T 9704-2012. The same paper gives the same bytes."""
    paper = printable(paper)
    document: Docx = Document()
    styles.define(document)
    sections.begin(document, paper)
    writer = Writer(document, landscape=paper.landscape)
    head.write(writer, paper)
    writer.blocks(numbered(paper.blocks))
    tail.write_signature(writer, paper)
    for number, attachment in enumerate(paper.attachments, start=1):
        if attachment.blocks:
            _attachment(writer, paper, attachment, number)
    if paper.closing_note:
        writer.lines([paper.closing_note], style="注")
    imprint.write(writer, paper)
    return packed(document, paper)


def _attachment(writer: Writer, paper: Paper, attachment: Attachment, number: int) -> None:
    """Write 附件 flush left in 黑体 on a new page, and its title in the third line. Source: 7.3.7."""
    only = attachment.blocks[0] if len(attachment.blocks) == 1 else None
    lies = isinstance(only, Landscape)
    writer.turn(landscape=lies or paper.landscape)
    writer.break_page()
    writer.lines([attachment_label(paper.attachments, number)], style="附件")
    writer.lines(title_lines(attachment.title), style="Title", before=1)
    writer.line("Normal")
    writer.blocks(numbered(only.blocks if isinstance(only, Landscape) else attachment.blocks))
