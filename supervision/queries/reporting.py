"""Reading the collection of figures: requests, rates, and what the assessment counts of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from config.clock import day_of
from config.terms import RequestState
from models import Event, Figure, Form, ReportingRequest, Submission
from supervision.collection.verdicts import FiledVersion, Rate, RequestCase, fact, rate, request_light
from supervision.deadlines import Light
from supervision.exact import half_up
from supervision.in_force import InForce
from supervision.periods import Period, parse_period
from supervision.queries.figures import KnownFigure, figures_as_known, standing_numbers

__all__ = [
    "KnownFigure",
    "RequestLine",
    "UnitRate",
    "UnitRequest",
    "figures_as_known",
    "rates",
    "request_facts",
    "requests",
    "requests_of",
    "standing_numbers",
]

RETURN = "return_submission"
"""What a return is called in the chain."""

REQUESTS_PER_QUERY = 500
"""How many requests are asked for at once: below the limit of variables of either database."""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request as lists show it; `due` is the date now in force, `light` as of the day asked for."""

    id: int
    form: str
    title: str
    unit: str
    period: str
    opens: date
    due: date
    closes: date
    state: RequestState
    late: bool
    returned: int
    light: Light


@dataclass(frozen=True, slots=True)
class UnitRate:
    """How a unit reported for one period."""

    unit: str
    period: str
    rate: Rate

    def as_json(self) -> dict[str, object]:
        """Return plain data; the two rates in percent with two decimals, None when nothing was expected."""
        shares = {"completeness": self.rate.completeness, "timeliness": self.rate.timeliness}
        return {
            "unit": self.unit,
            "period": self.period,
            "expected": self.rate.expected,
            "received": self.rate.received,
            "on_time": self.rate.on_time,
            "returned": self.rate.returned,
            **{name: None if share is None else half_up(share * 100, 2) for name, share in shares.items()},
        }


@dataclass(frozen=True, slots=True)
class UnitRequest:
    """One request of a unit with all that its verdict needs. `versions`: how many dates it has had."""

    id: int
    title: str
    period: Period
    versions: int
    case: RequestCase


def requests(
    session: Session,
    force: InForce,
    *,
    as_of: date,
    form: str | None = None,
    unit: str | None = None,
    period: str | None = None,
    state: RequestState | None = None,
) -> list[RequestLine]:
    """Return the requests that meet every condition given, by due date and number; units by name on `as_of`.

    Raises UnknownName for a unit that the plan does not have.
    """
    found = []
    for row, code, title in session.execute(_requests(force, form, unit, period, state)).tuples():
        light = request_light(
            row.state, row.due, as_of=as_of, due_soon_days=force.ladder.due_soon_days, calendar=force.calendar
        )
        name = force.plan.unit(force.unit_codes[row.unit_id]).name_on(as_of)
        line = RequestLine(
            row.id or 0, code, title, name, row.period, row.opens, row.due, row.closes, row.state, row.late,
            row.returned, light,
        )  # fmt: skip
        found.append(line)
    return found


def _requests(
    force: InForce,
    form: str | None = None,
    unit: str | None = None,
    period: str | None = None,
    state: RequestState | None = None,
) -> Select[tuple[ReportingRequest, str, str]]:
    statement = (
        select(ReportingRequest, col(Form.code), col(Form.title))
        .join(Form, col(Form.id) == col(ReportingRequest.form_id))
        .where(col(ReportingRequest.plan_id) == force.plan_id)
        .order_by(col(ReportingRequest.due), col(ReportingRequest.id))
    )
    if form is not None:
        statement = statement.where(col(Form.code) == form)
    if unit is not None:
        statement = statement.where(col(ReportingRequest.unit_id) == force.unit_id(unit))
    if period is not None:
        statement = statement.where(col(ReportingRequest.period) == period)
    if state is not None:
        statement = statement.where(col(ReportingRequest.state) == state)
    return statement


def rates(session: Session, force: InForce, *, as_of: date) -> list[UnitRate]:
    """Return how each unit reported for each period at the close of `as_of`, in official order, then by period.

    What is not due yet and not filed, and what was only asked for after its due date, is not expected.
    """
    rows = [row for row, _, _ in session.execute(_requests(force)).tuples()]
    groups: dict[tuple[int, str], list[RequestCase]] = {}
    for row, case in zip(rows, _cases(session, rows), strict=True):
        groups.setdefault((row.unit_id, row.period), []).append(case)
    order = {force.unit_ids[unit.code]: place for place, unit in enumerate(force.plan.units)}

    def by_order(key: tuple[int, str]) -> tuple[int, date, str]:
        return order.get(key[0], len(order)), parse_period(key[1]).last, key[1]

    found = [
        UnitRate(force.unit_codes[unit], period, rate(groups[unit, period], as_of=as_of))
        for unit, period in sorted(groups, key=by_order)
    ]
    return [each for each in found if each.rate.expected]


def request_facts(
    session: Session, force: InForce, *, unit: str, first: date, last: date, as_of: date
) -> list[dict[str, Any]]:
    """Return what the calculator counts of the unit's requests whose period ends from `first` through `last`.

    Each has the keys late, returned and missing, as at the close of `as_of`; in the order in which they were made,
    which a later return with its new due date does not disturb. Requests that count for nothing yet are left out.
    Raises UnknownName for a unit that the plan does not have.
    Source: design §6 point 6.
    """
    facts = (fact(each.case, as_of=as_of) for each in requests_of(session, force, unit=unit, first=first, last=last))
    return [
        {"late": each.late, "returned": each.returned, "missing": each.missing} for each in facts if each is not None
    ]


def requests_of(
    session: Session, force: InForce, *, unit: str, first: date = date.min, last: date = date.max
) -> list[UnitRequest]:
    """Return the unit's requests whose period ends from `first` through `last`, in the order in which they were made.

    Raises UnknownName for a unit that the plan does not have.
    """
    statement = _requests(force, unit=unit).order_by(None).order_by(col(ReportingRequest.id))
    rows = [
        (row, title, period)
        for row, _, title in session.execute(statement).tuples()
        if first <= (period := parse_period(row.period)).last <= last
    ]
    cases = _cases(session, (row for row, _, _ in rows))
    return [
        UnitRequest(row.id or 0, title, period, row.due_version, case)
        for (row, title, period), case in zip(rows, cases, strict=True)
    ]


def _cases(session: Session, rows: Iterable[ReportingRequest]) -> list[RequestCase]:
    """Return the cases of `rows`, in the same order."""
    rows = list(rows)
    numbers = [row.id or 0 for row in rows]
    versions, confirmed = _versions(session, numbers), _confirmed(session, numbers)
    return [
        RequestCase(
            due=row.due,
            closes=row.closes,
            asked_on=row.clock_started_on,
            late=row.late,
            confirmed_on=confirmed.get(row.id or 0) or (day_of(row.confirmed_at) if row.confirmed_at else None),
            versions=tuple(versions.get(row.id or 0, ())),
        )
        for row in rows
    ]


def _versions(session: Session, numbers: list[int]) -> Mapping[int, list[FiledVersion]]:
    found: dict[int, list[FiledVersion]] = {}
    returned = _returned(session, numbers)
    for start in range(0, len(numbers), REQUESTS_PER_QUERY):
        of_requests = col(Submission.request_id).in_(numbers[start : start + REQUESTS_PER_QUERY])
        statement = select(Submission).where(of_requests).order_by(col(Submission.version))
        for row in session.scalars(statement):
            version = FiledVersion(day_of(row.filed_at), returned.get((row.request_id, row.version)))
            found.setdefault(row.request_id, []).append(version)
    return found


def _returned(session: Session, numbers: list[int]) -> Mapping[tuple[int, int], date]:
    """Return by request and version the day on which it was first returned, as the chain has it.

    The row of a submission keeps the last decision alone: a form that is returned twice must not look as if it had
    been good until the second time.
    """
    found: dict[tuple[int, int], date] = {}
    for start in range(0, len(numbers), REQUESTS_PER_QUERY):
        of_requests = col(Event.request_id).in_(numbers[start : start + REQUESTS_PER_QUERY])
        statement = select(col(Event.request_id), col(Event.at), col(Event.data)).where(
            of_requests, col(Event.action) == RETURN
        )
        for request, at, data in session.execute(statement.order_by(col(Event.seq))).tuples():
            found.setdefault((request or 0, data["version"]), day_of(at))
    return found


def _confirmed(session: Session, numbers: list[int]) -> Mapping[int, date]:
    """Return by request the day on which a version was first confirmed: a later one does not undo it."""
    found: dict[int, date] = {}
    for start in range(0, len(numbers), REQUESTS_PER_QUERY):
        of_requests = col(Submission.request_id).in_(numbers[start : start + REQUESTS_PER_QUERY])
        statement = (
            select(col(Submission.request_id), func.min(col(Figure.confirmed_at)))
            .join(Figure, col(Figure.submission_id) == col(Submission.id))
            .where(of_requests, col(Figure.confirmed_at).is_not(None))
            .group_by(col(Submission.request_id))
        )
        found |= {number: day_of(first) for number, first in session.execute(statement).tuples()}
    return found
