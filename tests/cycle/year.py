"""Months in the life of the harbour city, made up from a seed: people who work and people who do not, days on which
nothing ran, mail that does not arrive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random

from cycle.days import Installation, empty_outbox
from cycle.everybody import Everybody
from cycle.hands import hands
from cycle.mail_sink import MailSink
from sqlalchemy import text

from config.clock import moment
from config.settings import Settings
from database import Database, writing
from supervision import cycle
from supervision.workdays import published

ADDRESS = "{}@unit.example"
NO_ADDRESS = "hg.head"
UNKNOWN_MAILBOXES = frozenset({ADDRESS.format("hg.liaison"), ADDRESS.format("990003.head")})
TROUBLE = 0.25

RUNS = 0.93
"""The chance of each run of the morning to take place."""

OUTAGES = (timedelta(days=2), timedelta(days=5), timedelta(days=21))


@dataclass
class Life:
    """The city from `first` through `last`. `findings` are what the nightly proofs had to say."""

    installation: Installation
    database: Database
    seed: int
    first: date
    last: date
    port: int
    sink: MailSink
    findings: list[str] = field(default_factory=list)
    chance: Random = field(init=False)
    everybody: Everybody = field(init=False)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.everybody = Everybody(self.chance)

    @property
    def settings(self) -> Settings:
        return Settings(
            home=self.installation.home, database_url=self.installation.url, smtp_host="127.0.0.1", smtp_port=self.port,
            smtp_starttls=False, mail_from="duban@office.example",
        )  # fmt: skip

    def live(self) -> None:
        """Go through all the days."""
        with writing(self.database) as session:
            session.execute(text("UPDATE person SET email = login || '@unit.example'"))
            session.execute(text("UPDATE person SET email = NULL WHERE login = :login"), {"login": NO_ADDRESS})
        dark = self._dark()
        for number in range((self.last - self.first).days + 1):
            day = self.first + timedelta(days=number)
            if day not in dark:
                self._day(day)

    def _dark(self) -> set[date]:
        """Return the days on which nothing ran at all: one outage of each length."""
        whole = (self.last - self.first).days
        begin = [self.first + timedelta(days=self.chance.randrange(whole)) for _ in OUTAGES]
        return {day + timedelta(days=n) for day, length in zip(begin, OUTAGES, strict=True) for n in range(length.days)}

    def _day(self, day: date) -> None:
        self.sink.today = day
        working = published().is_working(day)
        complete = working and self._morning(day)
        self._deliver(day, time(9))
        if working:
            with hands(self.database, day, time(14)) as people:
                self.everybody.work(people)
        self._deliver(day, time(16))
        if complete:
            findings = cycle.audit_supervision(self.database, "", as_of=day).findings
            self.findings += [f"{day} {finding}" for finding in findings]

    def _morning(self, day: date) -> bool:
        """Run what runs in the morning, each once, twice or not at all; return whether the sweep came last."""
        runs = [step for step in (cycle.supervise_plan, cycle.collect_figures) if self.chance.random() < RUNS]
        if swept := self.chance.random() < RUNS:
            runs.append(cycle.escalate_overdue)
        for step in [*runs, *(runs[-1:] if self.chance.random() < 1 - RUNS else [])]:
            step(self.database, "", as_of=day)
        return swept

    def _deliver(self, day: date, at: time) -> None:
        if self.chance.random() < RUNS:
            empty_outbox(self.database, self.settings, at=moment(day, at))
