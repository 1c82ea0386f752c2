"""What the tests of targets do to a database, and what they see in it; each call is a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import ColumnElement, select
from sqlmodel import col

from config.clock import ZONE, day_ends, day_of
from config.plan import Plan
from config.terms import NoticeKind, Role
from database import Database, chain, reading, writing
from models import Delivery, DistrictTarget, Event, Notice, Person
from supervision import in_force
from supervision.apportion import Overridden, Wanted
from supervision.in_force import InForce
from supervision.ledger import people, targets
from supervision.ledger.plan import put_plan
from supervision.ledger.targets.setting import Changed
from supervision.queries import targets as known
from supervision.queries.people import actor
from supervision.queries.targets import KnownTarget

BINJIANG, CHUNAN = "330108", "330127"
LIAISON, HEAD = "330127.liaison", "330127.head"
CLERK, CHIEF = "office.clerk", "office.chief"

on_sqlite = pytest.mark.parametrize("supervised_url", ["sqlite"], indirect=True)
"""For rules that have nothing to do with the kind of database."""


def at(text: str) -> datetime:
    """Return the moment `text` of 2022 in Shanghai: 03-01, or 03-01 17:00."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"2022-{day}T{clock or '10:00'}").replace(tzinfo=ZONE)


def changed(plan: Plan, change: Callable[[dict[str, Any]], None]) -> Plan:
    data = plan.model_dump(mode="json")
    change(data)
    return Plan.model_validate(data, context={"stored": True})


@dataclass
class Office:
    """The office, the districts and the packaged plan in one database."""

    database: Database
    force: InForce = field(init=False)

    def __post_init__(self) -> None:
        self.reload()

    def reload(self) -> None:
        with reading(self.database) as session:
            self.force = in_force.load(session)

    def load(self, plan: Plan, when: str = "06-01") -> None:
        with writing(self.database) as session:
            put_plan(session, plan, at=at(when))
        self.reload()

    def change(
        self, wanted: Wanted, when: str = "03-01", by: str = CLERK, reason: str = "会商", **keys: Any
    ) -> Changed:
        with writing(self.database) as session:
            who = actor(session, self.force.tenant_id, by, on=day_of(at(when)))
            return targets.change_targets(session, self.force, wanted, reason=reason, by=who, at=at(when), **keys)

    def set_one(
        self, target: int, when: str = "03-01", code: str = "T06", district: str = BINJIANG, **keys: Any
    ) -> Changed:
        return self.change(Overridden(code, district, Decimal(target)), when, **keys)

    def confirm(self, *codes: str, when: str = "03-02", by: str = LIAISON, **keys: Any) -> list[str]:
        with writing(self.database) as session:
            who = actor(session, self.force.tenant_id, by, on=day_of(at(when)))
            return targets.confirm_targets(
                session, self.force, unit=CHUNAN, indicators=codes, by=who, at=at(when), **keys
            )

    def object_to(
        self, code: str = "T06", when: str = "03-02", by: str = LIAISON, comment: str = "基数过小", **keys: Any
    ) -> int:
        with writing(self.database) as session:
            who = actor(session, self.force.tenant_id, by, on=day_of(at(when)))
            return targets.object_to_target(
                session, self.force, unit=CHUNAN, indicator=code, comment=comment, by=who, at=at(when), **keys
            )

    def uphold(self, code: str = "T06", when: str = "03-03", by: str = CHIEF, reason: str = "已按人口核减") -> int:
        with writing(self.database) as session:
            who = actor(session, self.force.tenant_id, by, on=day_of(at(when)))
            return targets.uphold_target(
                session, self.force, unit=CHUNAN, indicator=code, reason=reason, by=who, at=at(when)
            )

    def tell(self, when: str = "01-05", by: str = CLERK, unit: str | None = None) -> list[str]:
        with writing(self.database) as session:
            who = actor(session, self.force.tenant_id, by, on=day_of(at(when)))
            return targets.tell_pending(session, self.force, by=who, at=at(when), unit=unit)

    def add_person(self, login: str, role: Role, unit: str | None = None) -> None:
        with writing(self.database) as session:
            people.add_person(
                session, self.force.tenant_id, login=login, name=login, role=role, since=date(2022, 1, 4),
                unit_id=None if unit is None else self.force.unit_id(unit), at=at("01-04"), by="console",
            )  # fmt: skip

    def appoint(self, login: str, role: Role, unit: str) -> None:
        with writing(self.database) as session:
            people.appoint(
                session, self.force.tenant_id, login=login, role=role, unit_id=self.force.unit_id(unit),
                since=date(2022, 1, 4), at=at("01-04"), by="console",
            )  # fmt: skip

    # --- what came of it

    def known(self, as_of: str = "12-31") -> dict[tuple[str, str], KnownTarget]:
        with reading(self.database) as session:
            return dict(known.targets_as_known(session, self.force, known_at=day_ends(day_of(at(as_of)))))

    def target(self, code: str = "T06", district: str = CHUNAN, as_of: str = "12-31") -> KnownTarget:
        return self.known(as_of)[code, district]

    def total(self, code: str = "T06", as_of: str = "12-31") -> Decimal:
        return sum(
            (each.target or Decimal(0) for (known, _), each in self.known(as_of).items() if known == code), Decimal(0)
        )

    def rows(self) -> list[DistrictTarget]:
        with reading(self.database) as session:
            found = list(session.scalars(select(DistrictTarget).order_by(col(DistrictTarget.id))))
            session.expunge_all()
            return found

    def events(self, action: str) -> list[Event]:
        with reading(self.database) as session:
            found = list(session.scalars(select(Event).where(col(Event.action) == action).order_by(col(Event.seq))))
            session.expunge_all()
            return found

    def told(self, district: str = CHUNAN) -> list[tuple[str, list[str]]]:
        """Return why the district's notices on targets were made and who gets them, oldest first."""
        return self._told(col(Notice.unit_id) == self.force.unit_ids[district], col(Notice.key).like("targets/%"))

    def _told(self, *chosen: ColumnElement[bool]) -> list[tuple[str, list[str]]]:
        statement = (
            select(col(Notice.id), col(Notice.because), col(Person.login))
            .join(Delivery, col(Delivery.notice_id) == col(Notice.id))
            .join(Person, col(Person.id) == col(Delivery.person_id))
            .where(*chosen)
            .order_by(col(Notice.id), col(Person.login))
        )
        with reading(self.database) as session:
            found: dict[int, tuple[str, list[str]]] = {}
            for number, because, login in session.execute(statement).tuples():
                found.setdefault(number or 0, (because, []))[1].append(login)
        return list(found.values())

    def office_told(self) -> list[tuple[str, list[str]]]:
        """Return why the office's notices of objections were made and who gets them, oldest first."""
        return self._told(col(Notice.kind) == NoticeKind.TARGET_OBJECTION)

    def chain_is_whole(self) -> bool:
        with reading(self.database) as session:
            return chain.verify(session, self.force.tenant_id) == []
