"""When a failed message is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from config.clock import ZONE
from notifications.retries import GIVE_UP_AFTER, next_try

AT = datetime(2022, 7, 11, 9, 0, tzinfo=ZONE)


def test_the_waits_grow_from_five_minutes_to_a_day_and_end_after_three_days() -> None:
    waits = [again - AT if (again := next_try(failures, at=AT)) else None for failures in range(1, 9)]
    hours = timedelta(hours=1)
    assert waits == [
        timedelta(minutes=5), timedelta(minutes=15), hours, 4 * hours, 12 * hours, 24 * hours, 24 * hours, None,
    ]  # fmt: skip


def test_trying_at_once_each_time_ends_within_three_days() -> None:
    at, failures = AT, 1
    while (again := next_try(failures, at=at)) is not None:
        at, failures = again, failures + 1
    assert at - AT <= GIVE_UP_AFTER


@given(st.integers(1, 20))
def test_who_is_given_up_once_is_not_tried_later(failures: int) -> None:
    if next_try(failures, at=AT) is None:
        assert next_try(failures + 1, at=AT) is None


def test_a_holiday_between_two_tries_uses_none_of_them_up() -> None:
    after_the_holiday = AT + timedelta(days=8)
    assert next_try(2, at=after_the_holiday) == after_the_holiday + timedelta(minutes=15)
