"""What the status page shows, as values: lights of the key tasks, runs of the flows, the outbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.clock import ZONE
from config.terms import DeliveryStatus, FlowOutcome, PaperState
from models import Delivery, FlowRun, Paper
from models import Plan as PlanRow
from supervision import in_force
from supervision.deadlines import Light
from supervision.in_force import InForce
from supervision.ledger.silences import Silence
from supervision.queries.items import TaskLight, board
from supervision.queries.register import is_simulated
from web.lights import light_names

UNIT_NAMES_SHOWN = 6
"""Units named beside a light; the rest is counted."""


@dataclass(frozen=True)
class NextRun:
    """When a flow runs next, for one plan."""

    plan: str
    title: str
    at: datetime


def _nobody_silent(_: InForce) -> Sequence[Silence]:
    return ()


@dataclass(frozen=True)
class Outlook:
    """What the page is told about clock and engine, which are not the portal's own."""

    clock: str = "未启用"
    engine: str = "未启用"
    engine_page: str = ""
    """Where the engine shows its runs and artifacts."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What the office calls each flow."""
    next_runs: Sequence[NextRun] = ()
    silent: Callable[[InForce], Sequence[Silence]] = _nobody_silent
    """Asked when the page is shown: which flows of a plan are silent past their grace."""


@dataclass(frozen=True)
class LastRun:
    """The last run of a flow. `outcome` is None while it runs, and for one that was cut off."""

    flow: str
    as_of: date
    started_at: datetime
    finished_at: datetime | None
    outcome: FlowOutcome | None
    detail: str


@dataclass(frozen=True)
class PlanStatus:
    """One plan as it stands on a day."""

    code: str
    title: str
    as_of: date
    simulated: bool
    light_names: Mapping[Light, tuple[str, str]]
    """Name and colour of each light, as this plan calls them."""
    tasks: Sequence[TaskLight]
    runs: Sequence[LastRun]
    deliveries: Mapping[DeliveryStatus, int]
    papers_waiting: int
    """督办单 and 通报 that wait for review or signature."""


def plans_shown(session: Session, wanted: str = "") -> list[InForce]:
    """Return the plan `wanted`, else every plan there is, by code. Raises UnknownName when there is none."""
    codes = [wanted] if wanted else session.scalars(select(col(PlanRow.code)).order_by(col(PlanRow.code))).all()
    return [in_force.load(session, code) for code in codes or [""]]


def plan_statuses(session: Session, wanted: str = "") -> list[PlanStatus]:
    """Return the state of each plan shown, on its own day. Raises UnknownName when there is none."""
    return [status_of_plan(session, force) for force in plans_shown(session, wanted)]


def status_of_plan(session: Session, force: InForce) -> PlanStatus:
    """Return the state of one plan on its own day."""
    return PlanStatus(
        code=force.plan.code,
        title=force.plan.title,
        as_of=force.today,
        simulated=is_simulated(session, force),
        light_names=light_names(force),
        tasks=board(session, force, as_of=force.today),
        runs=last_runs(session, force),
        deliveries=_deliveries(session, force),
        papers_waiting=_papers_waiting(session, force),
    )


def last_runs(session: Session, force: InForce) -> list[LastRun]:
    """Return the last run of each flow, by name. The parts of a whole are shown only where one did not end well."""
    newest = select(func.max(col(FlowRun.id))).where(col(FlowRun.plan_id) == force.plan_id).group_by(col(FlowRun.flow))
    rows = session.scalars(select(FlowRun).where(col(FlowRun.id).in_(newest)).order_by(col(FlowRun.flow)))
    runs = [
        LastRun(
            row.flow,
            row.as_of,
            row.started_at.astimezone(ZONE),
            row.finished_at.astimezone(ZONE) if row.finished_at else None,
            row.outcome,
            row.detail,
        )
        for row in rows
    ]
    return [run for run in runs if "/" not in run.flow or run.outcome in {None, FlowOutcome.FAILED}]


def _deliveries(session: Session, force: InForce) -> Mapping[DeliveryStatus, int]:
    statement = (
        select(col(Delivery.status), func.count())
        .where(col(Delivery.plan_id) == force.plan_id)
        .group_by(col(Delivery.status))
    )
    found = dict(session.execute(statement).tuples().all())
    return {status: found[status] for status in DeliveryStatus if status in found}


def _papers_waiting(session: Session, force: InForce) -> int:
    waiting = col(Paper.state).in_([PaperState.DRAFTED, PaperState.REVIEWED])
    return session.scalars(select(func.count()).where(col(Paper.plan_id) == force.plan_id, waiting)).one()
