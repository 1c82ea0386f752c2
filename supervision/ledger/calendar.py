"""Loading a year's arrangement of days off: open deadlines are counted anew, past verdicts never move."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import CalendarNotPublished, Conflict, PlanError, Refused
from config.terms import OPEN_STATUSES, RUNNING_REQUESTS, RUNNING_STATUSES, DueReason, NoticeKind, Role
from database import chain
from models import CalendarYear, DueDate, Form, Item, Measure, Plan, ReportingRequest
from supervision import in_force
from supervision.arrangement import YearArrangement
from supervision.collection.windows import window
from supervision.deadlines import due_date, read_due_rule
from supervision.escalation import Audience
from supervision.in_force import InForce
from supervision.ledger import notices
from supervision.ledger.items import audience_of
from supervision.ledger.notices import Draft
from supervision.periods import parse_period
from supervision.queries.people import Actor, People, acting_for, unit_people
from supervision.workdays import Workdays


@dataclass(frozen=True)
class Change:
    """A due date that the arrangement moves; `day` is where it goes."""

    item_id: int | None
    request_id: int | None
    title: str
    unit_id: int
    due: date
    day: date


def preview(session: Session, force: InForce, arrangement: YearArrangement, *, as_of: date) -> list[Change]:
    """Return every open due date of the plan after `as_of` that the arrangement would move; nothing is written.

    What was due by `as_of` has been judged by the calendar of its time and stays. A date that the plan's rule gave is
    counted anew; one that a person gave moves forward when it has become a day off (顺延), a sub-item's back.
    """
    calendar = force.calendar.with_year(arrangement)
    return [*_items(session, force, calendar, as_of), *_requests(session, force, calendar, as_of)]


def preview_everywhere(
    session: Session, force: InForce, arrangement: YearArrangement, *, as_of: date
) -> list[tuple[InForce, list[Change]]]:
    """Return the same for every plan of the tenant, which share the calendar: `force` first, then the others."""
    others = select(Plan).where(col(Plan.tenant_id) == force.tenant_id, col(Plan.id) != force.plan_id)
    plans = [force, *(in_force.of_row(session, row) for row in session.scalars(others.order_by(col(Plan.id))).all())]
    return [(plan, preview(session, plan, arrangement, as_of=as_of)) for plan in plans]


def fingerprint(moves: Sequence[tuple[InForce, Sequence[Change]]]) -> str:
    """Return what tells one preview from another, so that only what was looked at is confirmed."""
    lines = [(plan.plan_id, *astuple(change)) for plan, changes in moves for change in changes]
    return hashlib.sha256(repr(lines).encode()).hexdigest()


def load_year(
    session: Session, force: InForce, arrangement: YearArrangement, *, by: Actor, at: datetime, seen: str | None = None
) -> list[Change]:
    """Load the arrangement for the tenant and apply what `preview` shows; return the changes of this plan.

    Each moved item starts a new due-date version with a ladder of its own, and its unit is told; the tenant's other
    plans follow. Whatever runs is looked at again by the next sweep, because days between may have moved as well.
    Loading the same arrangement again changes nothing. `seen` is the fingerprint of the preview that is confirmed.
    Raises Refused for anybody but the office or an administrator, Conflict when something else would move by now.
    """
    chain.lock(session, force.tenant_id)
    held = by.holding({Role.OFFICE, Role.ADMINISTRATOR})
    if not held:
        raise Refused("放假安排由领导小组办公室或系统管理员载入")
    moves = preview_everywhere(session, force, arrangement, as_of=day_of(at))
    if seen is not None and seen != fingerprint(moves):
        raise Conflict("要改期的事项在预览之后有变化，没有载入，请核对新的清单后再确认")
    if not _keep(session, force.tenant_id, arrangement, at):
        return []
    data = {"year": arrangement.year, "moved": sum(len(changes) for _, changes in moves)}
    entry = chain.Entry("load_calendar", at, by.login, plan_id=force.plan_id, acting_for=acting_for(held), data=data)
    chain.append(session, force.tenant_id, [entry])
    for plan, changes in moves:
        loaded = replace(plan, calendar=plan.calendar.with_year(arrangement))
        _apply(session, loaded, changes, by, at)
    return moves[0][1]


def _keep(session: Session, tenant_id: int, arrangement: YearArrangement, at: datetime) -> bool:
    """Put the arrangement in place of what is loaded for the year; return False when it is the same."""
    content = content_of(arrangement)
    known = session.scalars(
        select(CalendarYear).where(col(CalendarYear.tenant_id) == tenant_id, col(CalendarYear.year) == arrangement.year)
    ).one_or_none()
    if known is None:
        session.add(CalendarYear(tenant_id=tenant_id, year=arrangement.year, arrangement=content, loaded_at=at))
        return True
    changed = known.arrangement != content
    if changed:
        known.arrangement, known.loaded_at = content, at
    return changed


def _apply(session: Session, force: InForce, changes: Sequence[Change], by: Actor, at: datetime) -> None:
    chain.append(session, force.tenant_id, [_move(session, force, change, by, at) for change in changes])
    notices.make(session, force, _drafts(session, force, changes, at), at=at)
    session.flush()
    for table in (Item, ReportingRequest):
        waiting = col(table.plan_id) == force.plan_id, col(table.sweep_on) > day_of(at)
        session.execute(update(table).where(*waiting).values(sweep_on=day_of(at)))


def _items(session: Session, force: InForce, calendar: Workdays, as_of: date) -> list[Change]:
    statement = (
        select(Item, col(Measure.due_rule))
        .outerjoin(Measure, col(Measure.id) == col(Item.measure_id))
        .where(
            col(Item.plan_id) == force.plan_id,
            col(Item.status).in_(list(OPEN_STATUSES)),
            col(Item.due) > as_of,
            col(Item.retrospective).is_(False),
        )
        .order_by(col(Item.due), col(Item.id))
    )
    found = []
    for item, rule in session.execute(statement).tuples():
        if _by_rule(rule, item.period, force.calendar) == item.due:
            day = _by_rule(rule, item.period, calendar) or item.due
        elif item.parent_id is not None:
            day = calendar.on_or_before(item.due)
        else:
            day = calendar.on_or_after(item.due)
        if day != item.due:
            found.append(Change(item.id, None, item.title, item.unit_id, item.due, _not_past(day, calendar, as_of)))
    return found


def _by_rule(rule: str | None, period: str, calendar: Workdays) -> date | None:
    """Return the date that the plan's rule gives; None when there is no rule, or it gives none for the period."""
    if rule is None:
        return None
    try:
        return due_date(read_due_rule(rule), parse_period(period), calendar).day
    except (PlanError, CalendarNotPublished):
        return None  # the rule has changed since the item was made, so it is not what gave the item its date


def _not_past(day: date, calendar: Workdays, as_of: date) -> date:
    """Return `day`, or the next working day when it has gone by: nothing becomes overdue by a recount."""
    return day if day > as_of else calendar.add(as_of, 1)


def _requests(session: Session, force: InForce, calendar: Workdays, as_of: date) -> list[Change]:
    statement = (
        select(ReportingRequest, col(Form.code))
        .join(Form, col(Form.id) == col(ReportingRequest.form_id))
        .where(
            col(ReportingRequest.plan_id) == force.plan_id,
            col(ReportingRequest.state).in_(list(RUNNING_REQUESTS)),
            col(ReportingRequest.due) > as_of,
        )
        .order_by(col(ReportingRequest.due), col(ReportingRequest.id))
    )
    forms = {form.code: form for form in force.plan.forms}
    found = []
    for request, code in session.execute(statement.where(col(Form.code).in_(list(forms)))).tuples():
        form, period = forms[code], parse_period(request.period)
        day = window(form, period, calendar).due.day
        if window(form, period, force.calendar).due.day == request.due != day:
            title = f"{form.title}（{request.period}）"
            day = _not_past(day, calendar, as_of)
            found.append(Change(None, request.id, title, request.unit_id, request.due, day))
    return found


def _move(session: Session, force: InForce, change: Change, by: Actor, at: datetime) -> chain.Entry:
    notices.cancel_open(session, force, item_id=change.item_id, request_id=change.request_id, at=at)
    day = day_of(at)
    if change.item_id is not None:
        item = session.get_one(Item, change.item_id)
        judges = item.judged_due == item.due
        item.due_version += 1
        item.due, item.clock_started_on, item.rung = change.day, day, None
        item.judged_due = change.day if judges else item.judged_due
        item.sweep_on = day if item.status in RUNNING_STATUSES else None
        item.revision += 1
        session.add(
            DueDate(tenant_id=item.tenant_id, plan_id=item.plan_id, item_id=change.item_id, version=item.due_version,
                    due=change.day, judges=judges, reason=DueReason.RECOUNTED, set_at=at, set_by=by.person_id)
        )  # fmt: skip
    else:
        request = session.get_one(ReportingRequest, change.request_id)
        request.due, request.closes = change.day, max(request.closes, change.day)
        request.due_version += 1
        request.clock_started_on, request.sweep_on, request.rung = day, day, None
        request.revision += 1
    return chain.Entry(
        "recount", at, by.login, plan_id=force.plan_id, item_id=change.item_id, request_id=change.request_id,
        data={"from": change.due.isoformat(), "due": change.day.isoformat()},
    )  # fmt: skip


def _drafts(session: Session, force: InForce, changes: Sequence[Change], at: datetime) -> list[Draft]:
    people = unit_people(session, force.tenant_id, on=day_of(at))
    return [_draft(session, people, change) for change in changes]


def _draft(session: Session, people: People, change: Change) -> Draft:
    subject: Item | ReportingRequest
    if change.item_id is not None:
        subject = session.get_one(Item, change.item_id)
        assignee = subject.assignee_person_id
    else:
        subject = session.get_one(ReportingRequest, change.request_id)
        assignee = None
    return Draft(
        key=f"{notices.subject_key(change.item_id, change.request_id)}/recounted/v{subject.due_version}",
        kind=NoticeKind.DUE_CHANGED,
        unit_id=change.unit_id,
        because=f"“{change.title}”因放假安排调整，期限由 {change.due} 改为 {change.day}",
        recipients=audience_of(people, change.unit_id, assignee, (Audience.LIAISON,)),
        item_id=change.item_id,
        request_id=change.request_id,
        due_version=subject.due_version,
        due=change.day,
    )


def content_of(arrangement: YearArrangement) -> dict[str, Any]:
    """Return the arrangement in the shape of the file it is read from."""
    days = [{"name": day.name, "date": day.day.isoformat(), "isOffDay": day.is_off} for day in arrangement.days]
    return {"year": arrangement.year, "days": days}
