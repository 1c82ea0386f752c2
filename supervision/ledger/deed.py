"""An act on an item, and the act while it takes effect: what the effects share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_of
from config.terms import Action, DueReason, Level, NoticeKind
from database import chain
from models import DueDate, Item, Notice
from supervision.escalation import Audience
from supervision.in_force import InForce
from supervision.ledger import notices
from supervision.ledger.items import audience_of
from supervision.ledger.limits import working_due
from supervision.queries.people import Actor, unit_people

LIAISON = (Audience.LIAISON,)
UNIT = (Audience.LIAISON, Audience.UNIT_HEAD)


@dataclass(frozen=True)
class Act:
    """One act on one item.

    `date` is a new due date, `to_unit` a unit's name or code, `reason` a code of SuspensionReason. `source` marks an
    act that the office records for a unit (代录) and says from which call or paper. `revision` is what the person saw;
    None: whatever is there.
    """

    item_id: int
    action: Action
    by: Actor
    at: datetime
    comment: str = ""
    date: date | None = None
    to_unit: str | None = None
    reason: str | None = None
    source: str | None = None
    problems: str = ""
    next_steps: str = ""
    revision: int | None = None

    @property
    def words(self) -> dict[str, str]:
        """Return what the person wrote, by field; what was left empty is not in it."""
        written = {
            "comment": self.comment,
            "reason": self.reason or "",
            "source": self.source or "",
            "problems": self.problems,
            "next_steps": self.next_steps,
        }
        return {name: text for name, text in written.items() if text}


@dataclass
class Deed:
    """An act while it takes effect on `item`.

    `facts` gathers what the event shall keep beside the person's own words, `others` the events of other items that
    the act touches as well.
    """

    session: Session
    force: InForce
    item: Item
    act: Act
    facts: dict[str, Any] = field(default_factory=dict)
    others: list[chain.Entry] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        """Return the instant of the act."""
        return self.act.at

    @property
    def day(self) -> date:
        """Return the day of the act."""
        return day_of(self.act.at)

    def due_on(self, wanted: date) -> date:
        """Return `wanted` as a due date of the item, moved forward from a day off. Raises BadInput if it cannot be."""
        return working_due(self.session, self.force, self.item, wanted, self.day)

    def tell(
        self, kind: NoticeKind, name: str, because: str, audience: Sequence[Audience], unit_id: int | None = None
    ) -> None:
        """Make the notice called `name` about the item to the people of its unit, or of `unit_id`."""
        item, unit = self.item, unit_id or self.item.unit_id
        people = unit_people(self.session, self.force.tenant_id, on=self.day)
        assignee = item.assignee_person_id if unit == item.unit_id else None
        draft = notices.Draft(
            key=f"{notices.subject_key(item.id, None)}/{name}",
            kind=kind,
            unit_id=unit,
            because=because,
            recipients=audience_of(people, unit, assignee, audience),
            item_id=item.id,
            due_version=item.due_version,
            due=item.due,
            urgent=item.urgent,
        )
        notices.make(self.session, self.force, [draft], at=self.at)

    def end_ladder(self) -> None:
        """Stop what the present ladder has made and not yet sent; a rung that nobody has had was none."""
        item = self.item
        notices.cancel_open(self.session, self.force, item_id=item.id, request_id=None, at=self.at)
        stands = select(col(Notice.kind)).where(
            col(Notice.plan_id) == item.plan_id,
            col(Notice.item_id) == item.id,
            col(Notice.due_version) == item.due_version,
            col(Notice.rung).is_not(None),
            col(Notice.issued_at).is_not(None),
            col(Notice.cancelled_at).is_(None),
        )
        kind = self.session.scalars(stands.order_by(col(Notice.rung).desc()).limit(1)).one_or_none()
        item.rung = None if kind is None else Level(kind.value)

    def new_version(self, due: date, reason: DueReason, *, judges: bool) -> None:
        """Start a new due-date version with a ladder of its own."""
        self.end_ladder()
        item = self.item
        item.due_version += 1
        item.due = due
        if judges:
            item.judged_due = due
        item.clock_started_on = self.day
        item.rung = None
        version = DueDate(
            tenant_id=item.tenant_id,
            plan_id=item.plan_id,
            item_id=item.id or 0,
            version=item.due_version,
            due=due,
            judges=judges,
            reason=reason,
            set_at=self.at,
            set_by=self.act.by.person_id,
        )
        self.session.add(version)
        self.facts |= {"due": due.isoformat(), "version": item.due_version}
