"""Taking over what an office kept in a ledger of its own: open matters go to their units, history is recorded only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import update
from sqlmodel import Session, col

from config import clock
from config.errors import BadInput, Refused
from config.terms import MatterKind, Responsibility, Role, Status
from database import chain
from models import Item, Matter, ProgressReport
from supervision.in_force import InForce
from supervision.ledger.items import NewItem, known_occurrences, put_items
from supervision.ledger.matters import key_task_id, next_number
from supervision.queries.people import Actor, acting_for

_DIGEST_SHOWN = 16


@dataclass(frozen=True)
class Imported:
    """One matter to be taken over. `units` are codes, the first of which leads; `completed`: history."""

    line: int
    title: str
    units: tuple[str, ...]
    due: date
    completed: date | None = None
    document: str = ""
    content: str = ""
    progress: str = ""
    task: int | None = None


def import_matters(
    session: Session, force: InForce, entries: Sequence[Imported], *, digest: str, name: str, by: Actor, at: datetime
) -> tuple[int, int]:
    """Take all entries over, or none; return how many items are assigned and how many are history.

    Key: the file's digest and the line, so that a file is taken over once. Open matters are assigned, and their units
    told, with due dates moved forward from days off. History never runs, warns or counts: it is a record.
    Raises Refused for anybody but the office and for a file that was taken over before, BadInput for no entry.
    """
    chain.lock(session, force.tenant_id)
    held = by.holding({Role.OFFICE})
    if not held:
        raise Refused("导入由领导小组办公室办理")
    if not entries:
        raise BadInput("没有可以导入的行")
    keys = [f"import/{digest[:_DIGEST_SHOWN]}/{entry.line}/{unit}" for entry in entries for unit in entry.units]
    if known_occurrences(session, force.plan_id, keys):
        raise Refused(f"{name} 已经导入过，不必重复")
    new, done = [], {}
    number = next_number(session, force)
    for entry in entries:
        matter = _matter(session, force, entry, number, name, clock.day_of(at))
        number += 1
        for unit in entry.units:
            item = _item(force, entry, matter, unit, f"import/{digest[:_DIGEST_SHOWN]}/{entry.line}/{unit}")
            new.append(item)
            done[item.occurrence] = entry
    made = put_items(session, force, new, by=by, at=at, acting_for=acting_for(held))
    history = [(number, done[each.occurrence]) for number, each in made if each.retrospective]
    for number, entry in history:
        _complete(session, force, number, entry, by, at)
    facts = {"file": name, "digest": digest, "assigned": len(made) - len(history), "history": len(history)}
    link = chain.Entry("import_ledger", at, by.login, plan_id=force.plan_id, acting_for=acting_for(held), data=facts)
    chain.append(session, force.tenant_id, [link])
    return len(made) - len(history), len(history)


def _matter(session: Session, force: InForce, entry: Imported, number: int, name: str, received: date) -> Matter:
    row = Matter(
        tenant_id=force.tenant_id, plan_id=force.plan_id, number=number, kind=MatterKind.TASK_FORCE, title=entry.title,
        content=entry.content, source_document=entry.document or f"原台账《{name}》第 {entry.line} 行",
        received_on=received, key_task_id=key_task_id(session, force, entry.task),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _item(force: InForce, entry: Imported, matter: Matter, unit: str, occurrence: str) -> NewItem:
    due = entry.due if entry.completed else force.calendar.on_or_after(entry.due)
    return NewItem(
        occurrence=occurrence, title=entry.title, unit_id=force.unit_ids[unit],
        role=Responsibility.LEAD if unit == entry.units[0] else Responsibility.SUPPORTING, period=str(due.year),
        due=due, source=matter.kind, matter_id=matter.id, key_task_id=matter.key_task_id,
        retrospective=entry.completed is not None, because=f"自原台账导入：{entry.title}",
    )  # fmt: skip


def _complete(session: Session, force: InForce, item: int, entry: Imported, by: Actor, at: datetime) -> None:
    """Record that it was done, and what was said of it."""
    day = entry.completed or clock.day_of(at)
    values = {"status": Status.CLOSED, "completed_at": clock.moment(day, time(12)), "closed_at": at}
    session.execute(update(Item).where(col(Item.id) == item).values(values))
    if entry.progress:
        session.add(
            ProgressReport(
                tenant_id=force.tenant_id, plan_id=force.plan_id, item_id=item, progress=entry.progress,
                reports_completion=True, reported_by=by.person_id or 0, reported_at=at,
                recorded_from="原台账导入",
            )
        )  # fmt: skip
