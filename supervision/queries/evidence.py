"""佐证材料 as it is read: what was handed in about an item or a reporting request, by whom, and one piece of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from config.errors import UnknownName
from models import Evidence, Item, Person, ReportingRequest


@dataclass(frozen=True)
class Attachment:
    """One piece of evidence. `size` in bytes; `by` is the person's name."""

    id: int
    file_name: str
    media_type: str
    size: int
    sha256: str
    by: str
    at: datetime


def evidence_of(session: Session, about: Item | ReportingRequest) -> tuple[Attachment, ...]:
    """Return the evidence of an item or a request, oldest first."""
    rows = session.scalars(select(Evidence).where(*_about(about)).order_by(col(Evidence.id))).all()
    names = _names(session, {row.added_by for row in rows}) if rows else {}
    return tuple(
        Attachment(
            row.id or 0, row.file_name, row.media_type, row.size, row.sha256, names.get(row.added_by, ""), row.added_at
        )
        for row in rows
    )


def piece_of(session: Session, about: Item | ReportingRequest, number: int) -> Evidence:
    """Return one piece of the evidence of an item or a request. Raises UnknownName when it is no piece of that."""
    row = session.scalars(select(Evidence).where(*_about(about), col(Evidence.id) == number)).one_or_none()
    if row is None:
        raise UnknownName("没有这份佐证材料，或者您无权查看")
    return row


def _about(about: Item | ReportingRequest) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    column = col(Evidence.item_id) if isinstance(about, Item) else col(Evidence.request_id)
    return col(Evidence.plan_id) == about.plan_id, column == about.id


def _names(session: Session, persons: set[int]) -> Mapping[int, str]:
    rows = session.execute(select(col(Person.id), col(Person.name)).where(col(Person.id).in_(persons))).tuples()
    return {number or 0: name for number, name in rows}
