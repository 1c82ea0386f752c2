"""Reading what surveys found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_ends
from models import Person, SurveyResult
from supervision.in_force import InForce


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """One version of what a survey found; `content` is what `Findings.as_json` gave."""

    survey: str
    period: str
    version: int
    digest: str
    content: Mapping[str, Any]
    synthetic: bool
    recorded_at: datetime
    recorded_by: str


def survey_results(
    session: Session, force: InForce, *, survey: str, period: str, as_of: date | None = None
) -> list[SurveyLine]:
    """Return the versions of a survey's period that were recorded by the close of `as_of` (default: all), in order."""
    statement = (
        select(SurveyResult, col(Person.login))
        .join(Person, col(Person.id) == col(SurveyResult.recorded_by_person_id))
        .where(
            col(SurveyResult.plan_id) == force.plan_id,
            col(SurveyResult.survey) == survey,
            col(SurveyResult.period) == period,
        )
        .order_by(col(SurveyResult.version))
    )
    if as_of is not None:
        statement = statement.where(col(SurveyResult.recorded_at) < day_ends(as_of))
    return [
        SurveyLine(
            row.survey, row.period, row.version, row.digest, row.content, row.synthetic, row.recorded_at, login
        )
        for row, login in session.execute(statement).tuples()
    ]  # fmt: skip
