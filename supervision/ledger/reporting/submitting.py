"""Filing a form: a new version of its figures, or nothing when the content is the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import ZONE, day_of
from config.errors import BadInput, Refused
from config.plan import Form, Unit
from config.terms import FigureState, RequestState, Role, SubmissionState
from database import chain
from models import ReportingRequest, Submission
from supervision.collection.checks import problems_of
from supervision.collection.filing import (
    Cells,
    ReportedRow,
    Unacceptable,
    areas,
    digest,
    in_order,
    is_empty,
    read_cells,
)
from supervision.collection.windows import ExpectedRequest, read_form, read_period, read_reporter, window
from supervision.deadlines import is_overdue
from supervision.in_force import InForce
from supervision.ledger import notices
from supervision.ledger.reporting.drafts import forget_question
from supervision.ledger.reporting.figures import put_figures
from supervision.ledger.reporting.opening import put_requests
from supervision.ledger.reporting.rows import (
    SUBMIT,
    entry,
    form_ids,
    in_role,
    newest_submission,
    record,
    undecided,
)
from supervision.periods import Period
from supervision.queries.people import UNIT_ROLES, Actor
from supervision.queries.reporting import standing_numbers


class ReportedSheet(Protocol):
    """What is filed, wherever it was read from: a name for complaints and the record, and its rows."""

    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> Sequence[ReportedRow]: ...


@dataclass(frozen=True)
class Submitted:
    """What became of a filing. `figures`: the cells that hold a number or 不适用; `late`: after the due date."""

    state: Literal["filed", "unchanged"]
    version: int
    late: bool
    figures: int
    request_id: int


@dataclass(frozen=True)
class _Case:
    """One form of one unit for one period, and who files it how."""

    form: Form
    unit: Unit
    period: Period
    by: Actor
    at: datetime
    acting_for: str | None
    recorded_from: str | None

    @property
    def day(self) -> date:
        return day_of(self.at)


def submit(
    session: Session,
    force: InForce,
    *,
    form: str,
    unit: str,
    period: str,
    sheet: ReportedSheet,
    by: Actor,
    at: datetime,
    recorded_from: str | None = None,
) -> Submitted:
    """File `sheet` as the unit's figures for the period; the same content twice changes nothing.

    The whole form is filed each time: a cell that the sheet leaves out holds nothing in the new version. Filed by
    the unit's liaison or head; or by the office, which then says from what it recorded it (代录).
    Raises UnknownName or BadInput for names that do not fit together, Unacceptable with every faulty cell, Refused
    for another person, before the window opens, after it closes, and once the figures are confirmed.
    """
    chain.lock(session, force.tenant_id)
    case = _case(force, form, unit, period, by, at, recorded_from)
    request = _request(session, force, case)
    last = newest_submission(session, request)
    barred = _barred(request, case.day)
    if barred and last is None:
        raise Refused(barred)
    cells, problems = read_cells(force.plan, case.form, case.unit, sheet.rows)
    if not problems and last is not None and digest(cells) == last.digest:
        return _unchanged(request, last, cells)
    if barred:
        raise Refused(barred)
    if last is not None and at < last.filed_at:
        raise Refused(f"报送时刻早于上一次报送（{last.filed_at.astimezone(ZONE):%Y-%m-%d %H:%M}），请核对 --at")
    filed_areas = [force.unit_ids[each.code] for each in areas(force.plan, case.form, case.unit)]
    standing = standing_numbers(session, force, case.form, filed_areas, besides=request.id or 0)
    problems += problems_of(force.plan, case.form, case.period, cells, standing)
    if problems:
        raise Unacceptable(sheet.name, in_order(problems, sheet.rows))
    if is_empty(cells):
        raise BadInput(f"{sheet.name} 没有填任何数：没有发生写 0，不适用写“不适用”")
    return _file(session, force, case, request, last, cells, sheet.name)


def _case(
    force: InForce, form: str, unit: str, period: str, by: Actor, at: datetime, recorded_from: str | None
) -> _Case:
    found = read_form(force.plan, form)
    when = read_period(force.plan, found, period)
    who = read_reporter(force.plan, found, when, unit)
    source = (recorded_from or "").strip() or None
    own = in_role(by, UNIT_ROLES, force.unit_ids[who.code])
    if own is not None and source is None:
        return _Case(found, who, when, by, at, own.owner, None)
    office = in_role(by, {Role.OFFICE})
    if office is None and own is not None:
        raise BadInput("代录来源只在办公室代为录入时填写，本单位报送不填")
    if office is None:
        raise Refused(f"《{found.title}》由{who.name}的联络员或分管负责人报送，您（{by.login}）不是该单位人员")
    if source is None:
        raise Refused(f"代{who.name}录入须写明来源，如“7月18日电话报告”")
    return _Case(found, who, when, by, at, office.owner, source)


def _request(session: Session, force: InForce, case: _Case) -> ReportingRequest:
    """Return the request; when the window is open and the flow has not been here yet, open it now."""
    key = (
        col(ReportingRequest.plan_id) == force.plan_id,
        col(ReportingRequest.form_id) == form_ids(session, force)[case.form.code],
        col(ReportingRequest.unit_id) == force.unit_ids[case.unit.code],
        col(ReportingRequest.period) == str(case.period),
    )
    found = session.scalars(select(ReportingRequest).where(*key)).one_or_none()
    if found is not None:
        return found
    dates = window(case.form, case.period, force.calendar)
    if dates.due.day < force.plan.issued:
        raise Refused(f"{case.period} 的报送期限在计划印发（{force.plan.issued}）之前，不作追溯报送")
    if not dates.opens <= case.day <= dates.closes:
        raise Refused(f"{case.period} 的报送窗口不在开放期：{dates.in_words}")
    expected = ExpectedRequest(case.form, case.unit, dates)
    put_requests(session, force, [expected], as_of=case.day, at=case.at)
    return session.scalars(select(ReportingRequest).where(*key)).one()


def _barred(request: ReportingRequest, day: date) -> str:
    """Return why nothing can be filed now; empty when it can."""
    if day < request.opens:
        return f"{request.period} 的报送窗口尚未开放：{request.opens} 开放，{request.due} 截止"
    if request.state is RequestState.CONFIRMED:
        return f"{request.period} 的报送已审核通过；需要更正的，请联系领导小组办公室退回后重报"
    if day > request.closes or request.state is RequestState.MISSING:
        return f"{request.period} 的报送窗口已关闭：{request.due} 截止，{request.closes} 关闭"
    return ""


def _unchanged(request: ReportingRequest, last: Submission, cells: Cells) -> Submitted:
    if request.state is RequestState.RETURNED:
        raise Refused(
            f"内容与被退回的第 {last.version} 版完全相同；退回意见：{last.comment}。请按意见修改，或在备注中说明"
        )
    return Submitted("unchanged", last.version, last.late, _filled(cells), request.id or 0)


def _filled(cells: Cells) -> int:
    return sum(1 for cell in cells.values() if cell.value.state is not FigureState.BLANK)


def _file(
    session: Session,
    force: InForce,
    case: _Case,
    request: ReportingRequest,
    last: Submission | None,
    cells: Cells,
    file_name: str,
) -> Submitted:
    # Who was only asked after the due date cannot have been late.
    late = is_overdue(request.due, as_of=case.day) and request.clock_started_on <= request.due
    if waiting := undecided(last):
        waiting.state = SubmissionState.SUPERSEDED
    submission = Submission(
        tenant_id=force.tenant_id, plan_id=force.plan_id, request_id=request.id or 0,
        version=last.version + 1 if last else 1, digest=digest(cells), file_name=file_name, filed_by=case.by.person_id,
        filed_at=case.at, late=late, recorded_from=case.recorded_from,
    )  # fmt: skip
    session.add(submission)
    session.flush()
    put_figures(session, force, submission, str(case.period), cells)
    if request.filed_at is None:
        request.filed_at, request.late = case.at, late
    request.state, request.sweep_on = RequestState.FILED, None
    notices.cancel_open(session, force, item_id=None, request_id=request.id, at=case.at)
    forget_question(session, force, request, at=case.at)
    filled = _filled(cells)
    link = entry(
        force, request, SUBMIT, by=case.by, at=case.at, acting_for=case.acting_for, form=case.form.code,
        version=submission.version, late=late, figures=filled, file=file_name, digest=submission.digest,
        recorded_from=case.recorded_from,
    )  # fmt: skip
    record(session, force, link)
    return Submitted("filed", submission.version, late, filled, request.id or 0)
