"""Opening the reporting requests that ought to be there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.terms import NoticeKind, RequestState
from database import chain
from database.rows import put
from models import ReportingRequest
from supervision.collection.windows import ExpectedRequest, expected_requests
from supervision.in_force import InForce
from supervision.ladder import Audience
from supervision.ledger import notices
from supervision.ledger.notices import Draft
from supervision.ledger.reporting.rows import COLLECTOR, form_ids
from supervision.periods import day_in_words
from supervision.queries.people import People, recipients, unit_people

Key = tuple[int, int, str]
"""What makes a request unique inside the plan: form, unit, period."""

Made = Sequence[tuple[int, ExpectedRequest]]


@dataclass(frozen=True)
class Opened:
    """What one run opened: the number of requests, the notices it made, and what it could not open, in words."""

    requests: int
    notices: tuple[Draft, ...]
    failures: tuple[str, ...]


def open_requests(session: Session, force: InForce, *, as_of: date, at: datetime) -> Opened:
    """Open every request whose window has opened by `as_of` and that is not there, and tell the liaisons.

    Key: form, unit and period; the notice's: the request. So late, twice or beside another the rows are the same.
    A request whose window has closed meanwhile is opened too, for the record, but nobody is told.
    A period whose due date needs a calendar year that is not published is reported in `failures`.
    """
    chain.lock(session, force.tenant_id)
    expected = expected_requests(force.plan, force.calendar, as_of=as_of)
    made = put_requests(session, force, expected.requests, as_of=as_of, at=at)
    people = unit_people(session, force.tenant_id, on=as_of)
    drafts = [_draft(force, people, number, wanted, at) for number, wanted in made if wanted.window.closes >= as_of]
    return Opened(len(made), tuple(notices.make(session, force, drafts, at=at)), expected.failures)


def put_requests(
    session: Session, force: InForce, wanted: Iterable[ExpectedRequest], *, as_of: date, at: datetime
) -> Made:
    """Write the requests that are not there yet, with their events; return them with their numbers.

    The caller holds the chain.
    """
    forms = form_ids(session, force)
    by_key = {(forms[w.form.code], force.unit_ids[w.unit.code], str(w.window.period)): w for w in wanted}
    known = _numbers(session, force, by_key)
    fresh = {key: wanted for key, wanted in by_key.items() if key not in known}
    if not fresh:
        return ()
    put(session, ReportingRequest, [_row(force, key, each, as_of) for key, each in fresh.items()])
    numbers = _numbers(session, force, fresh)
    made = [(numbers[key], each) for key, each in fresh.items()]
    chain.append(session, force.tenant_id, [_event(force, number, each, at) for number, each in made])
    return made


def _numbers(session: Session, force: InForce, keys: Iterable[Key]) -> Mapping[Key, int]:
    """Return the numbers of the requests of these periods, by key."""
    statement = select(
        col(ReportingRequest.form_id), col(ReportingRequest.unit_id), col(ReportingRequest.period),
        col(ReportingRequest.id),
    ).where(
        col(ReportingRequest.plan_id) == force.plan_id,
        col(ReportingRequest.period).in_(sorted({period for _, _, period in keys})),
    )  # fmt: skip
    return {(form, unit, period): number or 0 for form, unit, period, number in session.execute(statement)}


def _row(force: InForce, key: Key, wanted: ExpectedRequest, as_of: date) -> dict[str, Any]:
    form_id, unit_id, period = key
    return {
        "tenant_id": force.tenant_id,
        "plan_id": force.plan_id,
        "form_id": form_id,
        "unit_id": unit_id,
        "period": period,
        "opens": wanted.window.opens,
        "due": wanted.window.due.day,
        "closes": wanted.window.closes,
        "state": RequestState.OPEN,
        "due_version": 1,
        "clock_started_on": as_of,
        "ladder_id": force.ladder_id,
        "sweep_on": as_of,
        "late": False,
        "returned": 0,
        "revision": 1,
    }


def _event(force: InForce, number: int, wanted: ExpectedRequest, at: datetime) -> chain.Entry:
    window = wanted.window
    data = {
        "form": wanted.form.code,
        "unit": wanted.unit.code,
        "period": str(window.period),
        "opens": window.opens.isoformat(),
        "due": window.due.day.isoformat(),
        "closes": window.closes.isoformat(),
        "because": window.due.because,
    }
    return chain.Entry("open_request", at, COLLECTOR.login, plan_id=force.plan_id, request_id=number, data=data)


def _draft(
    force: InForce,
    people: People,
    number: int,
    wanted: ExpectedRequest,
    at: datetime,
) -> Draft:
    window, unit_id = wanted.window, force.unit_ids[wanted.unit.code]
    due, closes = day_in_words(window.due.day), day_in_words(window.closes)
    return Draft(
        key=f"{notices.subject_key(None, number)}/opened",
        kind=NoticeKind.REQUEST_OPENED,
        unit_id=unit_id,
        because=f"《{wanted.form.title}》{window.period.in_words}数已开放报送，请于{due}前报送；"
        f"逾期至{closes}仍可补报，记为迟报",
        recipients=recipients(people, unit_id, (Audience.LIAISON,)),
        request_id=number,
        due=window.due.day,
        not_before=notices.digest_moment(force, at),
    )
