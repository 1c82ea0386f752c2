"""What leaders look at: what is red and since when, and what was done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.terms import NoticeKind
from models import Notice, ProgressReport
from supervision.deadlines import Light
from supervision.in_force import InForce
from supervision.queries.items import ItemLine
from supervision.queries.ledger_page import Wanted, count, everything
from supervision.queries.sight import Sight

_STEPS = (NoticeKind.URGE, NoticeKind.SUPERVISION_NOTICE, NoticeKind.CIRCULAR)


@dataclass(frozen=True)
class RedItem:
    """One overdue item: working days since it turned red, the steps taken with their days, what the unit said last."""

    line: ItemLine
    days: int
    steps: tuple[tuple[NoticeKind, date | None], ...]
    said: str
    said_at: datetime | None


def red_items(session: Session, force: InForce, sight: Sight, *, as_of: date) -> Sequence[RedItem]:
    """Return what is overdue, the oldest first, with what was done about it."""
    lines = everything(session, force, sight, Wanted(light=Light.RED), as_of=as_of)
    numbers = [line.id for line in lines]
    steps: dict[int, list[tuple[NoticeKind, date | None]]] = {}
    said: dict[int, ProgressReport] = {}
    for start in range(0, len(numbers), 500):
        some = numbers[start : start + 500]
        for item, kind, issued in session.execute(
            select(col(Notice.item_id), col(Notice.kind), col(Notice.issued_at))
            .where(col(Notice.item_id).in_(some), col(Notice.kind).in_(_STEPS), col(Notice.cancelled_at).is_(None))
            .order_by(col(Notice.id))
        ).tuples():
            steps.setdefault(item or 0, []).append((kind, issued.date() if issued else None))
        newest = select(func.max(col(ProgressReport.id))).where(col(ProgressReport.item_id).in_(some))
        for report in session.scalars(
            select(ProgressReport).where(col(ProgressReport.id).in_(newest.group_by(col(ProgressReport.item_id))))
        ):
            said[report.item_id] = report
    calendar = force.calendar
    return [
        RedItem(
            line, calendar.count(date.fromordinal(line.due.toordinal() + 1), as_of), tuple(steps.get(line.id, ())),
            said[line.id].progress if line.id in said else "", said[line.id].reported_at if line.id in said else None,
        )
        for line in lines
    ]  # fmt: skip


def overdue_by_district(session: Session, force: InForce, sight: Sight, *, as_of: date) -> Mapping[str, int]:
    """Return by code how many overdue items of each district are seen: as many as the ledger lists under red."""
    return {
        unit.code: count(session, force, sight, Wanted(unit=unit.code, light=Light.RED), as_of=as_of)
        for unit in force.plan.districts
    }
