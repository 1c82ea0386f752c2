"""A day that nothing disturbs, to hold every disturbed one against."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from cycle.business import State, differences, state_of
from cycle.days import Installation, force_of
from processes.lives import undisturbed
from processes.runner import Course, Day
from sqlalchemy import make_url

from database import chain, reading

_numbers = count(1)


@dataclass(frozen=True)
class Undisturbed:
    """The evening before a day, and how the day goes when nothing disturbs it."""

    eve: Installation
    as_of: date
    course: Course
    state: State
    seconds: float
    folder: Path

    @property
    def kind(self) -> str:
        """Which kind of database it is on."""
        return make_url(self.eve.url).get_backend_name()

    @contextmanager
    def copy(self) -> Iterator[Day]:
        """Give the day before it has begun."""
        with self.eve.copy(self.folder / f"copy{next(_numbers)}") as installation:
            yield Day(installation, self.as_of)

    def lived_again(self, day: Day) -> list[str]:
        """Let one more process live through `day`; return what then differs from the undisturbed one.

        Before it begins the audit chain must be whole already, whatever happened.
        """
        broken = [link.why for link in broken_links(day)]
        again = undisturbed(day)
        return [*broken, *again.findings, *self.differences(day)]

    def differences(self, day: Day) -> list[str]:
        """Return what differs from the undisturbed day."""
        return differences(self.state, state_after(day))


def live_undisturbed(eve: Installation, as_of: date, folder: Path) -> Undisturbed:
    """Let a process live through `as_of` in a copy of `eve`; `folder` is where copies are made."""
    with eve.copy(folder / "undisturbed") as installation:
        day, begun = Day(installation, as_of), time.monotonic()
        course = undisturbed(day)
        return Undisturbed(eve, as_of, course, state_after(day), time.monotonic() - begun, folder)


def state_after(day: Day) -> State:
    """Return the state in which the day was left."""
    with day.installation.open() as database:
        return state_of(database, day.installation.home)


def broken_links(day: Day) -> list[chain.Broken]:
    """Return what is wrong with the audit chain."""
    with day.installation.open() as database:
        force = force_of(database)
        with reading(database) as session:
            return chain.verify(session, force.tenant_id)
