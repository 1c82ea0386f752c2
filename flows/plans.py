"""The plans that this installation supervises."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from config.settings import Settings
from database import Database, reading
from models import Plan
from supervision import in_force
from supervision.in_force import InForce


def plans_in_force(settings: Settings, database: Database) -> tuple[InForce, ...]:
    """Return the plan that is set, else every plan there is, by code. Raises UnknownName when there is none."""
    with reading(database) as session:
        if settings.plan:
            return (in_force.load(session, settings.plan),)
        codes = session.scalars(select(col(Plan.code)).order_by(col(Plan.code))).all()
        return tuple(in_force.load(session, code) for code in codes or [""])
