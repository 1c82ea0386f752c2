"""One working day as the flows go through it, and installations to go through it with."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from config.clock import moment
from config.plan import Plan, load_plan
from config.settings import Settings
from database import Database, reading, upgrade, writing
from notifications.outbox import Delivered, deliver
from supervision import cycle, in_force
from supervision.audit import Audit
from supervision.in_force import InForce
from supervision.ledger.plan import put_plan

HARBOUR_CITY = Path(__file__).parent / "harbour-city"
LOADED_AT = datetime(2024, 6, 14, 0, 0, tzinfo=UTC)
"""When the plan of the harbour city was put into its databases: the day of its issue."""

FIRST_TICK = time(9)
LAST_TICK = time(9, 15)
"""Later than the first by more than a claim is respected: what a dead process had in hand is taken over."""

_numbers = count(1)


@dataclass(frozen=True)
class Installation:
    """A database and the home beside it, where the mails land."""

    url: str
    home: Path

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, database_url=self.url)

    @contextmanager
    def open(self) -> Iterator[Database]:
        database = Database(self.url)
        yield database
        database.dispose()

    @contextmanager
    def copy(self, home: Path) -> Iterator[Installation]:
        """Give a copy under `home`; a copy on a PostgreSQL server is dropped at the end."""
        if (self.home / "mail").exists():
            shutil.copytree(self.home, home)
        url = make_url(self.url)
        if url.get_backend_name() == "sqlite":
            home.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(url.database), home / "duban.db")
            yield Installation(f"sqlite:///{home / 'duban.db'}", home)
            return
        name = f"{url.database}_{next(_numbers)}"
        execute(url, f"CREATE DATABASE {name} TEMPLATE {url.database}")
        yield Installation(url.set(database=name).render_as_string(hide_password=False), home)
        execute(url, f"DROP DATABASE {name} WITH (FORCE)")


def execute(server: URL, statement: str) -> None:
    """Run a statement of administration on a PostgreSQL server."""
    admin = create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()


def put_harbour_city(database: Database) -> Plan:
    """Put the plan of the harbour city into an empty database."""
    plan = load_plan(HARBOUR_CITY)
    upgrade(database)
    with writing(database) as session:
        put_plan(session, plan, at=LOADED_AT)
    return plan


def force_of(database: Database) -> InForce:
    """Return the only plan there is, as it is in force."""
    with reading(database) as session:
        return in_force.load(session)


def empty_outbox(database: Database, settings: Settings, *, at: datetime) -> Delivered:
    """Deliver what may leave at `at`."""
    force = force_of(database)
    sending = deliver(
        database, settings, tenant_id=force.tenant_id, plan_id=force.plan_id, at=at, working_time=force.working_time,
        digest_from=force.plan.ladder.working_time.digest_from,
    )  # fmt: skip
    return asyncio.run(sending)


def whole_day(
    database: Database, settings: Settings, as_of: date, ticks: Sequence[time] = (FIRST_TICK, LAST_TICK)
) -> Audit:
    """Do what the flows do on a working day, in their order; return the nightly proof."""
    cycle.supervise_plan(database, "", as_of=as_of)
    cycle.collect_figures(database, "", as_of=as_of)
    cycle.escalate_overdue(database, "", as_of=as_of)
    for tick in ticks:
        empty_outbox(database, settings, at=moment(as_of, tick))
    return cycle.audit_supervision(database, "", as_of=as_of)


def working_days(database: Database, first: date, last: date) -> list[date]:
    """Return the working days from `first` through `last`."""
    calendar = force_of(database).calendar
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if calendar.is_working(day)]
