"""Reading what a form is prefilled with: its request, what was filed last, and what stands elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.plan import Form, Unit
from config.terms import SubmissionState
from models import Figure, Indicator, ReportingRequest, Submission
from models import Form as FormRow
from supervision.collection.checks import Filing
from supervision.collection.filing import areas
from supervision.collection.values import Value
from supervision.collection.windows import window
from supervision.in_force import InForce
from supervision.periods import Period
from supervision.queries.figures import standing_numbers


@dataclass(frozen=True, slots=True)
class FiledVersion:
    """The version of a form that was filed last: its cells by indicator and area code, each with its note.

    `comment` is what was said when it was decided on, None while it is not or nothing was said.
    """

    number: int
    state: SubmissionState
    filed_at: datetime
    comment: str | None
    cells: Mapping[tuple[str, str], tuple[Value, str]]


@dataclass(frozen=True)
class FormFiling:
    """A form as it stands: its dates now in force, the last version (None: nothing was filed), what stands elsewhere.

    `beside` answers for the numbers of earlier periods and of other forms; its own cells are empty.
    """

    opens: date
    due: date
    closes: date
    last: FiledVersion | None
    beside: Filing


def form_filing(session: Session, force: InForce, *, form: Form, unit: Unit, period: Period) -> FormFiling:
    """Return how the unit's form for the period stands now; it need not have been opened yet.

    Raises CalendarNotPublished when it has not, and its due date lies in a year without an arrangement.
    """
    request = session.scalars(
        select(ReportingRequest)
        .join(FormRow, col(FormRow.id) == col(ReportingRequest.form_id))
        .where(
            col(ReportingRequest.plan_id) == force.plan_id,
            col(FormRow.code) == form.code,
            col(ReportingRequest.unit_id) == force.unit_ids[unit.code],
            col(ReportingRequest.period) == str(period),
        )
    ).one_or_none()
    about = [force.unit_ids[area.code] for area in areas(force.plan, form, unit)]
    number = (request.id if request is not None else None) or 0
    standing = standing_numbers(session, force, form, about, besides=number)
    if request is None:
        dates = window(form, period, force.calendar)
        opens, due, closes = dates.opens, dates.due.day, dates.closes
    else:
        opens, due, closes = request.opens, request.due, request.closes
    return FormFiling(
        opens=opens,
        due=due,
        closes=closes,
        last=None if request is None else _last(session, force, request),
        beside=Filing(force.plan, form, period, {}, standing),
    )


def _last(session: Session, force: InForce, request: ReportingRequest) -> FiledVersion | None:
    versions = select(Submission).where(
        col(Submission.plan_id) == force.plan_id, col(Submission.request_id) == request.id
    )
    last = session.scalars(versions.order_by(col(Submission.version).desc()).limit(1)).one_or_none()
    if last is None:
        return None
    statement = (
        select(col(Indicator.code), Figure)
        .join(Indicator, col(Indicator.id) == col(Figure.indicator_id))
        .where(col(Figure.plan_id) == force.plan_id, col(Figure.submission_id) == last.id)
    )
    cells = {
        (code, force.unit_codes[row.unit_id]): (Value(row.state, row.value), row.note or "")
        for code, row in session.execute(statement).tuples()
    }
    return FiledVersion(last.version, last.state, last.filed_at, last.comment, cells)
