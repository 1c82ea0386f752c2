"""Files that are handed in: the declaration first, then each is looked at, kept, and recorded as evidence.

Pages and API alike: what comes with a form is told apart from what comes with a call only at the top of each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile

from config.errors import BadInput
from documents import evidence as store
from documents.evidence import Kept
from documents.sniffing import TYPES
from models import Item, ReportingRequest
from supervision.in_force import InForce
from supervision.ledger.acts import Act, Done, perform
from supervision.ledger.evidence import add_evidence, refuse_stranger
from supervision.queries.people import Actor
from web.portal import Portal
from web.safeguards import FILES_AT_ONCE
from web.visit import Visit

Subject = Item | ReportingRequest
"""What evidence is about."""


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
    return bool(_files(form))


def _files(form: FormData) -> list[UploadFile]:
    return [file for file in form.getlist("file") if isinstance(file, UploadFile) and file.filename]


def _declared(form: FormData) -> bool:
    return form.get("declared") == "yes"


def keep_files(
    portal: Portal, files: Sequence[UploadFile], *, declared: bool, by: Actor, about: Subject | None = None
) -> Sequence[Kept]:
    """Keep files and return what they are.

    Nothing is written before the person has declared that nothing classified is in them, nor for somebody who may not
    hand in anything `about` it. A file of a call that is refused afterwards stays until it comes again: the same
    content is kept once. Raises BadInput without the declaration, Refused for a stranger, and as
    `documents.evidence.keep` does.
    """
    if files and about is not None:
        refuse_stranger(about, by)
    if files and not declared:
        raise BadInput("请先勾选“所传材料不涉及国家秘密、工作秘密”，涉密材料不得上传")
    settings = portal.settings
    most = settings.upload_megabytes * 2**20
    return [store.keep(settings.home, file.filename or "", file.file.read(), most_bytes=most) for file in files]


def declared_files(visit: Visit, about: Subject | None = None) -> Sequence[Kept]:
    """Keep the files of the form's field `file` and return what they are. Raises as `keep_files` does."""
    form = visit.form
    return keep_files(visit.portal, _files(form), declared=_declared(form), by=visit.actor, about=about)


def record(
    session: Session, force: InForce, about: Subject, kept: Sequence[Kept], *, declared: bool, by: Actor
) -> list[int]:
    """Record the files that were kept as evidence; return their numbers. Raises as `add_evidence` does."""
    return [
        add_evidence(
            session, force, about, file_name=file.file_name, media_type=file.media_type, size=file.size,
            sha256=file.sha256, declared=declared, by=by, at=force.now,
        )
        for file in kept
    ]  # fmt: skip


def record_each(
    session: Session, force: InForce, items: Sequence[int], kept: Sequence[Kept], form: FormData, by: Actor
) -> None:
    """Record what was kept of a form as evidence of each of these items, which the form has just made."""
    for number in items:
        record(session, force, session.get_one(Item, number), kept, declared=_declared(form), by=by)


def in_another_session(about: Subject) -> Callable[[Session], Subject]:
    """Return what finds the same item or request in a session for writes: what was read before is let go there."""
    is_item, number = isinstance(about, Item), about.id

    def found(session: Session) -> Subject:
        return session.get_one(Item, number) if is_item else session.get_one(ReportingRequest, number)

    return found


def take(visit: Visit, about: Subject) -> int:
    """Take the files of the form as evidence; return how many came. Raises BadInput for none, and as above."""
    again = in_another_session(about)
    kept = declared_files(visit, about)
    if not kept:
        raise BadInput("请选择要上传的文件")
    with visit.writing() as (session, force, actor):
        record(session, force, again(session), kept, declared=_declared(visit.form), by=actor)
    return len(kept)


def perform_with_files(visit: Visit, item: Item, act: Callable[[Actor, datetime], Act]) -> Done:
    """Do an act to the item with the files of the form as evidence: both or neither."""
    number = item.id or 0
    kept = declared_files(visit, item)
    with visit.writing() as (session, force, actor):
        done = perform(session, force, act(actor, force.now))
        record(session, force, session.get_one(Item, number), kept, declared=_declared(visit.form), by=actor)
    return done
