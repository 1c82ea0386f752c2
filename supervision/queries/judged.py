"""By what a result judges conduct: the items that count, and what upheld objections put in question.

A correction knows more than the result that it corrects, and judges by the same day. Source: docs/decisions/048.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_ends
from config.terms import Decision, Population
from models import Assessment, Objection
from supervision.in_force import InForce
from supervision.periods import Period, quarters_to_date
from supervision.queries.items_as_known import KnownItem, items_as_known
from supervision.scoring.case import ComponentCode


@dataclass(frozen=True)
class Heard:
    """What upheld objections to the results of a quarter are about: unit codes with a component's or line's code.

    The empty code stands for the whole score of the unit.
    """

    places: frozenset[tuple[str, str]] = frozenset()

    def covers(self, unit: str, *codes: str) -> bool:
        """Return whether an upheld objection of the unit is about one of `codes`, or about its whole score."""
        return any((unit, code) in self.places for code in ("", *codes))


def heard(session: Session, force: InForce, quarter: Period, population: Population, *, known_on: date) -> Heard:
    """Return what had been upheld by the close of `known_on` against any vintage of the quarter's result."""
    statement = (
        select(col(Objection.unit_id), col(Objection.subject))
        .join(Assessment, col(Assessment.id) == col(Objection.assessment_id))
        .where(
            col(Objection.plan_id) == force.plan_id,
            col(Objection.decision) == Decision.APPROVED,
            col(Objection.decided_at) < day_ends(known_on),
            col(Assessment.quarter) == str(quarter),
            col(Assessment.population) == population,
        )
    )
    return Heard(frozenset((force.unit_codes[unit], code) for unit, code in session.execute(statement).tuples()))


def judged_items(
    session: Session, force: InForce, quarter: Period, *, as_of: date, known_on: date, upheld: Heard
) -> list[KnownItem]:
    """Return the items that the result of `quarter` looks at, in the year to date, by due date and number.

    As known at the close of `as_of`; those of a unit whose objection to its key tasks was upheld as known at the
    close of `known_on`, still by the state of `as_of`: what was completed after it is open. Being heard costs
    nothing: an item that was left out before is counted only when it turns out to have been completed.
    """
    year = quarters_to_date(quarter)[0].first, quarter.last
    then = list(_counting(items_as_known(session, force, known_at=day_ends(as_of)), year))
    if known_on == as_of or not upheld.places:
        return then
    counted = {item.id for item in then}
    found = [item for item in then if not _is_heard(force, item, upheld)]
    for item in _counting(items_as_known(session, force, known_at=day_ends(known_on)), year):
        completed = item.completed if item.completed is not None and item.completed <= as_of else None
        if _is_heard(force, item, upheld) and (item.id in counted or completed is not None):
            found.append(replace(item, completed=completed))
    return sorted(found, key=lambda item: (item.due, item.id))


def _is_heard(force: InForce, item: KnownItem, upheld: Heard) -> bool:
    return upheld.covers(force.unit_codes[item.unit_id], ComponentCode.KEY_TASKS)


def _counting(items: list[KnownItem], year: tuple[date, date]) -> Iterator[KnownItem]:
    return (item for item in items if item.counts and year[0] <= item.belongs_on <= year[1])
