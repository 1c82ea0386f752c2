"""Mail end to end: claimed, rendered, composed, sent and settled, against aiosmtplib with messages made beforehand."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

import aiosmtplib
from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from benchmarks.figures import Goal, Measured, Stopwatch, timed
from benchmarks.sweep import CHUNK, DAY, fill
from config import clock
from config.plan import load_plan, packaged_plan
from config.settings import Settings
from config.terms import Channel, DeliveryStatus, NoticeKind
from database import Database, reading, upgrade, writing
from models import Delivery, Item, Message, Notice, Person
from notifications.outbox import deliver
from supervision.in_force import InForce
from supervision.ledger.plan import put_plan

MESSAGES, CONNECTIONS = 10_000, 10
AT = clock.moment(DAY, time_of_day(10))
FROM = "duban@example.cn"
GOAL = Goal(per_second=1_000)
UP_WITHIN_SECONDS = 10


@dataclass
class _Sink:
    """A mail server of another process: its name and port, and what it took, once it is known."""

    name: str
    port: int
    taken: dict[str, int] | None = None


def measure(folder: Path, *, messages: int = MESSAGES) -> Iterator[Measured]:
    """Yield the figures for each sink that is there, on a database of its own."""
    sinks = [_aiosmtpd, *([_smtp_sink] if shutil.which("smtp-sink") else [])]
    for number, served in enumerate(sinks):
        database = Database(f"sqlite:///{folder / f'mail{number}.db'}")
        force = _filled(database, messages)
        with served() as sink:
            watch = _delivered(database, force, folder, sink.port, messages)
        _prove(database, sink, messages)
        with served() as again:
            raw = _bare(again.port, messages)
        database.dispose()
        name = f"{messages:,} different mails claimed, made, sent and settled, to {sink.name}"
        yield Measured(name, "sqlite", messages, "mails", watch.seconds, "aiosmtplib, ready-made", raw, goal=GOAL,
                       processor=watch.processor)  # fmt: skip


def _filled(database: Database, many: int) -> InForce:
    """Put in so many people (模拟数据), each with one notice about an item of their own."""
    upgrade(database)
    with writing(database) as session:
        force = put_plan(session, load_plan(packaged_plan()), at=AT)
    fill(database, force, many, due=DAY, sweep_on=DAY)
    for start in range(0, many, CHUNK):
        with writing(database) as session:
            _put(session, force, range(start, min(start + CHUNK, many)))
    return force


def _put(session: Session, force: InForce, numbers: range) -> None:
    connection = session.connection()
    items = dict(session.execute(
        select(col(Item.occurrence), col(Item.id)).where(col(Item.occurrence).in_([f"bench/{n}" for n in numbers]))
    ).tuples().all())  # fmt: skip
    people = [
        {"tenant_id": force.tenant_id, "login": f"bench{n}", "name": f"模拟联络员{n}", "email": f"bench{n}@example.cn",
         "active": True, "synthetic": True}
        for n in numbers
    ]  # fmt: skip
    connection.execute(insert(Person), people)
    connection.execute(insert(Notice), [_notice(force, n, items[f"bench/{n}"] or 0) for n in numbers])
    persons = _ids(session, Person, "login", [f"bench{n}" for n in numbers])
    notices = _ids(session, Notice, "key", [f"bench/{n}" for n in numbers])
    rows = [
        {"tenant_id": force.tenant_id, "plan_id": force.plan_id, "notice_id": notices[f"bench/{n}"],
         "person_id": persons[f"bench{n}"], "channel": Channel.EMAIL, "of_unit": True,
         "status": DeliveryStatus.CREATED, "attempts": 0, "next_try_at": AT}
        for n in numbers
    ]  # fmt: skip
    connection.execute(insert(Delivery), rows)


def _ids(session: Session, table: Any, key: str, keys: list[str]) -> dict[str, int]:
    statement = select(getattr(table, key), table.id).where(getattr(table, key).in_(keys))
    return dict(session.execute(statement).tuples().all())


def _notice(force: InForce, number: int, item: int) -> dict[str, Any]:
    units = sorted(force.unit_ids.values())
    return {
        "tenant_id": force.tenant_id, "plan_id": force.plan_id, "key": f"bench/{number}", "kind": NoticeKind.URGE,
        "item_id": item, "unit_id": units[number % len(units)], "due_version": 1, "rung": 1, "due": DAY,
        "because": f"“模拟数据：事项{number}”已逾期", "urgent": False, "not_before": AT, "created_at": AT,
        "issued_at": AT,
    }  # fmt: skip


def _delivered(database: Database, force: InForce, folder: Path, port: int, messages: int) -> Stopwatch:
    settings = Settings(
        home=folder, smtp_host="127.0.0.1", smtp_port=port, smtp_starttls=False, smtp_connections=CONNECTIONS,
        mail_from=FROM,
    )  # fmt: skip
    with timed() as watch:
        done = asyncio.run(deliver(
            database, settings, tenant_id=force.tenant_id, plan_id=force.plan_id, at=AT,
            working_time=force.working_time,
        ))  # fmt: skip
    if done.sent != messages:
        raise RuntimeError(f"{done} instead of {messages} sent")
    return watch


def _prove(database: Database, sink: _Sink, messages: int) -> None:
    """Raise unless each message was delivered exactly once, by the database and by the server that took them."""
    with reading(database) as session:
        there = session.scalars(
            select(func.count()).select_from(Message).where(col(Message.status) == DeliveryStatus.DELIVERED)
        ).one()
    if there != messages or sink.taken not in (None, {"taken": messages, "different": messages}):
        raise RuntimeError(f"{there} messages delivered by the database, {sink.taken} by the server, of {messages}")


def _bare(port: int, messages: int) -> float:
    content = _ready()
    with timed() as watch:
        asyncio.run(_send_all(port, content, messages))
    return watch.seconds


def _ready() -> bytes:
    """Return a message of the size that ours have: headers and about four kilobytes of base64."""
    body = ("A" * 76 + "\r\n") * 50
    return f"From: {FROM}\r\nTo: bench@example.cn\r\nSubject: bench\r\n\r\n{body}".encode()


async def _send_all(port: int, content: bytes, messages: int) -> None:
    async def work(many: int) -> None:
        smtp = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await smtp.connect()
        for _ in range(many):
            await smtp.sendmail(FROM, ["bench@example.cn"], content)
        await smtp.quit()

    await asyncio.gather(*(work(messages // CONNECTIONS) for _ in range(CONNECTIONS)))


@contextmanager
def _aiosmtpd() -> Iterator[_Sink]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.mail_sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the sink has no pipes")
    sink = _Sink("aiosmtpd", int(process.stdout.readline()))
    try:
        yield sink
    finally:
        process.stdin.close()
        sink.taken = json.loads(process.stdout.readline())
        process.wait(timeout=UP_WITHIN_SECONDS)


@contextmanager
def _smtp_sink() -> Iterator[_Sink]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    process = subprocess.Popen(["smtp-sink", "-c", f"127.0.0.1:{port}", "100"], stdout=subprocess.DEVNULL)
    end = time.monotonic() + UP_WITHIN_SECONDS
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    try:
        yield _Sink("smtp-sink", port)
    finally:
        process.terminate()
        process.wait(timeout=UP_WITHIN_SECONDS)
