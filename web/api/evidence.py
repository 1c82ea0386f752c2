"""Evidence: what was handed in about an item or a reporting request, handing in more, and one piece of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import JSONResponse
from sqlmodel import Session
from starlette.responses import Response

from config.errors import BadInput
from documents.sniffing import TYPES
from models import Item, ReportingRequest
from supervision.in_force import InForce
from supervision.queries.evidence import evidence_of
from supervision.queries.people import Actor
from supervision.queries.request_page import request_seen
from web.api.calling import Caller, Calling, Once, digest_of
from web.api.routing import Endpoints
from web.api.shapes.base import Number
from web.api.shapes.evidence import EvidenceList, EvidenceShape
from web.downloads import handed_out
from web.rules import EVERYBODY
from web.uploads import Subject, in_another_session, keep_files, record
from web.visit import FILES_IN_A_FORM

endpoints = Endpoints("佐证材料")

Files = Annotated[
    list[UploadFile],
    File(
        min_length=1, max_length=FILES_IN_A_FORM,
        description=f"一个或多个文件，可用 {'、'.join(kind.removeprefix('.') for kind in TYPES)}；内容须与扩展名相符",
    ),
]  # fmt: skip
Declared = Annotated[bool, Form(description="声明所传材料不涉及国家秘密、工作秘密；不作此声明的不予保存")]
_KINDS = tuple(dict.fromkeys(TYPES.values()))


@endpoints.get("/items/{number}/evidence", EVERYBODY, EvidenceList, "事项的佐证材料")
async def of_item(call: Calling, number: Number) -> EvidenceList:
    """Give what was handed in about an item."""
    return _list(call.session, _item(call, number))


@endpoints.post("/items/{number}/evidence", EVERYBODY, EvidenceList, "上传事项的佐证材料")
def add_to_item(
    call: Calling, request: Request, number: Number, file: Files, declared: Declared, key: Once = None
) -> JSONResponse:
    """Hand in files about an item. A file that it has already is not taken twice."""
    return _take(call, request, _item(call, number), file, declared, key)


@endpoints.file("/items/{number}/evidence/{file}", EVERYBODY, _KINDS, "下载事项的佐证材料")
def piece_of_item(call: Calling, number: Number, file: Number) -> Response:
    """Give one piece of it, as it was handed in."""
    return handed_out(call.portal.settings.home, call.session, _item(call, number), file)


@endpoints.get("/requests/{number}/evidence", EVERYBODY, EvidenceList, "报送任务的佐证材料")
async def of_request(call: Calling, number: Number) -> EvidenceList:
    """Give what was handed in to support the figures."""
    return _list(call.session, _request(call, number))


@endpoints.post("/requests/{number}/evidence", EVERYBODY, EvidenceList, "上传报送任务的佐证材料")
def add_to_request(
    call: Calling, request: Request, number: Number, file: Files, declared: Declared, key: Once = None
) -> JSONResponse:
    """Hand in files that support the figures. A file that is there already is not taken twice."""
    return _take(call, request, _request(call, number), file, declared, key)


@endpoints.file("/requests/{number}/evidence/{file}", EVERYBODY, _KINDS, "下载报送任务的佐证材料")
def piece_of_request(call: Calling, number: Number, file: Number) -> Response:
    """Give one piece of it, as it was handed in."""
    return handed_out(call.portal.settings.home, call.session, _request(call, number), file)


def _item(call: Caller, number: int) -> Item:
    return call.sight.item(call.session, call.force, number)


def _request(call: Caller, number: int) -> ReportingRequest:
    return request_seen(call.session, call.force, call.sight, number)[0]


def _list(session: Session, about: Subject, only: Collection[int] | None = None) -> EvidenceList:
    found = [each for each in evidence_of(session, about) if only is None or each.id in only]
    return EvidenceList(evidence=[EvidenceShape(**asdict(each)) for each in found])


def _take(
    call: Caller, request: Request, about: Subject, files: Sequence[UploadFile], declared: bool, key: str | None
) -> JSONResponse:
    if not declared:
        raise BadInput("请声明所传材料不涉及国家秘密、工作秘密（declared=true），涉密材料不得上传")
    again = in_another_session(about)
    kept = keep_files(call.portal, files, declared=declared, by=call.actor, about=about)

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        subject = again(session)
        numbers = record(session, force, subject, kept, declared=declared, by=actor)
        return _list(session, subject, numbers).model_dump(mode="json")

    return call.once(key, digest_of(request, "\n".join(f"{each.file_name}/{each.sha256}" for each in kept)), do)
