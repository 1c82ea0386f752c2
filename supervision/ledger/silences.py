"""Telling the administrators that a flow is silent: once for each silence, whoever finds it and however often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session

from config.clock import ZONE, day_of
from config.terms import NoticeKind, Role
from database import chain
from supervision.in_force import InForce
from supervision.ledger import notices
from supervision.queries.people import Recipient, unit_people

ACTOR = "flow:heartbeat"
_SEEN_TO_BY = (Role.ADMINISTRATOR, Role.OFFICE)
"""Who is told: the first of these roles that anybody holds."""


@dataclass(frozen=True)
class Silence:
    """A flow that was to run at `planned` and has not run well since `last_run` (None: never)."""

    flow: str
    title: str
    """What the office calls it."""
    planned: datetime
    last_run: datetime | None

    @property
    def key(self) -> str:
        """Return what tells this silence from another: the flow, and the run after which it fell silent."""
        since = self.last_run.astimezone(UTC).isoformat() if self.last_run else "never"
        return f"silence/{self.flow}/{since}"

    @property
    def in_words(self) -> str:
        """Return the silence as a sentence without its full stop; what stands before the colon is its title."""
        last = f"上次办结的运行始于 {_minute(self.last_run)}" if self.last_run else "从未办结过一次运行"
        return f"流程“{self.title}”未按时运行：应于 {_minute(self.planned)} 运行，已过宽限时间，{last}"


def tell(session: Session, force: InForce, silences: Sequence[Silence], *, at: datetime) -> tuple[Silence, ...]:
    """Make one urgent notice for each silence that has none, to the administrators; return those it was made for.

    Key: flow and the start of its last good run, so that a silence is told once however long it lasts, and the next
    one anew. Without an administrator it goes to the office.
    """
    chain.lock(session, force.tenant_id)
    told = _seen_to_by(session, force, at)
    unit = force.unit_id(force.plan.office.unit)
    drafts = {each.key: _draft(each, unit, told) for each in silences}
    made = {draft.key for draft in notices.make(session, force, list(drafts.values()), at=at)}
    fresh = tuple(each for each in silences if each.key in made)
    entries = [
        chain.Entry(
            "silence", at, ACTOR, plan_id=force.plan_id, data={"flow": each.flow, "planned": each.planned.isoformat()}
        )
        for each in fresh
    ]
    chain.append(session, force.tenant_id, entries)
    return fresh


def _draft(silence: Silence, unit: int, told: tuple[Recipient, ...]) -> notices.Draft:
    return notices.Draft(
        key=silence.key,
        kind=NoticeKind.FLOW_SILENT,
        unit_id=unit,
        because=silence.in_words,
        recipients=told,
        urgent=True,  # nothing is supervised while flows are silent: it does not wait for office hours
    )


def _seen_to_by(session: Session, force: InForce, at: datetime) -> tuple[Recipient, ...]:
    people = unit_people(session, force.tenant_id, on=day_of(at))
    for role in _SEEN_TO_BY:
        holders = {number: login for (_, held), some in people.items() if held is role for number, login in some}
        if holders:
            return tuple(Recipient(number, login, of_unit=True) for number, login in holders.items())
    return ()


def _minute(instant: datetime) -> str:
    return f"{instant.astimezone(ZONE):%Y-%m-%d %H:%M}"
