"""Confirming a submission or returning it: the act of a second person, from the office or the lead unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Refused
from config.plan import Form
from config.terms import NoticeKind, RequestState, Role, SubmissionState
from database import chain
from models import Event, ReportingRequest, Submission
from supervision.in_force import InForce
from supervision.ladder import Audience
from supervision.ledger import notices
from supervision.ledger.reporting.figures import confirm_figures
from supervision.ledger.reporting.rows import (
    SUBMIT,
    entry,
    form_of,
    in_role,
    newest_submission,
    record,
    request_row,
)
from supervision.periods import day_in_words
from supervision.queries.hands import is_same_hand
from supervision.queries.people import UNIT_ROLES, Actor, recipients, unit_people
from supervision.queries.reporting import RETURN

REWORK_WORKING_DAYS = 3
"""Working days that a unit has for a corrected submission unless another date is given. Source: office ruling."""


@dataclass(frozen=True)
class Decided:
    """How the request stands after the decision on its version `version`."""

    request_id: int
    state: RequestState
    version: int
    due: date
    revision: int


def confirm(
    session: Session,
    force: InForce,
    request_id: int,
    *,
    by: Actor,
    at: datetime,
    comment: str = "",
    revision: int | None = None,
) -> Decided:
    """Confirm the version filed last: its figures count from now on, claims of 不适用 included.

    On figures that the closing of the window confirmed by itself, this is the ruling on their claims of 不适用.
    `revision` is what the person saw; None: whatever is there. Raises UnknownName, Conflict when somebody acted
    since, and Refused for who filed it or had it filed by a stand-in, the unit's own people, or when nothing waits
    for a decision.
    """
    request, submission, acting_for = _to_decide(session, force, request_id, by, revision, "审核")
    if request.state not in {RequestState.FILED, RequestState.CONFIRMED}:
        raise Refused(f"该报送任务现为“{request.state.label}”，没有待审核的报送")
    confirmed = confirm_figures(session, submission, at=at, rule_on_claims=True)
    if not confirmed:
        raise Refused(f"第 {submission.version} 版已审核通过，不必重复审核")
    _decide(submission, SubmissionState.CONFIRMED, by, at, comment)
    request.state, request.confirmed_at, request.sweep_on = RequestState.CONFIRMED, at, None
    link = entry(
        force, request, "confirm", by=by, at=at, acting_for=acting_for, version=submission.version,
        figures=confirmed, comment=comment.strip(),
    )  # fmt: skip
    record(session, force, link)
    return _decided(request, submission)


def return_submission(
    session: Session,
    force: InForce,
    request_id: int,
    *,
    by: Actor,
    at: datetime,
    comment: str,
    due: date | None = None,
    revision: int | None = None,
) -> Decided:
    """Return the version filed last (退回), with a date for the corrected one, and start the ladder anew.

    `due` moves forward from a day off (顺延); without it the unit has `REWORK_WORKING_DAYS`. It leaves at least one
    working day and lies within the window, but for a correction of confirmed figures, which keeps the window open
    until then. Lateness stays judged by the original date. Raises as `confirm` does, and BadInput without a
    comment or for a date that cannot be kept.
    """
    request, submission, acting_for = _to_decide(session, force, request_id, by, revision, "退回")
    if not comment.strip():
        raise BadInput("退回必须写明意见（--comment），说明哪一格有什么问题")
    if request.state not in {RequestState.FILED, RequestState.CONFIRMED}:
        raise Refused(f"该报送任务现为“{request.state.label}”，没有可以退回的报送")
    again = _due_again(force, request, day_of(at), due)
    _decide(submission, SubmissionState.RETURNED, by, at, comment)
    notices.cancel_open(session, force, item_id=None, request_id=request.id, at=at)
    request.state, request.rung = RequestState.RETURNED, None
    request.returned += 1
    request.due_version += 1
    request.due, request.closes = again, max(request.closes, again)
    request.clock_started_on = request.sweep_on = day_of(at)
    link = entry(
        force, request, RETURN, by=by, at=at, acting_for=acting_for, version=submission.version,
        due=again.isoformat(), closes=request.closes.isoformat(), comment=comment.strip(),
    )  # fmt: skip
    record(session, force, link)
    _tell(session, force, request, comment.strip(), at)
    return _decided(request, submission)


def _to_decide(
    session: Session, force: InForce, request_id: int, by: Actor, revision: int | None, label: str
) -> tuple[ReportingRequest, Submission, str | None]:
    """Return the request, its newest version and for whom `by` acts, if they may decide on it at all."""
    chain.lock(session, force.tenant_id)
    request = request_row(session, force, request_id, revision)
    acting_for = _capacity(force, form_of(session, force, request), request, by, label)
    submission = newest_submission(session, request)
    if submission is None:
        raise Refused(f"该报送任务现为“{request.state.label}”，尚未报送，不能{label}")
    if is_same_hand(session, by, _filed_by(session, request)):
        raise Refused(f"{label}须由另一人办理：您（{by.login}）或您所代、所接任的人就是报送或代录的人")
    return request, submission, acting_for


def _filed_by(session: Session, request: ReportingRequest) -> frozenset[str]:
    """Return the logins of who filed the newest version, and of for whom it was done."""
    filings = select(col(Event.actor), col(Event.acting_for)).where(
        col(Event.plan_id) == request.plan_id, col(Event.request_id) == request.id, col(Event.action) == SUBMIT
    )
    row = session.execute(filings.order_by(col(Event.seq).desc()).limit(1)).one()
    return frozenset(name for name in row if name)


def _capacity(force: InForce, form: Form, request: ReportingRequest, by: Actor, label: str) -> str | None:
    """Return for whom `by` decides, None when in an own role. Raises Refused when in none."""
    lead = _lead_unit(force, form)
    holding = in_role(by, {Role.OFFICE, Role.LEADER}) or (in_role(by, UNIT_ROLES, lead) if lead is not None else None)
    if holding is None:
        others = f"，或牵头单位{force.plan.unit(force.unit_codes[lead]).name}" if lead is not None else ""
        raise Refused(f"“{label}”由领导小组办公室{others}办理，您（{by.login}）没有这个身份")
    if request.unit_id in by.unit_ids:
        raise Refused(f"“{label}”涉及您所在单位自己的数，须由外单位人员或领导小组领导办理")
    return holding.owner


def _lead_unit(force: InForce, form: Form) -> int | None:
    """Return the unit that leads on every figure of the form, None when they have several leads."""
    leads = {force.plan.indicator(code).owners[0] for code in form.indicators}
    return force.unit_id(leads.pop()) if len(leads) == 1 else None


def _decide(submission: Submission, state: SubmissionState, by: Actor, at: datetime, comment: str) -> None:
    submission.state, submission.comment = state, comment.strip() or None
    submission.decided_by, submission.decided_at = by.person_id, at


def _due_again(force: InForce, request: ReportingRequest, day: date, wanted: date | None) -> date:
    """Return the date for the corrected version."""
    first, confirmed = force.calendar.add(day, 1), request.state is RequestState.CONFIRMED
    if not confirmed and first > request.closes:
        raise Refused(f"窗口于 {request.closes} 关闭，已来不及重报；可先审核通过，关闭后再退回更正")
    if wanted is None:
        due = force.calendar.add(day, REWORK_WORKING_DAYS)
        return due if confirmed else min(due, force.calendar.on_or_before(request.closes))
    due = force.calendar.on_or_after(wanted)
    if due < first:
        raise BadInput(f"重报期限 {wanted} 太早，至少留一个工作日（{first} 起）")
    if due > request.closes and not confirmed:
        raise BadInput(f"重报期限 {due} 晚于窗口关闭日 {request.closes}，请提前")
    return due


def _tell(session: Session, force: InForce, request: ReportingRequest, comment: str, at: datetime) -> None:
    people = unit_people(session, force.tenant_id, on=day_of(at))
    title = form_of(session, force, request).title
    draft = notices.Draft(
        key=f"{notices.subject_key(None, request.id)}/returned/v{request.due_version}",
        kind=NoticeKind.SUBMISSION_RETURNED,
        unit_id=request.unit_id,
        because=f"《{title}》（{request.period}）被退回，请于{day_in_words(request.due)}前重报。退回意见：{comment}",
        recipients=recipients(people, request.unit_id, (Audience.LIAISON, Audience.UNIT_HEAD)),
        request_id=request.id,
        due_version=request.due_version,
        due=request.due,
    )
    notices.make(session, force, [draft], at=at)


def _decided(request: ReportingRequest, submission: Submission) -> Decided:
    return Decided(request.id or 0, request.state, submission.version, request.due, request.revision)
