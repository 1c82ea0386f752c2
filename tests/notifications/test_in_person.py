"""Reaching a unit without mail: served by a person, or opened in the portal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from house import DUE, MONDAY, House

from config.errors import BadInput, Conflict, Refused, UnknownName
from config.terms import Channel, DeliveryStatus, Level, NoticeKind, PaperState, Role
from database import chain, reading, writing
from models import Appointment, Delivery, Item, Notice, Paper
from notifications.failures import failed_deliveries
from notifications.in_person import log_opened, log_personal_service

HOW = "电话告知，分管负责人接听"


def serve(
    house: House, notice: int, person: int, *, by: str = "office.clerk", at: Any = MONDAY, how: str = HOW
) -> None:
    with writing(house.database) as session:
        log_personal_service(
            session, **house.scope, notice_id=notice, person_id=person, by_person_login=by, at=at, how=how
        )


def opened(house: House, person: int, *notices: int, at: Any = MONDAY) -> int:
    with writing(house.database) as session:
        return log_opened(session, **house.scope, person_id=person, notice_ids=notices, at=at)


def an_appointment(house: House, person: int, unit: int, *, until: date | None = None) -> None:
    since = date(2022, 1, 1)
    house.put(
        Appointment(
            tenant_id=house.tenant_id, person_id=person, unit_id=unit, role=Role.UNIT_HEAD, since=since, until=until
        )
    )


@pytest.fixture
def unreached(house: House) -> tuple[int, int, int]:
    """An urge that failed for good: notice, person, item."""
    house.person("office.clerk")
    unit, person = house.unit(), house.person("a", email=None)
    item = house.item(unit)
    notice = house.notice(unit, [person], item_id=item)
    house.deliver(smtp_host="127.0.0.1", smtp_port=1)
    return notice, person, item


# --- served by a person


def test_service_by_a_person_counts_as_delivery_and_cures_the_failure(
    house: House, unreached: tuple[int, int, int]
) -> None:
    notice, person, item = unreached
    with reading(house.database) as session:
        assert len(failed_deliveries(session, house.plan_id)) == 1
    serve(house, notice, person)
    with reading(house.database) as session:
        assert failed_deliveries(session, house.plan_id) == []
    assert house.get(Notice, notice).delivered_at == MONDAY
    assert house.get(Item, item).sweep_on == date(2022, 7, 11)
    mail, personal = house.all(Delivery)
    assert mail.status is DeliveryStatus.PERMANENT, "what happened to the mail stays on record"
    assert (personal.channel, personal.status, personal.detail) == (Channel.PERSONAL, DeliveryStatus.DELIVERED, HOW)


def test_service_by_a_person_stands_in_the_items_timeline_with_who_and_how(
    house: House, unreached: tuple[int, int, int]
) -> None:
    notice, person, item = unreached
    serve(house, notice, person)
    (event,) = house.events("log_personal_service")
    assert (event.actor, event.item_id, event.at) == ("office.clerk", item, MONDAY)
    assert event.data == {"notice": notice, "person": person, "how": HOW}
    with reading(house.database) as session:
        assert chain.verify(session, house.tenant_id) == []


def test_a_served_paper_is_served(house: House) -> None:
    house.person("office.clerk")
    person = house.person("head")
    notice = house.notice(house.unit(), [person], kind=NoticeKind.SUPERVISION_NOTICE)
    paper = house.paper(notice, Level.SUPERVISION_NOTICE)
    serve(house, notice, person)
    assert house.get(Paper, paper).state is PaperState.SERVED


def test_an_earlier_delivery_is_not_moved_by_a_later_service(house: House) -> None:
    house.person("office.clerk")
    person = house.person("a")
    notice = house.notice(house.unit(), [person])
    house.deliver()
    serve(house, notice, person, at=MONDAY + timedelta(days=1))
    assert house.get(Notice, notice).delivered_at == MONDAY


def test_somebody_else_of_the_unit_may_be_served(house: House, unreached: tuple[int, int, int]) -> None:
    notice, _, _ = unreached
    head = house.person("head")
    an_appointment(house, head, house.get(Notice, notice).unit_id)
    serve(house, notice, head)
    assert house.get(Notice, notice).delivered_at == MONDAY


@pytest.mark.parametrize("until", [None, date(2022, 7, 10)])
def test_somebody_who_is_not_of_the_unit_may_not_be_served(
    house: House, unreached: tuple[int, int, int], until: date | None
) -> None:
    notice, _, _ = unreached
    stranger = house.person("stranger")
    unit = house.get(Notice, notice).unit_id if until else house.unit("别的单位")
    an_appointment(house, stranger, unit, until=until)
    with pytest.raises(Refused, match="不是责任单位的人员"):
        serve(house, notice, stranger)
    assert house.get(Notice, notice).delivered_at is None


def test_a_copy_makes_nobody_one_of_the_unit(house: House) -> None:
    house.person("office.clerk")
    office = house.person("office.chief")
    notice = house.notice(house.unit(), [office], of_unit=False)
    with pytest.raises(Refused, match="不是责任单位的人员"):
        serve(house, notice, office)


def test_the_same_service_is_not_recorded_twice(house: House, unreached: tuple[int, int, int]) -> None:
    notice, person, _ = unreached
    serve(house, notice, person)
    with pytest.raises(Conflict, match="不必重复登记"):
        serve(house, notice, person)
    assert len(house.all(Delivery)) == 2


@pytest.mark.parametrize("how", ["", "  \n"])
def test_a_service_must_say_how(house: House, unreached: tuple[int, int, int], how: str) -> None:
    notice, person, _ = unreached
    with pytest.raises(BadInput, match="送达方式"):
        serve(house, notice, person, how=how)


def test_what_does_not_exist_cannot_be_served(house: House, unreached: tuple[int, int, int]) -> None:
    notice, person, _ = unreached
    with pytest.raises(UnknownName, match="没有编号为 999 的通知"):
        serve(house, 999, person)
    with pytest.raises(UnknownName, match="没有登录名为 nobody"):
        serve(house, notice, person, by="nobody")


def test_a_notice_of_another_plan_cannot_be_served(house: House, unreached: tuple[int, int, int]) -> None:
    notice, person, _ = unreached
    house.plan_id = house.another_plan("other")
    with pytest.raises(UnknownName):
        serve(house, notice, person)


def test_an_unsigned_paper_cannot_be_served_and_a_cancelled_notice_need_not(house: House) -> None:
    house.person("office.clerk")
    unit, person = house.unit(), house.person("a")
    draft = house.notice(unit, [person], kind=NoticeKind.CIRCULAR, issued_at=None)
    with pytest.raises(Refused, match="尚未签发"):
        serve(house, draft, person)
    cancelled = house.notice(unit, [person], cancelled_at=MONDAY)
    with pytest.raises(Refused, match="已经作废"):
        serve(house, cancelled, person)


# --- opened in the portal


def test_opening_a_notice_in_the_portal_counts_as_delivery(house: House) -> None:
    unit, person = house.unit(), house.person("a", email=None)
    item = house.item(unit)
    notice = house.notice(unit, [person], item_id=item)
    assert opened(house, person, notice) == 1
    assert house.get(Notice, notice).delivered_at == MONDAY
    assert house.get(Item, item).sweep_on == date(2022, 7, 11)
    (event,) = house.events("open_notices")
    assert (event.actor, event.data) == ("a", {"notices": [notice]})


def test_opening_it_again_changes_nothing(house: House) -> None:
    person = house.person("a")
    notice = house.notice(house.unit(), [person])
    opened(house, person, notice)
    assert opened(house, person, notice, at=MONDAY + timedelta(hours=1)) == 0
    assert len(house.events("open_notices")) == 1
    assert house.get(Notice, notice).delivered_at == MONDAY


def test_a_copy_that_is_opened_is_no_warning(house: House) -> None:
    person = house.person("office")
    notice = house.notice(house.unit(), [person], of_unit=False)
    assert opened(house, person, notice) == 1
    assert house.get(Notice, notice).delivered_at is None


def test_only_what_is_addressed_to_the_person_issued_and_standing_can_be_opened(house: House) -> None:
    unit, person, other = house.unit(), house.person("a"), house.person("b")
    theirs = house.notice(unit, [other])
    draft = house.notice(unit, [person], kind=NoticeKind.CIRCULAR, issued_at=None)
    cancelled = house.notice(unit, [person], cancelled_at=MONDAY)
    assert opened(house, person, theirs, draft, cancelled, 999) == 0
    assert house.events("open_notices") == []


def test_what_was_opened_is_still_mailed(house: House) -> None:
    person = house.person("a")
    notice = house.notice(house.unit(), [person], due=DUE)
    opened(house, person, notice)
    assert house.deliver().sent == 1
