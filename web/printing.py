"""Papers as files: .docx always, .pdf where the machine has Chinese fonts."""

from __future__ import annotations

from starlette.responses import Response

from config.errors import BadInput
from documents import fonts
from documents.official.content import Paper
from documents.official.render import as_docx, as_pdf
from web.downloads import DOCX, PDF, attachment
from web.visit import Visit

FONTS = "fonts"
"""The folder under the home in which an office may put fonts of its own."""


def printed(visit: Visit, paper: Paper, name: str, kind: str) -> Response:
    """Return the paper as a file of that kind. Raises BadInput for another kind, FontsMissing without fonts."""
    if kind == "docx":
        return attachment(as_docx(paper), f"{name}.docx", DOCX)
    if kind == "pdf":
        return attachment(as_pdf(paper, fonts.find([visit.portal.settings.home / FONTS])), f"{name}.pdf", PDF)
    raise BadInput("文件只有 .docx 和 .pdf 两种，请从页面上的链接下载")
