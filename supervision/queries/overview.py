"""The board: how each unit stands in each key task, and what waits for the office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.terms import RUNNING_REQUESTS, DeliveryStatus, PaperState, RequestState, Status
from database.remembered import remembered
from models import Delivery, Paper, ReportingRequest
from supervision.deadlines import Light
from supervision.in_force import InForce
from supervision.queries.items import BADNESS, unit_name
from supervision.queries.ledger_page import Wanted, count
from supervision.queries.lights import counts as lights_of
from supervision.queries.sight import Sight

AGES = ((1, 5), (6, 10), (11, None))
"""Classes of age of what is overdue, in working days, both ends included."""

_FAILED = (DeliveryStatus.PERMANENT, DeliveryStatus.TECHNICAL, DeliveryStatus.TEMPORARY)


@dataclass(frozen=True)
class Cell:
    """How one unit stands in one key task: items by light, and those that show none (their clock stands)."""

    counts: Mapping[Light, int]
    """The worst first; only what there is."""
    unlit: int = 0

    @cached_property
    def worst(self) -> Light | None:
        """Return the worst light; None where nothing shows one."""
        return next(iter(self.counts), None)

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
    missing_reports: int = 0
    overdue_reports: int = 0
    failed_notices: int = 0
    papers: int = 0


def matrix(session: Session, force: InForce, *, as_of: date) -> list[UnitRow]:
    """Return the units that have items in a key task, in official order.

    Parts that a unit gave to its bureaus are not counted beside its own item.
    """
    found = lights_of(session, force, as_of=as_of)
    rows = []
    for unit in force.plan.units:
        number = force.unit_ids[unit.code]
        own = {task: lights for (task, owner), lights in sorted(found.items()) if owner == number}
        if own:
            total = sum((Counter(lights) for lights in own.values()), Counter[Light | None]())
            cells = {task: _cell(lights) for task, lights in own.items()}
            name = unit_name(force, number, as_of)
            rows.append(UnitRow(unit.code, name, unit.kind == "district", cells, _cell(total)))
    return rows


def _cell(found: Mapping[Light | None, int]) -> Cell:
    return Cell({light: found[light] for light in BADNESS if found.get(light)}, found.get(None, 0))


def waiting(session: Session, force: InForce, sight: Sight, *, as_of: date) -> Waiting:
    """Return what waits on `as_of`."""

    question = force.plan_id, "waiting", sight, as_of
    of_items = remembered(session, force.tenant_id, question, lambda: _items(session, force, sight, as_of))
    failed = select(func.count()).where(col(Delivery.plan_id) == force.plan_id, col(Delivery.status).in_(_FAILED))
    papers = select(func.count()).where(
        col(Paper.plan_id) == force.plan_id, col(Paper.state).in_([PaperState.DRAFTED, PaperState.REVIEWED])
    )
    return replace(
        of_items,
        missing_reports=_requests(session, force, [RequestState.MISSING]),
        overdue_reports=_requests(session, force, RUNNING_REQUESTS, before=as_of),
        failed_notices=session.scalars(failed).one(),
        papers=session.scalars(papers).one(),
    )


def _items(session: Session, force: InForce, sight: Sight, as_of: date) -> Waiting:
    def many(wanted: Wanted) -> int:
        return count(session, force, sight, wanted, as_of=as_of)

    return Waiting(
        due_this_week=many(Wanted(open_only=True, due_from=as_of, due_to=week_end(as_of))),
        overdue=tuple(many(Wanted(overdue_from=first, overdue_to=last)) for first, last in AGES),
        unsigned=many(Wanted(status=Status.ASSIGNED)),
        to_verify=many(Wanted(status=Status.COMPLETION_REPORTED)),
        disputed=many(Wanted(status=Status.DISPUTED)),
        extensions=many(Wanted(asks_extension=True)),
        unassigned=many(Wanted(status=Status.REGISTERED)),
    )


def _requests(session: Session, force: InForce, states: Iterable[RequestState], *, before: date | None = None) -> int:
    statement = select(func.count()).where(
        col(ReportingRequest.plan_id) == force.plan_id, col(ReportingRequest.state).in_(list(states))
    )
    return session.scalars(statement if before is None else statement.where(col(ReportingRequest.due) < before)).one()


def week_end(day: date) -> date:
    """Return the Sunday of the week."""
    return day + timedelta(days=6 - day.weekday())
