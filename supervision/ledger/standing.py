"""In what capacity somebody faces an item, and whether they may decide on it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import Refused
from config.terms import Action, Decision, Role
from models import Event, Extension, Item, Person
from supervision import workflow
from supervision.queries.people import UNIT_ROLES, Actor, Holding

_ABOVE = frozenset({Role.OFFICE, Role.LEADER, Role.SYSTEM})
_UNIT_ACTS = frozenset(move.action for move in workflow.MOVES if move.by == workflow.UNIT)


@dataclass(frozen=True)
class Standing:
    """The roles in which somebody faces an item; `acting_for` is whose role it is when all are delegated."""

    roles: frozenset[Role]
    acting_for: str | None = None


def standing(
    session: Session, item: Item, actor: Actor, *, action: Action, recorded_from: str | None = None
) -> Standing:
    """Return in which roles `actor` faces `item`.

    Toward a sub-item the people of the unit above stand as the office does toward the unit, and the assignee as its
    liaison. With `recorded_from` the office may do a unit's act for it (代录).
    """
    held = _sub_item_roles(session, item, actor) if item.parent_id else _item_roles(item, actor)
    roles = frozenset(role for role, _ in held)
    if recorded_from and action in _UNIT_ACTS and Role.OFFICE in roles:
        return Standing(frozenset({Role.LIAISON}))
    owners = [owner for role, owner in held if owner]
    own = [role for role, owner in held if not owner]
    return Standing(roles, owners[0] if owners and not own else None)


def _item_roles(item: Item, actor: Actor) -> list[tuple[Role, str | None]]:
    return [(h.role, h.owner) for h in actor.holdings if h.role not in UNIT_ROLES or h.unit_id == item.unit_id]


def _sub_item_roles(session: Session, item: Item, actor: Actor) -> list[tuple[Role, str | None]]:
    above = session.get_one(Item, item.parent_id).unit_id
    found: list[tuple[Role, str | None]] = []
    if item.assignee_person_id is not None and item.assignee_person_id == actor.person_id:
        found.append((Role.LIAISON, None))
    for h in actor.holdings:
        if h.role in UNIT_ROLES and h.unit_id == above:
            found.append((Role.OFFICE, h.owner))
        elif _of_bureau(item, above, h):
            found.append((h.role, h.owner))
    return found


def _of_bureau(item: Item, above: int, holding: Holding) -> bool:
    return item.unit_id != above and holding.role in UNIT_ROLES and holding.unit_id == item.unit_id


def second_person(session: Session, item: Item, action: Action, actor: Actor) -> None:
    """Raise Refused unless `actor` is somebody else than who is being decided on, and not of the item's own unit."""
    asked_by = _asked_by(session, item, action)
    if asked_by is not None and asked_by in _logins(session, actor):
        raise Refused(f"“{action.label}”须由另一人办理：您（{actor.login}）就是提出或交办的人")
    if item.parent_id is None and item.unit_id in actor.unit_ids:
        raise Refused(f"“{action.label}”涉及您所在单位自己的事项，须由外单位人员或领导小组领导办理")


def _logins(session: Session, actor: Actor) -> set[str]:
    return {actor.login, *(h.owner for h in actor.holdings if h.owner)}


def _asked_by(session: Session, item: Item, action: Action) -> str | None:
    if action in {Action.VERIFY, Action.RETURN_FOR_REWORK}:
        return _login(session, item.reported_by)
    if action in {Action.APPROVE_EXTENSION, Action.REJECT_EXTENSION}:
        pending = select(col(Extension.requested_by)).where(
            col(Extension.item_id) == item.id, col(Extension.decision) == Decision.PENDING
        )
        return _login(session, session.scalars(pending).one_or_none())
    if action in {Action.ACCEPT_DISPUTE, Action.REJECT_DISPUTE}:
        last = select(col(Event.actor)).where(col(Event.item_id) == item.id, col(Event.action) == Action.DISPUTE.value)
        return session.scalars(last.order_by(col(Event.seq).desc()).limit(1)).one_or_none()
    return _login(session, item.assigned_by)


def _login(session: Session, person_id: int | None) -> str | None:
    return session.get_one(Person, person_id).login if person_id is not None else None
