"""Whoever is not reached by one channel is reached by the next; and what robots say in work groups."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from house import MONDAY, NIGHT, TUESDAY, House
from mail_server import MailServer
from web_receiver import Receiver, Reply, listening

from config.errors import BadInput, Conflict, UnknownName
from config.terms import Channel, DeliveryStatus, NoticeKind
from database import reading, writing
from models import Delivery, GroupPost, Notice, Person, Plan
from notifications import order
from notifications.failures import failed_deliveries, send_again
from notifications.in_person import log_opened
from notifications.queue import LEASE

Serving = Callable[..., tuple[MailServer, dict[str, Any]]]

DELIVERED, PERMANENT = DeliveryStatus.DELIVERED, DeliveryStatus.PERMANENT
EMAIL, GATEWAY = Channel.EMAIL, Channel.GATEWAY


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as found:
        yield found


def reach(receiver: Receiver, **changes: Any) -> dict[str, Any]:
    bases = {f"robots_{name}": receiver.url for name in ("dingtalk", "wecom", "feishu")}
    return {"gateway_url": f"{receiver.url}/send", "gateway_per_minute": 0, "gateway_timeout": 2, **bases, **changes}


def ways(house: House) -> list[tuple[Channel, DeliveryStatus]]:
    return [(row.channel, row.status) for row in house.all(Delivery)]


# --- the order


def test_who_has_no_address_is_reached_by_the_gateway_in_the_same_run(
    house: House, serving: Serving, receiver: Receiver
) -> None:
    _, mail = serving()
    notice = house.notice(house.unit(), [house.person("a", email=None, phone="138-0000-0001")])
    done = house.deliver(**mail, **reach(receiver))
    assert (done.sent, done.failed) == (1, 1)
    assert ways(house) == [(EMAIL, PERMANENT), (GATEWAY, DELIVERED)]
    assert house.get(Notice, notice).delivered_at == MONDAY
    (said,) = receiver.said
    assert said.json["phone"] == "13800000001" and "催办" in said.json["text"]
    assert [message.key.rpartition("/")[2] for message in house.messages()] == ["2022-07-11", "gateway"]
    (event,) = house.events(order.FALL_BACK)
    assert event.data == {"channel": "gateway", "deliveries": [2]}


def test_a_refusal_for_good_opens_the_next_channel_and_a_temporary_one_does_not(
    house: House, serving: Serving, receiver: Receiver
) -> None:
    server, mail = serving()
    server.replies = {"a@unit.example": "550 unknown", "b@unit.example": "451 later"}
    people = [house.person("a", phone="13800000001"), house.person("b", phone="13800000002")]
    house.notice(house.unit(), people)
    house.deliver(**mail, **reach(receiver))
    assert ways(house) == [(EMAIL, PERMANENT), (EMAIL, DeliveryStatus.TEMPORARY), (GATEWAY, DELIVERED)]
    for minutes in (0, 1, 2):
        house.deliver(MONDAY + timedelta(minutes=minutes), **mail, **reach(receiver))
    assert len(receiver.said) == 1


def test_who_prefers_the_gateway_gets_no_mail_unless_it_fails(
    house: House, serving: Serving, receiver: Receiver
) -> None:
    server, mail = serving()
    receiver.usual = lambda said: Reply(404) if said.json["phone"].endswith("2") else Reply()
    people = [house.person(name, phone=f"1380000000{n}", channels="gateway,email") for n, name in enumerate("ab", 1)]
    house.notice(house.unit(), people)
    for _ in range(2):  # what falls back to mail, whose turn is over, goes with the next run
        house.deliver(**mail, **reach(receiver, gateway_permanent_status="404"))
    assert ways(house) == [(GATEWAY, DELIVERED), (GATEWAY, PERMANENT), (EMAIL, DELIVERED)]
    assert server.recipients == ["b@unit.example"]


def test_the_order_of_the_office_holds_for_who_has_none(house: House, serving: Serving, receiver: Receiver) -> None:
    server, mail = serving()
    people = [house.person("a", phone="13800000001"), house.person("b", phone="13800000002", channels="email")]
    house.notice(house.unit(), people)
    house.deliver(**mail, **reach(receiver, channels="gateway"))
    assert sorted(ways(house)) == [(EMAIL, DELIVERED), (GATEWAY, DELIVERED)]
    assert server.recipients == ["b@unit.example"]


def test_who_wants_mail_alone_is_a_to_do_of_the_office_when_it_fails(
    house: House, serving: Serving, receiver: Receiver
) -> None:
    _, mail = serving()
    house.notice(house.unit(), [house.person("a", email=None, phone="13800000001", channels="email")])
    house.deliver(**mail, **reach(receiver))
    assert ways(house) == [(EMAIL, PERMANENT)] and not receiver.said


def test_a_channel_that_is_not_set_up_is_passed_over(house: House) -> None:
    house.notice(house.unit(), [house.person("a", phone="13800000001", channels="gateway")])
    house.deliver(channels="gateway,email")
    assert ways(house) == [(EMAIL, DELIVERED)]


def test_who_has_opened_the_notice_meanwhile_needs_no_second_channel(
    house: House, serving: Serving, receiver: Receiver
) -> None:
    server, mail = serving()
    server.replies = {"a@unit.example": "550 unknown"}
    person = house.person("a", phone="13800000001")
    notice = house.notice(house.unit(), [person])
    with writing(house.database) as session:
        log_opened(session, **house.scope, person_id=person, notice_ids=[notice], at=MONDAY)
    house.deliver(**mail, **reach(receiver))
    assert not receiver.said


def test_a_notice_of_the_gateway_can_be_opened_in_the_portal_once(house: House, receiver: Receiver) -> None:
    person = house.person("a", phone="13800000001", channels="gateway")
    notice = house.notice(house.unit(), [person])
    house.deliver(**reach(receiver))
    with writing(house.database) as session:
        opened = [
            log_opened(session, **house.scope, person_id=person, notice_ids=[notice], at=MONDAY) for _ in range(2)
        ]
    assert opened == [1, 0]


def test_nobody_gets_two_short_messages_however_often_it_runs(house: House, receiver: Receiver) -> None:
    unit, person = house.unit(), house.person("a", phone="13800000001", channels="gateway")
    house.notice(unit, [person])
    house.notice(unit, [person])
    house.notice(unit, [person], kind=NoticeKind.CIRCULAR)
    for minute in range(3):
        house.deliver(MONDAY + timedelta(minutes=minute), **reach(receiver))
    assert len(receiver.said) == 2
    assert len({said.headers["idempotency-key"] for said in receiver.said}) == 2


def test_a_throttled_message_waits_as_long_as_it_is_told_under_the_same_key(house: House, receiver: Receiver) -> None:
    house.notice(house.unit(), [house.person("a", phone="13800000001", channels="gateway")])
    receiver.answers = [Reply(429, headers={"Retry-After": "1800"})]
    house.deliver(**reach(receiver))
    house.deliver(MONDAY + timedelta(minutes=29), **reach(receiver))
    assert len(receiver.said) == 1
    house.deliver(MONDAY + timedelta(minutes=30), **reach(receiver))
    assert ways(house) == [(GATEWAY, DELIVERED)]
    assert len({said.headers["idempotency-key"] for said in receiver.said}) == 1


def test_what_waits_for_a_gateway_that_was_taken_away_is_said(house: House, receiver: Receiver) -> None:
    house.notice(house.unit(), [house.person("a", phone="13800000001", channels="gateway")])
    receiver.usual = Reply(503)
    house.deliver(**reach(receiver))
    done = house.deliver(MONDAY + timedelta(minutes=5))
    assert done.failed == 1 and "gateway_url" in done.problems[0]


def test_a_failure_that_another_channel_has_cured_is_no_to_do(
    house: House, serving: Serving, receiver: Receiver
) -> None:
    _, mail = serving()
    unit = house.unit()
    house.notice(unit, [house.person("a", email=None, phone="13800000001")])
    house.notice(unit, [house.person("b", email=None, phone="0571-1")])
    house.deliver(**mail, **reach(receiver))
    with reading(house.database) as session:
        found = failed_deliveries(session, house.plan_id)
    assert [(each.person, each.channel, each.detail) for each in found] == [
        ("b联络员", EMAIL, "没有邮箱地址"), ("b联络员", GATEWAY, "不是手机号码（0571-1）"),
    ]  # fmt: skip
    house.change(Person, found[1].person_id, phone="13800000002")
    with writing(house.database) as session:
        numbers = [each.delivery_id for each in found if each.channel is GATEWAY]
        send_again(session, **house.scope, delivery_ids=numbers, by_person_login="office.clerk", at=MONDAY)
    assert house.deliver(**mail, **reach(receiver)).sent == 1
    with reading(house.database) as session:
        assert failed_deliveries(session, house.plan_id) == []


def test_two_deliverers_at_once_open_and_send_the_next_channel_once(
    house: House, serving: Serving, receiver: Receiver
) -> None:
    _, mail = serving()
    people = [house.person(f"p{n}", email=None, phone=f"1380000{n:04}") for n in range(12)]
    house.notice(house.unit(), people)

    async def both() -> None:
        await asyncio.gather(*(asyncio.to_thread(house.deliver, **mail, **reach(receiver)) for _ in range(2)))

    asyncio.run(both())
    house.deliver(**mail, **reach(receiver))
    assert len(receiver.said) == 12 == len({said.json["phone"] for said in receiver.said})
    assert [status for channel, status in ways(house) if channel is GATEWAY] == [DELIVERED] * 12


def test_an_order_is_kept_once_and_stands_in_the_audit(house: House) -> None:
    house.person("a")

    def put(login: str, chosen: order.Order | None) -> None:
        with writing(house.database) as session:
            order.put_channels(session, house.tenant_id, login=login, order=chosen, at=MONDAY, by="a")

    put("a", (GATEWAY, EMAIL))
    assert house.all(Person)[0].channels == "gateway,email"
    with pytest.raises(Conflict):
        put("a", (GATEWAY, EMAIL))
    put("a", None)
    with pytest.raises(UnknownName):
        put("nobody", None)
    assert [event.data["to"] for event in house.events(order.PUT_CHANNELS)] == ["gateway,email", None]


@pytest.mark.parametrize("text", ["", "email,email", "portal", "sms", "email;gateway"])
def test_an_order_of_unknown_or_repeated_channels_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="通知渠道"):
        order.parse(text, "此人的")


# --- robots

ROBOTS = "office=dingtalk://token1\n市商务局=wecombot://key1"
OK = Reply(200, {"errcode": 0, "errmsg": "ok"})


def test_a_group_hears_once_a_day_how_many_notices_there_are_and_nothing_of_what_is_in_them(
    house: House, receiver: Receiver
) -> None:
    receiver.usual = OK
    unit, other = house.unit("市商务局"), house.unit("市税务局")
    item = house.item(unit, title="保密平台")
    house.notice(unit, [house.person("a"), house.person("b")], item_id=item)
    house.notice(other, [house.person("c")], kind=NoticeKind.REMIND)
    for minute in range(3):
        house.deliver(MONDAY + timedelta(minutes=minute), robots=ROBOTS, **reach(receiver))
    texts = {said.path: said.json["text"]["content"] for said in receiver.said}
    assert len(receiver.said) == 2
    assert "各单位收到通知：提醒 1 件、催办 1 件" in texts["/robot/send"]
    assert "市商务局收到通知：催办 1 件" in texts["/cgi-bin/webhook/send"]
    assert not any(word in text for text in texts.values() for word in ("保密平台", "联络员"))
    assert [row.status for row in house.all(GroupPost)] == [DELIVERED] * 2
    assert len(house.events("post_to_group")) == 1
    assert {row.channel for row in house.all(Delivery)} == {EMAIL}


def test_a_throttled_robot_is_tried_again_the_same_day_only(house: House, receiver: Receiver) -> None:
    receiver.usual = Reply(200, {"errcode": 130101, "errmsg": "send too fast"})
    house.notice(house.unit(), [house.person("a")])
    robots = "office=dingtalk://token1"
    done = house.deliver(robots=robots, **reach(receiver))
    assert done.sent == 1 and "发送过快" in done.problems[0]
    house.deliver(MONDAY + timedelta(minutes=9), robots=robots, **reach(receiver))
    assert len(receiver.said) == 1
    house.deliver(MONDAY + timedelta(minutes=10), robots=robots, **reach(receiver))
    assert len(receiver.said) == 2
    house.deliver(TUESDAY, robots=robots, **reach(receiver))
    assert len(receiver.said) == 2
    assert [row.status for row in house.all(GroupPost)] == [DeliveryStatus.CANCELLED]


def test_a_robot_that_died_while_speaking_does_not_speak_twice(house: House, receiver: Receiver) -> None:
    receiver.usual = Reply(503)
    house.notice(house.unit(), [house.person("a")])
    house.deliver(robots="office=dingtalk://token1", **reach(receiver))
    house.change(GroupPost, 1, status=DeliveryStatus.SENDING, claimed_at=MONDAY)
    house.deliver(MONDAY + LEASE, robots="office=dingtalk://token1", **reach(receiver))
    assert len(receiver.said) == 1
    assert house.get(GroupPost, 1).status is PERMANENT


def test_a_robot_is_silent_at_night_without_a_digest_and_about_a_demonstration(
    house: House, receiver: Receiver
) -> None:
    unit, person = house.unit(), house.person("a")
    house.notice(unit, [person], urgent=True, at=NIGHT)
    house.deliver(NIGHT, robots="office=dingtalk://token1", **reach(receiver))
    house.deliver(robots="office=dingtalk://token1", **reach(receiver))
    house.change(Plan, house.plan_id, demonstrated_until=MONDAY.date())
    house.notice(unit, [person])
    house.deliver(robots="office=dingtalk://token1", **reach(receiver))
    assert not receiver.said and house.all(GroupPost) == []


def test_a_robot_of_a_unit_that_is_not_there_is_refused(house: House, receiver: Receiver) -> None:
    house.notice(house.unit(), [house.person("a")])
    with pytest.raises(BadInput, match="没有名为“市外星局”的单位"):
        house.deliver(robots="市外星局=dingtalk://token1", **reach(receiver))
