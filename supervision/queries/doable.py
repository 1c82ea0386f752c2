"""What somebody can do to an item now, and what not, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from config.errors import Refused
from config.terms import Action, Role
from models import Item
from supervision import workflow
from supervision.ledger.acts import RECORD_ONLY
from supervision.ledger.extensions import pending, refuse_request
from supervision.ledger.standing import second_person, standing
from supervision.queries.people import Actor
from supervision.workflow import Need

_ANSWERS = frozenset({Action.APPROVE_EXTENSION, Action.REJECT_EXTENSION})
_MOVES = {move.action: move for move in workflow.MOVES}


@dataclass(frozen=True)
class Doable:
    """One act that this person may do now; `needs` is what it must bring along."""

    action: Action
    needs: frozenset[Need]
    recorded: bool = False
    """Whether it is a unit's act that the office records (代录)."""


@dataclass(frozen=True)
class Barred:
    """One act that the person's role could do now, but this person not; `why` says who can."""

    action: Action
    why: str


@dataclass(frozen=True)
class Choices:
    """What is offered: own acts in the order of the table of moves, then those that the office records for the unit."""

    doable: tuple[Doable, ...]
    barred: tuple[Barred, ...]


def choices(session: Session, item: Item, actor: Actor, *, at: datetime) -> Choices:
    """Return what `actor` may do to the item at that instant.

    An answer to an extension is there only while one is asked for. What wants a second person, or a date that has not
    passed, is barred with the reason that the act itself would give.
    """
    own = _permitted(session, item, actor)
    if _ANSWERS & set(own) and pending(session, item) is None:
        own = [action for action in own if action not in _ANSWERS]
    why = {action: _why_not(session, item, action, actor, at) for action in own}
    doable = [Doable(action, _MOVES[action].needs) for action in own if why[action] is None]
    if actor.holds(Role.OFFICE) and item.parent_id is None and not item.retrospective:
        recorded = [action for action in workflow.permitted(item.status, {Role.LIAISON}) if action not in own]
        recorded = [action for action in recorded if _why_not(session, item, action, None, at) is None]
        doable += [Doable(action, _MOVES[action].needs, recorded=True) for action in recorded]
    return Choices(tuple(doable), tuple(Barred(action, reason) for action, reason in why.items() if reason))


def _permitted(session: Session, item: Item, actor: Actor) -> list[Action]:
    found = workflow.permitted(item.status, standing(session, item, actor, action=Action.ASSIGN).roles)
    if item.retrospective:
        return [action for action in found if action in RECORD_ONLY]
    return [action for action in found if action is not Action.REASSIGN or item.parent_id is None]


def _why_not(session: Session, item: Item, action: Action, actor: Actor | None, at: datetime) -> str | None:
    """Return why the act would be refused; None when it would not. Without `actor`: recorded for the unit."""
    try:
        if actor is not None and _MOVES[action].second_person:
            second_person(session, item, action, actor)
        if action is Action.REQUEST_EXTENSION:
            refuse_request(session, item, at)
    except Refused as refused:
        return str(refused)
    return None
