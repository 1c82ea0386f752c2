"""That a unit has been reached: what follows from the first delivery of a notice to somebody of the unit addressed.

The ladder counts from here (no unwarned escalation), so the item or request is put before the next sweep.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_, update
from sqlmodel import Session, col

from config.clock import day_of
from config.terms import RUNNING_REQUESTS, RUNNING_STATUSES, PaperState
from models import Item, Notice, Paper, ReportingRequest
from notifications.facts import RUNGS


def reach_units(session: Session, plan_id: int, notices: Select[Any], *, at: datetime) -> None:
    """Set `delivered_at` of those of `notices` that reach their unit for the first time, and wake what they are about.

    An item or request is woken on the day of the delivery, never later than it would wake anyway, and only while it
    runs under the due-date version that the notice is about. A signed paper is served.
    """
    first = and_(col(Notice.plan_id) == plan_id, col(Notice.id).in_(notices), col(Notice.delivered_at).is_(None))
    _wake_items(session, plan_id, first, day_of(at))
    _wake_requests(session, plan_id, first, day_of(at))
    serve(session, plan_id, select(col(Notice.id)).where(first), at=at)
    session.connection().execute(update(Notice).where(first).values(delivered_at=at))


def serve(session: Session, plan_id: int, notices: Select[Any], *, at: datetime) -> None:
    """Serve (送达) the signed papers of `notices` that are not served yet."""
    issued = and_(col(Paper.plan_id) == plan_id, col(Paper.state) == PaperState.ISSUED)
    served = {"state": PaperState.SERVED, "served_at": at, "revision": col(Paper.revision) + 1}
    session.connection().execute(update(Paper).where(issued, col(Paper.notice_id).in_(notices)).values(served))


def _wake_items(session: Session, plan_id: int, notices: ColumnElement[bool], day: date) -> None:
    about = select(col(Notice.item_id), col(Notice.due_version)).where(
        notices, col(Notice.kind).in_(RUNGS), col(Notice.item_id).is_not(None)
    )
    statement = update(Item).where(
        col(Item.plan_id) == plan_id,
        tuple_(col(Item.id), col(Item.due_version)).in_(about),
        col(Item.status).in_(RUNNING_STATUSES),
        or_(col(Item.sweep_on).is_(None), col(Item.sweep_on) > day),
    )
    session.connection().execute(statement.values(sweep_on=day))


def _wake_requests(session: Session, plan_id: int, notices: ColumnElement[bool], day: date) -> None:
    about = select(col(Notice.request_id), col(Notice.due_version)).where(
        notices, col(Notice.kind).in_(RUNGS), col(Notice.request_id).is_not(None)
    )
    statement = update(ReportingRequest).where(
        col(ReportingRequest.plan_id) == plan_id,
        tuple_(col(ReportingRequest.id), col(ReportingRequest.due_version)).in_(about),
        col(ReportingRequest.state).in_(RUNNING_REQUESTS),
        or_(col(ReportingRequest.sweep_on).is_(None), col(ReportingRequest.sweep_on) > day),
    )
    session.connection().execute(statement.values(sweep_on=day))
