"""Who may do an act that concerns no single item, in which capacity, and who has done the one it decides on."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import Refused
from config.terms import Role
from models import Event
from supervision.queries.hands import is_same_hand
from supervision.queries.people import Actor, acting_for

OFFICE = frozenset({Role.OFFICE})
DECIDERS = frozenset({Role.OFFICE, Role.LEADER})


def capacity(by: Actor, roles: frozenset[Role], label: str) -> str | None:
    """Return for whom `by` acts, None when in an own role. Raises Refused when in none of `roles`."""
    held = by.holding(roles)
    if not held:
        raise Refused(f"“{label}”由{'、'.join(sorted(role.label for role in roles))}办理")
    return acting_for(held)


def refuse_same_person(
    session: Session, by: Actor, *, plan_id: int, act: str, about: Mapping[str, int], label: str
) -> None:
    """Raise Refused when `by`, or somebody `by` stands in for or took a post over from, did the act `act`.

    `about` is what the act's event keeps of it, like {"assessment": 3}.
    """
    statement = select(Event).where(col(Event.plan_id) == plan_id, col(Event.action) == act)
    done = [event for event in session.scalars(statement) if about.items() <= event.data.items()]
    names = {name for event in done for name in (event.actor, event.acting_for) if name}
    if is_same_hand(session, by, names):
        raise Refused(f"“{label}”须由另一人办理：您（{by.login}）或您所代、所接任的人就是提出的人")


def refuse_own_units(by: Actor, units: Collection[int], label: str) -> None:
    """Raise Refused when `by` belongs to, or stands in for somebody of, one of `units`: nobody judges oneself."""
    if by.unit_ids & set(units):
        raise Refused(f"“{label}”涉及您所在单位，须由外单位人员或领导小组领导办理")
