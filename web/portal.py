"""What every page is made from: the settings, the database, and how clock and engine are."""

from __future__ import annotations

from asyncio import Semaphore
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlmodel import Session

from access.sign_ins import SignedIn, Terms
from config import clock
from config.settings import Settings
from database import Database
from database.engine import CONNECTIONS
from models import Plan
from supervision import in_force
from supervision.in_force import InForce
from supervision.queries import people
from supervision.queries.people import Actor
from supervision.queries.tenants import plans_of
from web.status import Outlook

AT_ONCE = CONNECTIONS // 2 - 1
"""How many pages and calls are made at once; more wait for their turn.

One may hold two connections, to read and to write. So the pool never runs dry, and the thread that lets everybody in,
and takes connections back, never waits for one.
"""


@dataclass(frozen=True)
class Portal:
    """One installation, as its pages see it."""

    settings: Settings
    database: Database
    outlook: Callable[[], Outlook]
    places: Semaphore = field(default_factory=lambda: Semaphore(AT_ONCE))
    """The places at the database."""

    @property
    def terms(self) -> Terms:
        """Return how long a sign-in lasts."""
        return Terms(
            idle=timedelta(minutes=self.settings.idle_minutes), absolute=timedelta(hours=self.settings.sign_in_hours)
        )

    def plan_of(self, session: Session, signed: SignedIn) -> InForce:
        """Return the plan that somebody looks at: the one chosen, else the one of the settings, else the first.

        It is always one of the person's own tenant. Raises UnknownName when that has none.
        """
        rows = plans_of(session, signed.tenant_id)
        chosen = next((row for row in rows if row.id == signed.plan_id), None) or self._set(rows) or rows[0]
        return in_force.of_row(session, chosen)

    def actor(self, session: Session, force: InForce, signed: SignedIn) -> Actor:
        """Return the person with the roles of the day on which the plan stands."""
        return people.actor(session, force.tenant_id, signed.login, on=clock.day_of(force.now))

    def _set(self, rows: list[Plan]) -> Plan | None:
        code = self.settings.plan.rpartition("/")[2]
        return next((row for row in rows if row.code == code), None)
