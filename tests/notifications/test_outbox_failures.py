"""Retries, crashes, two deliverers at once: nothing is lost, and nobody gets anything twice."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

import pytest
from house import MONDAY, WORKING_TIME, House, settings
from mail_server import SILENCE, MailServer
from mails import mail_of, plain_of

from config.terms import DeliveryStatus, NoticeKind
from database import Database, writing
from models import Delivery, Message, Notice
from notifications import channels
from notifications.channels import MaildirChannel, Report
from notifications.claims import claim, new_owner
from notifications.outbox import Delivered, deliver
from notifications.parcels import read_parcels
from notifications.queue import LEASE, Gate, Scope
from notifications.sender import read_sender
from notifications.settling import Batch, settle

Serving = Callable[..., tuple[MailServer, dict[str, Any]]]

DELIVERED, SENDING = DeliveryStatus.DELIVERED, DeliveryStatus.SENDING


def counts(done: Delivered) -> tuple[int, int, int]:
    return done.sent, done.deferred, done.failed


def claim_and_die(house: House, at: datetime = MONDAY) -> list[int]:
    """Claim what is due and do nothing more, as a process does that is killed before it sends."""
    scope = Scope(house.tenant_id, house.plan_id)
    with writing(house.database) as session:
        return claim(session, scope, Gate(at, papers=True, digests=True), owner=new_owner("dead"), limit=100)


class Dying(MaildirChannel):
    """Writes the mail, and the process is gone before it is settled."""

    async def send(self, batch: Any) -> Report:
        await super().send(batch)
        raise KeyboardInterrupt


# --- retries


def test_a_temporary_failure_is_tried_again_when_its_wait_is_over_and_not_before(
    house: House, serving: Serving
) -> None:
    server, reach = serving()
    server.replies = {"a@unit.example": "451 try later"}
    house.notice(house.unit(), [house.person("a"), house.person("b")])
    assert counts(house.deliver(**reach)) == (1, 0, 1)
    assert counts(house.deliver(MONDAY + timedelta(minutes=4), **reach)) == (0, 1, 0)
    server.replies = {}
    assert counts(house.deliver(MONDAY + timedelta(minutes=5), **reach)) == (1, 0, 0)
    assert Counter(server.recipients) == {"a@unit.example": 1, "b@unit.example": 1}
    assert [(row.status, row.attempts) for row in house.all(Delivery)] == [(DELIVERED, 2), (DELIVERED, 1)]
    assert house.all(Delivery)[0].detail is None


def test_a_retry_keeps_to_working_time_like_a_first_try(house: House, serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"a@unit.example": "451 try later"}
    unit, person = house.unit(), house.person("a")
    house.notice(unit, [person])
    house.notice(unit, [person], kind=NoticeKind.CIRCULAR)
    urgent = house.notice(unit, [person], urgent=True)
    evening = MONDAY.replace(hour=17, minute=25)
    assert counts(house.deliver(evening, **reach)) == (0, 0, 3)
    server.replies = {}
    assert counts(house.deliver(evening + timedelta(minutes=5), **reach)) == (1, 2, 0)
    assert house.get(Notice, urgent).delivered_at == evening + timedelta(minutes=5)
    morning = MONDAY.replace(hour=8, minute=30) + timedelta(days=1)
    assert counts(house.deliver(morning, digest_from=clock_time(8, 50), **reach)) == (1, 1, 0)
    assert counts(house.deliver(morning + timedelta(minutes=20), digest_from=clock_time(8, 50), **reach)) == (1, 0, 0)


def test_a_notice_cancelled_a_moment_before_the_claim_is_not_claimed(house: House) -> None:
    house.notice(house.unit(), [house.person("a")], cancelled_at=MONDAY)
    assert claim_and_die(house) == []


def test_retries_grow_and_end_as_a_permanent_failure(house: House, serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"a@unit.example": "451 try later"}
    house.notice(house.unit(), [house.person("a")], urgent=True)
    at, waits = MONDAY, []
    while house.deliver(at, **reach).failed:
        (delivery,) = house.all(Delivery)
        if delivery.status is DeliveryStatus.PERMANENT:
            break
        waits.append(delivery.next_try_at - at)
        at = delivery.next_try_at
    assert waits[:4] == [timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4)]
    assert waits == sorted(waits)
    assert at - MONDAY <= timedelta(hours=72)
    assert house.deliver(at + timedelta(days=30), **reach) == Delivered()
    assert house.all(Delivery)[0].detail == "对方服务器拒收（451 try later）；多次重发未成，不再自动重发"


def test_a_permanent_failure_is_not_tried_again(house: House, serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"a@unit.example": "550 no such user"}
    house.notice(house.unit(), [house.person("a")])
    assert counts(house.deliver(**reach)) == (0, 0, 1)
    assert house.deliver(MONDAY + timedelta(days=1), **reach) == Delivered()
    assert server.asked["a@unit.example"] == 1


def test_an_unreachable_server_loses_nothing_and_is_reported_in_one_line(house: House, serving: Serving) -> None:
    server, reach = serving()
    unit = house.unit()
    people = [house.person(name) for name in "abc"]
    for _ in range(2):
        house.notice(unit, people)
    done = house.deliver(**{**reach, "smtp_port": 1})
    assert counts(done) == (0, 0, 6)
    (problem,) = done.problems
    assert problem.startswith("6 件：邮件服务器 127.0.0.1:1 连不上")
    assert counts(house.deliver(MONDAY + timedelta(minutes=5), **reach)) == (6, 0, 0)
    assert len(server.received) == 3


def test_while_the_server_is_away_a_run_tries_one_batch_and_leaves_the_rest(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.outbox.MESSAGES_PER_BATCH", 2)
    house.notice(house.unit(), [house.person(f"p{number}") for number in range(5)])
    assert counts(house.deliver(smtp_host="127.0.0.1", smtp_port=1)) == (0, 3, 2)


def test_a_failed_digest_goes_again_as_the_same_message_and_later_notices_wait(house: House, serving: Serving) -> None:
    server, reach = serving()
    server.data_replies = {"a@unit.example": "drop"}  # it has arrived, but nobody has confirmed it
    unit, person = house.unit(), house.person("a")
    house.notice(unit, [person], item_id=house.item(unit, title="头一项"))
    house.deliver(**reach)
    house.notice(unit, [person], item_id=house.item(unit, title="后一项"))
    server.data_replies = {}
    assert counts(house.deliver(MONDAY + timedelta(minutes=5), **reach)) == (1, 1, 0)
    first, again = (mail for _, mail in server.received)
    assert first["Message-ID"] == again["Message-ID"]
    assert "后一项" not in plain_of(again)


def test_a_notice_that_cannot_be_composed_is_reported_and_does_not_keep_the_others(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = house.unit()
    house.notice(unit, [house.person("a")])
    house.notice(unit, [house.person("b")], kind=NoticeKind.CIRCULAR)
    whole = channels.MaildirChannel.address_of

    def broken(self: Any, recipient: Any) -> str:
        if recipient.login == "a":
            raise RuntimeError("broken")
        return whole(self, recipient)

    monkeypatch.setattr(MaildirChannel, "address_of", broken)
    done = house.deliver()
    assert counts(done) == (1, 0, 1)
    assert done.problems == ("1 件：通知无法生成（RuntimeError：broken）",)
    assert house.statuses() == [DeliveryStatus.TECHNICAL, DELIVERED]


# --- crashes


def test_a_claim_is_respected_until_its_lease_is_over(house: House) -> None:
    house.notice(house.unit(), [house.person("a")])
    claim_and_die(house)
    assert counts(house.deliver(MONDAY + LEASE - timedelta(seconds=1))) == (0, 0, 0)
    assert counts(house.deliver(MONDAY + LEASE)) == (1, 0, 0)


def test_a_digest_left_unfinished_is_completed_with_exactly_its_deliveries(house: House) -> None:
    unit, person = house.unit(), house.person("a")
    for number in range(2):
        house.notice(unit, [person], item_id=house.item(unit, title=f"头两项之{number}"))
    claim_and_die(house)
    house.notice(unit, [person], item_id=house.item(unit, title="后来的"))
    assert counts(house.deliver(MONDAY + LEASE)) == (2, 1, 0)
    (path,) = house.mails()
    text = plain_of(mail_of(path.read_bytes()))
    assert "头两项之0" in text
    assert "头两项之1" in text
    assert "后来的" not in text
    assert [message.key for message in house.messages()] == ["digest/1/2022-07-11"]


def test_a_digest_left_unfinished_yesterday_is_completed_today_beside_todays(house: House) -> None:
    unit, person = house.unit(), house.person("a")
    house.notice(unit, [person])
    claim_and_die(house)
    house.notice(unit, [person])
    assert counts(house.deliver(MONDAY + timedelta(days=1))) == (2, 0, 0)
    assert [message.key for message in house.messages()] == ["digest/1/2022-07-11", "digest/1/2022-07-12"]


def test_mail_written_before_a_crash_is_not_written_twice(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.notice(house.unit(), [house.person("a"), house.person("b")])
    monkeypatch.setattr("notifications.outbox.choose", Dying)
    with pytest.raises(KeyboardInterrupt):
        house.deliver()
    assert house.statuses() == [SENDING, SENDING]
    monkeypatch.undo()
    before = {path: path.read_bytes() for path in house.mails()}
    assert len(before) == 2
    assert counts(house.deliver(MONDAY + LEASE)) == (2, 0, 0)
    assert {path: path.read_bytes() for path in house.mails()} == before


def _deliver_elsewhere(url: str, house: dict[str, Any], home: Path, reach: dict[str, Any]) -> None:
    database = Database(url)
    given = {**house, "at": MONDAY, "working_time": WORKING_TIME}
    asyncio.run(deliver(database, settings(home, **reach), **given))


def a_process(house: House, **reach: Any) -> Any:
    url = house.database.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    return context.Process(target=_deliver_elsewhere, args=(url, house.scope, house.home, reach))


@pytest.mark.processes
def test_a_process_killed_while_it_sends_loses_nothing(house: House, serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"b@unit.example": SILENCE}
    people = [house.person(name) for name in "abc"]
    house.notice(house.unit(), people)
    child = a_process(house, **{**reach, "smtp_timeout": 60})
    child.start()
    for _ in range(600):
        if server.asked["b@unit.example"]:
            break
        time.sleep(0.05)
    child.kill()
    child.join()
    assert set(house.statuses()) == {SENDING}
    server.replies = {}
    assert counts(house.deliver(MONDAY + LEASE, **reach)) == (3, 0, 0)
    by_recipient: dict[str, set[str]] = {}
    for address, mail in server.received:
        by_recipient.setdefault(address, set()).add(mail["Message-ID"])
    assert {address: len(names) for address, names in by_recipient.items()} == {
        f"{name}@unit.example": 1 for name in "abc"
    }, "what goes again after a crash bears the same name"


# --- two at once


@pytest.mark.processes
def test_two_processes_at_once_deliver_everything_once(house: House, serving: Serving) -> None:
    server, reach = serving()
    unit = house.unit()
    people = [house.person(f"p{number}") for number in range(30)]
    house.notice(unit, people)
    house.notice(unit, people)
    house.notice(unit, people, kind=NoticeKind.CIRCULAR)
    children = [a_process(house, **reach) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
        assert child.exitcode == 0
    house.deliver(**reach)
    assert Counter(server.recipients) == {f"p{number}@unit.example": 2 for number in range(30)}
    assert set(house.statuses()) == {DELIVERED}
    assert len(house.messages()) == 60


def test_many_threads_at_once_while_notices_come_in_deliver_everything_once(house: House, serving: Serving) -> None:
    server, reach = serving()
    unit = house.unit()
    people = [house.person(f"p{number}") for number in range(12)]
    house.notice(unit, people)
    sent: list[int] = []

    def work() -> None:
        for _ in range(3):
            sent.append(house.deliver(**reach).sent)

    def more() -> None:
        for _ in range(4):
            house.notice(unit, people[:3], kind=NoticeKind.CIRCULAR)

    threads = [threading.Thread(target=target) for target in (work, work, work, more)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent.append(house.deliver(**reach).sent)
    assert sum(sent) == 12 + 12
    assert set(house.statuses()) == {DELIVERED}
    assert Counter(server.recipients) == {f"p{n}@unit.example": 5 if n < 3 else 1 for n in range(12)}


def test_two_claims_at_once_never_hold_the_same_message_and_never_split_a_digest(house: House) -> None:
    unit = house.unit()
    people = [house.person(f"p{number}") for number in range(20)]
    for _ in range(3):
        house.notice(unit, people)
    scope, gate = Scope(house.tenant_id, house.plan_id), Gate(MONDAY, papers=True, digests=True)
    barrier = threading.Barrier(2)
    claimed: list[list[int]] = []

    def work() -> None:
        barrier.wait()
        with writing(house.database) as session:
            claimed.append(claim(session, scope, gate, owner=new_owner("x"), limit=10))
            time.sleep(0.2)  # the other one decides while this transaction is open

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(number for part in claimed for number in part) == list(range(1, 21))
    carried = Counter(row.message_id for row in house.all(Delivery))
    assert set(carried.values()) == {3}


def test_who_took_longer_than_the_lease_leaves_the_message_to_the_one_who_took_over(house: House) -> None:
    house.notice(house.unit(), [house.person("a")])
    scope = Scope(house.tenant_id, house.plan_id)
    owner = new_owner("slow")
    with writing(house.database) as session:
        messages = claim(session, scope, Gate(MONDAY, papers=True, digests=True), owner=owner, limit=10)
        sender = read_sender(session, settings(house.home), house.plan_id, on=MONDAY.date())
        batch = Batch(owner, messages, read_parcels(session, messages, sender))
    assert house.deliver(MONDAY + LEASE).sent == 1
    failed = channels.Outcome(messages[0], DeliveryStatus.PERMANENT, "too late to count")
    with writing(house.database) as session:
        tally = settle(session, scope, batch, [failed], {}, at=MONDAY + LEASE)
    assert (tally.sent, tally.failed) == (0, 0)
    assert house.statuses() == [DELIVERED]
    assert len(house.events()) == 1


def test_who_lost_the_claim_does_not_settle_what_another_one_is_sending(house: House) -> None:
    house.notice(house.unit(), [house.person("a")])
    scope = Scope(house.tenant_id, house.plan_id)
    owner = new_owner("slow")
    with writing(house.database) as session:
        messages = claim(session, scope, Gate(MONDAY, papers=True, digests=True), owner=owner, limit=10)
        sender = read_sender(session, settings(house.home), house.plan_id, on=MONDAY.date())
        batch = Batch(owner, messages, read_parcels(session, messages, sender))
    assert claim_and_die(house, MONDAY + LEASE) == messages
    with writing(house.database) as session:
        settle(session, scope, batch, [channels.Outcome(messages[0], DELIVERED)], {}, at=MONDAY + LEASE)
    assert house.statuses() == [SENDING]
    assert house.get(Message, messages[0]).claimed_by.startswith("dead/")


def test_a_message_whose_key_is_there_already_is_not_made_again(house: House) -> None:
    notice = house.notice(house.unit(), [house.person("a")], kind=NoticeKind.CIRCULAR)
    claim_and_die(house)
    house.change(Message, 1, status=DELIVERED)
    house.change(Delivery, 1, status=DeliveryStatus.CREATED, message_id=None)  # as no run of ours leaves it
    assert counts(house.deliver()) == (0, 1, 0)
    assert [message.key for message in house.messages()] == [f"notice/{notice}/1"]
    assert house.mails() == []


# --- no transaction while sending


def test_others_can_write_while_mail_is_being_sent(house: House, serving: Serving) -> None:
    server, reach = serving()
    house.notice(house.unit(), [house.person("a")])
    written: list[int] = []
    take = server.handle_RCPT

    async def writes(*args: Any) -> str:
        written.append(await asyncio.to_thread(house.unit, "别的单位"))
        return await take(*args)

    server.handle_RCPT = writes  # type: ignore[method-assign]
    assert counts(house.deliver(**{**reach, "smtp_timeout": 5})) == (1, 0, 0)
    assert len(written) == 1


def test_what_there_was_no_time_for_is_given_back_and_sent_in_the_same_run(
    house: House, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.channels.email.BATCH_SECONDS", 0)
    server, reach = serving()
    house.notice(house.unit(), [house.person(name) for name in "abc"])
    assert counts(house.deliver(**reach)) == (3, 0, 0)
    assert sorted(server.recipients) == ["a@unit.example", "b@unit.example", "c@unit.example"]
    assert [row.attempts for row in house.all(Delivery)] == [1, 1, 1]


def test_a_recipient_on_whom_the_server_chokes_does_not_stand_before_the_same_others_for_ever(
    house: House, serving: Serving
) -> None:
    server, reach = serving()
    house.notice(house.unit(), [house.person(f"p{number}") for number in range(8)])
    server.replies = {f"p{number}@unit.example": "421 go away" for number in range(2)}
    at = MONDAY
    for _ in range(3):
        house.deliver(at, **reach)
        at += timedelta(hours=1)
    assert Counter(server.recipients) == {f"p{number}@unit.example": 1 for number in range(2, 8)}


def test_messages_keep_the_name_of_who_claims_them(house: House) -> None:
    house.notice(house.unit(), [house.person("a")])
    (number,) = claim_and_die(house)
    assert house.get(Message, number).claimed_by.startswith("dead/")
    assert house.get(Message, number).claimed_at == MONDAY
