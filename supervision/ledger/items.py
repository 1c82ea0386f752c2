"""Putting new items into the ledger in bulk: rows, first due dates, events and notices of assignment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_of
from config.terms import Action, DueReason, MatterKind, NoticeKind, Responsibility, Status
from database import chain
from database.rows import put
from models import DueDate, Item
from supervision.escalation import Audience
from supervision.in_force import InForce
from supervision.ledger import notices
from supervision.queries.people import Actor, People, Recipient, recipients, unit_people

ROWS_PER_QUERY = 500


@dataclass(frozen=True)
class NewItem:
    """An item to be. `occurrence` is its key inside the plan."""

    occurrence: str
    title: str
    unit_id: int
    role: Responsibility
    period: str
    due: date
    source: MatterKind = MatterKind.PLAN
    key_task_id: int | None = None
    measure_id: int | None = None
    matter_id: int | None = None
    parent_id: int | None = None
    assignee_person_id: int | None = None
    urgent: bool = False
    retrospective: bool = False
    because: str = ""


def known_occurrences(session: Session, plan_id: int, keys: Sequence[str]) -> set[str]:
    """Return which of these occurrences are in the ledger already."""
    found: set[str] = set()
    for start in range(0, len(keys), ROWS_PER_QUERY):
        part = keys[start : start + ROWS_PER_QUERY]
        found.update(
            session.scalars(
                select(col(Item.occurrence)).where(col(Item.plan_id) == plan_id, col(Item.occurrence).in_(part))
            )
        )
    return found


def put_items(
    session: Session, force: InForce, new: Sequence[NewItem], *, by: Actor, at: datetime, acting_for: str | None = None
) -> list[tuple[int, NewItem]]:
    """Register and assign the items whose occurrence is not there yet; return those made, with their numbers.

    `acting_for` is the login of whose role it is when `by` holds it by delegation. A retrospective item is registered
    only: nobody is told, and its clock never runs. The caller holds the chain.
    """
    known = known_occurrences(session, force.plan_id, [item.occurrence for item in new])
    fresh = list({item.occurrence: item for item in new if item.occurrence not in known}.values())
    if not fresh:
        return []
    put(session, Item, [_row(force, item, by, at) for item in fresh])
    numbers = _numbers(session, force.plan_id, [item.occurrence for item in fresh])
    made = [(numbers[item.occurrence], item) for item in fresh]
    put(session, DueDate, [_due_date(force, number, item, by, at) for number, item in made])
    events = [_event(force, number, item, by, at, acting_for) for number, item in made]
    chain.append(session, force.tenant_id, events)
    people = unit_people(session, force.tenant_id, on=day_of(at))
    assigned = [(number, item) for number, item in made if not item.retrospective]
    notices.make(session, force, [_notice(force, people, number, item, at) for number, item in assigned], at=at)
    return made


def _numbers(session: Session, plan_id: int, keys: Sequence[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(keys), ROWS_PER_QUERY):
        part = keys[start : start + ROWS_PER_QUERY]
        rows = session.execute(
            select(col(Item.occurrence), col(Item.id)).where(
                col(Item.plan_id) == plan_id, col(Item.occurrence).in_(part)
            )
        )
        found.update({occurrence: number or 0 for occurrence, number in rows})
    return found


def _row(force: InForce, item: NewItem, by: Actor, at: datetime) -> dict[str, Any]:
    day = day_of(at)
    return {
        "tenant_id": force.tenant_id,
        "plan_id": force.plan_id,
        "occurrence": item.occurrence,
        "source": item.source,
        "key_task_id": item.key_task_id,
        "measure_id": item.measure_id,
        "matter_id": item.matter_id,
        "parent_id": item.parent_id,
        "unit_id": item.unit_id,
        "assignee_person_id": item.assignee_person_id,
        "role": item.role,
        "period": item.period,
        "title": item.title,
        "urgent": item.urgent,
        "retrospective": item.retrospective,
        "status": Status.REGISTERED if item.retrospective else Status.ASSIGNED,
        "original_due": item.due,
        "due": item.due,
        "judged_due": item.due,
        "due_version": 1,
        "clock_started_on": day,
        "ladder_id": force.ladder_id,
        "sweep_on": None if item.retrospective else day,
        "assigned_at": None if item.retrospective else at,
        "assigned_by": None if item.retrospective else by.person_id,
        "revision": 1,
    }


def _due_date(force: InForce, number: int, item: NewItem, by: Actor, at: datetime) -> dict[str, Any]:
    return {
        "tenant_id": force.tenant_id,
        "plan_id": force.plan_id,
        "item_id": number,
        "version": 1,
        "due": item.due,
        "judges": True,
        "reason": DueReason.ASSIGNED,
        "set_at": at,
        "set_by": by.person_id,
    }


def _event(force: InForce, number: int, item: NewItem, by: Actor, at: datetime, acting_for: str | None) -> chain.Entry:
    action = "register" if item.retrospective else Action.ASSIGN.value
    return chain.Entry(
        action,
        at,
        by.login,
        plan_id=force.plan_id,
        acting_for=acting_for,
        item_id=number,
        data={"unit": force.unit_codes[item.unit_id], "due": item.due.isoformat(), "because": item.because},
    )


def _notice(
    force: InForce,
    people: People,
    number: int,
    item: NewItem,
    at: datetime,
) -> notices.Draft:
    return notices.Draft(
        key=f"item/{number}/assign/v1",
        kind=NoticeKind.ASSIGN,
        unit_id=item.unit_id,
        because=item.because or f"“{item.title}”由您单位{item.role.label}办理",
        recipients=audience_of(people, item.unit_id, item.assignee_person_id, (Audience.LIAISON,)),
        item_id=number,
        due=item.due,
        urgent=item.urgent,
        not_before=notices.digest_moment(force, at),
    )


def audience_of(
    people: People,
    unit_id: int,
    assignee_person_id: int | None,
    audience: Sequence[Audience],
) -> tuple[Recipient, ...]:
    """Return who a notice goes to: the assignee of a sub-item, else the audience the ladder names.

    An assignee who is away, off or gone from every post is not in `people`: then it goes to the audience.
    """
    for persons in people.values() if assignee_person_id is not None else ():
        for person, login in persons:
            if person == assignee_person_id:
                return (Recipient(person, login, True),)
    return recipients(people, unit_id, audience)
