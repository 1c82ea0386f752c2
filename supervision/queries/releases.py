"""Reading the release calendar and the statistical returns: what is owed, what is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_ends, day_of
from config.plan.schema.statistics import StatisticsForm
from config.terms import ReleaseStatus
from models import DataRelease, Person
from supervision.in_force import InForce
from supervision.indices.releases import Planned, begun, day_named, planned
from supervision.periods import Period, parse_period
from supervision.queries.series import all_vintages, areas_of


class State(StrEnum):
    """How an entry of a calendar stands on a day."""

    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"


STATE_WORDS = {State.UPCOMING: "未到期", State.DUE: "待办", State.OVERDUE: "逾期", State.DONE: "已完成"}


@dataclass(frozen=True, slots=True)
class Released:
    """One release as it was made; `content` is the copy of the data that never changes."""

    code: str
    period: str
    version: int
    status: ReleaseStatus
    due: date
    digest: str
    content: Mapping[str, Any]
    synthetic: bool
    reason: str | None
    released_at: datetime
    released_by: str

    @property
    def late(self) -> bool:
        """Whether it came after the day that the calendar named."""
        return day_of(self.released_at) > self.due


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One entry of the release calendar for one period, with what was released by the day."""

    planned: Planned
    released: tuple[Released, ...]
    state: State


def releases(
    session: Session, force: InForce, *, code: str | None = None, period: str | None = None, as_of: date | None = None
) -> list[Released]:
    """Return what was released by the close of `as_of` (default: all), oldest first."""
    statement = (
        select(DataRelease, col(Person.login))
        .join(Person, col(Person.id) == col(DataRelease.released_by_person_id))
        .where(col(DataRelease.plan_id) == force.plan_id)
        .order_by(col(DataRelease.id))
    )
    if code is not None:
        statement = statement.where(col(DataRelease.code) == code)
    if period is not None:
        statement = statement.where(col(DataRelease.period) == period)
    if as_of is not None:
        statement = statement.where(col(DataRelease.released_at) < day_ends(as_of))
    return [
        Released(
            row.code, row.period, row.version, row.status, row.due, row.digest, row.content, row.synthetic, row.reason,
            row.released_at, login,
        )
        for row, login in session.execute(statement).tuples()
    ]  # fmt: skip


def release_calendar(session: Session, force: InForce, *, as_of: date) -> list[ReleaseLine]:
    """Return the calendar through the periods that have begun by `as_of`, newest periods last.

    Left out is what fell due before the plan was issued, which nobody could have released, and what precedes the
    first period of an entry.
    """
    made = releases(session, force, as_of=as_of)
    found = []
    for release in force.plan.statistics.releases:
        for period in begun(release.frequency, start=force.plan.start, end=force.plan.end, as_of=as_of):
            plan = planned(release, period, calendar=force.calendar)
            first = release.first_period
            if plan.first < force.plan.issued or (first is not None and period < parse_period(first)):
                continue
            own = tuple(r for r in made if (r.code, r.period) == (release.code, str(period)))
            found.append(ReleaseLine(plan, own, _state(plan, [r.status for r in own], as_of)))
    return found


def _state(plan: Planned, statuses: Sequence[ReleaseStatus], as_of: date) -> State:
    owed = plan.owed(as_of=as_of)
    if owed is None:
        return State.UPCOMING
    settled = any(status is not ReleaseStatus.PROVISIONAL for status in statuses)
    if settled or (owed is ReleaseStatus.PROVISIONAL and statuses):
        return State.DONE
    return State.DUE if as_of == (plan.final if owed is ReleaseStatus.FINAL else plan.provisional) else State.OVERDUE


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One statistical return for one period: due when, what is missing, and when it was complete."""

    form: StatisticsForm
    period: Period
    due: date
    missing: tuple[str, ...]
    completed: datetime | None
    state: State

    @property
    def late(self) -> bool:
        """Whether it was complete only after it was due."""
        return self.completed is not None and day_of(self.completed) > self.due


def returns(session: Session, force: InForce, *, as_of: date) -> list[ReturnLine]:
    """Return the statistical returns of the periods that have ended by `as_of`, as known then.

    Complete is a return with a value of each series for each of its own areas; a series without areas of its own
    needs every district. Left out is what was due before the plan was issued.
    """
    statistics = force.plan.statistics
    codes = {code for form in statistics.forms for code in form.series}
    first = {
        place: min(point.recorded_at for point in vintages)
        for place, vintages in all_vintages(session, force, codes, recorded_before=day_ends(as_of)).items()
    }
    found = []
    for form in statistics.forms:
        for period in begun(form.frequency, start=force.plan.start, end=force.plan.end, as_of=as_of):
            due = day_named(form.due, period, calendar=force.calendar).day
            if period.last <= as_of and due >= force.plan.issued:
                found.append(_return(force, form, period, due, first, as_of))
    return found


def _return(
    force: InForce,
    form: StatisticsForm,
    period: Period,
    due: date,
    first: Mapping[tuple[str, str, str], datetime],
    as_of: date,
) -> ReturnLine:
    wanted = []
    for code in form.series:
        series = force.plan.statistics.series_of(code)
        wanted += [(code, area, str(period)) for area in series.areas or areas_of(force, series)]
    missing = tuple(f"{code}（{area}）" for code, area, _ in wanted if (code, area, str(period)) not in first)
    if not missing:
        return ReturnLine(form, period, due, (), max(first[place] for place in wanted), State.DONE)
    return ReturnLine(form, period, due, missing, None, State.OVERDUE if as_of > due else State.DUE)
