"""Everything that is known of one item, as its page shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, bindparam, select
from sqlmodel import Session, col

from config.terms import FINISHED_STATUSES, OPEN_STATUSES, DueReason, Role, Status
from models import DueDate, Item, Matter, ProgressReport
from supervision.deadlines import Light
from supervision.in_force import InForce
from supervision.ledger.extensions import pending
from supervision.queries import items as queries
from supervision.queries.climb import Climb, climb, working_days_left
from supervision.queries.doable import Barred, Doable, choices
from supervision.queries.evidence import Attachment, evidence_of
from supervision.queries.items import ItemLine
from supervision.queries.merging import is_merged
from supervision.queries.people import Actor
from supervision.queries.register import PersonLine, persons
from supervision.queries.timeline import Happened, names_of, timeline

_CONTACTS = (Role.LIAISON, Role.UNIT_HEAD)


@dataclass(frozen=True)
class Origin:
    """Where the item comes from: its clause, and what is asked."""

    task: str
    lead_unit: str
    basis: str
    matter: int | None
    """The number of the matter from outside the plan, which who oversees can open."""
    content: str
    deliverable: str
    evidence: str


@dataclass(frozen=True)
class DueVersion:
    """One version of the due date."""

    version: int
    due: date
    judges: bool
    reason: DueReason
    set_at: datetime
    set_by: str


@dataclass(frozen=True)
class Report:
    """One report of the unit."""

    at: datetime
    by: str
    progress: str
    problems: str
    next_steps: str
    completion: bool
    recorded_from: str | None


@dataclass(frozen=True)
class Asked:
    """An extension that waits for an answer."""

    due: date
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Part:
    """One sub-item, and the person it was given to; empty when a bureau has it."""

    line: ItemLine
    assignee: str


@dataclass(frozen=True)
class RollUp:
    """How many sub-items are done, still open, and of these overdue; the withdrawn are in neither."""

    done: int
    open: int
    late: int
    withdrawn: int


@dataclass(frozen=True)
class ItemPage:
    """All of it."""

    line: ItemLine
    row: Item
    origin: Origin
    people: Sequence[PersonLine]
    dues: tuple[DueVersion, ...]
    extension: Asked | None
    climb: Climb | None
    days_left: int | None
    """Working days to the due date, below 0 when it has passed; None while the clock stands, or without a calendar."""
    reports: tuple[Report, ...]
    evidence: tuple[Attachment, ...]
    parts: tuple[Part, ...]
    timeline: tuple[Happened, ...]
    doable: tuple[Doable, ...]
    barred: tuple[Barred, ...]
    called: Mapping[str, str]
    """What people are called, by login."""
    assignee: str
    """The person a sub-item was given to; empty when it is a unit's."""
    merges: bool
    """Whether other units' feedback can be merged into the report on it."""

    @property
    def contacts(self) -> Mapping[Role, Sequence[PersonLine]]:
        """Return who answers for it in the unit, by the role of the day."""
        found = {role: [p for p in self.people if any(post.role is role for post in p.posts)] for role in _CONTACTS}
        return {role: people for role, people in found.items() if people}

    @property
    def rolled_up(self) -> RollUp:
        """Return how the sub-items stand together."""
        statuses = Counter(part.line.status for part in self.parts)
        return RollUp(
            done=sum(statuses[each] for each in FINISHED_STATUSES),
            open=sum(statuses[each] for each in OPEN_STATUSES),
            late=sum(part.line.light is Light.RED for part in self.parts),
            withdrawn=statuses[Status.WITHDRAWN],
        )


def item_page(session: Session, force: InForce, item: Item, actor: Actor, *, as_of: date) -> ItemPage:
    """Return what the page of the item shows to `actor` on `as_of`."""
    names = names_of(session, force.tenant_id)
    line = queries.as_line(session, force, item, as_of=as_of)
    asked = pending(session, item)
    offered = choices(session, item, actor, at=force.now)
    return ItemPage(
        line=line,
        row=item,
        origin=_origin(session, force, item, line, as_of),
        people=persons(session, force, on=as_of, unit_id=item.unit_id),
        dues=_dues(session, item, names.by_number),
        extension=None
        if asked is None
        else Asked(asked.asked_due, asked.reason, names.by_number.get(asked.requested_by, ""), asked.requested_at),
        climb=climb(session, force, item, as_of=as_of),
        days_left=working_days_left(force, item, as_of=as_of),
        reports=_reports(session, item, names.by_number),
        evidence=evidence_of(session, item),
        parts=_parts(session, force, item, as_of, names.by_number),
        timeline=timeline(session, force, item, names),
        doable=offered.doable,
        barred=offered.barred,
        called=names.by_login,
        assignee=names.by_number.get(item.assignee_person_id or 0, ""),
        merges=is_merged(session, item),
    )


def _origin(session: Session, force: InForce, item: Item, line: ItemLine, as_of: date) -> Origin:
    under = _task_of(force, line)
    if item.matter_id is not None:
        matter = session.get_one(Matter, item.matter_id)
        basis = f"{matter.kind.label}（{matter.source_document}，{matter.received_on} 收文）"
        return Origin(under, "", basis, matter.number, matter.content, "", "")
    if line.measure is None:
        return Origin(under, "", "", None, "", "", "")
    task, measure = force.plan.measure(line.measure)
    lead = force.plan.unit(task.lead).name_on(as_of)
    return Origin(
        task=under or task.title,
        lead_unit=lead,
        basis=f"《{force.plan.title}》{measure.clause}",
        matter=None,
        content=measure.title,
        deliverable=measure.deliverable,
        evidence=measure.evidence,
    )


def _task_of(force: InForce, line: ItemLine) -> str:
    if line.key_task is None:
        return ""
    task = force.plan.key_task(line.key_task)
    return f"{task.number}. {task.title}"


def _dues(session: Session, item: Item, names: Mapping[int, str]) -> tuple[DueVersion, ...]:
    rows = session.scalars(_DUES, {"plan": item.plan_id, "item": item.id})
    return tuple(
        DueVersion(row.version, row.due, row.judges, row.reason, row.set_at, names.get(row.set_by or 0, "系统"))
        for row in rows
    )


def _reports(session: Session, item: Item, names: Mapping[int, str]) -> tuple[Report, ...]:
    rows = session.scalars(_REPORTS, {"plan": item.plan_id, "item": item.id})
    return tuple(
        Report(row.reported_at, names.get(row.reported_by, ""), row.progress, row.problems, row.next_steps,
               row.reports_completion, row.recorded_from)
        for row in rows
    )  # fmt: skip


def _parts(session: Session, force: InForce, item: Item, as_of: date, names: Mapping[int, str]) -> tuple[Part, ...]:
    rows = session.scalars(_PARTS, {"plan": force.plan_id, "item": item.id})
    return tuple(
        Part(queries.as_line(session, force, row, as_of=as_of), names.get(row.assignee_person_id or 0, ""))
        for row in rows
    )


# The page that is opened most: its statements are built once.
_plan, _item = bindparam("plan", type_=Integer), bindparam("item", type_=Integer)
_DUES = (
    select(DueDate).where(col(DueDate.plan_id) == _plan, col(DueDate.item_id) == _item).order_by(col(DueDate.version))
)
_REPORTS = (
    select(ProgressReport)
    .where(col(ProgressReport.plan_id) == _plan, col(ProgressReport.item_id) == _item)
    .order_by(col(ProgressReport.id).desc())
)
_PARTS = select(Item).where(col(Item.plan_id) == _plan, col(Item.parent_id) == _item).order_by(col(Item.id))
