"""What follows from a delivery: the unit counts as reached, the ladder wakes, the paper is served, the chain grows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from house import MONDAY, SATURDAY, House
from mail_server import MailServer
from sqlalchemy import event

from config.terms import Level, NoticeKind, PaperState, RequestState, Status
from database import chain, reading
from models import Item, Notice, Paper, ReportingRequest
from notifications.queue import is_idle

Serving = Callable[..., tuple[MailServer, dict[str, Any]]]

TODAY = date(2022, 7, 11)


def test_a_notice_counts_as_delivered_from_the_first_delivery_to_the_unit(house: House, serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"a@unit.example": "451 later"}
    notice = house.notice(house.unit(), [house.person("a"), house.person("b")])
    house.deliver(**reach)
    assert house.get(Notice, notice).delivered_at == MONDAY
    server.replies = {}
    house.deliver(MONDAY + timedelta(minutes=5), **reach)
    assert house.get(Notice, notice).delivered_at == MONDAY, "a later delivery does not move it"


def test_a_copy_to_somebody_outside_the_unit_is_no_warning(house: House) -> None:
    unit = house.unit()
    item = house.item(unit)
    notice = house.notice(unit, [house.person("office")], item_id=item, of_unit=False)
    assert house.deliver().sent == 1
    assert house.get(Notice, notice).delivered_at is None
    assert house.get(Item, item).sweep_on is None


def test_a_failure_is_no_delivery(house: House, serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"a@unit.example": "550 unknown", "b@unit.example": "450 later"}
    unit = house.unit()
    item = house.item(unit)
    notice = house.notice(unit, [house.person("a"), house.person("b")], item_id=item)
    house.deliver(**reach)
    assert house.get(Notice, notice).delivered_at is None
    assert house.get(Item, item).sweep_on is None


# --- waking


@pytest.mark.parametrize("status", [Status.ASSIGNED, Status.ACKNOWLEDGED, Status.RETURNED])
def test_a_delivered_rung_wakes_its_item_on_the_day_of_delivery(house: House, status: Status) -> None:
    unit = house.unit()
    item = house.item(unit, status=status)
    house.notice(unit, [house.person("a")], item_id=item)
    house.deliver()
    assert house.get(Item, item).sweep_on == TODAY


def test_the_day_of_delivery_is_the_day_in_shanghai(house: House) -> None:
    unit = house.unit()
    item = house.item(unit)
    house.notice(unit, [house.person("a")], item_id=item, urgent=True, at=SATURDAY)
    house.deliver(SATURDAY.replace(hour=0, minute=30) + timedelta(days=1))
    assert house.get(Item, item).sweep_on == date(2022, 7, 10)


@pytest.mark.parametrize(
    ("present", "afterwards"),
    [(date(2022, 7, 5), date(2022, 7, 5)), (TODAY, TODAY), (date(2022, 8, 1), TODAY)],
)
def test_an_item_never_wakes_later_than_it_would_anyway(house: House, present: date, afterwards: date) -> None:
    unit = house.unit()
    item = house.item(unit, sweep_on=present)
    house.notice(unit, [house.person("a")], item_id=item)
    house.deliver()
    assert house.get(Item, item).sweep_on == afterwards


@pytest.mark.parametrize(
    "status", [Status.COMPLETION_REPORTED, Status.SUSPENDED, Status.DISPUTED, Status.COMPLETED, Status.WITHDRAWN]
)
def test_an_item_whose_clock_does_not_run_sleeps_on(house: House, status: Status) -> None:
    unit = house.unit()
    item = house.item(unit, status=status)
    notice = house.notice(unit, [house.person("a")], item_id=item)
    house.deliver()
    assert house.get(Item, item).sweep_on is None
    assert house.get(Notice, notice).delivered_at == MONDAY


def test_a_notice_about_an_earlier_due_date_wakes_nothing(house: House) -> None:
    unit = house.unit()
    item = house.item(unit, due_version=2)
    house.notice(unit, [house.person("a")], item_id=item, due_version=1)
    house.deliver()
    assert house.get(Item, item).sweep_on is None


def test_a_notice_that_is_no_rung_wakes_nothing(house: House) -> None:
    unit = house.unit()
    item = house.item(unit)
    notice = house.notice(unit, [house.person("a")], kind=NoticeKind.ASSIGN, rung=None, item_id=item)
    house.deliver()
    assert house.get(Item, item).sweep_on is None
    assert house.get(Notice, notice).delivered_at == MONDAY


def test_only_the_item_that_the_notice_is_about_wakes(house: House) -> None:
    unit = house.unit()
    other, item = house.item(unit), house.item(unit)
    house.notice(unit, [house.person("a")], item_id=item)
    house.deliver()
    assert house.get(Item, other).sweep_on is None


@pytest.mark.parametrize(
    ("state", "wakes"),
    [
        (RequestState.OPEN, True),
        (RequestState.RETURNED, True),
        (RequestState.FILED, False),
        (RequestState.CONFIRMED, False),
        (RequestState.MISSING, False),
    ],
)
def test_a_delivered_rung_wakes_a_request_that_is_still_waited_for(
    house: House, state: RequestState, wakes: bool
) -> None:
    unit = house.unit()
    request = house.request(unit, state=state, sweep_on=date(2022, 8, 1))
    house.notice(unit, [house.person("a")], request_id=request)
    house.deliver()
    assert house.get(ReportingRequest, request).sweep_on == (TODAY if wakes else date(2022, 8, 1))


# --- papers


def test_a_signed_paper_is_served_by_its_delivery_to_the_unit(house: House) -> None:
    unit = house.unit()
    notice = house.notice(unit, [house.person("head")], kind=NoticeKind.SUPERVISION_NOTICE)
    house.delivery(notice, house.person("office"), of_unit=False)
    paper = house.paper(notice, Level.SUPERVISION_NOTICE)
    house.deliver()
    served = house.get(Paper, paper)
    assert (served.state, served.served_at, served.revision) == (PaperState.SERVED, MONDAY, 2)


def test_a_copy_alone_does_not_serve_a_paper_that_is_addressed_to_the_unit(house: House, serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"head@unit.example": "550 unknown"}
    notice = house.notice(house.unit(), [house.person("head")], kind=NoticeKind.SUPERVISION_NOTICE)
    house.delivery(notice, house.person("office"), of_unit=False)
    paper = house.paper(notice, Level.SUPERVISION_NOTICE)
    assert house.deliver(**reach).sent == 1
    assert house.get(Paper, paper).state is PaperState.ISSUED


def test_a_circular_to_the_leading_group_alone_is_served_when_somebody_has_it(house: House) -> None:
    notice = house.notice(house.unit(), [house.person("leader")], kind=NoticeKind.CIRCULAR, of_unit=False)
    paper = house.paper(notice, Level.CIRCULAR)
    house.deliver()
    assert house.get(Paper, paper).state is PaperState.SERVED
    assert house.get(Notice, notice).delivered_at is None


def test_a_receipt_that_came_first_is_not_undone(house: House) -> None:
    notice = house.notice(house.unit(), [house.person("head")], kind=NoticeKind.SUPERVISION_NOTICE)
    paper = house.paper(notice, Level.SUPERVISION_NOTICE)
    house.change(Paper, paper, state=PaperState.RECEIPTED, receipted_at=MONDAY)
    house.deliver()
    assert house.get(Paper, paper).state is PaperState.RECEIPTED


# --- the chain


def test_each_batch_leaves_one_chained_entry_for_each_outcome(house: House, serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"b@unit.example": "550 unknown", "c@unit.example": "450 later"}
    house.notice(house.unit(), [house.person(name) for name in "abcd"])
    house.deliver(**reach)
    entries = {event.data["outcome"]: event for event in house.events()}
    assert {outcome: event.data["deliveries"] for outcome, event in entries.items()} == {
        "delivered": [1, 4],
        "permanent": [2],
        "temporary": [3],
    }
    assert entries["permanent"].data["details"] == ["对方服务器拒收（550 unknown）"]
    assert {(event.actor, event.at, event.plan_id) for event in entries.values()} == {
        ("flow:deliver", MONDAY, house.plan_id)
    }
    with reading(house.database) as session:
        assert chain.verify(session, house.tenant_id) == []


def test_a_run_that_sends_nothing_leaves_no_entry(house: House) -> None:
    house.notice(house.unit(), [house.person("a")], at=SATURDAY)
    house.deliver(SATURDAY)
    assert house.events() == []


def test_asking_whether_anything_waits_uses_its_own_small_index(house: House) -> None:
    if not house.database.is_sqlite:
        pytest.skip("PostgreSQL chooses by the size of the table")
    asked: list[tuple[str, Any]] = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *seen: asked.append((seen[2], seen[3])))
    with reading(house.database) as session:
        assert is_idle(session, house.plan_id)
        statement, parameters = asked[-1]
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert "ix_delivery_waiting" in str(plan)
