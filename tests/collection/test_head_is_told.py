"""A unit's head is told by mail that a draft waits for their word: once, and never of one that does not wait."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from reporting_office import Office, at
from sqlalchemy import select
from sqlmodel import col

from config.errors import Refused
from config.terms import DeliveryStatus, NoticeKind
from database import reading, writing
from models import Delivery, Notice, Person, ReportingRequest
from supervision.ledger import people
from supervision.ledger.reporting import drafts

LIAISON, HEAD = "330102.liaison", "330102.head"
FIGURES = {"T01/330102": "480", "T02/330102": "100", "T12/330102": "不适用"}


class Desk:
    """The people of 上城区 at the form of the second quarter; each thing done is a transaction of its own."""

    def __init__(self, office: Office) -> None:
        self.office = office
        office.open("07-01")
        with reading(office.database) as session:
            self.number = session.scalars(
                select(col(ReportingRequest.id)).where(
                    col(ReportingRequest.unit_id) == office.force.unit_id("330102"),
                    col(ReportingRequest.period) == "2022Q2",
                )
            ).first() or 0  # fmt: skip

    def write(self, figures: Mapping[str, str] = FIGURES, when: str = "07-04", by: str = LIAISON) -> None:
        with writing(self.office.database) as session:
            request = session.get_one(ReportingRequest, self.number)
            draft = drafts.draft_of(session, request)
            typed = {key: {"value": value, "note": ""} for key, value in figures.items()}
            drafts.save_draft(
                session, self.office.force, self.number, typed, by=self.office.who(session, by, at(when)), at=at(when),
                revision=draft.revision if draft else 0,
            )  # fmt: skip

    def ask(self, when: str = "07-04", by: str = LIAISON) -> list[str]:
        with writing(self.office.database) as session:
            who = self.office.who(session, by, at(when))
            asked = drafts.ask_head(session, self.office.force, self.number, by=who, at=at(when))
        return [head.login for head in asked]

    def give_back(self, when: str = "07-05") -> None:
        with writing(self.office.database) as session:
            drafts.give_back(
                session, self.office.force, self.number, comment="T01 请再核",
                by=self.office.who(session, HEAD, at(when)), at=at(when),
            )  # fmt: skip

    def told(self, *, standing: bool = True) -> list[tuple[str, str, DeliveryStatus]]:
        """Return reason, login and status of what was made for heads, only what stands unless asked otherwise."""
        statement = (
            select(col(Notice.because), col(Person.login), col(Delivery.status))
            .join(Delivery, col(Delivery.notice_id) == col(Notice.id))
            .join(Person, col(Person.id) == col(Delivery.person_id))
            .where(col(Notice.kind) == NoticeKind.FORM_TO_CONFIRM, col(Notice.request_id) == self.number)
            .order_by(col(Notice.id))
        )
        if standing:
            statement = statement.where(col(Notice.cancelled_at).is_(None))
        with reading(self.office.database) as session:
            return list(session.execute(statement).tuples())

    def reach(self, when: str = "07-04") -> None:
        """Let what waits reach the head, as a delivered mail does."""
        with writing(self.office.database) as session:
            waiting = select(Notice).where(
                col(Notice.kind) == NoticeKind.FORM_TO_CONFIRM, col(Notice.cancelled_at).is_(None)
            )
            for notice in session.scalars(waiting):
                notice.delivered_at = at(when)
                for delivery in session.scalars(select(Delivery).where(col(Delivery.notice_id) == notice.id)):
                    delivery.status, delivery.delivered_at = DeliveryStatus.DELIVERED, at(when)


@pytest.fixture
def at_work(office: Office) -> Desk:
    return Desk(office)


def test_the_head_is_told_who_drafted_what_until_when_with_the_figures_at_a_glance(at_work: Desk) -> None:
    at_work.write()
    assert at_work.told() == [], "a draft that is being written is nobody's business"
    assert at_work.ask() == [HEAD]
    [(because, login, status)] = at_work.told()
    assert (login, status) == (HEAD, DeliveryStatus.CREATED)
    for said in (
        "2022年第二季度",
        "上城区联络员填好",
        "待您确认",
        "已填3个（其中不适用1个）",
        "空缺",
        "480",
        "2022年7月20日前",
    ):
        assert said in because, said


def test_the_same_draft_asked_about_twice_is_told_once(at_work: Desk) -> None:
    at_work.write()
    at_work.ask()
    at_work.ask()
    at_work.write(when="07-04 11:00")
    at_work.ask(when="07-04 11:00")
    assert len(at_work.told()) == 1, "what was taken back unsent does not stand beside it"
    at_work.reach()
    at_work.write(when="07-05")
    at_work.ask(when="07-05")
    assert len(at_work.told()) == 1, "the head has been told of these very figures"


def test_other_figures_and_a_draft_that_was_given_back_are_told_anew(at_work: Desk) -> None:
    at_work.write()
    at_work.ask()
    at_work.reach()
    at_work.write(FIGURES | {"T01/330102": "481"}, when="07-05")
    at_work.ask(when="07-05")
    assert ["481" in because for because, _, _ in at_work.told()] == [False, True]
    at_work.reach("07-05")
    at_work.give_back()
    at_work.ask(when="07-06")
    assert len(at_work.told()) == 3


def test_what_is_written_again_given_back_filed_or_too_late_is_not_announced(at_work: Desk) -> None:
    at_work.write()
    at_work.ask()
    at_work.write(FIGURES | {"T01/330102": "490"})
    assert at_work.told() == []
    at_work.ask()
    at_work.give_back()
    assert at_work.told() == []
    at_work.write()
    at_work.ask(when="07-06")
    at_work.office.submit({"T01": "480", "T02": "100"}, "07-06 11:00", note="已核对", by=HEAD)
    assert at_work.told() == []
    assert {status for _, _, status in at_work.told(standing=False)} == {DeliveryStatus.CANCELLED}
    with reading(at_work.office.database) as session:
        draft = drafts.draft_of(session, session.get_one(ReportingRequest, at_work.number))
        assert draft is not None and draft.asked_at is None, "what was typed is kept, nobody waits for it"


def test_a_window_that_closes_ends_the_question(at_work: Desk) -> None:
    at_work.write()
    at_work.ask(when="07-22 17:40")
    at_work.office.close("08-01")
    assert at_work.told() == []
    with pytest.raises(Refused, match="不能再送审"):
        at_work.ask(when="08-01")


def test_whoever_stands_in_for_the_head_is_told_and_whoever_asks_is_not(at_work: Desk) -> None:
    office = at_work.office

    def lend(to: str) -> None:
        with writing(office.database) as session:
            people.delegate(
                session, office.force.tenant_id, login=HEAD, to=to, since=at("07-04").date(), until=at("07-05").date(),
                reason="出差", at=at("07-04"), by="console",
            )  # fmt: skip

    lend("jxj.head")
    at_work.write()
    at_work.ask()
    assert [login for _, login, _ in at_work.told()] == ["jxj.head"]
    with writing(office.database) as session:
        people.end_delegation(
            session, office.force.tenant_id, login=HEAD, on=at("07-04").date(), at=at("07-04"), by="console"
        )
    lend(LIAISON)
    at_work.write(FIGURES | {"T01/330102": "490"})
    assert at_work.ask() == [LIAISON] and at_work.told() == []


def test_without_a_head_there_is_nobody_to_ask(at_work: Desk) -> None:
    at_work.write()
    with writing(at_work.office.database) as session:
        people.disable(session, at_work.office.force.tenant_id, login=HEAD, at=at("07-04"), by="console")
    with pytest.raises(Refused, match="没有分管负责人，不必送审"):
        at_work.ask()
