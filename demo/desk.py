"""What lies on the desks in the morning: the items and requests that somebody may do something about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlmodel import Session, col

from config.clock import day_of
from config.terms import (
    OPEN_STATUSES,
    Decision,
    MatterKind,
    PaperState,
    RequestState,
    Status,
    SubmissionState,
    TargetState,
)
from demo.conduct import OpenItem
from demo.filing import Request
from demo.targets import OpenTarget
from models import (
    DistrictTarget,
    Extension,
    Form,
    Indicator,
    Item,
    Notice,
    Paper,
    Person,
    ReportingRequest,
    Submission,
)
from supervision.in_force import InForce
from supervision.periods import parse_period

LOOKS_AHEAD = timedelta(days=45)
"""Nobody does anything about an item that is due later than that, once it is signed for."""

_YEAR = 12
_AWAITED = (RequestState.OPEN, RequestState.FILED, RequestState.RETURNED)


def open_items(session: Session, force: InForce, *, as_of: date, far: bool = False) -> list[OpenItem]:
    """Return by number the items that are not closed; those signed for and not due for long only when `far`."""
    near = true() if far else col(Item.due) <= as_of + LOOKS_AHEAD
    statement = select(*_COLUMNS).where(
        col(Item.plan_id) == force.plan_id,
        col(Item.retrospective).is_(False),
        or_(
            and_(col(Item.status) == Status.ACKNOWLEDGED, near),
            col(Item.status).in_([*(OPEN_STATUSES - {Status.ACKNOWLEDGED}), Status.COMPLETED]),
        ),
    )
    logins = dict(session.execute(select(col(Person.id), col(Person.login))).tuples().all())
    asked, waiting = _asked(session, force), _with_open_parts(session, force)
    found = []
    for row in session.execute(statement.order_by(col(Item.id))).mappings():
        number, assignee = row["id"], row["assignee_person_id"]
        found.append(
            OpenItem(
                id=number,
                occurrence=row["occurrence"],
                title=row["title"],
                unit=force.unit_codes[row["unit_id"]],
                status=row["status"],
                period_ends=_period_ends(row["source"], row["period"]),
                due=row["due"],
                version=row["due_version"],
                since=row["clock_started_on"],
                rung=row["rung"],
                reported_on=_day(row["reported_at"]),
                completed_on=_day(row["completed_at"]),
                paused_on=row["paused_on"],
                asked_on=asked.get(number),
                is_of_plan=row["source"] is MatterKind.PLAN,
                parent=row["parent_id"],
                assignee=logins[assignee] if assignee else None,
                waits_for_parts=number in waiting,
            )
        )
    return found


_COLUMNS = tuple(
    col(getattr(Item, name))
    for name in (
        "id", "occurrence", "title", "unit_id", "status", "source", "period", "due", "due_version", "clock_started_on",
        "rung", "reported_at", "completed_at", "paused_on", "parent_id", "assignee_person_id",
    )
)  # fmt: skip


def _period_ends(source: MatterKind, period: str) -> date | None:
    """Return the last day reported on; None for a matter from outside the plan and for a measure done once."""
    if source is not MatterKind.PLAN:
        return None
    found = parse_period(period)
    return None if found.months > _YEAR else found.last


def _asked(session: Session, force: InForce) -> Mapping[int, date]:
    statement = select(col(Extension.item_id), col(Extension.requested_at)).where(
        col(Extension.plan_id) == force.plan_id, col(Extension.decision) == Decision.PENDING
    )
    return {item: day_of(at) for item, at in session.execute(statement).tuples()}


def _with_open_parts(session: Session, force: InForce) -> frozenset[int]:
    parts: ColumnElement[bool] = and_(col(Item.parent_id).is_not(None), col(Item.status).in_(list(OPEN_STATUSES)))
    statement = select(col(Item.parent_id)).where(col(Item.plan_id) == force.plan_id, parts)
    return frozenset(number for number in session.scalars(statement) if number is not None)


def awaited_requests(session: Session, force: InForce) -> list[Request]:
    """Return by number the reporting requests that are neither confirmed nor missing."""
    filed = and_(col(Submission.request_id) == col(ReportingRequest.id), col(Submission.state) == SubmissionState.FILED)
    statement = (
        select(ReportingRequest, col(Form.code), col(Submission.filed_at))
        .join(Form, col(Form.id) == col(ReportingRequest.form_id))
        .outerjoin(Submission, filed)
        .where(col(ReportingRequest.plan_id) == force.plan_id, col(ReportingRequest.state).in_(_AWAITED))
        .order_by(col(ReportingRequest.id))
    )
    return [
        Request(
            id=row.id or 0,
            form=form,
            unit=force.unit_codes[row.unit_id],
            period=parse_period(row.period),
            state=row.state,
            opens=row.opens,
            due=row.due,
            closes=row.closes,
            since=row.clock_started_on,
            returned=row.returned,
            rung=row.rung,
            filed_on=_day(filed_at),
        )
        for row, form, filed_at in session.execute(statement).tuples()
    ]


def open_targets(session: Session, force: InForce) -> list[OpenTarget]:
    """Return the newest versions of the districts' targets that are not confirmed, by indicator and official order.

    The first version holds from the plan's issue on, whenever it was put into the database.
    """
    columns = (
        col(Indicator.code), col(DistrictTarget.unit_id), col(DistrictTarget.version), col(DistrictTarget.target),
        col(DistrictTarget.state), col(DistrictTarget.set_at), col(DistrictTarget.objected_at),
        col(DistrictTarget.answered_at),
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Indicator, col(Indicator.id) == col(DistrictTarget.indicator_id))
        .where(col(DistrictTarget.plan_id) == force.plan_id)
        .order_by(col(DistrictTarget.version))
    )
    newest = {(row[0], force.unit_codes[row[1]]): row for row in session.execute(statement).tuples()}
    apportioned = [each.code for each in force.plan.indicators if each.apportion is not None]
    places = [(code, unit.code) for code in apportioned for unit in force.plan.districts]
    found = []
    for place in places:
        if place in newest and newest[place][4] is not TargetState.CONFIRMED:
            _, _, version, target, state, set_at, objected_at, answered_at = newest[place]
            since = force.plan.issued if version == 1 else day_of(set_at)
            on = _day(objected_at), _day(answered_at)
            found.append(OpenTarget(*place, version, target or Decimal(0), state, since, *on))
    return found


def papers(session: Session, force: InForce, state: PaperState) -> list[tuple[int, str]]:
    """Return number and addressed unit of the papers in `state`, the oldest first."""
    statement = (
        select(col(Paper.id), col(Notice.unit_id))
        .join(Notice, col(Notice.id) == col(Paper.notice_id))
        .where(col(Paper.plan_id) == force.plan_id, col(Paper.state) == state)
        .order_by(col(Paper.id))
    )
    return [(number or 0, force.unit_codes[unit]) for number, unit in session.execute(statement).tuples()]


def _day(at: datetime | None) -> date | None:
    return day_of(at) if at is not None else None
