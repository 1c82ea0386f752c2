"""What was done about a unit's items and reports: who signed, reported, verified, and when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session, col

from config.clock import ZONE
from database.remembered import remembered
from models import Appointment, Event, Form, Item, Person, ReportingRequest, Unit
from supervision.in_force import InForce
from supervision.queries.items import HistoryLine
from supervision.queries.people import UNIT_ROLES
from supervision.queries.timeline import Happened, in_words, names_of

PAGE = 50


class By(StrEnum):
    """Whose acts: those of the unit's own people, or everybody's, the system's too."""

    OWN = "own"
    ALL = "all"


@dataclass(frozen=True)
class UnitAct:
    """One act and what it was about."""

    happened: Happened
    about: str
    item_id: int | None
    request_id: int | None


@dataclass(frozen=True)
class ActsPage:
    """One page of a unit's acts. `page` is counted from 1; `pages` is at least 1."""

    rows: tuple[UnitAct, ...]
    total: int
    page: int
    pages: int


def acts_of(session: Session, force: InForce, unit_id: int, by: By, *, page: int = 1, size: int = PAGE) -> ActsPage:
    """Return a page of what was done about the unit's items and requests and its bureaus', the newest first.

    Beyond the last page, the last one.
    """
    chosen = _chosen(force, unit_id, by)
    total = remembered(
        session, force.tenant_id, (force.plan_id, "acts", unit_id, by),
        lambda: session.scalars(select(func.count()).select_from(Event).where(*chosen)).one(),
    )  # fmt: skip
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    statement = (
        select(Event, col(Item.title), col(Form.title), col(ReportingRequest.period))
        .outerjoin(Item, col(Item.id) == col(Event.item_id))
        .outerjoin(ReportingRequest, col(ReportingRequest.id) == col(Event.request_id))
        .outerjoin(Form, col(Form.id) == col(ReportingRequest.form_id))
        .where(*chosen)
        .order_by(col(Event.seq).desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    names = names_of(session, force.tenant_id)
    rows = []
    for event, title, form, period in session.execute(statement).tuples():
        data = event.data if event.item_id else {key: value for key, value in event.data.items() if key != "unit"}
        line = HistoryLine(event.seq, event.at.astimezone(ZONE), event.actor, event.acting_for, event.action, data)
        about = title or f"{form}（{period}）"
        rows.append(UnitAct(in_words(force, names, line), about, event.item_id, event.request_id))
    return ActsPage(tuple(rows), total, page, pages)


def _chosen(force: InForce, unit_id: int, by: By) -> list[ColumnElement[bool]]:
    units = select(col(Unit.id)).where(
        col(Unit.tenant_id) == force.tenant_id, or_(col(Unit.id) == unit_id, col(Unit.parent_unit_id) == unit_id)
    )
    items = select(col(Item.id)).where(col(Item.plan_id) == force.plan_id, col(Item.unit_id).in_(units))
    asked = select(col(ReportingRequest.id)).where(
        col(ReportingRequest.plan_id) == force.plan_id, col(ReportingRequest.unit_id) == unit_id
    )
    chosen: list[ColumnElement[bool]] = [or_(col(Event.item_id).in_(items), col(Event.request_id).in_(asked))]
    if by is By.OWN:
        people = (
            select(col(Person.login))
            .join(Appointment, col(Appointment.person_id) == col(Person.id))
            .where(
                col(Appointment.tenant_id) == force.tenant_id,
                col(Appointment.unit_id).in_(units),
                col(Appointment.role).in_(UNIT_ROLES),
            )
        )
        chosen.append(or_(col(Event.actor).in_(people), col(Event.acting_for).in_(people)))
    return chosen
