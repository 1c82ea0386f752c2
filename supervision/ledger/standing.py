"""In what capacity somebody faces an item, and whether they may decide on it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import Refused
from config.terms import Action, Role, Status
from models import Event, Item, Person
from supervision import workflow
from supervision.queries.hands import is_same_hand
from supervision.queries.people import UNIT_ROLES, Actor, Holding, acting_for

_UNIT_ACTS = frozenset(move.action for move in workflow.MOVES if move.by == workflow.UNIT)

_REPORT, _REQUEST = frozenset({Action.REPORT_COMPLETION}), frozenset({Action.REQUEST_EXTENSION})
_DISPUTE, _ASSIGNMENT = frozenset({Action.DISPUTE}), frozenset({Action.ASSIGN, Action.REASSIGN})

_DECIDED_ON: Mapping[Action, frozenset[Action]] = {
    Action.VERIFY: _REPORT,
    Action.RETURN_FOR_REWORK: _REPORT,
    Action.APPROVE_EXTENSION: _REQUEST,
    Action.REJECT_EXTENSION: _REQUEST,
    Action.ACCEPT_DISPUTE: _DISPUTE,
    Action.REJECT_DISPUTE: _DISPUTE,
    Action.SUSPEND: _ASSIGNMENT,
    Action.WITHDRAW: _ASSIGNMENT,
}
"""On which act of somebody else an act decides."""


@dataclass(frozen=True)
class Standing:
    """Everything in which somebody faces an item: the roles toward it, own and delegated."""

    holdings: tuple[Holding, ...]

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles, own and delegated."""
        return frozenset(h.role for h in self.holdings)

    def acting_for(self, roles: Container[Role]) -> str | None:
        """Return for whom one acts who needs one of `roles`; None when acting in an own one."""
        return acting_for(h for h in self.holdings if h.role in roles)


def standing(
    session: Session, item: Item, actor: Actor, *, action: Action, recorded_from: str | None = None
) -> Standing:
    """Return in which roles `actor` faces `item`.

    Toward a sub-item the people of the unit above stand as the office does toward the unit, and the assignee as its
    liaison. With `recorded_from` the office does a unit's act for it (代录); Refused for anybody else, who needs no
    record of a call to do what is theirs to do.
    """
    held = _toward_part(session, item, actor) if item.parent_id else _toward_item(item, actor)
    if not recorded_from or action not in _UNIT_ACTS:
        return Standing(held)
    recorders = tuple(replace(each, role=Role.LIAISON) for each in held if each.role is Role.OFFICE)
    if not recorders:
        raise Refused("代录由领导小组办公室办理；本单位人员直接办理，不必写明来源（--source）")
    return Standing(recorders)


def _toward_item(item: Item, actor: Actor) -> tuple[Holding, ...]:
    return tuple(h for h in actor.holdings if h.role not in UNIT_ROLES or h.unit_id == item.unit_id)


def _toward_part(session: Session, item: Item, actor: Actor) -> tuple[Holding, ...]:
    above = session.get_one(Item, item.parent_id).unit_id
    found = [replace(h, role=Role.OFFICE) for h in actor.holding(UNIT_ROLES, above)]
    if item.unit_id != above:
        found += actor.holding(UNIT_ROLES, item.unit_id)
    assignee = session.get(Person, item.assignee_person_id) if item.assignee_person_id else None
    if assignee is not None and assignee.login in actor.names:
        owner = None if assignee.login == actor.login else assignee.login
        found.append(Holding(Role.LIAISON, item.unit_id, owner))
    return tuple(found)


def second_person(session: Session, item: Item, action: Action, actor: Actor) -> None:
    """Raise Refused unless `actor` is somebody else than who is being decided on, and not of the item's own unit.

    Who acts for somebody, was acted for, or took over a post is that somebody too. Inside a unit only the first
    half applies.
    """
    if is_same_hand(session, actor, _asked_by(session, item, action)):
        raise Refused(f"“{action.label}”须由另一人办理：您（{actor.login}）或您所代、所接任的人就是提出或交办的人")
    if item.parent_id is None and item.unit_id in actor.unit_ids:
        raise Refused(f"“{action.label}”涉及您所在单位自己的事项，须由外单位人员或领导小组领导办理")


def _asked_by(session: Session, item: Item, action: Action) -> frozenset[str]:
    """Return the logins of who did the act that `action` decides on, and of for whom it was done."""
    decided_on = _DECIDED_ON.get(action, frozenset())
    if action is Action.REASSIGN and item.status is Status.DISPUTED:
        decided_on = _DISPUTE  # giving in to the dispute by another name
    if not decided_on:
        return frozenset()
    last = select(col(Event.actor), col(Event.acting_for)).where(
        col(Event.plan_id) == item.plan_id, col(Event.item_id) == item.id, col(Event.action).in_(decided_on)
    )
    row = session.execute(last.order_by(col(Event.seq).desc()).limit(1)).one_or_none()
    return frozenset(name for name in row or () if name)
