"""The filters that somebody keeps."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from models import SavedView
from supervision.in_force import InForce


def views_of(session: Session, force: InForce, *, person_id: int, page: str) -> Sequence[SavedView]:
    """Return the person's views of a list, by name."""
    statement = select(SavedView).where(
        col(SavedView.plan_id) == force.plan_id, col(SavedView.person_id) == person_id, col(SavedView.page) == page
    )
    return session.scalars(statement.order_by(col(SavedView.name))).all()
