"""The hands of people: acts on items, requests and papers, each told by what it is about and who does it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_of, moment
from config.terms import Action, MatterKind, PaperState
from database import Database, writing
from documents.sheets import Row
from models import Form, Item, Notice, Paper, ReportingRequest, Unit
from supervision import in_force
from supervision.in_force import InForce
from supervision.ledger import papers, reporting
from supervision.ledger.acts import Act, perform
from supervision.ledger.matters import add_matter
from supervision.queries.people import Actor, actor

CLERK, CHIEF, SIGNER = "clerk", "chief", "signer"


@dataclass(frozen=True)
class Typed:
    """A sheet that was typed rather than read."""

    rows: Sequence[Row]
    name: str = "报送.xlsx"


@dataclass
class Hands:
    """People at work at the instant `at`, in one transaction."""

    session: Session
    force: InForce
    at: datetime
    _known: dict[str, Actor] = field(default_factory=dict)

    def who(self, login: str) -> Actor:
        if login not in self._known:
            self._known[login] = actor(self.session, self.force.tenant_id, login, on=day_of(self.at))
        return self._known[login]

    def item(self, occurrence: str) -> int:
        return self.session.scalars(select(col(Item.id)).where(col(Item.occurrence) == occurrence)).one() or 0

    def act(self, occurrence: str, action: Action, by: str, **needs: Any) -> None:
        """Do one act; what it needs beside the person is made up unless given."""
        given = {"comment": "已按要求办理", **needs}
        perform(self.session, self.force, Act(self.item(occurrence), action, self.who(by), self.at, **given))

    def complete(self, occurrence: str, by: str) -> None:
        """Acknowledge and report completion."""
        self.act(occurrence, Action.ACKNOWLEDGE, by)
        self.act(occurrence, Action.REPORT_COMPLETION, by)

    def matter(self, title: str, units: Sequence[str], due: date, *, urgent: bool = False) -> list[int]:
        return add_matter(
            self.session, self.force, kind=MatterKind.INSTRUCTION, title=title, content=title, source_document="批示一",
            received_on=day_of(self.at), units=units, due=due, by=self.who(CLERK), at=self.at, urgent=urgent,
        )  # fmt: skip

    def sign(self, *occurrences: str) -> None:
        """Review and sign what is drafted about these items, by two people."""
        about = select(Paper).join(Notice, col(Notice.id) == col(Paper.notice_id))
        about = about.join(Item, col(Item.id) == col(Notice.item_id)).where(
            col(Item.occurrence).in_(occurrences), col(Paper.state) == PaperState.DRAFTED
        )
        for paper in self.session.scalars(about.order_by(col(Paper.id))).all():
            papers.review(self.session, self.force, paper.id or 0, by=self.who(CHIEF), at=self.at)
            papers.sign(self.session, self.force, paper.id or 0, by=self.who(SIGNER), at=self.at)

    def submit(self, form: str, unit: str, period: str, values: dict[str, str]) -> None:
        rows = [
            Row(indicator=code, value_text=text, note="", area="", unit_of_measure="", cell=f"B{n}", label=f"A{n}")
            for n, (code, text) in enumerate(values.items(), 2)
        ]
        reporting.submit(
            self.session, self.force, form=form, unit=unit, period=period, sheet=Typed(rows),
            by=self.who(f"{unit}.liaison"), at=self.at,
        )  # fmt: skip

    def request(self, form: str, unit: str, period: str) -> int:
        about = select(col(ReportingRequest.id)).join(Form, col(Form.id) == col(ReportingRequest.form_id))
        about = about.join(Unit, col(Unit.id) == col(ReportingRequest.unit_id)).where(
            col(Form.code) == form, col(Unit.code) == unit, col(ReportingRequest.period) == period
        )
        return self.session.scalars(about).one() or 0

    def confirm(self, form: str, unit: str, period: str) -> None:
        number = self.request(form, unit, period)
        reporting.confirm(self.session, self.force, number, by=self.who(CHIEF), at=self.at)

    def send_back(self, form: str, unit: str, period: str) -> None:
        number = self.request(form, unit, period)
        reporting.return_submission(
            self.session, self.force, number, by=self.who(CHIEF), at=self.at, comment="数值有误，请核对"
        )


@contextmanager
def hands(database: Database, day: date, at: time = time(14)) -> Iterator[Hands]:
    """Give people at work on `day`; what they did is committed at the end."""
    with writing(database) as session:
        yield Hands(session, in_force.load(session), moment(day, at))
