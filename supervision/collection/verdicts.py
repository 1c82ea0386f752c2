"""What a request comes to: the facts the assessment counts, the light, and the rates of a unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from config.terms import RUNNING_REQUESTS, RequestState
from supervision.deadlines import Light, is_overdue, light
from supervision.workdays import Workdays


@dataclass(frozen=True, slots=True)
class FiledVersion:
    """One filed version: the days on which it was filed and, if ever, returned."""

    filed_on: date
    returned_on: date | None = None


@dataclass(frozen=True, slots=True)
class RequestCase:
    """A request as its verdict needs it.

    `due` and `closes` are the dates now in force, `asked_on` the day its clock started. `late`: the first filing
    came after the original due date. `confirmed_on`: the day on which a version was first confirmed.
    """

    due: date
    closes: date
    asked_on: date
    late: bool
    confirmed_on: date | None = None
    versions: tuple[FiledVersion, ...] = ()

    def standing(self, *, as_of: date) -> bool:
        """Return whether a version stood at the close of `as_of`: once confirmed, or the newest and not returned."""
        if self.confirmed_on is not None and self.confirmed_on <= as_of:
            return True
        filed = [each for each in self.versions if each.filed_on <= as_of]
        return bool(filed) and (filed[-1].returned_on is None or filed[-1].returned_on > as_of)


@dataclass(frozen=True, slots=True)
class RequestFact:
    """What the assessment counts of one request: `late`, how often it was `returned`, whether it is `missing`."""

    late: bool
    returned: int
    missing: bool


def fact(case: RequestCase, *, as_of: date) -> RequestFact | None:
    """Return what the request comes to at the close of `as_of`; None while it counts for nothing.

    Late: the first filing came after the due date, or none has come and it is overdue. Missing: the window has
    closed without a version that stands; a returned one that was never filed again does not, or a report of
    rubbish would cost less than silence. A version once confirmed stays good while a correction is out.
    A request that was only opened after its due date is not held against the unit: nobody had asked.
    Source: design §6 point 6.
    """
    filed = [each for each in case.versions if each.filed_on <= as_of]
    if not filed and (not is_overdue(case.due, as_of=as_of) or case.asked_on > case.due):
        return None
    returned = sum(1 for each in filed if each.returned_on is not None and each.returned_on <= as_of)
    missing = as_of > case.closes and not case.standing(as_of=as_of)
    return RequestFact(late=case.late if filed else True, returned=returned, missing=missing)


def request_light(state: RequestState, due: date, *, as_of: date, due_soon_days: int, calendar: Workdays) -> Light:
    """Return the light of a request: an item's while something is owed, blue once filed, red when missing.

    Raises CalendarNotPublished as an item's light does.
    """
    if state in RUNNING_REQUESTS:
        return light(due, as_of=as_of, due_soon_days=due_soon_days, calendar=calendar)
    return Light.RED if state is RequestState.MISSING else Light.BLUE


@dataclass(frozen=True, slots=True)
class Rate:
    """How a unit reported: numbers of requests, and the shares (0 to 1, None when nothing was expected)."""

    expected: int
    received: int
    on_time: int
    returned: int

    @property
    def completeness(self) -> Fraction | None:
        """Return received ÷ expected (完整率)."""
        return Fraction(self.received, self.expected) if self.expected else None

    @property
    def timeliness(self) -> Fraction | None:
        """Return on time ÷ expected (及时率)."""
        return Fraction(self.on_time, self.expected) if self.expected else None


def rate(cases: Iterable[RequestCase], *, as_of: date) -> Rate:
    """Return the rate of `cases` at the close of `as_of`.

    Expected is what counts by then: due, or filed already. Received is what stands, on time what stands and was
    first filed by its due date, returned what was returned at least once.
    """
    counted: Sequence[tuple[RequestCase, RequestFact]] = [
        (case, found) for case in cases if (found := fact(case, as_of=as_of)) is not None
    ]
    received = [found for case, found in counted if case.standing(as_of=as_of)]
    return Rate(
        expected=len(counted),
        received=len(received),
        on_time=sum(1 for found in received if not found.late),
        returned=sum(1 for _, found in counted if found.returned),
    )
