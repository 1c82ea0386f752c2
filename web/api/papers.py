"""督办单, 通报, bulletins, and the papers of an item: reading them, and 审核 → 签发 → 送达 → 回执."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from sqlmodel import Session
from starlette.responses import Response

from config.terms import PaperState
from supervision.in_force import InForce
from supervision.ledger import papers as ledger
from supervision.queries import papers as queries
from supervision.queries.papers import PaperLine
from supervision.queries.people import Actor
from supervision.queries.sight import sight_of
from web.api.calling import Caller, Calling, Once, digest_of
from web.api.routing import Endpoints
from web.api.shapes.base import Number
from web.api.shapes.papers import HowServed, PaperDetail, PaperList, PaperShape, ReceiptGiven, SentBack, StepShape
from web.downloads import DOCX, PDF
from web.printing import item_paper_file, paper_file
from web.rules import DECIDERS, EVERYBODY, OFFICE, WORKERS

endpoints = Endpoints("督办文书")

_KINDS = (DOCX, PDF)


class Format(StrEnum):
    """What kind of file is wanted."""

    DOCX = "docx"
    PDF = "pdf"


class ItemPaper(StrEnum):
    """Which paper of an item is wanted: 交办单 or 催办单."""

    ASSIGNMENT = "assignment"
    URGE = "urge"


Wanted = Annotated[Format, Query(alias="format", description="文件格式")]


@endpoints.get("/papers", EVERYBODY, PaperList, "列出文书")
async def listed(call: Calling, state: PaperState | None = None) -> PaperList:
    """Give the papers that the caller sees: a unit those that were issued to it."""
    found = queries.papers(call.session, call.force, state=state, sight=call.sight)
    return PaperList(papers=[_shape(line) for line in found])


@endpoints.get("/papers/{number}", EVERYBODY, PaperDetail, "一份文书")
async def one(call: Calling, number: Number) -> PaperDetail:
    """Give one paper, and to who oversees through whose hands it went."""
    line = queries.paper_seen(call.session, call.force, call.sight, number)
    steps = queries.steps(call.session, call.force, number) if call.sight.everything else []
    return PaperDetail(**asdict(line), steps=[StepShape(**asdict(each)) for each in steps])


@endpoints.file("/papers/{number}/file", EVERYBODY, _KINDS, "下载文书")
def file(call: Calling, number: Number, kind: Wanted = Format.DOCX) -> Response:
    """Give the paper itself, to be printed."""
    queries.paper_seen(call.session, call.force, call.sight, number)
    return paper_file(call.portal.settings.home, call.session, call.force, number, kind)


@endpoints.file("/items/{number}/paper", EVERYBODY, _KINDS, "下载事项的交办单、催办单")
def item_paper(
    call: Calling, number: Number, of: ItemPaper = ItemPaper.ASSIGNMENT, kind: Wanted = Format.DOCX
) -> Response:
    """Give the 交办单 of an item, or its 催办单."""
    call.sight.item(call.session, call.force, number)
    urges = of is ItemPaper.URGE
    return item_paper_file(call.portal.settings.home, call.session, call.force, number, kind, urges=urges)


@endpoints.post("/papers/{number}/review", OFFICE, PaperShape, "审核")
def review(call: Calling, request: Request, number: Number, key: Once = None) -> JSONResponse:
    """Pass a draft on for signature."""
    return _step(call, request, number, key, "", ledger.review)


@endpoints.post("/papers/{number}/return", DECIDERS, PaperShape, "退回重拟")
def send_back(call: Calling, request: Request, number: Number, given: SentBack, key: Once = None) -> JSONResponse:
    """Send a paper back to be drafted again, with a comment."""
    return _step(call, request, number, key, given.model_dump_json(), ledger.send_back, comment=given.comment)


@endpoints.post("/papers/{number}/sign", DECIDERS, PaperShape, "签发")
def sign(call: Calling, request: Request, number: Number, key: Once = None) -> JSONResponse:
    """Sign a paper: it gets its number and goes out. Who reviewed it cannot sign it."""
    return _step(call, request, number, key, "", ledger.sign)


@endpoints.post("/papers/{number}/serve", OFFICE, PaperShape, "登记送达")
def serve(call: Calling, request: Request, number: Number, given: HowServed, key: Once = None) -> JSONResponse:
    """Record that a paper was handed over, and how."""
    return _step(call, request, number, key, given.model_dump_json(), ledger.serve, how=given.how, unit=given.unit)


@endpoints.post("/papers/{number}/receipt", WORKERS, PaperShape, "登记回执")
def receipt(call: Calling, request: Request, number: Number, given: ReceiptGiven, key: Once = None) -> JSONResponse:
    """Record a unit's receipt."""
    return _step(call, request, number, key, given.model_dump_json(), ledger.receipt, unit=given.unit)


def _step(
    call: Caller, request: Request, number: int, key: str | None, body: str, step: Callable[..., Any], **more: Any
) -> JSONResponse:
    """Do one step with a paper that the caller sees, and answer how it stands then."""
    queries.paper_seen(call.session, call.force, call.sight, number)

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        step(session, force, number, by=actor, at=force.now, **more)
        session.flush()
        line = queries.paper_seen(session, force, sight_of(session, force, actor), number)
        return _shape(line).model_dump(mode="json")

    return call.once(key, digest_of(request, body), do)


def _shape(line: PaperLine) -> PaperShape:
    return PaperShape(**asdict(line))
