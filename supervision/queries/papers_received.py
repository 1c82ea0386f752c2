"""督办单 and 通报 that a unit received: signed ones, each with what it is about and how far it has got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_of
from config.numbering import document_number
from config.terms import Level, PaperState
from models import Form, Item, Notice, Paper, ReportingRequest
from supervision.in_force import InForce


@dataclass(frozen=True, slots=True)
class PaperReceived:
    """One signed paper. It is about an item or about a reporting request, never both."""

    level: Level
    number: str
    """The 文号."""
    signed_on: date
    state: PaperState
    about: str
    item_id: int | None
    request_id: int | None


def papers_received(session: Session, force: InForce, unit_id: int) -> list[PaperReceived]:
    """Return the papers to the unit that somebody has signed, the newest first. Drafts are nobody's yet."""
    statement = (
        select(
            col(Paper.level), col(Paper.series), col(Paper.year), col(Paper.number), col(Paper.issued_at),
            col(Paper.state), col(Notice.item_id), col(Notice.request_id), col(Item.title), col(Form.title),
            col(ReportingRequest.period),
        )
        .join(Notice, col(Notice.id) == col(Paper.notice_id))
        .outerjoin(Item, col(Item.id) == col(Notice.item_id))
        .outerjoin(ReportingRequest, col(ReportingRequest.id) == col(Notice.request_id))
        .outerjoin(Form, col(Form.id) == col(ReportingRequest.form_id))
        .where(col(Paper.plan_id) == force.plan_id, col(Notice.unit_id) == unit_id, col(Paper.issued_at).is_not(None))
        .order_by(col(Paper.issued_at).desc(), col(Paper.id).desc())
    )  # fmt: skip
    found = []
    for level, series, year, number, signed_at, state, item, request, title, form, period in session.execute(statement):
        numbered = document_number(series, year, number)
        about = title or f"{form}（{period}）"
        found.append(PaperReceived(level, numbered, day_of(signed_at), state, about, item, request))
    return found
