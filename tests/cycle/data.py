"""The rows of a database as the invariants look at them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypeVar

from cycle.mail_sink import Mail
from sqlalchemy import select
from sqlmodel import Session, SQLModel

from config.clock import day_of
from config.terms import Status
from models import Delivery, DueDate, Event, Message, Notice, Paper
from supervision.in_force import InForce
from supervision.ladder import Ladder

Row = TypeVar("Row", bound=SQLModel)

_ONE_DAY = timedelta(days=1)

Case = tuple[str, int]
"""What a ladder belongs to: an item or a request, and its due-date version."""


@dataclass(frozen=True)
class Data:
    """Everything that the checks look at, and the mails that a server took."""

    session: Session
    force: InForce
    taken: Sequence[Mail] = ()

    def rows(self, table: type[Row]) -> Sequence[Row]:
        return self.session.scalars(select(table).order_by(table.id)).all()  # type: ignore[attr-defined]

    @property
    def ladder(self) -> Ladder:
        return self.force.ladder

    @cached_property
    def notices(self) -> Mapping[int, Notice]:
        return {notice.id or 0: notice for notice in self.rows(Notice)}

    @cached_property
    def deliveries(self) -> Mapping[int, list[Delivery]]:
        """By notice."""
        found: dict[int, list[Delivery]] = defaultdict(list)
        for delivery in self.rows(Delivery):
            found[delivery.notice_id].append(delivery)
        return found

    @cached_property
    def papers(self) -> Mapping[int, Paper]:
        """By notice."""
        return {paper.notice_id: paper for paper in self.rows(Paper)}

    @cached_property
    def rungs(self) -> Mapping[Case, list[Notice]]:
        """The rungs of each case, in the order in which they were made."""
        found: dict[Case, list[Notice]] = defaultdict(list)
        for notice in self.notices.values():
            if notice.rung is not None:
                about = f"item {notice.item_id}" if notice.item_id else f"request {notice.request_id}"
                found[about, notice.due_version].append(notice)
        return found

    @cached_property
    def begun(self) -> Mapping[Case, date]:
        """The day on which each due-date version began."""
        found: dict[Case, date] = {}
        for version in self.rows(DueDate):
            found[f"item {version.item_id}", version.version] = day_of(version.set_at)
        versions: Counter[int | None] = Counter()
        for event in self.rows(Event):
            if event.action in {"open_request", "return_submission"}:
                versions[event.request_id] += 1
                found[f"request {event.request_id}", versions[event.request_id]] = day_of(event.at)
        return found

    def warned_on(self, notice: Notice) -> date | None:
        """Return the day on which the unit was warned by a notice, from its deliveries alone."""
        reached = [each.delivered_at for each in self.deliveries[notice.id or 0] if each.of_unit and each.delivered_at]
        paper = self.papers.get(notice.id or 0)
        if paper is not None and paper.served_at is not None:
            reached.append(paper.served_at)
        if notice.issued_at is None or not reached:
            return None
        return day_of(max(min(reached), notice.issued_at))

    def working_days(self, after: date, through: date) -> int:
        return self.force.calendar.count(after + _ONE_DAY, through)

    def carried(self) -> Iterator[tuple[Message, list[Delivery]]]:
        """Give each message with the deliveries that it carries."""
        by_message: dict[int | None, list[Delivery]] = defaultdict(list)
        for some in self.deliveries.values():
            for delivery in some:
                by_message[delivery.message_id].append(delivery)
        for message in self.rows(Message):
            yield message, by_message[message.id]

    @cached_property
    def lives(self) -> Mapping[int, list[tuple[datetime, Status]]]:
        """The statuses that each item has had, from when, out of the chain alone."""
        found: dict[int, list[tuple[datetime, Status]]] = defaultdict(list)
        for event in self.rows(Event):
            if event.item_id is None:
                continue
            if event.action == "register":
                found[event.item_id].append((event.at, Status.REGISTERED))
            elif "to" in event.data and "from" in event.data:
                found[event.item_id].append((event.at, Status(event.data["to"])))
            elif event.action == "assign":
                found[event.item_id].append((event.at, Status.ASSIGNED))
        return found


def due_of(notice: Notice) -> date:
    """Return the due date that a rung is about."""
    assert notice.due is not None
    return notice.due
