"""Closing the windows: what never came is missing, and what the office left lying is confirmed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.terms import RequestState, SubmissionState
from database import chain
from models import ReportingRequest
from supervision.in_force import InForce
from supervision.ledger import notices
from supervision.ledger.reporting.figures import confirm_figures
from supervision.ledger.reporting.rows import COLLECTOR, newest_submission, record, undecided


@dataclass(frozen=True)
class Closed:
    """How many requests one run closed, by how they ended.

    `missing` have no version that stands; `confirmed` were filed and left undecided; `kept` were out for a
    correction that never came, so that their confirmed figures stand.
    """

    missing: int
    confirmed: int
    kept: int


_UNFINISHED = (RequestState.OPEN, RequestState.FILED, RequestState.RETURNED)


def close_windows(session: Session, force: InForce, *, as_of: date, at: datetime) -> Closed:
    """Close every request whose closing day has passed by `as_of`. Twice or late: the same rows.

    Never filed, or returned and not filed again: missing (未报). Filed and undecided: confirmed by the flow, because
    the office's slow verification never costs the unit anything; claims of 不适用 still wait for a person's ruling.
    Out for a correction after it was confirmed: confirmed again. The ladder of each ends.
    """
    chain.lock(session, force.tenant_id)
    waiting = select(ReportingRequest).where(
        col(ReportingRequest.plan_id) == force.plan_id,
        col(ReportingRequest.state).in_(_UNFINISHED),
        col(ReportingRequest.closes) < as_of,
    )
    requests = session.scalars(waiting.order_by(col(ReportingRequest.id))).all()
    ends = Counter(_close(session, force, request, at) for request in requests)
    return Closed(missing=ends["missing"], confirmed=ends["confirmed"], kept=ends["kept"])


def _close(session: Session, force: InForce, request: ReportingRequest, at: datetime) -> str:
    request.sweep_on = None
    notices.cancel_open(session, force, item_id=None, request_id=request.id, at=at)
    submission = undecided(newest_submission(session, request))
    if submission is not None:
        submission.state, submission.decided_at = SubmissionState.CONFIRMED, at
        submission.comment = "窗口关闭时尚未审核，系统自动通过"
        confirm_figures(session, submission, at=at, rule_on_claims=False)
        request.state, request.confirmed_at, end = RequestState.CONFIRMED, at, "confirmed"
    elif request.confirmed_at is not None:
        request.state, end = RequestState.CONFIRMED, "kept"
    else:
        request.state, end = RequestState.MISSING, "missing"
    record(session, force, request, "close_window", by=COLLECTOR, at=at, outcome=end)
    return end
