"""A reporting request as its page shows it: who may see it, its versions, and the people behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import UnknownName
from config.plan import Form
from config.terms import SubmissionState
from models import Form as FormRow
from models import Person, ReportingRequest, Submission
from supervision.in_force import InForce
from supervision.queries.sight import Sight


@dataclass(frozen=True)
class VersionLine:
    """One filed version."""

    number: int
    state: SubmissionState
    filed_by: str
    filed_at: datetime
    late: bool
    file_name: str
    recorded_from: str | None
    decided_by: str | None
    decided_at: datetime | None
    comment: str | None


def request_seen(session: Session, force: InForce, sight: Sight, number: int) -> tuple[ReportingRequest, Form]:
    """Return the request and its form, for the unit's people, who oversees, and the unit that leads on its figures.

    Raises UnknownName, in the same words, when there is none or it is not to be seen.
    """
    row = (
        session.execute(
            select(ReportingRequest, col(FormRow.code))
            .join(FormRow, col(FormRow.id) == col(ReportingRequest.form_id))
            .where(col(ReportingRequest.plan_id) == force.plan_id, col(ReportingRequest.id) == number)
        )
        .tuples()
        .one_or_none()
    )
    if row is not None:
        request, form = row[0], force.plan.form(row[1])
        if sight.sees_unit(request.unit_id) or leads(force, form) in sight.units:
            return request, form
    raise UnknownName(f"没有编号为 {number} 的报送任务，或者您无权查看")


def leads(force: InForce, form: Form) -> int | None:
    """Return the unit that leads on every figure of the form; None when they have several leads."""
    found = {force.plan.indicator(code).owners[0] for code in form.indicators}
    return force.unit_id(found.pop()) if len(found) == 1 else None


def versions_of(session: Session, request: ReportingRequest) -> list[VersionLine]:
    """Return the filed versions, newest first."""
    rows = session.scalars(
        select(Submission).where(col(Submission.request_id) == request.id).order_by(col(Submission.version).desc())
    ).all()
    numbers = {number for row in rows for number in (row.filed_by, row.decided_by) if number}
    people = select(col(Person.id), col(Person.name)).where(col(Person.id).in_(numbers))
    names = dict(session.execute(people).tuples().all())
    return [
        VersionLine(row.version, row.state, names.get(row.filed_by, "系统"), row.filed_at, row.late, row.file_name,
                    row.recorded_from, names.get(row.decided_by), row.decided_at, row.comment)
        for row in rows
    ]  # fmt: skip
