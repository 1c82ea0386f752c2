"""Matters from outside the plan (领导批示, 会议议定事项, 专班交办), each with the items that came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlmodel import Session, col

from config.errors import UnknownName
from config.terms import FINISHED_STATUSES, MatterKind, Responsibility, Status
from models import Item, KeyTask, Matter
from supervision import in_force
from supervision.deadlines import Light
from supervision.in_force import InForce
from supervision.queries.items import BADNESS, ItemLine, line_of, lines_of

PAGE_SIZE = 50


@dataclass(frozen=True)
class MatterLine:
    """One matter as it stands on a day; `items` begin with the lead's."""

    number: int
    kind: MatterKind
    title: str
    content: str
    source_document: str
    received_on: date
    key_task: int | None
    items: tuple[ItemLine, ...]

    @property
    def lead(self) -> str:
        """Return the unit that leads; empty when its item went the way of all withdrawn ones."""
        return next((item.unit for item in self.items if item.role is Responsibility.LEAD), "")

    @property
    def supporting(self) -> tuple[str, ...]:
        """Return the units that support, in the order in which they were named."""
        return tuple(item.unit for item in self.items if item.role is not Responsibility.LEAD)

    @property
    def counted(self) -> tuple[ItemLine, ...]:
        """Return the items that are still asked for: all but the withdrawn."""
        return tuple(item for item in self.items if item.status is not Status.WITHDRAWN)

    @property
    def done(self) -> int:
        """Return how many of `counted` are finished."""
        return sum(item.status in FINISHED_STATUSES for item in self.counted)

    @property
    def light(self) -> Light | None:
        """Return the worst light of the items; None while nothing counts."""
        shown = {item.light for item in self.counted}
        return next((light for light in BADNESS if light in shown), None)

    @property
    def lit_by(self) -> tuple[str, ...]:
        """Return the units from which a red or yellow light comes."""
        if self.light not in {Light.RED, Light.YELLOW}:
            return ()
        return tuple(dict.fromkeys(item.unit for item in self.counted if item.light is self.light))

    @property
    def due(self) -> date | None:
        """Return the latest due date of the items; None when none is left."""
        return max((item.due for item in self.counted), default=None)


@dataclass(frozen=True)
class MatterPage:
    """One page of matters, newest first; `total` of all pages."""

    lines: tuple[MatterLine, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def matters(
    session: Session, force: InForce, *, as_of: date, kind: MatterKind | None = None, words: str = "", page: int = 1
) -> MatterPage:
    """Return a page of the matters that match; `words` are looked for in title, source document and content."""
    chosen: list[ColumnElement[bool]] = [col(Matter.plan_id) == force.plan_id]
    if kind is not None:
        chosen.append(col(Matter.kind) == kind)
    if words:
        places = (col(Matter.title), col(Matter.source_document), col(Matter.content))
        chosen.append(or_(*(place.icontains(words, autoescape=True) for place in places)))
    total = session.scalars(select(func.count(col(Matter.id))).where(*chosen)).one()
    number = min(page, max(1, -(-total // PAGE_SIZE)))
    rows = session.execute(
        _with_task().where(*chosen).order_by(col(Matter.number).desc())
        .offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    ).tuples()  # fmt: skip
    return MatterPage(tuple(_lines(session, force, rows.all(), as_of)), total, number)


def matter(session: Session, force: InForce, number: int, *, as_of: date) -> MatterLine:
    """Return one matter. Raises UnknownName."""
    found = _with_task().where(col(Matter.plan_id) == force.plan_id, col(Matter.number) == number)
    rows = session.execute(found).tuples().all()
    if not rows:
        raise UnknownName(f"没有编号为 {number} 的计划外事项，或者您无权查看")
    [line] = _lines(session, force, rows, as_of)
    return line


def number_of(session: Session, force: InForce, item_id: int) -> int:
    """Return the number of the matter that an item came of. Raises UnknownName when it came of the plan."""
    found = session.scalars(
        select(col(Matter.number))
        .join(Item, col(Item.matter_id) == col(Matter.id))
        .where(col(Item.plan_id) == force.plan_id, col(Item.id) == item_id)
    ).one_or_none()
    if found is None:
        raise UnknownName(f"事项 {item_id} 不是计划外事项")
    return found


def _with_task() -> Select[Any]:
    return select(Matter, col(KeyTask.number)).outerjoin(KeyTask, col(KeyTask.id) == col(Matter.key_task_id))


def _lines(
    session: Session, force: InForce, rows: Sequence[tuple[Matter, int | None]], as_of: date
) -> list[MatterLine]:
    numbers = [matter.id for matter, _ in rows]
    ladders = in_force.ladders(session, force)
    found: dict[int | None, list[ItemLine]] = {}
    statement = lines_of(force).where(col(Item.matter_id).in_(numbers), col(Item.parent_id).is_(None))
    for row in session.execute(statement.order_by(col(Item.id))).tuples():
        found.setdefault(row[0].matter_id, []).append(line_of(force, ladders, as_of, *row))
    return [
        MatterLine(
            matter.number, matter.kind, matter.title, matter.content, matter.source_document, matter.received_on,
            task, tuple(sorted(found.get(matter.id, ()), key=lambda line: line.role is not Responsibility.LEAD)),
        )
        for matter, task in rows
    ]  # fmt: skip
