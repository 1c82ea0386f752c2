"""The board: how each unit stands in each key task, and what waits for the office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.terms import DeliveryStatus, PaperState, RequestState, Status
from models import Delivery, Item, KeyTask, Paper, ReportingRequest
from supervision import in_force
from supervision.deadlines import Light
from supervision.in_force import InForce
from supervision.queries.items import light_of, unit_name
from supervision.queries.ledger_page import Wanted, count
from supervision.queries.sight import Sight

BADNESS = (Light.RED, Light.YELLOW, Light.GREEN, Light.BLUE)
"""From the worst light to the best."""

AGES = ((1, 5), (6, 10), (11, None))
"""Classes of age of what is overdue, in working days, both ends included."""

_FAILED = (DeliveryStatus.PERMANENT, DeliveryStatus.TECHNICAL, DeliveryStatus.TEMPORARY)


@dataclass(frozen=True)
class Cell:
    """How one unit stands in one key task: items by light, and those that show none (their clock stands)."""

    counts: Mapping[Light, int]
    unlit: int = 0

    @property
    def worst(self) -> Light | None:
        """Return the worst light; None where nothing shows one."""
        return next((light for light in BADNESS if self.counts.get(light)), None)

    @property
    def items(self) -> int:
        """Return how many items there are."""
        return sum(self.counts.values()) + self.unlit


@dataclass(frozen=True)
class UnitRow:
    """One unit's cells, by the key task's number."""

    code: str
    name: str
    is_district: bool
    cells: Mapping[int, Cell]
    total: Cell


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody, counted: each number is the length of a list that can be opened."""

    due_this_week: int
    overdue: tuple[int, ...]
    """By the classes of AGES."""
    unsigned: int
    to_verify: int
    disputed: int
    extensions: int
    unassigned: int
    missing_reports: int
    overdue_reports: int
    failed_notices: int
    papers: int


def matrix(session: Session, force: InForce, *, as_of: date) -> list[UnitRow]:
    """Return the units that have items in a key task, in official order; bureaus count for their unit's parent."""
    what = col(Item.unit_id), col(KeyTask.number), col(Item.status), col(Item.due), col(Item.ladder_id)
    statement = (
        select(*what, func.count())
        .join(KeyTask, col(KeyTask.id) == col(Item.key_task_id))
        .where(
            col(Item.plan_id) == force.plan_id,
            col(Item.retrospective).is_(False),
            col(Item.status) != Status.WITHDRAWN,
            (col(Item.status) != Status.ARCHIVED) | col(Item.completed_at).is_not(None),
        )
        .group_by(*what)
    )
    ladders = in_force.ladders(session, force.plan_id)
    lit: dict[tuple[int, int], Counter[Light | None]] = {}
    seen: dict[tuple[Status, date, int], Light | None] = {}
    for unit, task, status, due, ladder, many in session.execute(statement).tuples():
        key = (status, due, ladder)
        if key not in seen:
            seen[key] = light_of(force, ladders[ladder], status, due, as_of)
        lit.setdefault((unit, task), Counter())[seen[key]] += many
    rows = []
    for unit in force.plan.units:
        number = force.unit_ids[unit.code]
        cells = {task: _cell(found) for (owner, task), found in sorted(lit.items()) if owner == number}
        if cells:
            total: Counter[Light | None] = Counter()
            for (owner, _), found in lit.items():
                if owner == number:
                    total += found
            name = unit_name(force, number, as_of)
            rows.append(UnitRow(unit.code, name, unit.kind == "district", cells, _cell(total)))
    return rows


def _cell(found: Counter[Light | None]) -> Cell:
    return Cell({light: found[light] for light in BADNESS if found[light]}, found[None])


def waiting(session: Session, force: InForce, sight: Sight, *, as_of: date) -> Waiting:
    """Return what waits on `as_of`."""

    def many(wanted: Wanted) -> int:
        return count(session, force, sight, wanted, as_of=as_of)

    def requests(*states: RequestState, overdue: bool = False) -> int:
        statement = select(func.count()).where(
            col(ReportingRequest.plan_id) == force.plan_id, col(ReportingRequest.state).in_(states)
        )
        return session.scalars(statement.where(col(ReportingRequest.due) < as_of) if overdue else statement).one()

    failed = select(func.count()).where(col(Delivery.plan_id) == force.plan_id, col(Delivery.status).in_(_FAILED))
    papers = select(func.count()).where(
        col(Paper.plan_id) == force.plan_id, col(Paper.state).in_([PaperState.DRAFTED, PaperState.REVIEWED])
    )
    return Waiting(
        due_this_week=many(Wanted(open_only=True, due_from=as_of, due_to=week_end(as_of))),
        overdue=tuple(many(Wanted(overdue_from=first, overdue_to=last)) for first, last in AGES),
        unsigned=many(Wanted(status=Status.ASSIGNED)),
        to_verify=many(Wanted(status=Status.COMPLETION_REPORTED)),
        disputed=many(Wanted(status=Status.DISPUTED)),
        extensions=many(Wanted(asks_extension=True)),
        unassigned=many(Wanted(status=Status.REGISTERED)),
        missing_reports=requests(RequestState.MISSING),
        overdue_reports=requests(RequestState.OPEN, RequestState.RETURNED, overdue=True),
        failed_notices=session.scalars(failed).one(),
        papers=session.scalars(papers).one(),
    )


def week_end(day: date) -> date:
    """Return the Sunday of the week."""
    return day + timedelta(days=6 - day.weekday())
