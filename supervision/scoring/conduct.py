"""How a district conducted itself: key tasks completed, figures filed, papers of supervision received.

Source: docs/scoring.md, Weights, points, total; the deductions for reporting follow 镇江 2008 (迟报 −0.5, 拒报 −1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from supervision.exact import total_of
from supervision.scoring.case import Case, DueItem, Request, Supervision
from supervision.scoring.result import Credit
from supervision.workdays import Workdays

ON_TIME = Fraction(1)
A_LITTLE_LATE = Fraction(3, 5)
A_LITTLE_LATE_DAYS = 10
"""Working days after the due date through which a completion still earns A_LITTLE_LATE."""

MISSING_REQUEST = 10
"""Tenths of a point, the most that one reporting request can cost: late and corrected never costs more than silence."""
LATE_REQUEST = 5
RETURNED_REQUEST = 3
_TENTHS = 10

SUPERVISION_NOTICE = 1
CIRCULAR = 2

_NOTHING = Fraction(0)


def credit_of(item: DueItem, *, as_of: date, calendar: Workdays) -> Credit:
    """Return what `item` earns at the close of `as_of`.

    Completed on time 1, at most 10 working days late 0.6, later 0. Not completed by `as_of` (a later
    completion is not yet known): 0 when due by then, None (not counted) when due after it.
    Raises CalendarNotPublished when a late completion needs the working days of an unpublished year.
    """
    if item.completed is None or item.completed > as_of:
        return Credit(item, _NOTHING if item.due <= as_of else None, None)
    if item.completed <= item.due:
        return Credit(item, ON_TIME, 0)
    late = calendar.count(item.due + timedelta(days=1), item.completed)
    return Credit(item, A_LITTLE_LATE if late <= A_LITTLE_LATE_DAYS else _NOTHING, late)


def credits_of(case: Case, *, calendar: Workdays) -> dict[DueItem, Credit]:
    """Return what each due item of the case earns. Districts share most dates, so each is counted once."""
    items = {item for district in case.districts for item in district.items_due}
    return {item: credit_of(item, as_of=case.as_of, calendar=calendar) for item in items}


def key_task_share(credits: Sequence[Credit]) -> Fraction | None:
    """Return the mean of the credits that count; None when none does."""
    counted = [credit.credit for credit in credits if credit.credit is not None]
    return total_of(counted) / len(counted) if counted else None


def reporting_deduction(requests: Iterable[Request]) -> Fraction:
    """Return the points that the requests cost: 1 when missing, else min(1, 0.5·late + 0.3·returned)."""
    return Fraction(sum(_tenths_of(request) for request in requests), _TENTHS)


def _tenths_of(request: Request) -> int:
    if request.missing:
        return MISSING_REQUEST
    return min(MISSING_REQUEST, RETURNED_REQUEST * request.returned + LATE_REQUEST * request.late)


def supervision_deduction(supervision: Supervision) -> Fraction:
    """Return the points that papers on items cost: 1 per 督办单, 2 per 通报."""
    papers = SUPERVISION_NOTICE * supervision.supervision_notices + CIRCULAR * supervision.circulars
    return Fraction(papers)


def share_left(deducted: Fraction, *, weight: Fraction) -> Fraction:
    """Return max(0, w − deducted) / w, where w is the component's weight in the scheme."""
    return max(_NOTHING, weight - deducted) / weight
