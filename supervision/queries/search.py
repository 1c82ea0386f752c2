"""Searching what one may see: items, units, clauses of the plan, forms and indicators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from supervision.in_force import InForce
from supervision.queries.items import ItemLine
from supervision.queries.ledger_page import Scope, Wanted, ledger_page
from supervision.queries.sight import Sight

SHOWN = 30
"""Results of one kind; what is beyond is counted."""


@dataclass(frozen=True)
class Clause:
    """A clause of the plan that says the words: where it stands, its text, and the key task, if it is one's."""

    source: str
    text: str
    task: int | None


@dataclass(frozen=True)
class Found:
    """What was found."""

    items: Sequence[ItemLine]
    item_count: int
    units: tuple[tuple[str, str], ...]
    """Code and name."""
    clauses: tuple[Clause, ...]


def search(session: Session, force: InForce, sight: Sight, words: str, *, as_of: date) -> Found:
    """Return what holds the words: items that are seen, every unit, every clause of the plan."""
    wanted = Wanted(scope=Scope.ALL, words=words, sort="due", descending=True)
    page = ledger_page(session, force, sight, wanted, as_of=as_of, size=SHOWN)
    units = tuple(
        (unit.code, unit.name_on(as_of))
        for unit in force.plan.units
        if words in unit.name_on(as_of) or words == unit.code
    )
    clauses = []
    for task in force.plan.matters:
        for measure in task.measures:
            if words in measure.title or words in measure.clause or words in task.title:
                clauses.append(Clause(measure.clause, measure.title, getattr(task, "number", None)))
    for indicator in force.plan.indicators:
        if words in indicator.name or words == indicator.code:
            clauses.append(Clause(indicator.source, f"{indicator.code} {indicator.name}", None))
    return Found(page.rows, page.total, units[:SHOWN], tuple(clauses[:SHOWN]))
