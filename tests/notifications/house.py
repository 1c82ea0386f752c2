"""Builders for the tests of notifications: a small leading group with units, people, items and notices."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from config.clock import ZONE
from config.settings import Settings
from config.terms import (
    Cadence,
    Channel,
    DeliveryStatus,
    Level,
    MatterKind,
    NoticeKind,
    PaperState,
    Responsibility,
    Status,
    UnitKind,
)
from database import Database, reading, writing
from database.chain import open_chain
from models import (
    Delivery,
    Event,
    Form,
    Item,
    Ladder,
    Message,
    Notice,
    Paper,
    Person,
    Plan,
    ReportingRequest,
    Tenant,
    Unit,
)
from notifications.outbox import Delivered, deliver
from supervision.workdays import WorkingTime, published

MONDAY = datetime(2022, 7, 11, 9, 0, tzinfo=ZONE)
"""A working day, in working time."""

TUESDAY = MONDAY + timedelta(days=1)
SATURDAY = datetime(2022, 7, 9, 10, 0, tzinfo=ZONE)
NIGHT = MONDAY.replace(hour=2)
DUE = date(2022, 7, 8)
"""The Friday before."""

WORKING_TIME = WorkingTime(opens=time(8, 30), closes=time(17, 30), calendar=published())

Row = TypeVar("Row", bound=SQLModel)


def settings(home: Path, **changes: Any) -> Settings:
    """Settings that write a Maildir under `home`, unless told of a mail server."""
    return Settings(**{"home": home, "mail_from": "duban@office.example", **changes})


@dataclass
class House:
    """A tenant with one plan in `database`; every builder commits and returns the row's number."""

    database: Database
    home: Path
    tenant_id: int = 0
    plan_id: int = 0
    ladder_id: int = 0
    numbers: Any = field(default_factory=lambda: count(1))

    def open(self) -> House:
        self.tenant_id = self.put(Tenant(code="xinshi", name="新市"))
        with writing(self.database) as session:
            open_chain(session, self.tenant_id)
        self.plan_id = self.another_plan("2022-2024")
        self.ladder_id = self.put(Ladder(**self.scope, digest="d", content={}))
        return self

    @property
    def scope(self) -> dict[str, int]:
        return {"tenant_id": self.tenant_id, "plan_id": self.plan_id}

    def another_plan(self, code: str, **changes: Any) -> int:
        days = {"starts": date(2022, 1, 1), "ends": date(2024, 12, 31), "issued": date(2022, 1, 10)}
        return self.put(Plan(tenant_id=self.tenant_id, code=code, title="新市行动计划", **{**days, **changes}))

    def unit(self, name: str = "市商务局", kind: UnitKind = UnitKind.MUNICIPAL) -> int:
        number = next(self.numbers)
        return self.put(Unit(tenant_id=self.tenant_id, code=f"u{number}", name=name, kind=kind, sort_order=number))

    def person(self, login: str, *, email: str | None = "", **changes: Any) -> int:
        address = f"{login}@unit.example" if email == "" else email
        values = {"login": login, "name": f"{login}联络员", "email": address, **changes}
        return self.put(Person(tenant_id=self.tenant_id, **values))

    def item(self, unit_id: int, *, due: date = DUE, status: Status = Status.ASSIGNED, **changes: Any) -> int:
        values: dict[str, Any] = {
            "occurrence": f"item-{next(self.numbers)}",
            "source": MatterKind.MEETING,
            "role": Responsibility.LEAD,
            "period": "2022Q2",
            "title": "建设线上交易平台",
            "original_due": due,
            "judged_due": due,
            "clock_started_on": date(2022, 1, 10),
            "ladder_id": self.ladder_id,
        }
        return self.put(Item(**self.scope, unit_id=unit_id, due=due, status=status, **{**values, **changes}))

    def request(self, unit_id: int, **changes: Any) -> int:
        form = self.put(
            Form(**self.scope, code=f"f{next(self.numbers)}", title="季度情况表", frequency=Cadence.QUARTERLY)
        )
        values: dict[str, Any] = {
            "period": "2022Q2",
            "opens": date(2022, 7, 1),
            "due": DUE,
            "closes": date(2022, 7, 24),
            "clock_started_on": date(2022, 7, 1),
            "ladder_id": self.ladder_id,
        }
        return self.put(ReportingRequest(**self.scope, form_id=form, unit_id=unit_id, **{**values, **changes}))

    def notice(
        self,
        unit_id: int,
        to: Sequence[int],
        *,
        kind: NoticeKind = NoticeKind.URGE,
        at: datetime = MONDAY,
        **changes: Any,
    ) -> int:
        """Make an issued notice with a delivery to each of `to`; give item_id or request_id, else an item is made."""
        of_unit = changes.pop("of_unit", True)
        if "item_id" not in changes and "request_id" not in changes:
            changes["item_id"] = self.item(unit_id, due=changes.get("due", DUE))
        values = {
            "key": f"key-{next(self.numbers)}",
            "due_version": 1,
            "rung": 1,
            "due": DUE,
            "because": "到期后第1个工作日仍未报请办结",
            "not_before": at,
            "created_at": at,
            "issued_at": at,
        }
        number = self.put(Notice(**self.scope, kind=kind, unit_id=unit_id, **{**values, **changes}))
        for person in to:
            self.delivery(number, person, at=at, of_unit=of_unit)
        return number

    def delivery(self, notice_id: int, person_id: int, *, at: datetime = MONDAY, of_unit: bool = True) -> int:
        row = Delivery(
            **self.scope,
            notice_id=notice_id,
            person_id=person_id,
            channel=Channel.EMAIL,
            of_unit=of_unit,
            next_try_at=at,
        )
        return self.put(row)

    def paper(self, notice_id: int, level: Level, *, number: int = 3) -> int:
        row = Paper(
            **self.scope, notice_id=notice_id, level=level, state=PaperState.ISSUED, series=f"测试办{level.label[0]}",
            year=2022, number=number,
            issued_at=MONDAY,
        )  # fmt: skip
        return self.put(row)

    def get(self, table: type[Row], number: int) -> Row:
        with reading(self.database) as session:
            row = session.get_one(table, number)
            session.expunge(row)
            return row

    def all(self, table: type[Row]) -> list[Row]:
        with reading(self.database) as session:
            rows = list(session.scalars(select(table).order_by(col(table.id))))  # type: ignore[attr-defined]
            session.expunge_all()
            return rows

    def change(self, table: type[Row], number: int, **values: Any) -> None:
        with writing(self.database) as session:
            row = session.get_one(table, number)
            for name, value in values.items():
                setattr(row, name, value)

    def statuses(self) -> list[DeliveryStatus]:
        return [row.status for row in self.all(Delivery)]

    def messages(self) -> list[Message]:
        return self.all(Message)

    def events(self, action: str = "deliver") -> list[Event]:
        return [event for event in self.all(Event) if event.action == action]

    def deliver(self, at: datetime = MONDAY, **changes: Any) -> Delivered:
        """Run the outbox once. `changes` are settings, and options of `deliver`."""
        options = {name: changes.pop(name) for name in ("digest_from", "plan_id") if name in changes}
        given = {
            "tenant_id": self.tenant_id,
            "plan_id": self.plan_id,
            "at": at,
            "working_time": WORKING_TIME,
            **options,
        }
        return asyncio.run(deliver(self.database, settings(self.home, **changes), **given))

    def mails(self) -> list[Path]:
        """The files of the Maildir that nobody has read."""
        return sorted((self.home / "mail" / "new").glob("*"))

    def put(self, row: SQLModel) -> int:
        with writing(self.database) as session:
            return _add(session, row)


def _add(session: Session, row: SQLModel) -> int:
    session.add(row)
    session.flush()
    return int(row.id)  # type: ignore[attr-defined]
