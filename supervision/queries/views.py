"""The filters that somebody keeps."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Integer, bindparam, select
from sqlmodel import Session, col

from models import SavedView
from supervision.in_force import InForce


def views_of(session: Session, force: InForce, *, person_id: int, page: str) -> Sequence[SavedView]:
    """Return the person's views of a list, by name."""
    return session.scalars(_VIEWS, {"plan": force.plan_id, "person": person_id, "page": page}).all()


_VIEWS = (
    select(SavedView)
    .where(
        col(SavedView.plan_id) == bindparam("plan", type_=Integer),
        col(SavedView.person_id) == bindparam("person", type_=Integer),
        col(SavedView.page) == bindparam("page"),
    )
    .order_by(col(SavedView.name))
)
