"""A unit's own record: by quarter, and in the year to date, what an assessment counts of its conduct, each by name.

Nothing is judged here anew. Items are taken and credited, requests judged and papers deducted by the functions of the
assessment, as at the close of the plan's today; on the day of a freeze both find the same. Source: docs/scoring.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from sqlmodel import Session

from config.clock import day_ends
from config.terms import Level, Status
from database.remembered import remembered
from supervision.collection.verdicts import Rate, RequestFact, fact, rate
from supervision.in_force import InForce
from supervision.periods import Period, quarter_of, span
from supervision.queries.items_as_known import KnownItem, items_as_known
from supervision.queries.papers_received import PaperReceived, papers_received
from supervision.queries.reporting import UnitRequest, requests_of
from supervision.scoring.case import DueItem, Request, Supervision
from supervision.scoring.conduct import (
    A_LITTLE_LATE,
    ON_TIME,
    credit_of,
    key_task_share,
    reporting_deduction,
    supervision_deduction,
)
from supervision.scoring.result import Credit

_A_DAY = timedelta(days=1)


class Outcome(StrEnum):
    """What became of an item, as the assessment sees it. The first four are counted, the others are not."""

    ON_TIME = "on-time"
    A_LITTLE_LATE = "a-little-late"
    LATE = "late"
    OPEN = "open"
    NOT_DUE = "not-due"
    LEFT_OUT = "left-out"


COUNTED = (Outcome.ON_TIME, Outcome.A_LITTLE_LATE, Outcome.LATE, Outcome.OPEN)


@dataclass(frozen=True, slots=True)
class JudgedItem:
    """One item with its credit; None for what the assessment leaves out. `days_late` are working days, 0 if on time."""

    item: KnownItem
    outcome: Outcome
    credit: Credit | None
    days_late: int


@dataclass(frozen=True, slots=True)
class JudgedRequest:
    """One reporting request with what is counted of it; `counted` is None while it counts for nothing."""

    request: UnitRequest
    counted: RequestFact | None
    stands: bool

    @property
    def first_filed(self) -> date | None:
        """Return the day of the first filing; None before it."""
        return self.request.case.versions[0].filed_on if self.request.case.versions else None


@dataclass(frozen=True)
class PeriodRecord:
    """What is counted of one quarter, or of a year to date."""

    period: Period
    items: tuple[JudgedItem, ...]
    requests: tuple[JudgedRequest, ...]
    papers: tuple[PaperReceived, ...]
    """Those on items, the only ones that the component 督办情况 counts."""
    rate: Rate
    """How the requests were answered."""

    def of(self, *outcomes: Outcome) -> tuple[JudgedItem, ...]:
        """Return the items of these outcomes, by due date."""
        return tuple(each for each in self.items if each.outcome in outcomes)

    @property
    def on_time_share(self) -> Fraction | None:
        """Return completed on time ÷ counted (按期办结率); None when nothing is counted."""
        counted = len(self.of(*COUNTED))
        return Fraction(len(self.of(Outcome.ON_TIME)), counted) if counted else None

    @property
    def mean_credit(self) -> Fraction | None:
        """Return the mean credit of the items, the share of the weight of key tasks that they earn."""
        return key_task_share([each.credit for each in self.items if each.credit is not None])

    @property
    def expected(self) -> tuple[JudgedRequest, ...]:
        """Return the requests that are counted."""
        return tuple(each for each in self.requests if each.counted is not None)

    @property
    def received(self) -> tuple[JudgedRequest, ...]:
        """Return the requests of which a version stands."""
        return tuple(each for each in self.expected if each.stands)

    @property
    def filed_on_time(self) -> tuple[JudgedRequest, ...]:
        """Return the requests of which a version stands and that were first filed in time."""
        return tuple(each for each in self.received if each.counted and not each.counted.late)

    @property
    def filed_late(self) -> tuple[JudgedRequest, ...]:
        """Return the requests that are late but not missing: filed too late, or overdue with the window still open."""
        return tuple(each for each in self.expected if each.counted and each.counted.late and not each.counted.missing)

    @property
    def returned(self) -> tuple[JudgedRequest, ...]:
        """Return the requests that were returned at least once."""
        return tuple(each for each in self.expected if each.counted and each.counted.returned)

    @property
    def missing(self) -> tuple[JudgedRequest, ...]:
        """Return the requests whose window closed without a version that stands."""
        return tuple(each for each in self.expected if each.counted and each.counted.missing)

    @property
    def reporting_deducted(self) -> Fraction:
        """Return the points that the requests cost."""
        facts = [each.counted for each in self.requests if each.counted is not None]
        return reporting_deduction(Request(each.late, each.returned, each.missing) for each in facts)

    def at_level(self, level: Level) -> tuple[PaperReceived, ...]:
        """Return the papers of a level."""
        return tuple(paper for paper in self.papers if paper.level is level)

    @property
    def supervision_deducted(self) -> Fraction:
        """Return the points that the papers cost."""
        notices, circulars = self.at_level(Level.SUPERVISION_NOTICE), self.at_level(Level.CIRCULAR)
        return supervision_deduction(Supervision(len(notices), len(circulars)))

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing of the period."""
        return not (self.items or self.requests or self.papers)


@dataclass(frozen=True)
class YearRecord:
    """A year to date and its quarters, the newest first; quarters without anything are left out."""

    year: PeriodRecord
    quarters: tuple[PeriodRecord, ...]


@dataclass(frozen=True)
class Record:
    """A unit's record as at the close of `as_of`, the newest year first, and every paper that it received."""

    as_of: date
    years: tuple[YearRecord, ...]
    papers: tuple[PaperReceived, ...]
    """The newest first, those on reporting requests too."""

    @property
    def quarters(self) -> tuple[PeriodRecord, ...]:
        """Return the quarters, the oldest first."""
        return tuple(quarter for year in reversed(self.years) for quarter in reversed(year.quarters))

    def period(self, name: str) -> PeriodRecord | None:
        """Return the record of the quarter or year of that name, as in 2022Q2 or 2022; None when there is none."""
        every = (found for year in self.years for found in (year.year, *year.quarters))
        return next((found for found in every if str(found.period) == name), None)


def record_of(session: Session, force: InForce, unit: str) -> Record:
    """Return the record of the unit of that code, from the plan's first quarter through the present one.

    An item belongs to the quarter in which its reference period ends, or else its due date lies; a request to the one
    in which its period ends; a paper to the one in which it was signed. Raises UnknownName for an unknown unit.
    """
    number, as_of = force.unit_id(unit), force.today
    question = force.plan_id, "record", number, as_of
    return remembered(session, force.tenant_id, question, lambda: _record(session, force, unit, number, as_of))


def _record(session: Session, force: InForce, unit: str, number: int, as_of: date) -> Record:
    known = items_as_known(session, force, known_at=day_ends(as_of), unit_id=number)
    items = [_judged(force, item, as_of) for item in known if item.status is not Status.REGISTERED]
    asked = [
        JudgedRequest(each, fact(each.case, as_of=as_of), each.case.standing(as_of=as_of))
        for each in requests_of(session, force, unit=unit)
    ]
    papers = papers_received(session, force, number)
    now = quarter_of(as_of)
    years = []
    for year in range(now.year, force.plan.start.year - 1, -1):
        quarters = [Period(year, month, now.months) for month in range(1, 13, now.months)]
        through = [_period(each, items, asked, papers, as_of) for each in quarters if each <= now]
        whole = _period(span(year, year), items, asked, papers, as_of, last=min(span(year, year).last, now.last))
        if not whole.is_empty:
            years.append(YearRecord(whole, tuple(each for each in reversed(through) if not each.is_empty)))
    return Record(as_of, tuple(years), tuple(papers))


def _judged(force: InForce, item: KnownItem, as_of: date) -> JudgedItem:
    if not item.counts:
        return JudgedItem(item, Outcome.LEFT_OUT, None, 0)
    credit = credit_of(DueItem(item.due, item.completed), as_of=as_of, calendar=force.calendar)
    if credit.credit is None:
        return JudgedItem(item, Outcome.NOT_DUE, credit, 0)
    if credit.days_late is None:
        late = force.calendar.count(item.due + _A_DAY, as_of) if item.due < as_of else 0
        return JudgedItem(item, Outcome.OPEN, credit, late)
    outcome = {ON_TIME: Outcome.ON_TIME, A_LITTLE_LATE: Outcome.A_LITTLE_LATE}.get(credit.credit, Outcome.LATE)
    return JudgedItem(item, outcome, credit, credit.days_late)


def _period(
    period: Period, items: Iterable[JudgedItem], requests: Iterable[JudgedRequest], papers: Sequence[PaperReceived],
    as_of: date, *, last: date | None = None,
) -> PeriodRecord:  # fmt: skip
    """Return what belongs to `period`, of a year to date through `last`."""
    first, last = period.first, last or period.last
    asked = tuple(each for each in requests if first <= each.request.period.last <= last)
    return PeriodRecord(
        period,
        tuple(each for each in items if first <= each.item.belongs_on <= last),
        asked,
        tuple(paper for paper in papers if paper.item_id is not None and first <= paper.signed_on <= last),
        rate((each.request.case for each in asked), as_of=as_of),
    )
