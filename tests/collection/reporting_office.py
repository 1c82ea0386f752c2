"""What the tests of reporting do to a database, and what they see in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from filings import a_sheet
from sqlalchemy import func, select
from sqlmodel import Session, col

from config.clock import ZONE, day_of
from database import Database, reading, writing
from models import Delivery, Event, Notice, ReportingRequest, Submission
from supervision import in_force
from supervision.in_force import InForce
from supervision.ledger import reporting
from supervision.ledger.reporting import Closed, Decided, Opened, Submitted
from supervision.queries import reporting as reported
from supervision.queries.people import Actor, actor


def at(text: str) -> datetime:
    """Return the moment `text` of 2022 in Shanghai: 07-18, or 07-18 17:00."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"2022-{day}T{clock or '10:00'}").replace(tzinfo=ZONE)


@dataclass
class Office:
    """What the tests do to one database; each call is a transaction of its own."""

    database: Database
    force: InForce = field(init=False)

    def __post_init__(self) -> None:
        with reading(self.database) as session:
            self.force = in_force.load(session)

    def who(self, session: Session, login: str, moment: datetime) -> Actor:
        return actor(session, self.force.tenant_id, login, on=day_of(moment))

    def open(self, when: str) -> Opened:
        with writing(self.database) as session:
            return reporting.open_requests(session, self.force, as_of=day_of(at(when)), at=at(when))

    def close(self, when: str) -> Closed:
        with writing(self.database) as session:
            return reporting.close_windows(session, self.force, as_of=day_of(at(when)), at=at(when))

    def submit(
        self, values: dict[str, str], when: str, note: str = "", by: str = "330102.liaison", **keys: Any
    ) -> Submitted:
        named = {"form": "district-quarterly", "unit": "上城区", "period": "2022Q2"} | keys
        with writing(self.database) as session:
            who = self.who(session, by, at(when))
            return reporting.submit(session, self.force, sheet=a_sheet(values, note), by=who, at=at(when), **named)

    def confirm(self, request: int, when: str, by: str = "office.clerk", **keys: Any) -> Decided:
        with writing(self.database) as session:
            return reporting.confirm(
                session, self.force, request, by=self.who(session, by, at(when)), at=at(when), **keys
            )

    def send_back(
        self, request: int, when: str, by: str = "office.clerk", comment: str = "T01 偏小", due: str = "", **keys: Any
    ) -> Decided:
        wanted = day_of(at(due)) if due else None
        with writing(self.database) as session:
            who = self.who(session, by, at(when))
            return reporting.return_submission(
                session, self.force, request, by=who, at=at(when), comment=comment, due=wanted, **keys
            )

    def request(self, number: int) -> ReportingRequest:
        with reading(self.database) as session:
            found = session.get_one(ReportingRequest, number)
            session.expunge(found)
            return found

    def versions(self, number: int) -> list[Submission]:
        with reading(self.database) as session:
            rows = select(Submission).where(col(Submission.request_id) == number).order_by(col(Submission.version))
            found = list(session.scalars(rows))
            session.expunge_all()
            return found

    def notices(self, number: int) -> list[tuple[str, str, int]]:
        """Return kind, key and number of deliveries of the notices about a request."""
        statement = (
            select(col(Notice.kind), col(Notice.key), func.count(col(Delivery.id)))
            .join(Delivery, col(Delivery.notice_id) == col(Notice.id))
            .where(col(Notice.request_id) == number)
            .group_by(col(Notice.id), col(Notice.kind), col(Notice.key))
            .order_by(col(Notice.id))
        )
        with reading(self.database) as session:
            return [(kind.value, key, many) for kind, key, many in session.execute(statement).tuples()]

    def events(self, number: int) -> list[Event]:
        with reading(self.database) as session:
            found = list(session.scalars(select(Event).where(col(Event.request_id) == number).order_by(col(Event.seq))))
            session.expunge_all()
            return found

    def known(self, when: str, **keys: Any) -> dict[tuple[str, str], str | None]:
        """Return values by indicator and unit of 2022Q2, as known at a moment; states where there is no number."""
        with reading(self.database) as session:
            found = reported.figures_as_known(session, self.force, known_at=at(when), period="2022Q2", **keys)
        return {
            (code, unit): format(each.value, "f") if each.value is not None else each.state.value
            for (code, unit, _), each in found.items()
        }

    def facts(self, as_of: str, unit: str = "330102") -> list[dict[str, Any]]:
        """Return the facts of all requests of a unit whose period ends with June."""
        june = date(2022, 6, 30)
        with reading(self.database) as session:
            return reported.request_facts(
                session, self.force, unit=unit, first=june, last=june, as_of=day_of(at(as_of))
            )
