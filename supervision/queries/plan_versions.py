"""The versions of a plan: what was loaded, when, and which one is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models import Plan, PlanVersion
from supervision.in_force import InForce


@dataclass(frozen=True)
class VersionLine:
    """One version; `digest` is the SHA-256 of its content, in full."""

    number: int
    digest: str
    loaded_at: datetime
    in_force: bool


def versions(session: Session, force: InForce) -> list[VersionLine]:
    """Return the plan's versions, the newest first."""
    rows = session.execute(
        select(
            col(PlanVersion.number), col(PlanVersion.digest), col(PlanVersion.loaded_at),
            col(PlanVersion.id) == col(Plan.content_id),
        )
        .join(Plan, col(Plan.id) == col(PlanVersion.plan_id))
        .where(col(PlanVersion.plan_id) == force.plan_id)
        .order_by(col(PlanVersion.number).desc())
    ).tuples()  # fmt: skip
    return [VersionLine(number, digest, loaded_at, bool(held)) for number, digest, loaded_at, held in rows]
