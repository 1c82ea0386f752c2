"""When a message that could not be handed over is tried again, and when no longer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

DELAYS: Sequence[timedelta] = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
"""Waits after the first, second, … failure; after the last of them, each further wait is LAST_DELAY."""

LAST_DELAY = timedelta(hours=24)

GIVE_UP_AFTER = timedelta(hours=72)
"""Waiting in all after which nobody can be expected to be reached this way any more."""


def next_try(failures: int, *, at: datetime) -> datetime | None:
    """Return when to try again after the failure at `at`, the `failures`-th one; None: no more.

    The waits are added up, not the hours on the clock: a holiday during which nothing is sent uses none of them up.
    """
    if _waited(failures) > GIVE_UP_AFTER:
        return None
    return at + _delay(failures)


def _waited(failures: int) -> timedelta:
    """Return the waits up to and including the one after the `failures`-th failure."""
    return sum((_delay(n) for n in range(1, failures + 1)), timedelta())


def _delay(failure: int) -> timedelta:
    return DELAYS[failure - 1] if failure <= len(DELAYS) else LAST_DELAY
