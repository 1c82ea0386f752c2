"""Reporting requests: listing, filing, confirming, returning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from sqlmodel import Session

from config.terms import RequestState
from documents.rows import Row, Sheet
from supervision.in_force import InForce
from supervision.ledger import reporting
from supervision.queries import reporting as queries
from supervision.queries.people import Actor
from supervision.queries.request_page import request_seen
from web.api.calling import Calling, Once, digest_of
from web.api.routing import Endpoints
from web.api.shapes.base import Number
from web.api.shapes.requests import (
    DecisionGiven,
    RequestDecided,
    RequestList,
    RequestShape,
    SubmissionDone,
    SubmissionGiven,
)
from web.rules import EVERYBODY, UNITS

endpoints = Endpoints("数据报送")


@endpoints.get("/requests", EVERYBODY, RequestList, "列出报送任务")
async def listed(
    call: Calling,
    period: Annotated[str | None, Query(max_length=10, description="如 2022Q2")] = None,
    state: RequestState | None = None,
    unit: Annotated[str | None, Query(max_length=100, description="报送单位的名称或代码")] = None,
) -> RequestList:
    """Give the reporting requests that the caller sees and that meet every condition."""
    sight, force = call.sight, call.force
    if unit is not None:
        codes = [unit] if sight.sees_unit(force.unit_id(unit)) else []
    else:
        known = {each.code for each in force.plan.units}
        own = [force.unit_codes[number] for number in sight.units if force.unit_codes.get(number) in known]
        codes = [""] if sight.everything else sorted(own)
    lines = [
        line
        for code in codes
        for line in queries.requests(
            call.session, force, as_of=force.today, unit=code or None, period=period, state=state
        )
    ]
    return RequestList(requests=[_shape(line) for line in lines])


def _shape(line: queries.RequestLine) -> RequestShape:
    data = asdict(line)
    del data["light"]
    return RequestShape(**data)


@endpoints.post("/requests/{number}/submission", UNITS, SubmissionDone, "报送")
def submit(call: Calling, request: Request, number: Number, given: SubmissionGiven, key: Once = None) -> JSONResponse:
    """File a form. The whole form is filed each time; problems are named by the number of their row."""
    row, form = request_seen(call.session, call.force, call.sight, number)
    unit, period = call.force.unit_codes[row.unit_id], row.period
    rows = tuple(
        Row(each.indicator.strip(), each.value.strip(), each.note.strip(), each.area.strip(), "", f"rows[{place}]",
            f"rows[{place}].indicator")
        for place, each in enumerate(given.rows)
    )  # fmt: skip

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        filed = reporting.submit(
            session, force, form=form.code, unit=unit, period=period, sheet=Sheet("接口报送", rows), by=actor,
            at=force.now,
        )  # fmt: skip
        answer = SubmissionDone(
            request=filed.request_id, state=filed.state, version=filed.version, late=filed.late, figures=filed.figures
        )
        return answer.model_dump(mode="json")

    return call.once(key, digest_of(request, given.model_dump_json()), do)


@endpoints.post("/requests/{number}/confirm", EVERYBODY, RequestDecided, "审核通过")
def confirm(call: Calling, request: Request, number: Number, given: DecisionGiven, key: Once = None) -> JSONResponse:
    """Confirm what was filed last."""
    request_seen(call.session, call.force, call.sight, number)

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        done = reporting.confirm(
            session, force, number, by=actor, at=force.now, comment=given.comment, revision=given.revision
        )
        return _decided(done)

    return call.once(key, digest_of(request, given.model_dump_json()), do)


@endpoints.post("/requests/{number}/return", EVERYBODY, RequestDecided, "退回")
def send_back(call: Calling, request: Request, number: Number, given: DecisionGiven, key: Once = None) -> JSONResponse:
    """Return what was filed last, with a comment."""
    request_seen(call.session, call.force, call.sight, number)

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        done = reporting.return_submission(
            session, force, number, by=actor, at=force.now, comment=given.comment, due=given.due,
            revision=given.revision,
        )  # fmt: skip
        return _decided(done)

    return call.once(key, digest_of(request, given.model_dump_json()), do)


def _decided(done: reporting.Decided) -> dict[str, object]:
    shape = RequestDecided(
        request=done.request_id, state=done.state, version=done.version, due=done.due, revision=done.revision
    )
    return shape.model_dump(mode="json")
