"""What stands below the text in the .docx: 附件说明, 落款 and 附注. Source: GB/T 9704-2012, 7.3."""

from __future__ import annotations

from fractions import Fraction

from documents.official import measures as m
from documents.official.content import Paper, Paragraph, Run, Signature
from documents.official.word.blocks import Writer, add_run
from documents.official.word.elements import element, put
from documents.official.words import SEAL, attachment_lines, columns, day_words

_LABEL = 3
"""Characters of 附件：, behind which the titles begin."""


def write_signature(writer: Writer, paper: Paper) -> None:
    """Write the list of attachments, the 落款 and the 附注.

    The last paragraph goes over the page with the 落款, which must not stand on a page of its own. Source: 7.3.5.
    """
    if paper.signature is not None and paper.blocks and isinstance(paper.blocks[-1], Paragraph):
        put(writer.document.paragraphs[-1]._p.get_or_add_pPr(), element("keepNext"))
    if paper.attachments:
        writer.line("Normal")
        for label, title in attachment_lines(paper.attachments):
            _listed(writer, label, title)
    if paper.signature is not None:
        writer.line("落款")
        writer.line("落款")
        _signature(writer, paper.signature)
    if paper.contact:
        writer.lines([f"（{paper.contact}）"], style="附注")


def _listed(writer: Writer, label: str, title: str) -> None:
    """Write one line of the list: what is broken goes on below the first character of the title. Source: 7.3.4."""
    number = title[: title.find(".") + 1] if title[:1].isdigit() and "." in title[:3] else ""
    hanging = _LABEL + round(columns(number) + 0.49)
    line = writer.line("附件说明")
    add_run(line, Run(f"{label}{title}" if label else title))
    left = m.INDENT + hanging
    first = hanging if label else hanging - _LABEL
    indent = {
        "leftChars": left * 100, "left": m.twips(left * m.BODY),
        "hangingChars": first * 100, "hanging": m.twips(first * m.BODY),
    }  # fmt: skip
    put(line._p.get_or_add_pPr(), element("ind", **indent))


def _signature(writer: Writer, signature: Signature) -> None:
    """Write the organisation centred over the date, which ends four characters from the right. Source: 7.3.5.1.

    An organisation too long for that ends at the edge.
    """
    name = signature.organisation + (SEAL if signature.sealed else "")
    day = day_words(signature.day)
    beside = m.DATE_FROM_RIGHT + columns(day) / 2 - columns(name) / 2
    _from_right(writer, name, max(Fraction(0), Fraction(beside)))
    _from_right(writer, day, Fraction(m.DATE_FROM_RIGHT))


def _from_right(writer: Writer, text: str, characters: Fraction) -> None:
    line = writer.lines([text], style="落款")
    indent = {"rightChars": round(characters * 100), "right": m.twips(characters * m.BODY)}
    put(line._p.get_or_add_pPr(), element("ind", firstLineChars=0, firstLine=0, **indent))
