"""Ad hoc matters (领导批示, 会议议定事项, 专班交办): most daily supervision is of this kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Refused, UnknownName
from config.terms import MatterKind, Responsibility, Role
from database import chain
from models import KeyTask, Matter
from supervision.in_force import InForce
from supervision.ledger.items import NewItem, put_items
from supervision.queries.people import Actor, acting_for


def add_matter(
    session: Session,
    force: InForce,
    *,
    kind: MatterKind,
    title: str,
    content: str,
    source_document: str,
    received_on: date,
    units: Sequence[str],
    due: date,
    by: Actor,
    at: datetime,
    urgent: bool = False,
    key_task: int | None = None,
) -> list[int]:
    """Register a matter and assign it to `units`, the first of which leads; return the items' numbers.

    A due date on a day off moves forward. Raises Refused for anybody but the office, BadInput for an empty title,
    source document or list of units, a due date that has passed or a date of receipt to come, UnknownName for a
    unit or key task, CalendarNotPublished for a due date in a year without an arrangement.
    """
    chain.lock(session, force.tenant_id)
    held = by.holding({Role.OFFICE})
    if not held:
        raise Refused("立项由领导小组办公室办理")
    _check(kind, title, source_document, units, due, day_of(at))
    if received_on > day_of(at):
        raise BadInput(f"收文日期 {received_on} 晚于今日，请核对")
    day = force.calendar.on_or_after(due)
    numbers = list(dict.fromkeys(force.unit_id(unit) for unit in units))
    matter = Matter(
        tenant_id=force.tenant_id, plan_id=force.plan_id, number=next_number(session, force), kind=kind,
        title=title.strip(), content=content.strip(), source_document=source_document.strip(),
        received_on=received_on, key_task_id=key_task_id(session, force, key_task),
    )  # fmt: skip
    session.add(matter)
    session.flush()
    owner = acting_for(held)
    facts = {"matter": matter.number, "title": matter.title, "source": matter.source_document}
    entry = chain.Entry("register_matter", at, by.login, plan_id=force.plan_id, acting_for=owner, data=facts)
    chain.append(session, force.tenant_id, [entry])
    new = _items_of(force, matter, numbers, day, urgent=urgent)
    return [number for number, _ in put_items(session, force, new, by=by, at=at, acting_for=owner)]


class SameMatter(Refused):
    """A matter of that name, source document and day of receipt is registered already."""


def refuse_same_matter(
    session: Session, force: InForce, *, title: str, source_document: str, received_on: date
) -> None:
    """Raise SameMatter when there is a matter of that title and source document, received on that day.

    A form that is sent twice, by a double click or after a lost answer, would otherwise assign everything twice.
    """
    known = session.scalars(
        select(func.max(Matter.number)).where(
            col(Matter.plan_id) == force.plan_id, col(Matter.title) == title.strip(),
            col(Matter.source_document) == source_document.strip(), col(Matter.received_on) == received_on,
        )
    ).one()  # fmt: skip
    if known is not None:
        raise SameMatter(f"来源文件和收文日期相同的同名事项已立项（第 {known} 号），没有重复立项")


def _items_of(force: InForce, matter: Matter, units: Sequence[int], due: date, *, urgent: bool) -> list[NewItem]:
    return [
        NewItem(
            occurrence=f"matter/{matter.number}/{force.unit_codes[unit]}",
            title=matter.title,
            unit_id=unit,
            role=Responsibility.LEAD if unit == units[0] else Responsibility.SUPPORTING,
            period=str(due.year),
            due=due,
            source=matter.kind,
            matter_id=matter.id,
            key_task_id=matter.key_task_id,
            urgent=urgent,
            because=f"{matter.kind.label}（{matter.source_document}）：{matter.title}",
        )
        for unit in units
    ]


def _check(kind: MatterKind, title: str, source_document: str, units: Sequence[str], due: date, day: date) -> None:
    if kind is MatterKind.PLAN:
        raise BadInput("行动计划的举措由计划文件载入，不在此立项")
    if not title.strip() or not source_document.strip():
        raise BadInput("立项必须写明事项名称和来源文件（如“市政府第12次常务会议纪要”）")
    if not units:
        raise BadInput("立项必须写明责任单位，列第一位的为牵头单位")
    if due < day:
        raise BadInput(f"期限 {due} 已过，请核对")


def next_number(session: Session, force: InForce) -> int:
    """Return the number of the next matter; the caller holds the chain."""
    return (session.scalars(select(func.max(Matter.number)).where(col(Matter.plan_id) == force.plan_id)).one() or 0) + 1


def key_task_id(session: Session, force: InForce, number: int | None) -> int | None:
    """Return the row of a key task by its number; None for none. Raises UnknownName."""
    if number is None:
        return None
    found = session.scalars(
        select(col(KeyTask.id)).where(col(KeyTask.plan_id) == force.plan_id, col(KeyTask.number) == number)
    ).one_or_none()
    if found is None:
        raise UnknownName(f"计划里没有第 {number} 项重点任务")
    return found
