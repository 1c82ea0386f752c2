"""The alarm when a flow is silent past its grace: one mail for each silence, and no engine on its way."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from email import message_from_string, policy
from pathlib import Path
from typing import Any

import pytest
from cycle.mail_sink import MailSink, serving
from engine_processes import until
from freezegun import freeze_time
from mails import plain_of
from sqlalchemy import select, update
from sqlmodel import col

from config.clock import ZONE
from config.settings import Settings
from config.terms import DeliveryStatus, FlowOutcome, NoticeKind, Role
from database import Database, chain, reading, writing
from flows import heartbeat, watch
from flows.schedule import schedule
from flows.watch import Looked, Watch, look, silent_flows
from models import Delivery, Event, Notice, Person, Plan
from notifications.outbox import deliver
from supervision import in_force
from supervision.in_force import InForce
from supervision.ledger.people import add_person

ENTRIES = {entry.flow: entry for entry in schedule()}
ESCALATE = "escalate_overdue"
NOWHERE = "http://127.0.0.1:9/api"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


THURSDAY_RUN = at("2022-06-30 08:45")
DUE = at("2022-07-01 08:45")
SILENT_FROM = DUE + ENTRIES[ESCALATE].grace
SILENT = SILENT_FROM + timedelta(minutes=1)


def plan_of(database: Database) -> InForce:
    with reading(database) as session:
        return in_force.load(session)


def ran(database: Database, when: datetime, *, but: Collection[str] = (), only: Collection[str] = ENTRIES) -> None:
    """Let flows have run well at `when`."""
    force = plan_of(database)
    for flow in ENTRIES:
        if flow in only and flow not in but:
            number = heartbeat.begin(database, force, flow, as_of=when.date(), at=when)
            heartbeat.end(database, number, FlowOutcome.DONE, at=when)


def an_administrator(database: Database, login: str = "admin") -> None:
    with writing(database) as session:
        add_person(
            session, plan_of(database).tenant_id, login=login, name="系统管理员", role=Role.ADMINISTRATOR, unit_id=None,
            since=date(2022, 1, 4), at=at("2022-01-04 09:00"), by="office.chief", email=f"{login}@office.example",
        )  # fmt: skip


@pytest.fixture
def quiet(supervised: Database) -> Database:
    """Where all has run but escalation, which ran on Thursday for the last time; somebody administers the system."""
    an_administrator(supervised)
    ran(supervised, THURSDAY_RUN, only=[ESCALATE])
    ran(supervised, SILENT, but=[ESCALATE])
    return supervised


def here(home: Path, **changes: Any) -> Settings:
    return Settings(home=home, mail_from="duban@office.example", portal_url="http://duban.example", **changes)


def told(database: Database) -> list[tuple[str, str, DeliveryStatus]]:
    """Return (key, login, status) of every alarm to everybody."""
    statement = (
        select(col(Notice.key), col(Person.login), col(Delivery.status))
        .join(Delivery, col(Delivery.notice_id) == col(Notice.id))
        .join(Person, col(Person.id) == col(Delivery.person_id))
        .where(col(Notice.kind) == NoticeKind.FLOW_SILENT)
        .order_by(col(Notice.id), col(Person.login))
    )
    with reading(database) as session:
        return [tuple(row) for row in session.execute(statement)]


def mails(home: Path) -> list[str]:
    return [path.read_text() for path in sorted((home / "mail").rglob("*")) if path.is_file()]


def looked(settings: Settings, database: Database, when: datetime) -> Looked:
    (found,) = look(settings, database, at=when)
    return found


def test_a_flow_is_silent_after_its_grace_and_not_before(quiet: Database) -> None:
    force = plan_of(quiet)
    just_before = SILENT_FROM - timedelta(seconds=1)
    assert silent_flows(quiet, force, at=just_before) == ()
    (found,) = silent_flows(quiet, force, at=SILENT_FROM)
    assert (found.flow, found.planned, found.last_run) == (ESCALATE, DUE, THURSDAY_RUN)
    assert found.in_words == (
        "流程“逾期提醒与升级”未按时运行：应于 2022-07-01 08:45 运行，已过宽限时间，"
        "上次办结的运行始于 2022-06-30 08:45"
    )  # fmt: skip


def test_a_silence_is_one_mail_however_often_and_however_long_it_is_seen(quiet: Database, tmp_path: Path) -> None:
    first = looked(here(tmp_path), quiet, SILENT)
    assert [each.flow for each in first.told] == [ESCALATE] and first.problems == ()
    for later in (timedelta(minutes=5), timedelta(hours=9), timedelta(days=4)):
        ran(quiet, SILENT + later, but=[ESCALATE])
        again = looked(here(tmp_path), quiet, SILENT + later)
        assert [each.flow for each in again.silent] == [ESCALATE] and again.told == ()
    ((key, login, status),) = told(quiet)
    assert (login, status) == ("admin", DeliveryStatus.DELIVERED)
    assert key == "silence/escalate_overdue/2022-06-30T00:45:00+00:00"
    assert len(mails(tmp_path)) == 1


def test_the_next_silence_is_told_anew(quiet: Database, tmp_path: Path) -> None:
    looked(here(tmp_path), quiet, SILENT)
    ran(quiet, SILENT + timedelta(minutes=10), only=[ESCALATE])
    assert looked(here(tmp_path), quiet, SILENT + timedelta(minutes=11)).silent == ()
    monday = at("2022-07-04 11:00")
    ran(quiet, monday, but=[ESCALATE])
    assert [each.flow for each in looked(here(tmp_path), quiet, monday).told] == [ESCALATE]
    assert len(told(quiet)) == len(mails(tmp_path)) == 2


def test_at_the_weekend_a_flow_of_working_days_is_not_missed(quiet: Database, tmp_path: Path) -> None:
    ran(quiet, at("2022-07-01 11:30"), only=[ESCALATE])
    sunday = at("2022-07-03 12:00")
    ran(quiet, sunday, but=[ESCALATE])
    assert looked(here(tmp_path), quiet, sunday).silent == ()


def test_two_that_look_at_once_make_one_notice(quiet: Database, tmp_path: Path) -> None:
    together = threading.Barrier(3)

    def one(number: int) -> Looked:
        together.wait()
        return looked(here(tmp_path), quiet, SILENT)

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(one, range(3)))
    assert sorted(len(each.told) for each in found) == [0, 0, 1]
    looked(here(tmp_path), quiet, SILENT + timedelta(minutes=15))  # whoever was beaten to a claim left it alone
    assert [status for *_, status in told(quiet)] == [DeliveryStatus.DELIVERED] and len(mails(tmp_path)) == 1


def test_the_alarm_goes_out_while_the_engine_and_the_delivery_are_both_dead(quiet: Database, tmp_path: Path) -> None:
    night = at("2022-07-02 02:00")  # nobody works, nothing but the urgent leaves
    sink = MailSink(seed=1)
    with serving(sink) as port:
        settings = here(tmp_path, engine_url=NOWHERE, smtp_host="127.0.0.1", smtp_port=port, smtp_starttls=False)
        found = looked(settings, quiet, night)
        looked(settings, quiet, night + timedelta(minutes=5))
    assert {each.flow for each in found.told} >= {ESCALATE, "deliver_notices", "audit_supervision"}
    assert [mail.address for mail in sink.taken] == ["admin@office.example"] * len(found.told)


def test_a_portal_that_sends_no_mail_leaves_it_to_a_worker_that_does(quiet: Database, tmp_path: Path) -> None:
    portal, worker = here(tmp_path / "portal", engine_url=NOWHERE), here(tmp_path / "worker")
    assert len(looked(portal, quiet, SILENT).told) == 1 and not (tmp_path / "portal").exists()
    assert [status for *_, status in told(quiet)] == [DeliveryStatus.CREATED]
    force = plan_of(quiet)
    sending = deliver(
        quiet, worker, tenant_id=force.tenant_id, plan_id=force.plan_id, at=SILENT, working_time=force.working_time
    )
    assert asyncio.run(sending).sent == 1


def test_without_an_administrator_the_office_is_told(supervised: Database, tmp_path: Path) -> None:
    ran(supervised, THURSDAY_RUN, only=[ESCALATE])
    ran(supervised, SILENT, but=[ESCALATE])
    looked(here(tmp_path), supervised, SILENT)
    assert {login for _, login, _ in told(supervised)} == {"office.chief", "office.clerk"}


def test_on_a_demonstration_nobody_is_silent(quiet: Database, tmp_path: Path) -> None:
    with writing(quiet) as session:
        session.execute(update(Plan).values(demonstrated_until=date(2022, 7, 1)))
    assert looked(here(tmp_path), quiet, SILENT).silent == ()


def test_the_mail_says_what_to_do_and_the_alarm_is_a_link_of_the_chain(quiet: Database, tmp_path: Path) -> None:
    looked(here(tmp_path), quiet, SILENT)
    (mail,) = [message_from_string(text, policy=policy.default) for text in mails(tmp_path)]
    body = plain_of(mail)
    assert "【运行告警】流程“逾期提醒与升级”未按时运行" in str(mail["Subject"])
    assert "http://duban.example/system" in body and "流程引擎" in body and "抄送" not in body
    with reading(quiet) as session:
        (entry,) = session.scalars(select(Event).where(col(Event.action) == "silence")).all()
        assert entry.data == {"flow": ESCALATE, "planned": DUE.isoformat()} and entry.actor == "flow:heartbeat"
        assert chain.verify(session, entry.tenant_id) == []


def test_the_watch_of_a_portal_looks_by_itself_and_a_failure_does_not_end_it(
    quiet: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[int] = []

    def broken_once(*given: Any, **named: Any) -> tuple[Looked, ...]:
        calls.append(1)
        if len(calls) == 1:
            raise OSError("the database is away")
        return look(*given, **named)

    monkeypatch.setattr(watch, "WATCH_EVERY", timedelta(milliseconds=50))
    monkeypatch.setattr(watch, "look", broken_once)
    with freeze_time(SILENT, tick=True, real_asyncio=True), caplog.at_level(logging.ERROR, "duban.watch"):
        with Watch(here(tmp_path), quiet).watching():
            assert until(lambda: "上次办结" in caplog.text, 20)
    assert "the database is away" in caplog.text and len(told(quiet)) == 1
