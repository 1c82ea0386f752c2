"""Saving the .docx so that the same paper is the same bytes: its dates are the paper's, not the clock's."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, time

from docx.document import Document as Docx

from documents.official.content import Paper
from notifications.wording import one_line, shortened

_OLDEST = 1980
"""The first year that a .zip can date a file to."""


PROPERTY_LIMIT = 255
"""Characters that a property of the file may have."""


def packed(document: Docx, paper: Paper) -> bytes:
    """Return the file, with the paper's title and organisation among its properties."""
    at = datetime.combine(paper.day, time.min, tzinfo=UTC)
    about = document.core_properties
    office = paper.signature.organisation if paper.signature else (paper.red_head or "")
    about.title, about.subject = _short(paper.title), _short(paper.number or paper.state)
    about.author = about.last_modified_by = _short(office)
    about.keywords, about.comments, about.category = _short(paper.mark), _short(paper.closing_note), ""
    about.created = about.modified = at
    about.revision, about.language = 1, "zh-CN"
    raw = io.BytesIO()
    document.save(raw)
    return _dated(raw.getvalue(), at)


def _short(text: str) -> str:
    return shortened(one_line(text), PROPERTY_LIMIT)


def _dated(content: bytes, at: datetime) -> bytes:
    """Return the package with every part dated `at`."""
    stamp = (max(at.year, _OLDEST), at.month, at.day, 0, 0, 0)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as taken:
        for part in given.infolist():
            entry = zipfile.ZipInfo(part.filename, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            taken.writestr(entry, given.read(part.filename))
    return made.getvalue()
