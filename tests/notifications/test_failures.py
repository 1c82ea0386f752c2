"""Mail that failed for good stays a to-do until somebody has acted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from house import MONDAY, House
from mail_server import MailServer

from config.errors import Conflict
from config.terms import DeliveryStatus, NoticeKind
from database import chain, reading, writing
from models import Notice, Person
from notifications.failures import FailedDelivery, failed_deliveries, send_again

Serving = Callable[..., tuple[MailServer, dict[str, Any]]]


def failures(house: House) -> list[FailedDelivery]:
    with reading(house.database) as session:
        return failed_deliveries(session, house.plan_id)


def again(house: House, *deliveries: int, at: Any = MONDAY) -> int:
    with writing(house.database) as session:
        return send_again(session, **house.scope, delivery_ids=deliveries, by_person_login="office.clerk", at=at)


def test_a_failure_says_who_was_not_reached_why_and_what_hangs_on_it(house: House, serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"a@unit.example": "550 unknown"}
    unit, person = house.unit("市商务局"), house.person("a")
    item = house.item(unit)
    notice = house.notice(unit, [person], item_id=item)
    house.deliver(**reach)
    (failure,) = failures(house)
    assert failure == FailedDelivery(
        1, notice, NoticeKind.URGE, item, None, "市商务局", person, "a联络员", "a@unit.example", MONDAY,
        "对方服务器拒收（550 unknown）", True,
    )  # fmt: skip


def test_what_holds_up_the_ladder_comes_first(house: House, serving: Serving) -> None:
    _, reach = serving()
    unit, lost = house.unit(), house.person("lost", email=None)
    reached = house.notice(unit, [lost, house.person("b")])
    copy = house.notice(unit, [lost], of_unit=False)
    unreached = house.notice(unit, [lost])
    house.deliver(**reach)
    assert [(failure.notice_id, failure.blocks) for failure in failures(house)] == [
        (unreached, True),
        (reached, False),
        (copy, False),
    ]


def test_temporary_failures_and_cancelled_notices_are_no_to_do(house: House, serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"a@unit.example": "450 later"}
    unit = house.unit()
    house.notice(unit, [house.person("a")])
    cancelled = house.notice(unit, [house.person("b", email=None)])
    house.deliver(**reach)
    house.change(Notice, cancelled, cancelled_at=MONDAY)
    assert failures(house) == []


def test_failures_of_another_plan_are_not_shown(house: House) -> None:
    house.notice(house.unit(), [house.person("a", email=None)])
    house.deliver(smtp_host="127.0.0.1", smtp_port=1)
    house.plan_id = house.another_plan("other")
    assert failures(house) == []


def test_once_the_address_is_put_right_the_mail_goes_again(house: House, serving: Serving) -> None:
    server, reach = serving()
    unit, person = house.unit(), house.person("a", email=None)
    for _ in range(2):
        house.notice(unit, [person])
    house.deliver(**reach)
    house.change(Person, person, email="a@unit.example")
    assert again(house, 1) == 2, "a digest goes again as a whole"
    done = house.deliver(MONDAY + timedelta(minutes=1), **reach)
    assert (done.sent, done.deferred, done.failed) == (2, 0, 0)
    assert server.recipients == ["a@unit.example"]
    assert failures(house) == []
    (event,) = house.events("send_again")
    assert (event.actor, event.data) == ("office.clerk", {"deliveries": [1, 2]})
    with reading(house.database) as session:
        assert chain.verify(session, house.tenant_id) == []


def test_what_has_arrived_is_never_sent_again(house: House) -> None:
    house.notice(house.unit(), [house.person("a")])
    house.deliver()
    with pytest.raises(Conflict, match="已不在发送失败之列"):
        again(house, 1)
    assert house.statuses() == [DeliveryStatus.DELIVERED]


def test_sending_again_starts_the_retries_anew(house: House, serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"a@unit.example": "451 later"}
    house.notice(house.unit(), [house.person("a")], urgent=True)
    at = MONDAY
    for _ in range(20):
        house.deliver(at, **reach)
        at += timedelta(days=1)
    assert house.statuses() == [DeliveryStatus.PERMANENT]
    again(house, 1, at=at)
    house.deliver(at, **reach)
    assert house.statuses() == [DeliveryStatus.TEMPORARY]
