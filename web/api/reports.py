"""Reporting requests: listing, filing, confirming, returning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from sqlmodel import Session

from config.terms import RequestState
from documents.forms.content import FormLine, form_content
from documents.forms.typed import problems_in, typed_of
from documents.rows import Row, Sheet
from supervision.exact import plain_or_none
from supervision.in_force import InForce
from supervision.ledger import reporting
from supervision.ledger.reporting import drafts
from supervision.queries import reporting as queries
from supervision.queries.people import UNIT_ROLES, Actor
from supervision.queries.request_page import request_seen, versions_of
from web.api.calling import Calling, Once, digest_of
from web.api.routing import Endpoints
from web.api.shapes.base import Number
from web.api.shapes.requests import (
    CellProblem,
    DecisionGiven,
    DraftGiven,
    DraftKept,
    FormLineShape,
    RequestDecided,
    RequestDetail,
    RequestList,
    RequestShape,
    RowGiven,
    SubmissionDone,
    SubmissionGiven,
    VersionShape,
)
from web.rules import EVERYBODY, UNITS, WORKERS

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


@endpoints.get("/requests/{number}", EVERYBODY, RequestDetail, "一个报送任务")
def one(call: Calling, number: Number) -> RequestDetail:
    """Give a request with its form, prefilled with what is known, and its versions."""
    row, form = request_seen(call.session, call.force, call.sight, number)
    unit = call.force.unit_codes[row.unit_id]
    content = form_content(call.session, call.force, form=form.code, unit=unit, period=row.period, at=call.force.now)
    draft = drafts.draft_of(call.session, row)
    return RequestDetail(
        id=number, form=form.code, title=form.title, unit=call.force.plan.unit(unit).name_on(call.force.today),
        period=row.period, opens=row.opens, due=row.due, closes=row.closes, state=row.state, late=row.late,
        returned=row.returned, revision=row.revision, draft_revision=draft.revision if draft else 0,
        asks_head=draft is not None and draft.asked_at is not None, lines=[_line(line) for line in content.lines],
        versions=[VersionShape(**asdict(each)) for each in versions_of(call.session, row)],
    )  # fmt: skip


def _line(line: FormLine) -> FormLineShape:
    of = line.line
    return FormLineShape(
        indicator=of.code, area=of.area, name=of.name, unit_of_measure=of.unit_of_measure,
        target=plain_or_none(line.target), expected=plain_or_none(line.expected),
        previous=plain_or_none(line.previous), value=line.value.text, note=line.note,
    )  # fmt: skip


@endpoints.post("/requests/{number}/draft", UNITS, DraftKept, "保存草稿，送分管负责人确认")
def keep_draft(call: Calling, request: Request, number: Number, given: DraftGiven, key: Once = None) -> JSONResponse:
    """Keep what was filled in, say what the checks find in it, and put it before the unit's head when asked to."""
    row, form = request_seen(call.session, call.force, call.sight, number)
    content = form_content(
        call.session, call.force, form=form.code, unit=call.force.unit_codes[row.unit_id], period=row.period,
        at=call.force.now,
    )  # fmt: skip
    sheet = _sheet(given.rows)
    typed = typed_of(content, sheet.rows)
    problems = problems_in(call.session, call.force, content, sheet)

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        kept = drafts.save_draft(session, force, number, typed, by=actor, at=force.now, revision=given.revision)
        asks = given.ask_head and not problems
        if asks:
            drafts.ask_head(session, force, number, by=actor, at=force.now)
        answer = DraftKept(
            request=number, revision=kept.revision, asks_head=asks,
            problems=[CellProblem(where=each.where, message=each.message) for each in problems],
        )  # fmt: skip
        return answer.model_dump(mode="json")

    return call.once(key, digest_of(request, given.model_dump_json()), do)


@endpoints.post("/requests/{number}/submission", WORKERS, SubmissionDone, "报送、代录")
def submit(call: Calling, request: Request, number: Number, given: SubmissionGiven, key: Once = None) -> JSONResponse:
    """File a form: the unit's head, or anybody of a unit without one; the office records for a unit with a source.

    The whole form is filed each time; problems are named by the number of their row.
    """
    row, form = request_seen(call.session, call.force, call.sight, number)
    unit_id, period, sheet = row.unit_id, row.period, _sheet(given.rows)

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        if actor.holding(UNIT_ROLES, unit_id) and given.source is None:
            drafts.refuse_without_head(session, force, unit_id, by=actor)
        filed = reporting.submit(
            session, force, form=form.code, unit=force.unit_codes[unit_id], period=period, sheet=sheet, by=actor,
            at=force.now, recorded_from=given.source,
        )  # fmt: skip
        if given.source is None:
            drafts.drop_draft(session, number)
        answer = SubmissionDone(
            request=filed.request_id, state=filed.state, version=filed.version, late=filed.late, figures=filed.figures
        )
        return answer.model_dump(mode="json")

    return call.once(key, digest_of(request, given.model_dump_json()), do)


def _sheet(rows: Sequence[RowGiven]) -> Sheet:
    """Return the rows as a sheet; complaints name them by their place, from 0."""
    return Sheet("接口报送", tuple(
        Row(each.indicator.strip(), each.value.strip(), each.note.strip(), each.area.strip(), "", f"rows[{place}]",
            f"rows[{place}].indicator")
        for place, each in enumerate(rows)
    ))  # fmt: skip


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
