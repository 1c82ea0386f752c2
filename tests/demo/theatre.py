"""Installations to demonstrate the river city in, and what a demonstration that was played leaves to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from config import clock
from config.plan import Plan
from config.settings import Settings
from database import Database, reading, upgrade, writing
from demo import run
from demo.stage import Stage
from models import ChainHead
from supervision.ledger.plan import put_plan

RIVER_CITY = Path(__file__).parent / "river-city"

FIRST, SECOND = "2024Q2", "2024Q3"
"""The quarters that the river city's plan assesses first."""

STORY = 28
"""A seed under which nearly everything that can happen does, small as the city is."""

Head = tuple[int, str]
"""Number and hash of the last link of the chain."""


@dataclass(frozen=True)
class Theatre:
    """An installation with the river city's plan in it and nothing else."""

    settings: Settings
    database: Database

    @classmethod
    def on(cls, database: Database, home: Path, plan: Plan) -> Theatre:
        """Return an installation with `plan` in it, loaded on the day it was issued."""
        upgrade(database)
        with writing(database) as session:
            put_plan(session, plan, at=clock.moment(plan.issued, run.OPENS))
        url = database.url.render_as_string(hide_password=False)
        return cls(Settings(home=home, database_url=url), database)

    @classmethod
    def at(cls, home: Path, plan: Plan) -> Theatre:
        """Return an installation on SQLite under `home`."""
        home.mkdir(parents=True, exist_ok=True)
        return cls.on(Database(f"sqlite:///{home / 'duban.db'}"), home, plan)

    def opened(self, until: str, seed: int = STORY) -> tuple[Stage, tuple[date, ...]]:
        """Return the demonstration and the days it still has to play."""
        stage, quarter = run.opened(self.settings, self.database, until=until, seed=seed)
        run.finish_last_day(stage)
        return stage, run.missing_days(stage, quarter)

    def play(self, until: str, seed: int = STORY) -> Stage:
        """Play through `until` without the engine."""
        stage, days = self.opened(until, seed)
        run.play_directly(stage, days, lambda day: None)
        return stage

    def head(self) -> Head:
        """Return where the chain stands: it depends on everything that was ever recorded."""
        with reading(self.database) as session:
            seq, digest = session.execute(select(col(ChainHead.seq), col(ChainHead.hash))).one()
            return seq, digest

    def rows(self, table: Any, *conditions: Any) -> Sequence[Any]:
        """Return the rows of a table that meet the conditions, by number."""
        with reading(self.database) as session:
            found = session.scalars(select(table).where(*conditions).order_by(col(table.id))).all()
            session.expunge_all()
            return found


@dataclass(frozen=True)
class Played:
    """A demonstration that has been played through SECOND.

    `findings` is what the audit found in the evenings, `head_after_first` where the chain stood when FIRST was over.
    """

    theatre: Theatre
    stage: Stage
    days: tuple[date, ...]
    findings: tuple[str, ...]
    head_after_first: Head
