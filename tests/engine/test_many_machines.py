"""Everything that the README's scale-out section starts, on one machine: a server on PostgreSQL, two workers, a portal.

A cycle goes through them with one worker killed in the middle, and comes to what the plain functions come to.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from complete_postgres import complete_postgres, create
from cycle.mail_sink import MailSink, serving
from engine_processes import LONGEST_SECONDS, until
from sqlalchemy import create_engine, func, select, text, update
from sqlalchemy.engine import URL
from sqlmodel import col

from config.clock import ZONE, now
from config.settings import Settings
from config.terms import FlowOutcome
from database import Database, reading, writing
from flows.client import connected, prepare
from flows.deploy import SETTLE_SECONDS
from flows.engine import Engine
from models import FlowRun, Item, Notice, Person, ReportingRequest
from notifications.outbox import deliver
from supervision import cycle, in_force

pytestmark = [pytest.mark.engine, pytest.mark.processes]

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sys.executable).parent
CODE = "hangzhou-2021-2023"
POLL_SECONDS = 0.5
OPENED, ESCALATED = date(2022, 7, 1), date(2022, 7, 21)
DELIVERED = datetime(2022, 7, 21, 9, 30, tzinfo=ZONE)


@dataclass
class Machines:
    """The roles of the README's section, each a process of its own with nothing but its environment."""

    server: URL
    home: Path
    smtp_port: int
    stack: ExitStack
    port: int = field(default_factory=lambda: _free_port())
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        return Engine(f"http://127.0.0.1:{self.port}/api")

    @property
    def database_url(self) -> str:
        return self.server.set(database="duban").render_as_string(hide_password=False)

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, database_url=self.database_url, engine_url=self.engine.api_url)

    def environment(self, **more: str) -> dict[str, str]:
        """Return what every machine is told."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "DUBAN_"))}
        return inherited | {
            "DO_NOT_TRACK": "1", "PREFECT_HOME": str(self.home / "prefect"), "PREFECT_API_URL": self.engine.api_url,
            "DUBAN_DATABASE_URL": self.database_url, "DUBAN_ENGINE_URL": self.engine.api_url,
            "DUBAN_HOME": str(self.home), "PYTHONPATH": str(ROOT), **more,
        }  # fmt: skip

    def start(self, name: str, *command: object, **more: str) -> subprocess.Popen[bytes]:
        """Start a role in a session of its own, its output in a log; it is ended with the test."""
        log = self.stack.enter_context((self.home / f"{name}.log").open("wb"))
        process = subprocess.Popen(
            [str(word) for word in command], cwd=ROOT, env=self.environment(**more), stdout=log,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self.stack.callback(_ended, process)
        return process

    def start_worker(self, name: str) -> None:
        self.workers[name] = self.start(
            name, SCRIPTS / "prefect", "worker", "start", "--type", "process", "--pool", "duban", "--name", name,
            DUBAN_SMTP_HOST="127.0.0.1", DUBAN_SMTP_PORT=str(self.smtp_port), DUBAN_SMTP_STARTTLS="false",
            DUBAN_MAIL_FROM="duban@office.example", PREFECT_WORKER_QUERY_SECONDS="1",
        )  # fmt: skip

    def kill_worker(self, name: str) -> None:
        """Kill a worker and the runs it has started, as when its machine loses power: they are no group of its own."""
        worker = self.workers.pop(name)
        for process in [*psutil.Process(worker.pid).children(recursive=True), psutil.Process(worker.pid)]:
            process.kill()
        worker.wait()

    def duban(self, *words: str) -> str:
        """Run a command to its end and return what it printed."""
        command = [sys.executable, "-c", "import sys, cli; sys.exit(cli.main())", *words]
        done = subprocess.run(command, cwd=self.home, env=self.environment(), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, question: Any) -> Any:
        """Return what the coroutine function `question` finds with a client of the server."""

        async def asked() -> Any:
            from prefect.client.orchestration import get_client

            async with connected(self.engine), get_client() as client, asyncio.timeout(LONGEST_SECONDS):
                return await question(client)

        return asyncio.run(asked())

    def begin(self, deployment: str, **parameters: Any) -> Any:
        """Ask for a run of a deployment; return its number."""

        async def asked(client: Any) -> Any:
            found = await client.read_deployment_by_name(deployment)
            return (await client.create_flow_run_from_deployment(found.id, parameters=parameters)).id

        return self.ask(asked)

    def state(self, number: Any) -> str:
        async def asked(client: Any) -> str:
            return str((await client.read_flow_run(number)).state_name)

        return str(self.ask(asked))

    def complete(self, *numbers: Any) -> None:
        """Wait until the runs have ended, all of them well."""

        async def ended(client: Any) -> list[str]:
            while True:
                states = [(await client.read_flow_run(number)).state for number in numbers]
                if all(state.is_final() for state in states):
                    return [state.name for state in states]
                await asyncio.sleep(POLL_SECONDS)

        assert set(self.ask(ended)) == {"Completed"}, self.logs()

    def logs(self) -> str:
        return "\n".join(f"== {path.name}\n{path.read_text()[-3000:]}" for path in sorted(self.home.glob("*.log")))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _ended(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
    except ProcessLookupError:
        process.wait()
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def sink() -> MailSink:
    """What the mail server took from the workers."""
    return MailSink(seed=1)


@pytest.fixture(scope="module")
def machines(sink: MailSink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """`prefect server start` on PostgreSQL and an initialised database beside its own; nothing is deployed yet."""
    home = tmp_path_factory.mktemp("machines")
    prepare(home)
    with complete_postgres() as server, serving(sink) as smtp_port, ExitStack() as stack:
        found = Machines(server, home, smtp_port, stack)
        create(server, "prefect")
        create(server, "duban")
        engine_database = server.set(drivername="postgresql+asyncpg", database="prefect")
        found.start(
            "server", SCRIPTS / "prefect", "server", "start", "--host", "127.0.0.1", "--port", found.port,
            PREFECT_SERVER_DATABASE_CONNECTION_URL=engine_database.render_as_string(hide_password=False),
        )  # fmt: skip
        found.duban("init")
        assert until(found.engine.answers), found.logs()
        yield found


async def _schedules(client: Any) -> dict[str, list[tuple[Any, ...]]]:
    flows = {each.id: each.name for each in await client.read_flows()}
    return {
        f"{flows[each.flow_id]}/{each.name}": [(s.id, s.schedule.cron, s.active) for s in each.schedules]
        for each in await client.read_deployments()
    }


async def _waiting(client: Any, deployments: int = 0) -> Counter[tuple[Any, datetime]]:
    """Return how often each run waits for its time, as soon as that many deployments have some."""
    while True:
        found = [run for run in await client.read_flow_runs(limit=200) if run.state.is_scheduled()]
        if len({run.deployment_id for run in found}) >= deployments:
            return Counter((run.deployment_id, run.expected_start_time) for run in found)
        await asyncio.sleep(POLL_SECONDS)


async def _pause(client: Any) -> None:
    for each in await client.read_deployments():
        for schedule in each.schedules:
            await client.update_deployment_schedule(each.id, schedule.id, active=False)


def test_on_postgresql_too_deploying_again_doubles_and_drops_no_run(machines: Machines) -> None:
    machines.duban("deploy")
    before = machines.ask(_schedules)
    waiting = machines.ask(partial(_waiting, deployments=len(before)))
    assert len(before) > 13
    machines.duban("deploy")  # while the server's scheduler is at work
    time.sleep(SETTLE_SECONDS)
    assert machines.ask(_schedules) == before
    after = machines.ask(_waiting)
    assert set(after.values()) == {1}
    started = {run for run in waiting if run[1] < now()}
    assert waiting.keys() - started <= after.keys()


def test_a_cycle_through_all_roles_with_a_worker_killed_comes_to_what_the_plain_functions_do(
    machines: Machines, sink: MailSink
) -> None:
    machines.ask(_pause)  # what is due by the clock of the test's own day is no part of it
    _give_addresses(machines.database_url)
    plain = create(machines.server, "plain", template="duban")
    machines.start_worker("one")
    machines.start_worker("two")
    port = _free_port()
    machines.start(
        "portal", sys.executable, "-c", "import cli; cli.main()", "serve", "--no-clock", DUBAN_PORT=str(port)
    )
    machines.complete(
        machines.begin(f"supervise-key-task/{CODE}-task-03", number=3, plan=CODE, as_of=OPENED.isoformat()),
        machines.begin(f"collect-figures/{CODE}", plan=CODE, as_of=OPENED.isoformat()),
    )

    machines.kill_worker("two")
    escalation = {"plan": CODE, "as_of": ESCALATED.isoformat()}
    with _nobody_writes_notices(machines.database_url):
        cut_off = machines.begin(f"escalate-overdue/{CODE}", **escalation)
        assert until(lambda: _waits_for_a_lock(machines.server)), machines.logs()
        machines.kill_worker("one")
    machines.start_worker("three")
    machines.complete(machines.begin(f"escalate-overdue/{CODE}", **escalation))
    assert machines.state(cut_off) == "Running", "the engine does not see that a worker was killed"
    machines.complete(machines.begin(f"deliver-notices/{CODE}", plan=CODE, at=DELIVERED.isoformat()))

    assert "审计链完整" in machines.duban("audit", "verify")
    assert _outcomes(machines.database_url) == [None, FlowOutcome.DONE]
    assert b"ready" in urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10).read()
    by_hand = _by_hand(plain, machines.home / "plain")
    assert _everything(machines.database_url) == _everything(plain)
    assert sorted((mail.address, mail.identity) for mail in sink.taken) == by_hand and by_hand


def _give_addresses(url: str) -> None:
    database = Database(url)
    with writing(database) as session:
        session.execute(update(Person).values(email=col(Person.login) + "@unit.example"))
    database.dispose()


@contextmanager
def _nobody_writes_notices(url: str) -> Iterator[None]:
    """Let whoever makes notices stop in the middle, with the chain in hand, until the block ends."""
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text("LOCK TABLE notice IN SHARE MODE"))
        yield
        connection.rollback()
    engine.dispose()


def _waits_for_a_lock(server: URL) -> bool:
    engine = create_engine(server)
    statement = text("SELECT count(*) FROM pg_stat_activity WHERE datname = 'duban' AND wait_event_type = 'Lock'")
    with engine.connect() as connection:
        found = connection.execute(statement).scalar_one()
    engine.dispose()
    return bool(found)


def _by_hand(url: str, home: Path) -> list[tuple[str, str]]:
    """Go through the same cycle with the plain functions; return (address, Message-ID) of the mails."""
    database, sink = Database(url), MailSink(seed=1)
    with reading(database) as session:
        force = in_force.load(session)
    cycle.supervise_key_task(database, CODE, 3, as_of=OPENED)
    cycle.collect_figures(database, CODE, as_of=OPENED)
    cycle.escalate_overdue(database, CODE, as_of=ESCALATED)
    with serving(sink) as port:
        settings = Settings(
            home=home, database_url=url, smtp_host="127.0.0.1", smtp_port=port, smtp_starttls=False,
            mail_from="duban@office.example",
        )  # fmt: skip
        hours = force.plan.ladder.working_time
        sending = deliver(
            database, settings, tenant_id=force.tenant_id, plan_id=force.plan_id, at=DELIVERED,
            working_time=force.working_time, digest_from=hours.digest_from,
        )  # fmt: skip
        asyncio.run(sending)
    database.dispose()
    return sorted((mail.address, mail.identity) for mail in sink.taken)


def _outcomes(url: str) -> list[FlowOutcome | None]:
    database = Database(url)
    statement = select(col(FlowRun.outcome)).where(col(FlowRun.flow) == "escalate_overdue").order_by(col(FlowRun.id))
    with reading(database) as session:
        found = list(session.scalars(statement))
    database.dispose()
    return found


def _everything(url: str) -> list[Any]:
    """Return items, requests and notices, without the numbers that depend on who came first."""
    database = Database(url)
    with reading(database) as session:
        items = select(col(Item.occurrence), col(Item.due), col(Item.status), col(Item.unit_id))
        requests = select(col(ReportingRequest.period), col(ReportingRequest.unit_id), col(ReportingRequest.due))
        notices = select(col(Notice.kind), col(Notice.unit_id), col(Notice.due), col(Notice.because), func.count())
        notices = notices.group_by(col(Notice.kind), col(Notice.unit_id), col(Notice.due), col(Notice.because))
        found = [sorted(map(str, session.execute(each))) for each in (items, requests, notices)]
    database.dispose()
    return found
