"""A process of its own that goes through a whole working day, and can die at any moment of it.

It watches itself from outside: SQLAlchemy tells of commits, the interpreter of files, and the Maildir it wraps of
batches. The product knows nothing of it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, time
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from cycle.days import FIRST_TICK, LAST_TICK, Installation, whole_day
from sqlalchemy import event
from sqlmodel import Session

from config.settings import Settings
from database import Database
from notifications import outbox
from notifications.channels import MaildirChannel, Outgoing, Report

BEFORE_COMMIT, AFTER_COMMIT = "before a commit", "after a commit"
BEFORE_SENDING, AFTER_SENDING = "between claim and send", "between send and settle"
BEFORE_DRAFT, BEFORE_MAIL = "before a mail is written", "before a mail appears"


@dataclass(frozen=True)
class Moment:
    """The `nth` time, from 1, that a process comes by such a place."""

    place: str
    nth: int

    def __str__(self) -> str:
        return f"{self.place} ({self.nth})"


@dataclass(frozen=True)
class Course:
    """What a process that lived to the end went through."""

    passed: Counter[str]
    handed_over: tuple[str, ...]
    """Names of the messages that it handed to the channel."""
    findings: tuple[str, ...]
    """What the nightly proof had to say."""

    @property
    def moments(self) -> list[Moment]:
        return [Moment(place, nth) for place, count in sorted(self.passed.items()) for nth in range(1, count + 1)]


@dataclass
class _Watch:
    """Counts the moments and kills its own process at one of them."""

    death: Moment | None
    passed: Counter[str] = field(default_factory=Counter)
    handed_over: list[str] = field(default_factory=list)

    def by(self, place: str) -> None:
        self.passed[place] += 1
        if self.death == Moment(place, self.passed[place]):
            os.kill(os.getpid(), signal.SIGKILL)


class _WatchedChannel:
    """The Maildir of the product, and a watch over when it is handed a batch."""

    def __init__(self, settings: Settings, watch: _Watch) -> None:
        self._maildir = MaildirChannel(settings)
        self._watch = watch
        self.address_of = self._maildir.address_of

    async def send(self, batch: Sequence[Outgoing]) -> Report:
        self._watch.by(BEFORE_SENDING)
        self._watch.handed_over += [outgoing.name for outgoing in batch]
        report = await self._maildir.send(batch)
        self._watch.by(AFTER_SENDING)
        return report


@dataclass(frozen=True)
class Day:
    """What to live through: the day `as_of` in an installation, emptying the outbox at `ticks`."""

    installation: Installation
    as_of: date
    ticks: Sequence[time] = (FIRST_TICK, LAST_TICK)


def live_through(day: Day, death: Moment | None, start: Barrier | None, line: Connection) -> None:
    """Go through the day, or die at `death`. Says "ready" on the line, and at the end its Course.

    With `start` it begins together with others.
    """
    watch, installation = _Watch(death), day.installation
    with installation.open() as database, suppress(BrokenPipeError):
        _watch_commits(database, watch)
        _watch_mails(installation.home / "mail", watch)
        line.send("ready")
        if start is not None:
            start.wait()
        proof = whole_day(database, installation.settings, day.as_of, day.ticks)
        line.send(Course(watch.passed, tuple(watch.handed_over), proof.findings))


def _watch_commits(database: Database, watch: _Watch) -> None:
    def passing(place: str) -> Callable[[Any], None]:
        return lambda _: watch.by(place)

    event.listen(database.engine, "commit", passing(BEFORE_COMMIT))
    event.listen(Session, "after_commit", passing(AFTER_COMMIT))


def _watch_mails(maildir: Path, watch: _Watch) -> None:
    def hear(what: str, about: tuple[Any, ...]) -> None:
        if what == "os.rename" and Path(os.fsdecode(about[1])).is_relative_to(maildir / "new"):
            watch.by(BEFORE_MAIL)
        elif what == "open" and str(about[0]).startswith(f"{maildir / 'tmp'}{os.sep}"):
            watch.by(BEFORE_DRAFT)

    sys.addaudithook(hear)
    setattr(outbox, "choose", lambda settings: _WatchedChannel(settings, watch))  # noqa: B010
