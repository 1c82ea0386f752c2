"""我的工作: what a person of a unit has to do, what bites first at the top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlmodel import Session, col

from config.terms import RUNNING_STATUSES, Responsibility, Role, Status, TargetState
from models import DistrictTarget, FormDraft, Indicator, Item, ProgressReport, ReportingRequest
from models import Form as FormRow
from supervision import in_force
from supervision.deadlines import Light
from supervision.in_force import InForce
from supervision.queries.items import ItemLine, line_of, lines_of
from supervision.queries.people import UNIT_ROLES, Actor
from supervision.queries.reporting import RequestLine, requests

_WAITS_FOR_US = frozenset({Status.ASSIGNED, Status.ACKNOWLEDGED, Status.RETURNED})
_BITES = {Light.RED: 0, Light.YELLOW: 1, None: 2, Light.GREEN: 3, Light.BLUE: 4}
_OWED = frozenset({"open", "returned"})


@dataclass(frozen=True)
class ToDo:
    """One item and what is next to be done with it, in a word."""

    line: ItemLine
    what: str


@dataclass(frozen=True)
class ToFile:
    """One form to be filed. `asked_at`: the head was asked to confirm then; `drafted`: something has been typed."""

    line: RequestLine
    drafted: bool
    asked_at: datetime | None


@dataclass(frozen=True)
class Work:
    """A day's work of somebody in a unit: items, forms, drafts that wait for the head, targets to be confirmed."""

    items: tuple[ToDo, ...]
    waiting: tuple[ItemLine, ...]
    """What lies with the office: reported, disputed, suspended."""
    forms: tuple[ToFile, ...]
    to_confirm: tuple[ToFile, ...]
    targets: int
    supporting: tuple[ItemLine, ...]
    """Items that other units have in the key tasks led, whose feedback is to be merged, and that gave some lately."""


def work_of(session: Session, force: InForce, actor: Actor, *, as_of: date) -> Work:
    """Return what `actor` has to do on `as_of` for the own units, and as an assignee of sub-items."""
    own = frozenset(h.unit_id for h in actor.holding(UNIT_ROLES) if h.unit_id is not None)
    lines = _items(session, force, own, actor.person_id, as_of)
    todo = [ToDo(line, _next(line)) for line in lines if line.status in _WAITS_FOR_US]
    todo.sort(key=lambda each: (_BITES[each.line.light], each.line.due, each.line.id))
    waiting = [line for line in lines if line.status not in _WAITS_FOR_US]
    forms = _forms(session, force, own, as_of)
    heads = frozenset(h.unit_id for h in actor.holding({Role.UNIT_HEAD}) if h.unit_id is not None)
    names = {force.plan.unit(force.unit_codes[unit]).name_on(as_of) for unit in heads if unit in force.unit_codes}
    return Work(
        items=tuple(todo),
        waiting=tuple(waiting),
        forms=tuple(each for each in forms if each.line.state.value in _OWED),
        to_confirm=tuple(each for each in forms if each.asked_at is not None and each.line.unit in names),
        targets=_targets(session, force, own),
        supporting=tuple(_supporting(session, force, own, lines, as_of)),
    )


def _items(session: Session, force: InForce, own: frozenset[int], person: int | None, as_of: date) -> list[ItemLine]:
    open_here = [*RUNNING_STATUSES, Status.COMPLETION_REPORTED, Status.DISPUTED, Status.SUSPENDED]
    statement = lines_of(force).where(
        or_(col(Item.unit_id).in_(own), col(Item.assignee_person_id) == person),
        col(Item.status).in_(open_here),
        col(Item.retrospective).is_(False),
    )
    ladders = in_force.ladders(session, force)
    rows = session.execute(statement.order_by(col(Item.due), col(Item.id))).tuples()
    return [line_of(force, ladders, as_of, *row) for row in rows]


def _next(line: ItemLine) -> str:
    if line.status is Status.ASSIGNED:
        return "签收"
    return "按退回意见办理" if line.status is Status.RETURNED else "反馈进展、报请办结"


def _forms(session: Session, force: InForce, own: frozenset[int], as_of: date) -> Sequence[ToFile]:
    drafts = {
        row.request_id: row
        for row in session.scalars(
            select(FormDraft)
            .join(ReportingRequest, col(ReportingRequest.id) == col(FormDraft.request_id))
            .join(FormRow, col(FormRow.id) == col(ReportingRequest.form_id))
            .where(col(FormDraft.plan_id) == force.plan_id, col(ReportingRequest.unit_id).in_(own))
        )
    }
    found = []
    known = {unit.code for unit in force.plan.units}
    for code in sorted(force.unit_codes[unit] for unit in own if force.unit_codes.get(unit) in known):
        for line in requests(session, force, as_of=as_of, unit=code):
            draft = drafts.get(line.id)
            if line.state.value in _OWED or draft is not None:
                found.append(ToFile(line, draft is not None, draft.asked_at if draft else None))
    return sorted(found, key=lambda each: (each.line.due, each.line.id))


def _targets(session: Session, force: InForce, own: frozenset[int]) -> int:
    """Return how many shares of targets wait for the unit's word."""
    rows = session.execute(
        select(col(DistrictTarget.indicator_id), col(DistrictTarget.unit_id), col(DistrictTarget.state))
        .join(Indicator, col(Indicator.id) == col(DistrictTarget.indicator_id))
        .where(col(DistrictTarget.plan_id) == force.plan_id, col(DistrictTarget.unit_id).in_(own))
        .order_by(col(DistrictTarget.version))
    ).tuples()
    newest = {(indicator, unit): state for indicator, unit, state in rows}
    return sum(state is TargetState.PROPOSED for state in newest.values())


def _supporting(
    session: Session, force: InForce, own: frozenset[int], lines: Sequence[ItemLine], as_of: date
) -> list[ItemLine]:
    """Return the own lead items of key tasks in which a supporting unit has reported on the same period."""
    leading = [line for line in lines if line.role is Responsibility.LEAD and line.measure and line.parent is None]
    if not leading:
        return []
    numbers = [line.id for line in leading]
    same = (
        select(col(Item.measure_id), col(Item.period))
        .join(ProgressReport, col(ProgressReport.item_id) == col(Item.id))
        .where(col(Item.plan_id) == force.plan_id, col(Item.unit_id).not_in(own))
        .distinct()
    )
    heard = set(session.execute(same).tuples())
    mine = session.execute(
        select(col(Item.id), col(Item.measure_id), col(Item.period)).where(col(Item.id).in_(numbers))
    ).tuples()
    merged = {number for number, measure, period in mine if (measure, period) in heard}
    return [line for line in leading if line.id in merged]
