"""The scores of one unit, quarter by quarter, as its results were shown: under publicity or published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.terms import AssessmentState, Population
from database.remembered import remembered
from models import Assessment
from supervision.exact import exact, half_up
from supervision.in_force import InForce
from supervision.periods import Period, parse_quarter
from supervision.queries.case import population_of
from supervision.queries.publication import vetoes
from supervision.scoring.case import ComponentCode
from supervision.scoring.result import TOTAL_PLACES


@dataclass(frozen=True)
class UnitScore:
    """What one result says of the unit. Numbers are as the result prints them.

    `rank` and `rank_interval` are None for a unit that is not ranked (数据不足); `places` is how many are. `parts` are
    (component, weight, points). `veto` is the reason of a veto, then `grade` is the lowest. `is_replaced`: a correction
    has been published since.
    """

    run: int
    quarter: Period
    state: AssessmentState
    as_of: date
    is_correction: bool
    is_replaced: bool
    total: str
    rank: int | None
    places: int
    rank_interval: tuple[int, int] | None
    grade: str
    veto: str
    parts: tuple[tuple[ComponentCode, str, str], ...]
    synthetic: bool


def scores_of(session: Session, force: InForce, unit: str) -> tuple[UnitScore, ...]:
    """Return the scores of the unit of that code, the newest quarter and vintage first. Drafts are not shown.

    Raises UnknownName for a unit that the plan does not have.
    """
    population = population_of(force.plan, unit)
    question = force.plan_id, "scores", unit
    return remembered(session, force.tenant_id, question, lambda: _scores(session, force, unit, population))


def _scores(session: Session, force: InForce, unit: str, population: Population) -> tuple[UnitScore, ...]:
    shown = select(Assessment).where(
        col(Assessment.plan_id) == force.plan_id,
        col(Assessment.population) == population,
        col(Assessment.state) != AssessmentState.DRAFT,
    )
    ordered = shown.order_by(col(Assessment.quarter).desc(), col(Assessment.vintage).desc())
    found: list[UnitScore] = []
    published: set[str] = set()
    for run in session.scalars(ordered):
        row = next((row for row in run.result["districts"] if row["code"] == unit), None)
        if row is not None:
            why = vetoes(session, run).get(force.unit_ids[unit], "")
            found.append(_score(run, row, why, is_replaced=run.quarter in published))
        if run.state is AssessmentState.PUBLISHED:
            published.add(run.quarter)
    return tuple(found)


def _score(run: Assessment, row: Mapping[str, Any], veto: str, *, is_replaced: bool) -> UnitScore:
    interval = row["rank_interval"]
    return UnitScore(
        run=run.id or 0,
        quarter=parse_quarter(run.quarter),
        state=run.state,
        as_of=run.as_of,
        is_correction=run.corrects is not None,
        is_replaced=is_replaced,
        total=row["total"],
        rank=row["rank"],
        places=sum(1 for each in run.result["districts"] if each["ranked"]),
        rank_interval=(interval[0], interval[1]) if interval else None,
        grade=run.case["scheme"]["grades"][-1][1] if veto else row["grade"],
        veto=veto,
        parts=tuple(
            (ComponentCode(part["code"]), _short(part["weight"]), _short(part["points"])) for part in row["components"]
        ),
        synthetic=run.synthetic,
    )


def _short(number: str) -> str:
    """Return a number of a result with the two decimals that a total has."""
    return half_up(exact(Decimal(number)), TOTAL_PLACES)
