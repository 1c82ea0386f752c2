"""A supervised plan to act on, with sane defaults: who, when, and an item of 市经信局 due at the end of July 2022."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any, TypeVar

import pytest
from sqlalchemy import Select, select
from sqlmodel import Session, SQLModel, col

from config.clock import ZONE, day_of
from config.terms import Action, Level, MatterKind, Responsibility, Role
from database import Database, chain, reading, writing
from models import DueDate, Extension, Item, Measure, Notice, Paper, Person
from notifications.in_person import log_personal_service
from supervision import cycle, in_force
from supervision.in_force import InForce
from supervision.ledger import papers, people
from supervision.ledger.acts import Act, Done, perform
from supervision.ledger.items import NewItem, put_items
from supervision.ledger.matters import add_matter
from supervision.ledger.sub_items import break_down
from supervision.queries import items as queries
from supervision.queries.people import Actor, actor, flow

Row = TypeVar("Row", bound=SQLModel)

UNIT, OTHER_UNIT, OWN_UNIT = "市经信局", "市科技局", "市市场监管局"
"""The unit that has the item, another one, and the one that houses the office."""
LIAISON, HEAD = "jxj.liaison", "jxj.head"
CLERK, CHIEF, LEADER = "office.clerk", "office.chief", "leader.signer"
"""The office's two posts, both of OWN_UNIT, and a leader, who is of no unit."""

MEASURE, KEY_TASK = "M01-08", 1
"""A quarterly measure of UNIT alone."""
ASSIGNED, DUE = "2022-07-01 08:35", date(2022, 7, 29)
"""A Friday and the Friday four weeks later."""

on_sqlite = pytest.mark.parametrize("supervised_url", ["sqlite"], indirect=True)
"""For rules that have nothing to do with the kind of database."""
on_a_server = pytest.mark.parametrize("supervised_url", ["postgresql"], indirect=True)
"""For what can happen only where several write at once; SQLite gives the whole file to one writer."""


def at(text: str) -> datetime:
    """Return the instant of a date with or without a wall-clock time in Hangzhou."""
    return datetime.fromisoformat(text if ":" in text else f"{text} 10:00").replace(tzinfo=ZONE)


def day(text: str) -> date:
    return date.fromisoformat(text)


@dataclass
class Office:
    """The office at work on a database with the packaged plan in it; each thing done is a transaction of its own."""

    database: Database
    force: InForce = field(init=False)
    _numbers: Iterator[int] = field(default_factory=count, init=False)

    def __post_init__(self) -> None:
        self.reload()

    def reload(self) -> None:
        """Take the plan, the calendar and the units as they are now."""
        with reading(self.database) as session:
            self.force = in_force.load(session)

    def who(self, session: Session, login: str, when: datetime) -> Actor:
        if login.startswith("flow:"):
            return flow(login.removeprefix("flow:"))
        return actor(session, self.force.tenant_id, login, on=day_of(when))

    def actor(self, login: str, when: str) -> Actor:
        with reading(self.database) as session:
            return self.who(session, login, at(when))

    def an_item(self, *, unit: str = UNIT, due: date = DUE, assigned: str = ASSIGNED, **changes: Any) -> int:
        """Put an item as the generator does and return its number."""
        with writing(self.database) as session:
            chain.lock(session, self.force.tenant_id)
            measure = session.scalars(
                select(Measure).where(col(Measure.plan_id) == self.force.plan_id, col(Measure.code) == MEASURE)
            ).one()
            values: dict[str, Any] = {
                "occurrence": f"test/{next(self._numbers)}", "title": "推进“小升规”", "role": Responsibility.LEAD,
                "period": "2022Q2", "measure_id": measure.id, "key_task_id": measure.key_task_id,
            }  # fmt: skip
            new = NewItem(unit_id=self.force.unit_id(unit), due=due, **values | changes)
            [(number, _)] = put_items(session, self.force, [new], by=flow("supervise_key_task"), at=at(assigned))
        return number

    def a_signed_item(self, **changes: Any) -> int:
        """Return an item that its unit has signed for."""
        number = self.an_item(**changes)
        unit = self.force.plan.unit(str(changes.get("unit", UNIT))).code
        self.act(number, Action.ACKNOWLEDGE, by=f"{unit}.liaison", when=str(changes.get("assigned", ASSIGNED)))
        return number

    def a_reported_item(self, reported: str = "2022-07-20", **changes: Any) -> int:
        """Return an item whose unit has reported its completion."""
        number = self.a_signed_item(**changes)
        unit = self.force.plan.unit(str(changes.get("unit", UNIT))).code
        self.act(number, Action.REPORT_COMPLETION, by=f"{unit}.liaison", when=reported, comment="已办结")
        return number

    def a_matter(self, *, when: str = ASSIGNED, by: str = CLERK, **changes: Any) -> list[int]:
        values: dict[str, Any] = {
            "kind": MatterKind.MEETING, "title": "园区用电清理", "content": "", "due": DUE,
            "source_document": "市政府第12次常务会议纪要", "received_on": day_of(at(when)), "units": [UNIT],
        }  # fmt: skip
        with writing(self.database) as session:
            who = self.who(session, by, at(when))
            return add_matter(session, self.force, by=who, at=at(when), **values | changes)

    def a_part(self, parent: int, *, by: str = LIAISON, when: str = "2022-07-04", **changes: Any) -> int:
        values: dict[str, Any] = {"title": "核对企业名单", "due": day("2022-07-22")}
        if not changes.keys() & {"assignee", "bureau"}:
            values["assignee"] = HEAD
        with writing(self.database) as session:
            who = self.who(session, by, at(when))
            return break_down(session, self.force, parent, by=who, at=at(when), **values | changes)

    def act(self, number: int, action: Action, by: str, when: str = "2022-07-20", **words: Any) -> Done:
        with writing(self.database) as session:
            wanted = Act(number, action, self.who(session, by, at(when)), at(when), **words)
            return perform(session, self.force, wanted)

    def escalate(self, as_of: str) -> cycle.Made:
        """Climb the ladder as the morning's flow does."""
        return cycle.escalate_overdue(self.database, self.force.plan.code, as_of=day(as_of))

    def reach(self, number: int, level: Level, when: str, login: str = LIAISON) -> None:
        """Let the item's newest notice of that level reach its unit."""
        with writing(self.database) as session:
            notice = session.scalars(
                select(Notice)
                .where(col(Notice.item_id) == number, col(Notice.kind) == level.value)
                .order_by(col(Notice.id).desc())
                .limit(1)
            ).one()
            person = session.scalars(select(Person).where(col(Person.login) == login)).one()
            log_personal_service(
                session, tenant_id=notice.tenant_id, plan_id=notice.plan_id, notice_id=notice.id or 0,
                person_id=person.id or 0, by_person_login=CLERK, at=at(when), how="电话告知",
            )  # fmt: skip

    def a_drafted_paper(self, number: int) -> int:
        """Let the item fall overdue until a 督办单 is drafted; return the paper's number.

        The item is due on 2022-07-29: urged on 08-01, reached, drafted on 08-03.
        """
        self.escalate("2022-08-01")
        self.reach(number, Level.URGE, "2022-08-01 11:00")
        self.escalate("2022-08-03")
        return self.paper_of(number).id or 0

    def review(self, paper: int, by: str = CHIEF, when: str = "2022-08-03 14:00") -> None:
        with writing(self.database) as session:
            papers.review(session, self.force, paper, by=self.who(session, by, at(when)), at=at(when))

    def sign(self, paper: int, by: str = LEADER, when: str = "2022-08-03 15:00") -> str:
        with writing(self.database) as session:
            return papers.sign(session, self.force, paper, by=self.who(session, by, at(when)), at=at(when))

    def add_person(self, login: str, role: Role, unit: str | None = None, since: str = "2022-01-04") -> None:
        with writing(self.database) as session:
            people.add_person(
                session, self.force.tenant_id, login=login, name=login, role=role, since=day(since),
                unit_id=None if unit is None else self.force.unit_id(unit), at=at(since), by="console",
            )  # fmt: skip

    def delegate(self, login: str, to: str, since: str = "2022-07-01", until: str = "2022-08-31") -> None:
        with writing(self.database) as session:
            people.delegate(
                session, self.force.tenant_id, login=login, to=to, since=day(since), until=day(until), reason="休假",
                at=at("2022-07-01"), by="console",
            )  # fmt: skip

    # --- what came of it

    def item(self, number: int) -> Item:
        return self._one(select(Item).where(col(Item.id) == number))

    def line(self, number: int, as_of: str = "2022-07-20") -> queries.ItemLine:
        with reading(self.database) as session:
            return queries.item(session, self.force, number, as_of=day(as_of))

    def versions(self, number: int) -> list[DueDate]:
        return self._all(select(DueDate).where(col(DueDate.item_id) == number).order_by(col(DueDate.version)))

    def extension(self, number: int) -> Extension:
        newest = select(Extension).where(col(Extension.item_id) == number).order_by(col(Extension.id).desc())
        return self._one(newest.limit(1))

    def paper_of(self, number: int) -> Paper:
        about = select(Paper).join(Notice, col(Notice.id) == col(Paper.notice_id))
        return self._one(about.where(col(Notice.item_id) == number).order_by(col(Paper.id).desc()).limit(1))

    def notices(self, number: int) -> list[Notice]:
        return self._all(select(Notice).where(col(Notice.item_id) == number).order_by(col(Notice.id)))

    def told(self, number: int) -> list[tuple[str, str]]:
        """Return what was said about the item, and to which unit, oldest first."""
        return [(n.kind.value, self.force.unit_codes[n.unit_id]) for n in self.notices(number)]

    def history(self, number: int) -> list[queries.HistoryLine]:
        with reading(self.database) as session:
            return queries.history(session, self.force, number)

    def happened(self, number: int) -> list[str]:
        return [line.action for line in self.history(number)]

    def last(self, number: int) -> queries.HistoryLine:
        return self.history(number)[-1]

    def chain_is_whole(self) -> bool:
        with reading(self.database) as session:
            return chain.verify(session, self.force.tenant_id) == []

    def snapshot(self) -> Mapping[str, list[tuple[Any, ...]]]:
        """Return every row of the database, to prove that nothing was changed."""
        with reading(self.database) as session:
            tables = SQLModel.metadata.sorted_tables
            return {
                table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
                for table in tables
            }

    def _one(self, statement: Select[tuple[Row]]) -> Row:
        [row] = self._all(statement)
        return row

    def _all(self, statement: Select[tuple[Row]]) -> list[Row]:
        with reading(self.database) as session:
            rows = list(session.scalars(statement))
            session.expunge_all()
            return rows
