"""The same act on many items: each in a transaction of its own, so that one refusal keeps nothing else back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlmodel import Session

from config.errors import DubanError
from config.terms import Action
from supervision.in_force import InForce
from supervision.ledger.acts import Act, Done, perform
from supervision.queries.people import Actor

Writing = Callable[[], AbstractContextManager[tuple[Session, InForce, Actor]]]
"""Opens a transaction, with the plan and the person as they are at its beginning, and commits it at the end."""


@dataclass(frozen=True)
class Chosen:
    """One of the items, as it stood when it was chosen."""

    item_id: int
    revision: int


@dataclass(frozen=True)
class Outcome:
    """What became of one of the acts: `done`, or why not."""

    item_id: int
    done: Done | None
    refused: str = ""


def perform_each(writing: Writing, action: Action, chosen: Sequence[Chosen]) -> list[Outcome]:
    """Do `action` to each item that the rules permit it for; return what became of every one, in order.

    The chain is free between two items, so nobody else waits for the whole list; what was done before something broke
    stays done.
    """
    return [_outcome(writing, action, each) for each in chosen]


def _outcome(writing: Writing, action: Action, chosen: Chosen) -> Outcome:
    try:
        with writing() as (session, force, actor):
            act = Act(chosen.item_id, action, actor, force.now, revision=chosen.revision)
            return Outcome(chosen.item_id, perform(session, force, act))
    except DubanError as error:
        return Outcome(chosen.item_id, None, str(error))
