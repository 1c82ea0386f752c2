"""Emptying the outbox: what leaves when, to whom, in which message, and once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from house import MONDAY, NIGHT, SATURDAY, TUESDAY, House
from mail_server import MailServer
from mails import mail_of, plain_of

from config.errors import BadInput
from config.terms import DeliveryStatus, Level, NoticeKind, UnitKind
from models import Delivery, Notice, PlanVersion
from models import Plan as PlanRow
from notifications.outbox import Delivered

Serving = Callable[..., tuple[MailServer, dict[str, Any]]]


def counts(done: Delivered) -> tuple[int, int, int]:
    return done.sent, done.deferred, done.failed


def read(path: Path) -> EmailMessage:
    return mail_of(path.read_bytes())


def test_an_empty_outbox_does_nothing(house: House) -> None:
    assert house.deliver() == Delivered()
    assert not (house.home / "mail").exists()


def test_a_notice_reaches_its_person_once_however_often_the_outbox_is_emptied(house: House) -> None:
    unit = house.unit()
    house.notice(unit, [house.person("a")])
    assert counts(house.deliver()) == (1, 0, 0)
    assert counts(house.deliver()) == (0, 0, 0)
    assert counts(house.deliver(TUESDAY)) == (0, 0, 0)
    assert len(house.mails()) == 1
    (delivery,) = house.all(Delivery)
    assert (delivery.status, delivery.attempts, delivery.delivered_at) == (DeliveryStatus.DELIVERED, 1, MONDAY)


def test_the_message_is_kept_with_the_subject_it_bore(house: House) -> None:
    house.notice(house.unit(), [house.person("a")])
    house.deliver()
    (message,) = house.messages()
    assert message.key == "digest/1/2022-07-11"
    assert message.subject == "【催办】建设线上交易平台（2022年第二季度），已逾期3天"
    assert (message.status, message.sent_at) == (DeliveryStatus.DELIVERED, MONDAY)


def test_mail_goes_to_the_server_when_one_is_set(house: House, serving: Serving) -> None:
    server, reach = serving()
    house.notice(house.unit(), [house.person("a"), house.person("b")])
    assert counts(house.deliver(**reach)) == (2, 0, 0)
    assert server.recipients.count("a@unit.example") == 1
    assert server.recipients.count("b@unit.example") == 1
    assert house.mails() == []


def test_a_person_gets_one_digest_of_all_that_waits(house: House) -> None:
    unit, person = house.unit(), house.person("a")
    for number in range(3):
        house.notice(unit, [person], item_id=house.item(unit, title=f"事项{number}"))
    assert counts(house.deliver()) == (3, 0, 0)
    (path,) = house.mails()
    text = plain_of(read(path))
    assert [f"事项{number}" in text for number in range(3)] == [True] * 3


def test_what_comes_after_the_digest_waits_for_the_next_day(house: House) -> None:
    unit, person = house.unit(), house.person("a")
    house.notice(unit, [person])
    house.deliver()
    house.notice(unit, [person], at=MONDAY + timedelta(hours=1))
    assert counts(house.deliver(MONDAY + timedelta(hours=1))) == (0, 1, 0)
    assert counts(house.deliver(MONDAY.replace(hour=17))) == (0, 1, 0)
    assert counts(house.deliver(TUESDAY)) == (1, 0, 0)
    assert [message.key for message in house.messages()] == ["digest/1/2022-07-11", "digest/1/2022-07-12"]


def test_the_day_of_a_digest_is_the_day_in_shanghai(house: House) -> None:
    house.notice(house.unit(), [house.person("a")])
    house.deliver(MONDAY.astimezone(ZoneInfo("America/Los_Angeles")))  # where it is still Sunday
    assert house.messages()[0].key == "digest/1/2022-07-11"


def test_each_signed_paper_goes_on_its_own_beside_the_digest(house: House) -> None:
    unit, person = house.unit(), house.person("a")
    papers = [
        house.notice(unit, [person], kind=NoticeKind.SUPERVISION_NOTICE),
        house.notice(unit, [person], kind=NoticeKind.CIRCULAR),
    ]
    house.paper(papers[0], Level.SUPERVISION_NOTICE)
    house.notice(unit, [person])
    house.notice(unit, [person])
    assert counts(house.deliver()) == (4, 0, 0)
    assert sorted(message.key for message in house.messages()) == [
        "digest/1/2022-07-11",
        f"notice/{papers[0]}/1",
        f"notice/{papers[1]}/1",
    ]


def test_a_paper_may_follow_the_digest_on_the_same_day(house: House) -> None:
    unit, person = house.unit(), house.person("a")
    house.notice(unit, [person])
    house.deliver()
    house.notice(unit, [person], kind=NoticeKind.CIRCULAR)
    assert counts(house.deliver(MONDAY.replace(hour=15))) == (1, 0, 0)


def test_a_paper_that_nobody_has_signed_does_not_leave(house: House) -> None:
    house.notice(house.unit(), [house.person("a")], kind=NoticeKind.SUPERVISION_NOTICE, issued_at=None)
    assert house.deliver().sent == 0
    assert house.statuses() == [DeliveryStatus.CREATED]


# --- working time


@pytest.mark.parametrize(
    "at",
    [
        NIGHT,
        SATURDAY,
        MONDAY.replace(hour=8, minute=29, second=59),
        MONDAY.replace(hour=17, minute=30),
        MONDAY.replace(year=2022, month=10, day=3),
    ],
    ids=["night", "saturday", "before half past eight", "at half past five", "national day"],
)
def test_outside_working_time_only_urgent_notices_leave(house: House, at: Any) -> None:
    unit, person = house.unit(), house.person("a")
    long_ago = at - timedelta(hours=1)
    house.notice(unit, [person], at=long_ago)
    house.notice(unit, [person], at=long_ago, kind=NoticeKind.CIRCULAR)
    urgent = house.notice(unit, [person], at=long_ago, urgent=True)
    assert counts(house.deliver(at)) == (1, 2, 0)
    assert [message.key for message in house.messages()] == [f"notice/{urgent}/1"]


def test_a_makeup_saturday_is_a_working_day(house: House) -> None:
    at = MONDAY.replace(month=10, day=8)
    house.notice(house.unit(), [house.person("a")], at=at)
    assert house.deliver(at).sent == 1


def test_what_was_held_back_leaves_on_the_next_working_morning(house: House) -> None:
    house.notice(house.unit(), [house.person("a")], at=SATURDAY)
    assert counts(house.deliver(SATURDAY)) == (0, 1, 0)
    assert counts(house.deliver(MONDAY.replace(hour=8, minute=30))) == (1, 0, 0)


def test_a_notice_does_not_leave_before_its_time(house: House) -> None:
    house.notice(house.unit(), [house.person("a")], at=MONDAY.replace(hour=10))
    assert counts(house.deliver(MONDAY)) == (0, 1, 0)
    assert counts(house.deliver(MONDAY.replace(hour=10))) == (1, 0, 0)


def test_digests_wait_until_the_flows_of_the_morning_are_through_and_papers_do_not(house: House) -> None:
    unit, person = house.unit(), house.person("a")
    early = MONDAY.replace(hour=8, minute=40)
    house.notice(unit, [person], at=SATURDAY)
    house.notice(unit, [person], at=SATURDAY, kind=NoticeKind.CIRCULAR)
    assert counts(house.deliver(early, digest_from=time(8, 50))) == (1, 1, 0)
    house.notice(unit, [person], at=early)
    assert counts(house.deliver(MONDAY.replace(hour=8, minute=50), digest_from=time(8, 50))) == (2, 0, 0)
    assert len(house.mails()) == 2


# --- what is cancelled


def test_a_cancelled_notice_is_not_sent(house: House) -> None:
    unit, person = house.unit(), house.person("a")
    house.notice(unit, [person], cancelled_at=MONDAY)
    house.notice(unit, [person])
    assert counts(house.deliver()) == (1, 0, 0)
    assert house.statuses() == [DeliveryStatus.CANCELLED, DeliveryStatus.DELIVERED]


def test_a_notice_cancelled_between_two_tries_is_dropped_from_its_message(house: House, serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"a@unit.example": "450 busy"}
    unit, person = house.unit(), house.person("a")
    first = house.notice(unit, [person], item_id=house.item(unit, title="撤销的事项"))
    house.notice(unit, [person], item_id=house.item(unit, title="留下的事项"))
    assert house.deliver(**reach).failed == 2
    house.change(Notice, first, cancelled_at=MONDAY)
    server.replies = {}
    assert counts(house.deliver(MONDAY + timedelta(minutes=5), **reach)) == (1, 0, 0)
    text = plain_of(server.received[0][1])
    assert "留下的事项" in text
    assert "撤销的事项" not in text
    assert house.statuses() == [DeliveryStatus.CANCELLED, DeliveryStatus.DELIVERED]


def test_a_message_whose_notices_are_all_cancelled_is_closed(house: House, serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"a@unit.example": "450 busy"}
    notice = house.notice(house.unit(), [house.person("a")])
    house.deliver(**reach)
    house.change(Notice, notice, cancelled_at=MONDAY)
    assert counts(house.deliver(MONDAY + timedelta(minutes=1), **reach)) == (0, 0, 0)
    assert house.messages()[0].status is DeliveryStatus.CANCELLED


# --- people and plans


def test_a_person_without_an_address_is_a_permanent_failure_and_the_others_get_theirs(
    house: House, serving: Serving
) -> None:
    server, reach = serving()
    people = [house.person("a"), house.person("b", email=None), house.person("c", email="c@x\r\nBcc: d@x")]
    house.notice(house.unit(), people)
    done = house.deliver(**reach)
    assert counts(done) == (1, 0, 2)
    assert server.recipients == ["a@unit.example"]
    assert done.problems == ("1 件：没有邮箱地址", "1 件：邮箱地址不能用（c@x Bcc: d@x）")
    assert [row.detail for row in house.all(Delivery)][1] == "没有邮箱地址"


def test_without_a_server_people_without_an_address_get_their_file(house: House) -> None:
    house.notice(house.unit(), [house.person("b", email=None)])
    assert house.deliver().sent == 1
    assert read(house.mails()[0])["To"] == "b联络员 <b@localhost.invalid>"


def test_another_plan_of_the_same_leading_group_is_left_alone(house: House) -> None:
    house.notice(house.unit(), [house.person("a")])
    other = house.another_plan("other")
    assert house.deliver(plan_id=other) == Delivered()
    assert house.statuses() == [DeliveryStatus.CREATED]


def test_the_plan_names_the_office_its_numbers_and_what_units_are_called_today(house: House) -> None:
    unit = house.unit("旧名局", UnitKind.CENTRAL)
    content = {
        "office": {"name": "推进领导小组办公室", "word": "新小微办"},
        "units": [
            {
                "code": "u1",
                "name": "旧名局",
                "official_name": "新市旧名局",
                "kind": "central",
                "successors": [{"name": "新名局", "start": "2022-07-01", "source": "机构改革方案"}],
                "source": "三（一）",
            }
        ],
        "papers": [
            {
                "kind": "central",
                "urge": "函请",
                "supervision_notice": "函请",
                "circular": "抄送",
                "source": "office ruling",
            }
        ],
    }
    version = house.put(PlanVersion(**house.scope, number=1, digest="d", content=content, loaded_at=MONDAY))
    house.change(PlanRow, house.plan_id, content_id=version)
    house.notice(unit, [house.person("a")])
    house.deliver()
    mail = read(house.mails()[0])
    assert mail["From"] == "推进领导小组办公室 <duban@office.example>"
    assert mail["Subject"].startswith("【函请】")
    text = plain_of(mail)
    assert "新名局" in text
    assert "旧名局" not in text.replace("u1", "")


def test_a_demonstration_says_so_in_every_mail(house: House) -> None:
    house.change(PlanRow, house.plan_id, demonstrated_until=date(2022, 7, 11))
    house.notice(house.unit(), [house.person("a")])
    house.deliver()
    assert read(house.mails()[0])["Subject"].startswith("【模拟数据】")


def test_a_request_is_named_by_its_form_and_period(house: House) -> None:
    unit = house.unit()
    house.notice(unit, [house.person("a")], kind=NoticeKind.REQUEST_OPENED, request_id=house.request(unit), rung=None)
    house.deliver()
    mail = read(house.mails()[0])
    assert "《季度情况表》（2022年第二季度）" in mail["Subject"]
    assert "/reports/1" in plain_of(mail)


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nBcc: c@d"])
def test_a_sender_that_is_no_address_is_refused_before_anything_is_claimed(house: House, address: str) -> None:
    house.notice(house.unit(), [house.person("a")])
    with pytest.raises(BadInput, match="mail_from 应为一个邮箱地址"):
        house.deliver(mail_from=address)
    assert house.statuses() == [DeliveryStatus.CREATED]
    assert house.deliver().sent == 1


def test_more_messages_than_a_batch_holds_all_leave_in_one_run(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.outbox.MESSAGES_PER_BATCH", 4)
    unit = house.unit()
    people = [house.person(f"p{number}") for number in range(11)]
    house.notice(unit, people)
    house.notice(unit, people, kind=NoticeKind.CIRCULAR)
    assert counts(house.deliver()) == (22, 0, 0)
    assert len(house.mails()) == 22
    assert len(house.events()) == 6


def test_people_who_have_had_their_digest_do_not_keep_others_from_theirs(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.outbox.MESSAGES_PER_BATCH", 2)
    unit = house.unit()
    early = [house.person("a"), house.person("b")]
    house.notice(unit, early)
    house.deliver()
    house.notice(unit, [*early, house.person("c")])
    assert counts(house.deliver(MONDAY.replace(hour=10))) == (1, 2, 0)
