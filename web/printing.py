"""Papers as files: .docx always, .pdf where the machine has Chinese fonts."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session
from starlette.responses import Response

from config.errors import BadInput
from documents import fonts
from documents.official.content import Paper
from documents.official.render import as_docx, as_pdf
from documents.papers.assignment import assignment
from documents.papers.to_print import paper_to_print
from documents.papers.urging import urging
from supervision.in_force import InForce
from web.downloads import DOCX, PDF, attachment
from web.visit import Visit

FONTS = "fonts"
"""The folder under the home in which an office may put fonts of its own."""


def printed(visit: Visit, paper: Paper, name: str, kind: str) -> Response:
    """Return the paper as a file of that kind, as `as_file` does."""
    return as_file(visit.portal.settings.home, paper, name, kind)


def as_file(home: Path, paper: Paper, name: str, kind: str) -> Response:
    """Return the paper as a file of that kind. Raises BadInput for another kind, FontsMissing without fonts."""
    if kind == "docx":
        return attachment(as_docx(paper), f"{name}.docx", DOCX)
    if kind == "pdf":
        return attachment(as_pdf(paper, fonts.find([home / FONTS])), f"{name}.pdf", PDF)
    raise BadInput("文件只有 .docx 和 .pdf 两种，请从页面上的链接下载")


def paper_file(home: Path, session: Session, force: InForce, number: int, kind: str) -> Response:
    """Return a signed paper, or the draft of one, as a file of that kind. Raises as `as_file` does."""
    found = paper_to_print(session, force, number)
    return as_file(home, found, f"{found.number or f'文书{found.state}'}-{number}", kind)


def item_paper_file(home: Path, session: Session, force: InForce, number: int, kind: str, *, urges: bool) -> Response:
    """Return the 交办单 of an item, or its 催办单, as a file of that kind. Raises as `as_file` does."""
    found = (urging if urges else assignment)(session, force, number)
    return as_file(home, found, f"{'催办单' if urges else '交办单'}-{number}", kind)
