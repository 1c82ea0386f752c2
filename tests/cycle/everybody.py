"""What people do on a day, made up from a seed: units of every diligence, and an office that decides.

Everything goes through the ledger. What it refuses was somebody's wrong idea, and is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from cycle.hands import CHIEF, CLERK, SIGNER, Hands
from sqlalchemy import Select, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from config.errors import BadInput, Refused
from config.terms import Action, Channel, Decision, DeliveryStatus, PaperState, RequestState, Status, SuspensionReason
from models import Delivery, Extension, Form, Item, Notice, Paper, Person, ReportingRequest, Unit
from notifications.in_person import log_opened, log_personal_service
from supervision.ledger import papers, reporting
from supervision.ledger.acts import Act, perform

MATTERS, URGENT = 0.4, 0.3
"""The chance of a matter from outside the plan on a day, and of its being urgent."""

UNITS = ("市政务办", "市数据局", "市商务局", "港城海关", "东港区", "西港区")

DILIGENCE = {"zwb": 0.5, "sjj": 0.15, "swj": 0.08, "hg": 0.02, "990001": 0.4, "990002": 0.1, "990003": 0.0}
"""The chance that a unit does on a day what it has to do."""

_ACTS: tuple[tuple[Status, Action, float], ...] = (
    (Status.ASSIGNED, Action.ACKNOWLEDGE, 0.6),
    (Status.RETURNED, Action.ACKNOWLEDGE, 1.0),
    (Status.ACKNOWLEDGED, Action.REPORT_PROGRESS, 0.3),
    (Status.ACKNOWLEDGED, Action.REPORT_COMPLETION, 0.4),
    (Status.ACKNOWLEDGED, Action.REQUEST_EXTENSION, 0.3),
    (Status.ACKNOWLEDGED, Action.DISPUTE, 0.15),
    (Status.ASSIGNED, Action.REQUEST_EXTENSION, 0.3),
    (Status.ASSIGNED, Action.DISPUTE, 0.3),
)
"""What the people of a unit do, with the share of their diligence."""

_RULINGS: tuple[tuple[Status, Action, float], ...] = (
    (Status.COMPLETION_REPORTED, Action.VERIFY, 0.5),
    (Status.COMPLETION_REPORTED, Action.RETURN_FOR_REWORK, 0.3),
    (Status.ASSIGNED, Action.APPROVE_EXTENSION, 0.4),
    (Status.ACKNOWLEDGED, Action.APPROVE_EXTENSION, 0.3),
    (Status.ACKNOWLEDGED, Action.REJECT_EXTENSION, 0.3),
    (Status.DISPUTED, Action.REJECT_DISPUTE, 0.2),
    (Status.DISPUTED, Action.ACCEPT_DISPUTE, 0.1),
    (Status.REGISTERED, Action.ASSIGN, 0.3),
    (Status.ASSIGNED, Action.REASSIGN, 0.03),
    (Status.ACKNOWLEDGED, Action.SUSPEND, 0.03),
    (Status.SUSPENDED, Action.RESUME, 0.1),
    (Status.ASSIGNED, Action.WITHDRAW, 0.01),
    (Status.COMPLETED, Action.CLOSE, 0.3),
)
"""What the office does, with the chance on a day."""

_ANSWERS = frozenset({Action.APPROVE_EXTENSION, Action.REJECT_EXTENSION})


@dataclass
class Everybody:
    """All people of the city. `done` and `refused` count what they did and what they were not allowed to."""

    chance: Random
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def work(self, people: Hands) -> None:
        """Do a day's work."""
        self._units(people)
        self._office(people)
        self._papers(people)
        self._requests(people)
        self._reach(people)
        if self.chance.random() < MATTERS:
            urgent, due = self.chance.random() < URGENT, people.at.date() + timedelta(days=self.chance.randint(2, 12))
            units = self.chance.sample(UNITS, 3)
            self._try(people, "matter", lambda: people.matter("处置来信", units, due, urgent=urgent))

    def _try(self, people: Hands, what: str, act: Callable[[], object]) -> None:
        try:
            with people.session.begin_nested():
                act()
            self.done[what] += 1
        except (Refused, BadInput):
            self.refused[what] += 1

    def _items(self, people: Hands) -> list[tuple[int, Status, str]]:
        statement = select(col(Item.id), col(Item.status), col(Unit.code)).join(Unit, col(Unit.id) == Item.unit_id)
        statement = statement.where(col(Item.retrospective).is_(False)).order_by(col(Item.id))
        return [(number or 0, status, unit) for number, status, unit in people.session.execute(statement).tuples()]

    def _units(self, people: Hands) -> None:
        for number, status, unit in self._items(people):
            for start, action, share in _ACTS:
                if status is start and self.chance.random() < DILIGENCE[unit] * share:
                    self._act(people, number, action, f"{unit}.liaison")
                    break

    def _office(self, people: Hands) -> None:
        asked = select(col(Extension.item_id)).where(col(Extension.decision) == Decision.PENDING)
        pending = {number for (number,) in self._rows(people, asked)}
        for number, status, _ in self._items(people):
            for start, action, likely in _RULINGS:
                if action in _ANSWERS and number not in pending:
                    continue
                if status is start and self.chance.random() < likely:
                    by = CHIEF if action in {Action.ASSIGN, Action.REASSIGN, Action.RESUME, Action.CLOSE} else SIGNER
                    self._act(people, number, action, by)
                    break

    def _act(self, people: Hands, number: int, action: Action, by: str) -> None:
        day = people.at.date() + timedelta(days=self.chance.randint(1, 20))
        dated = {Action.RETURN_FOR_REWORK, Action.REQUEST_EXTENSION, Action.REASSIGN, Action.ASSIGN}
        act = Act(
            number, action, people.who(by), people.at, comment="如实办理", date=day if action in dated else None,
            to_unit=self.chance.choice(UNITS), reason=SuspensionReason.UPSTREAM.value,
        )  # fmt: skip
        self._try(people, action.value, lambda: perform(people.session, people.force, act))

    def _papers(self, people: Hands) -> None:
        for number, state in self._rows(people, select(col(Paper.id), col(Paper.state))):
            if self.chance.random() > 0.3:
                continue
            if state is PaperState.DRAFTED:
                self._paper(people, "review", number, CHIEF)
            elif state is PaperState.REVIEWED:
                self._paper(people, "sign", number, SIGNER)
            elif state is PaperState.ISSUED:
                self._paper(people, "serve", number, CLERK, how="当面送交")

    def _paper(self, people: Hands, what: str, number: int, by: str, **more: str) -> None:
        step = getattr(papers, what)
        self._try(
            people, what, lambda: step(people.session, people.force, number, by=people.who(by), at=people.at, **more)
        )

    def _requests(self, people: Hands) -> None:
        open_requests = (
            select(col(ReportingRequest.id), col(ReportingRequest.state), col(Form.code), col(Unit.code))
            .add_columns(col(ReportingRequest.period))
            .join(Form, col(Form.id) == col(ReportingRequest.form_id))
            .join(Unit, col(Unit.id) == col(ReportingRequest.unit_id))
        )
        for number, state, form, unit, period in self._rows(people, open_requests):
            if state in {RequestState.OPEN, RequestState.RETURNED} and self.chance.random() < DILIGENCE[unit]:
                self._submit(people, form, unit, period)
            elif state is RequestState.FILED and self.chance.random() < 0.3:
                self._decide(people, number)

    def _submit(self, people: Hands, form: str, unit: str, period: str) -> None:
        indicator = {"points": "A1", "trade": "A3", "waiting": "A2"}[form]
        value = str(int(period[-2:]) * 100 + self.chance.randrange(90))
        self._try(people, "submit", lambda: people.submit(form, unit, period, {indicator: value}))

    def _decide(self, people: Hands, number: int) -> None:
        force, by, at = people.force, people.who(SIGNER), people.at
        if self.chance.random() < 0.5:
            self._try(people, "confirm", lambda: reporting.confirm(people.session, force, number, by=by, at=at))
        else:
            given: dict[str, Any] = {"by": by, "at": at, "comment": "请核对"}
            step = reporting.return_submission
            self._try(people, "return", lambda: step(people.session, force, number, **given))

    def _reach(self, people: Hands) -> None:
        """Serve in person what mail could not, and let some people look into the portal."""
        again = aliased(Delivery)
        served = select(col(again.id)).where(
            col(again.notice_id) == col(Delivery.notice_id), col(again.person_id) == col(Delivery.person_id),
            col(again.channel) == Channel.PERSONAL,
        )  # fmt: skip
        failed = select(col(Delivery.notice_id), col(Delivery.person_id)).where(
            col(Delivery.status) == DeliveryStatus.PERMANENT, col(Delivery.of_unit), ~served.exists()
        )
        ids: dict[str, Any] = {"tenant_id": people.force.tenant_id, "plan_id": people.force.plan_id}
        for notice, person in self._rows(people, failed):
            if self.chance.random() < 0.2:
                given = {**ids, "notice_id": notice, "person_id": person, "by_person_login": CLERK, "at": people.at}
                self._try(people, "personal", lambda: log_personal_service(people.session, **given, how="电话"))  # noqa: B023
        for person, login in self._rows(people, select(col(Person.id), col(Person.login))):
            if self.chance.random() < DILIGENCE.get(login.partition(".")[0], 0) / 10:
                seen = [number for (number,) in self._rows(people, select(col(Notice.id)))]
                self.done["opened"] += log_opened(
                    people.session, **ids, person_id=person, notice_ids=seen, at=people.at
                )

    @staticmethod
    def _rows(people: Hands, statement: Select[Any]) -> Iterable[tuple[Any, ...]]:
        return [tuple(row) for row in people.session.execute(statement)]
