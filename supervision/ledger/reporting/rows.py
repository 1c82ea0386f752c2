"""The rows that the acts on a reporting request share, and who stands how towards one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import Conflict, UnknownName
from config.plan import Form as PlanForm
from config.terms import Role, SubmissionState
from database import chain
from models import Form, ReportingRequest, Submission
from supervision.in_force import InForce
from supervision.queries.people import UNIT_ROLES, Actor, Holding, flow

COLLECTOR = flow("collect_figures")
SUBMIT = "submit"
"""What a filing is called in the chain, where a decision on it looks up whose it was."""


def form_ids(session: Session, force: InForce) -> Mapping[str, int]:
    """Return the database's number of each form by its code."""
    rows = session.execute(select(col(Form.code), col(Form.id)).where(col(Form.plan_id) == force.plan_id))
    return {code: number or 0 for code, number in rows}


def form_of(session: Session, force: InForce, request: ReportingRequest) -> PlanForm:
    """Return the plan's form of a request."""
    return force.plan.form(session.get_one(Form, request.form_id).code)


def request_row(session: Session, force: InForce, number: int, revision: int | None) -> ReportingRequest:
    """Return the request of that number.

    Raises UnknownName when there is none, Conflict when somebody acted on it since `revision`.
    """
    found = session.scalars(
        select(ReportingRequest).where(
            col(ReportingRequest.plan_id) == force.plan_id, col(ReportingRequest.id) == number
        )
    ).one_or_none()
    if found is None:
        raise UnknownName(f"没有编号为 {number} 的报送任务；请用 duban requests 查看")
    if revision is not None and revision != found.revision:
        raise Conflict(f"报送任务 {number} 刚被他人办理（现为“{found.state.label}”），您的操作没有生效，请刷新后再办")
    return found


def newest_submission(session: Session, request: ReportingRequest) -> Submission | None:
    """Return the last filed version of a request."""
    versions = select(Submission).where(
        col(Submission.plan_id) == request.plan_id, col(Submission.request_id) == request.id
    )
    return session.scalars(versions.order_by(col(Submission.version).desc()).limit(1)).one_or_none()


def undecided(submission: Submission | None) -> Submission | None:
    """Return the version when it still waits for a decision."""
    return submission if submission is not None and submission.state is SubmissionState.FILED else None


def in_role(by: Actor, roles: Iterable[Role], unit_id: int | None = None) -> Holding | None:
    """Return what the actor holds among `roles` (unit roles: of that unit), an own holding before a lent one."""
    wanted = frozenset(roles)
    held = [h for h in by.holdings if h.role in wanted and (h.role not in UNIT_ROLES or h.unit_id == unit_id)]
    return min(held, key=lambda holding: holding.owner is not None, default=None)


def entry(
    force: InForce,
    request: ReportingRequest,
    action: str,
    *,
    by: Actor,
    at: datetime,
    acting_for: str | None = None,
    **data: Any,
) -> chain.Entry:
    """Let the request's revision grow and return the act as a link to be chained, with all that `data` says of it."""
    request.revision += 1
    about = {"unit": force.unit_codes[request.unit_id], "period": request.period, "state": request.state.value}
    kept = {key: value for key, value in data.items() if value not in (None, "")}
    return chain.Entry(
        action, at, by.login, plan_id=force.plan_id, acting_for=acting_for, request_id=request.id, data=about | kept
    )


def record(session: Session, force: InForce, link: chain.Entry) -> None:
    """Chain one act and write what it changed."""
    chain.append(session, force.tenant_id, [link])
    session.flush()
