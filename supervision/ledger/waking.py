"""Waking a subject: a delivery is the event for which its ladder waits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from config.clock import day_of
from config.terms import RUNNING_REQUESTS, RUNNING_STATUSES
from models import Item, Notice, ReportingRequest


def wake(session: Session, notice: Notice, at: datetime) -> None:
    """Let the sweep look at the notice's subject again, if its clock runs and its due date is still the same one."""
    day = day_of(at)
    if notice.item_id is not None:
        session.execute(
            update(Item)
            .where(
                col(Item.id) == notice.item_id,
                col(Item.due_version) == notice.due_version,
                col(Item.status).in_(list(RUNNING_STATUSES)),
            )
            .values(sweep_on=day)
        )
    if notice.request_id is not None:
        session.execute(
            update(ReportingRequest)
            .where(
                col(ReportingRequest.id) == notice.request_id,
                col(ReportingRequest.due_version) == notice.due_version,
                col(ReportingRequest.state).in_(list(RUNNING_REQUESTS)),
            )
            .values(sweep_on=day)
        )
