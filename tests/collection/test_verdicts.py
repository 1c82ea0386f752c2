"""What a request comes to: late, returned, missing, as at any day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.terms import RequestState
from supervision.collection.verdicts import (
    FiledVersion,
    RequestCase,
    RequestFact,
    fact,
    rate,
    request_light,
)
from supervision.deadlines import Light
from supervision.workdays import published

OPENS, DUE, CLOSES = date(2022, 7, 1), date(2022, 7, 20), date(2022, 7, 24)
AFTER = CLOSES + timedelta(days=1)


def a_case(*versions: FiledVersion, late: bool = False, **keys: date) -> RequestCase:
    defaults = {"due": DUE, "closes": CLOSES, "asked_on": OPENS}
    return RequestCase(**(defaults | keys), late=late, versions=versions)


def filed(day: int, returned: int | None = None) -> FiledVersion:
    return FiledVersion(date(2022, 7, day), date(2022, 7, returned) if returned else None)


def test_what_is_not_due_and_not_filed_counts_for_nothing() -> None:
    assert fact(a_case(), as_of=DUE) is None


def test_what_is_overdue_is_late_until_the_window_closes_and_then_missing() -> None:
    assert fact(a_case(), as_of=DUE + timedelta(days=1)) == RequestFact(late=True, returned=0, missing=False)
    assert fact(a_case(), as_of=CLOSES) == RequestFact(late=True, returned=0, missing=False)
    assert fact(a_case(), as_of=AFTER) == RequestFact(late=True, returned=0, missing=True)


def test_what_is_filed_counts_at_once() -> None:
    assert fact(a_case(filed(5)), as_of=date(2022, 7, 5)) == RequestFact(late=False, returned=0, missing=False)
    assert fact(a_case(filed(5)), as_of=date(2022, 7, 4)) is None


def test_lateness_is_that_of_the_first_filing_whatever_came_after() -> None:
    case = a_case(filed(19, returned=20), filed(23), late=False)
    assert fact(case, as_of=AFTER) == RequestFact(late=False, returned=1, missing=False)


def test_returned_and_never_filed_again_is_missing_like_silence() -> None:
    case = a_case(filed(18, returned=19), due=date(2022, 7, 22))
    assert fact(case, as_of=CLOSES) == RequestFact(late=False, returned=1, missing=False)
    assert fact(case, as_of=AFTER) == RequestFact(late=False, returned=1, missing=True)


def test_a_correction_that_never_comes_leaves_what_was_confirmed() -> None:
    case = a_case(filed(18, returned=28), confirmed_on=date(2022, 7, 19), closes=date(2022, 8, 2))
    assert fact(case, as_of=date(2022, 8, 3)) == RequestFact(late=False, returned=1, missing=False)


def test_who_was_only_asked_after_the_due_date_owes_nothing() -> None:
    assert fact(a_case(asked_on=DUE + timedelta(days=1)), as_of=AFTER) is None
    assert fact(a_case(asked_on=DUE), as_of=AFTER) is not None


def test_a_verdict_of_a_past_day_is_not_moved_by_what_came_later() -> None:
    case = a_case(filed(18, returned=19), filed(23))
    assert fact(case, as_of=date(2022, 7, 18)) == RequestFact(late=False, returned=0, missing=False)
    assert fact(case, as_of=date(2022, 7, 19)) == RequestFact(late=False, returned=1, missing=False)


@st.composite
def histories(draw: st.DrawFn) -> RequestCase:
    days = sorted(draw(st.lists(st.integers(1, 24), max_size=8, unique=True)))
    versions = []
    for place in range(0, len(days), 2):
        returned = days[place + 1] if place + 1 < len(days) else None
        versions.append(filed(days[place], returned))
    late = bool(days) and date(2022, 7, days[0]) > DUE
    return a_case(*versions, late=late)


@given(case=histories())
def test_once_the_window_has_closed_the_verdict_stands(case: RequestCase) -> None:
    verdicts = {fact(case, as_of=AFTER + timedelta(days=n)) for n in range(40)}
    assert len(verdicts) == 1


@given(case=histories())
def test_missing_is_exactly_what_has_no_version_that_stands(case: RequestCase) -> None:
    found = fact(case, as_of=AFTER)
    assert found is not None
    assert found.missing is (not case.versions or case.versions[-1].returned_on is not None)


@given(case=histories(), day=st.integers(1, 30))
def test_the_number_of_returns_never_shrinks(case: RequestCase, day: int) -> None:
    earlier, later = fact(case, as_of=date(2022, 7, day)), fact(case, as_of=date(2022, 7, day + 1))
    if earlier is not None:
        assert later is not None and later.returned >= earlier.returned


@pytest.mark.parametrize(
    ("state", "as_of", "expected"),
    [
        (RequestState.OPEN, date(2022, 7, 1), Light.GREEN),
        (RequestState.OPEN, DUE, Light.YELLOW),
        (RequestState.OPEN, DUE + timedelta(days=1), Light.RED),
        (RequestState.RETURNED, DUE, Light.YELLOW),
        (RequestState.FILED, DUE + timedelta(days=1), Light.BLUE),
        (RequestState.CONFIRMED, DUE + timedelta(days=1), Light.BLUE),
        (RequestState.MISSING, AFTER, Light.RED),
    ],
)
def test_a_request_shines_like_an_item_while_something_is_owed(
    state: RequestState, as_of: date, expected: Light
) -> None:
    assert request_light(state, DUE, as_of=as_of, due_soon_days=5, calendar=published()) is expected


def test_rates_count_what_is_expected_received_on_time_and_returned() -> None:
    cases = [
        a_case(filed(5)),
        a_case(filed(22), late=True),
        a_case(filed(10, returned=11), filed(12)),
        a_case(filed(10, returned=11)),
        a_case(),
        a_case(asked_on=AFTER),
    ]
    found = rate(cases, as_of=AFTER)
    assert (found.expected, found.received, found.on_time, found.returned) == (5, 3, 2, 2)
    assert (found.completeness, found.timeliness) == (Fraction(3, 5), Fraction(2, 5))


def test_a_rate_of_nothing_is_none() -> None:
    assert rate([], as_of=AFTER).completeness is None


@given(cases=st.lists(histories(), max_size=6), day=st.integers(1, 31))
def test_on_time_is_part_of_received_and_received_of_expected(cases: list[RequestCase], day: int) -> None:
    found = rate(cases, as_of=date(2022, 7, day))
    assert 0 <= found.on_time <= found.received <= found.expected <= len(cases)
