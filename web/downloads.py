"""Files that are handed out: always to be saved, never to be shown as a page of ours."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """Return a file under a name that may hold anything but line breaks."""
    plain = "".join(c for c in name if c.isprintable() and c not in '"\\/')
    ascii_name = "".join(c if c.isascii() else "_" for c in plain)
    disposition = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(plain)}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
