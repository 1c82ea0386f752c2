"""Writing figures: always as new versions, never over old ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from config.terms import FigureState
from database.rows import put
from models import Figure, Indicator, Submission
from supervision.collection.filing import Cells
from supervision.in_force import InForce

Place = tuple[int, int]
"""Indicator and area, by the database's numbers."""


def put_figures(session: Session, force: InForce, submission: Submission, period: str, cells: Cells) -> None:
    """Write every cell of a submission as the next version of its figure, what holds nothing included.

    Key: indicator, area, period and version. The caller holds the chain.
    """
    indicators = _indicator_ids(session, force, {cell.indicator for cell in cells.values()})
    places = {key: (indicators[cell.indicator], force.unit_ids[cell.area]) for key, cell in cells.items()}
    newest = _newest_versions(session, force, set(indicators.values()), period)
    rows = [
        {
            "tenant_id": force.tenant_id,
            "plan_id": force.plan_id,
            "indicator_id": places[key][0],
            "unit_id": places[key][1],
            "period": period,
            "version": newest.get(places[key], 0) + 1,
            "submission_id": submission.id,
            "state": cell.value.state,
            "value": cell.value.number,
            "note": cell.note or None,
            "filed_at": submission.filed_at,
        }
        for key, cell in cells.items()
    ]
    put(session, Figure, rows)


def confirm_figures(session: Session, submission: Submission, *, at: datetime, rule_on_claims: bool) -> int:
    """Mark a submission's figures as confirmed and return how many that were not yet.

    A claim that something is 不适用 needs a person's ruling: without `rule_on_claims` it stays unconfirmed.
    """
    waiting = [col(Figure.submission_id) == submission.id, col(Figure.confirmed_at).is_(None)]
    if not rule_on_claims:
        waiting.append(col(Figure.state) != FigureState.NOT_APPLICABLE)
    count = session.scalars(select(func.count()).select_from(Figure).where(*waiting)).one()
    session.execute(update(Figure).where(*waiting).values(confirmed_at=at))
    return count


def _indicator_ids(session: Session, force: InForce, codes: set[str]) -> Mapping[str, int]:
    rows = select(col(Indicator.code), col(Indicator.id)).where(
        col(Indicator.plan_id) == force.plan_id, col(Indicator.code).in_(sorted(codes))
    )
    return {code: number or 0 for code, number in session.execute(rows)}


def _newest_versions(session: Session, force: InForce, indicators: set[int], period: str) -> Mapping[Place, int]:
    rows = (
        select(col(Figure.indicator_id), col(Figure.unit_id), func.max(Figure.version))
        .where(
            col(Figure.plan_id) == force.plan_id,
            col(Figure.indicator_id).in_(sorted(indicators)),
            col(Figure.period) == period,
        )
        .group_by(col(Figure.indicator_id), col(Figure.unit_id))
    )
    return {(indicator, unit): version for indicator, unit, version in session.execute(rows)}
