"""What of a plan somebody may see: the office, the leaders and the auditor all of it, a unit what is its own.

A unit sees its items and figures and those of the bureaus under it, a lead unit also the items of the key tasks that
it leads, so that it can merge the feedback of the supporting units; an assignee sees what was given to them. What is
published, or open to objections, everybody sees; that is not asked here.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, bindparam, or_, select, true
from sqlmodel import Session, col

from config.errors import UnknownName
from config.terms import Role
from models import Item, KeyTask, Unit
from supervision.in_force import InForce
from supervision.queries.people import UNIT_ROLES, Actor

ALL_SEEING = frozenset({Role.OFFICE, Role.LEADER, Role.AUDITOR})


@dataclass(frozen=True)
class Sight:
    """What one person sees of one plan. `units` are the own ones and the bureaus under them, by number."""

    everything: bool
    units: frozenset[int]
    led_tasks: frozenset[int]
    """The key tasks, by their rows' numbers, that an own unit leads."""
    person_id: int | None

    @property
    def items(self) -> ColumnElement[bool]:
        """Return the condition on Item that lets through what is seen."""
        if self.everything:
            return true()
        return or_(
            col(Item.unit_id).in_(self.units),
            col(Item.key_task_id).in_(self.led_tasks),
            col(Item.assignee_person_id) == self.person_id,
        )

    def sees_item(self, item: Item) -> bool:
        """Return whether the item is seen."""
        own = item.unit_id in self.units or item.key_task_id in self.led_tasks
        return self.everything or own or (self.person_id is not None and item.assignee_person_id == self.person_id)

    def sees_unit(self, unit_id: int) -> bool:
        """Return whether the unit's own things are seen: what it filed and has not been published, its people."""
        return self.everything or unit_id in self.units

    def item(self, session: Session, force: InForce, number: int) -> Item:
        """Return the item. Raises UnknownName, in the same words, when there is none or it is not seen."""
        found = session.scalars(_ITEM, {"plan": force.plan_id, "item": number}).one_or_none()
        if found is None or not self.sees_item(found):
            raise UnknownName(f"没有编号为 {number} 的事项，或者您无权查看")
        return found


_ITEM = select(Item).where(
    col(Item.plan_id) == bindparam("plan", type_=Integer), col(Item.id) == bindparam("item", type_=Integer)
)


def sight_of(session: Session, force: InForce, actor: Actor) -> Sight:
    """Return what `actor` sees, from the roles of the day."""
    own = frozenset(h.unit_id for h in actor.holding(UNIT_ROLES) if h.unit_id is not None)
    everything = any(actor.holds(role) for role in ALL_SEEING)
    if everything or not own:
        return Sight(everything, own, frozenset(), actor.person_id)
    bureaus = select(col(Unit.id)).where(col(Unit.tenant_id) == force.tenant_id, col(Unit.parent_unit_id).in_(own))
    led = select(col(KeyTask.id)).where(col(KeyTask.plan_id) == force.plan_id, col(KeyTask.lead_unit_id).in_(own))
    return Sight(
        everything=False,
        units=own | {number or 0 for number in session.scalars(bureaus)},
        led_tasks=frozenset(number or 0 for number in session.scalars(led)),
        person_id=actor.person_id,
    )
