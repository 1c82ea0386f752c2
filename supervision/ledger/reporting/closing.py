"""Closing the windows: what never came is missing, and what the office left lying is confirmed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.terms import RequestState, SubmissionState
from database import chain
from models import FormDraft, Notice, ReportingRequest
from supervision.in_force import InForce
from supervision.ledger import notices
from supervision.ledger.reporting.drafts import forget_question
from supervision.ledger.reporting.figures import confirm_figures
from supervision.ledger.reporting.rows import COLLECTOR, entry, newest_submission


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
    chased, asked = _chased(session, force), _asked(session, force)
    for request in requests:
        if request.id in asked:
            forget_question(session, force, request, at=at)
        if request.id in chased:
            notices.cancel_open(session, force, item_id=None, request_id=request.id, at=at)
    outcomes = [_close(session, request, at) for request in requests]
    links = [
        entry(force, request, "close_window", by=COLLECTOR, at=at, outcome=outcome)
        for request, outcome in zip(requests, outcomes, strict=True)
    ]
    chain.append(session, force.tenant_id, links)
    session.flush()
    ends = Counter(outcomes)
    return Closed(missing=ends["missing"], confirmed=ends["confirmed"], kept=ends["kept"])


def _chased(session: Session, force: InForce) -> frozenset[int | None]:
    """Return the requests with a rung, of which something may still be on its way."""
    rungs = select(col(Notice.request_id)).where(
        col(Notice.plan_id) == force.plan_id,
        col(Notice.request_id).is_not(None),
        col(Notice.rung).is_not(None),
        col(Notice.cancelled_at).is_(None),
    )
    return frozenset(session.scalars(rungs.distinct()))


def _asked(session: Session, force: InForce) -> frozenset[int]:
    """Return the requests whose draft waits for the word of a head."""
    asked = select(col(FormDraft.request_id)).where(
        col(FormDraft.plan_id) == force.plan_id, col(FormDraft.asked_at).is_not(None)
    )
    return frozenset(session.scalars(asked))


def _close(session: Session, request: ReportingRequest, at: datetime) -> str:
    """Let the request end as it stands, and return how."""
    request.sweep_on = None
    filed = newest_submission(session, request) if request.state is RequestState.FILED else None
    if filed is not None:
        filed.state, filed.decided_at = SubmissionState.CONFIRMED, at
        filed.comment = "窗口关闭时尚未审核，系统自动通过"
        confirm_figures(session, filed, at=at, rule_on_claims=False)
        request.state, request.confirmed_at = RequestState.CONFIRMED, at
        return "confirmed"
    if request.confirmed_at is not None:
        request.state = RequestState.CONFIRMED
        return "kept"
    request.state = RequestState.MISSING
    return "missing"
