"""Files that are handed out: always to be saved, never to be shown as a page of ours."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from sqlmodel import Session
from starlette.responses import Response

from documents import evidence as store
from models import Item, ReportingRequest
from supervision.queries.evidence import piece_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """Return a file under a name that may hold anything but line breaks."""
    plain = "".join(c for c in name if c.isprintable() and c not in '"\\/')
    ascii_name = "".join(c if c.isascii() else "_" for c in plain)
    disposition = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(plain)}"
    # Named as a header, the type stays as it is: nobody knows in which encoding a text was handed in.
    return Response(content, headers={"Content-Disposition": disposition, "Content-Type": media_type})


def handed_out(home: Path, session: Session, about: Item | ReportingRequest, number: int) -> Response:
    """Return a piece of the evidence of an item or a request, as it was handed in.

    Raises UnknownName when it is no piece of that, StoreError when the file is gone or not what it was.
    """
    row = piece_of(session, about, number)
    return attachment(store.fetch(home, row.sha256), row.file_name, row.media_type)
