"""Files that are handed in with a form: the declaration first, then each is looked at and kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile

from config.errors import BadInput
from documents import evidence as store
from documents.evidence import Kept
from documents.sniffing import TYPES
from models import Item, ReportingRequest
from supervision.in_force import InForce
from supervision.ledger.evidence import add_evidence, refuse_stranger
from supervision.queries.people import Actor
from web.safeguards import FILES_AT_ONCE
from web.visit import Visit


def upload_terms(visit: Visit) -> dict[str, Any]:
    """Return what a page with `ui.files` shows: the types that are taken, and how large a file may be."""
    most = visit.portal.settings.upload_megabytes
    return {
        "types": "、".join(kind.removeprefix(".") for kind in TYPES),
        "accept": ",".join(TYPES),
        "sizes": f"每个不超过 {most} MB，合计不超过 {most * FILES_AT_ONCE} MB",
    }


def sent_files(form: FormData) -> bool:
    """Return whether files came with the form: a browser does not keep them, so that they must be chosen again."""
    return any(isinstance(file, UploadFile) and file.filename for file in form.getlist("file"))


def declared_files(visit: Visit, about: Item | ReportingRequest | None = None) -> Sequence[Kept]:
    """Keep the files of the field `file` and return what they are.

    Nothing is written before the person has declared that nothing classified is in them, nor for somebody who may not
    hand in anything `about` it. A file of a form that is refused afterwards stays until the form comes again: the same
    content is kept once. Raises BadInput without the declaration, Refused for a stranger, and as
    `documents.evidence.keep` does.
    """
    files = [file for file in visit.form.getlist("file") if isinstance(file, UploadFile) and file.filename]
    if files and about is not None:
        refuse_stranger(about, visit.actor)
    if files and visit.form.get("declared") != "yes":
        raise BadInput("请先勾选“所传材料不涉及国家秘密、工作秘密”，涉密材料不得上传")
    settings = visit.portal.settings
    most = settings.upload_megabytes * 2**20
    return [store.keep(settings.home, file.filename or "", file.file.read(), most_bytes=most) for file in files]


def record(
    session: Session, force: InForce, about: Item | ReportingRequest, kept: Sequence[Kept], form: FormData, by: Actor
) -> None:
    """Record the files that were kept as evidence of an item or a request. Raises as `add_evidence` does."""
    for file in kept:
        add_evidence(
            session, force, about, file_name=file.file_name, media_type=file.media_type, size=file.size,
            sha256=file.sha256, declared=form.get("declared") == "yes", by=by, at=force.now,
        )  # fmt: skip
