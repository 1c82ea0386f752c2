"""Filters that somebody keeps under a name. They are the person's own, and no act of supervision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from config.errors import BadInput
from models import SavedView
from supervision.in_force import InForce

MOST = 30
"""Views one person keeps of one list: what still fits a menu."""
_LONGEST_NAME = 30


def keep_view(
    session: Session, force: InForce, *, person_id: int, page: str, name: str, query: str, at: datetime
) -> None:
    """Keep the query part of a list's address under a name; a view of that name is replaced.

    Raises BadInput for an empty or long name, and when there are too many.
    """
    name = name.strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise BadInput(f"视图名称应为 1 至 {_LONGEST_NAME} 个字")
    mine = select(SavedView).where(
        col(SavedView.plan_id) == force.plan_id, col(SavedView.person_id) == person_id, col(SavedView.page) == page
    )
    known = {row.name: row for row in session.scalars(mine)}
    if name not in known and len(known) >= MOST:
        raise BadInput(f"最多保存 {MOST} 个视图，请先删除不用的")
    row = known.get(name) or SavedView(
        tenant_id=force.tenant_id, plan_id=force.plan_id, person_id=person_id, page=page, name=name, query=query,
        saved_at=at,
    )  # fmt: skip
    row.query, row.saved_at = query, at
    session.add(row)
    session.flush()


def drop_view(session: Session, force: InForce, *, person_id: int, number: int) -> None:
    """Delete an own view; nothing happens when it is gone, or somebody else's."""
    session.execute(
        delete(SavedView).where(
            col(SavedView.plan_id) == force.plan_id, col(SavedView.person_id) == person_id, col(SavedView.id) == number
        )
    )
