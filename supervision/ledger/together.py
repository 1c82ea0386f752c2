"""The same act on many items: each on its own, so that one refusal keeps nothing back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from config.errors import DubanError
from supervision.in_force import InForce
from supervision.ledger.acts import Act, Done, perform


@dataclass(frozen=True)
class Outcome:
    """What became of one of the acts: `done`, or why not."""

    item_id: int
    done: Done | None
    refused: str = ""


def perform_each(session: Session, force: InForce, acts: Sequence[Act]) -> list[Outcome]:
    """Do each act that the rules permit; return what became of every one, in order.

    A refused act leaves no trace: `perform` lets nothing happen before it has decided.
    """
    found = []
    for act in acts:
        try:
            found.append(Outcome(act.item_id, perform(session, force, act)))
        except DubanError as error:
            found.append(Outcome(act.item_id, None, str(error)))
    return found
