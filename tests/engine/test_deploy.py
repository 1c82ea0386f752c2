"""Deployments on a server of one's own: they really schedule runs, once each, and a worker really runs them."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from engine_processes import LONGEST_SECONDS, until
from sqlalchemy import select
from sqlmodel import col

from config.clock import now
from config.errors import BadInput
from config.settings import Settings
from config.terms import FlowOutcome
from database import Database, reading
from flows import deploy as deploying
from flows.client import connected, prepare
from flows.deploy import Deployed, deploy, deployments
from flows.engine import Engine
from flows.engine_child import QUIET
from flows.schedule import schedule, strikes
from models import FlowRun
from supervision import in_force

pytestmark = [pytest.mark.engine, pytest.mark.processes]

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sys.executable).parent
CODE = "hangzhou-2021-2023"
SCHEDULER_SECONDS = 6
"""More than one round of the server's scheduler."""


@dataclass(frozen=True)
class Server:
    """A Prefect server that was started as its manual says."""

    engine: Engine
    environment: dict[str, str]

    def ask(self, question: Any) -> Any:
        """Return what the coroutine function `question` finds with a client of the server."""

        async def asked() -> Any:
            from prefect.client.orchestration import get_client

            async with connected(self.engine), get_client() as client:
                return await question(client)

        return asyncio.run(asked())

    def scheduled(self) -> list[tuple[str, datetime]]:
        """Return (deployment, time) of every run that waits for its time."""

        async def waiting(client: Any) -> list[tuple[str, datetime]]:
            names = {each.id: name for name, each in (await _deployments(client)).items()}
            found = await client.read_flow_runs(limit=200)
            return [(names[run.deployment_id], run.expected_start_time) for run in found if run.state.is_scheduled()]

        return list(self.ask(waiting))


async def _deployments(client: Any) -> dict[str, Any]:
    flows = {each.id: each.name for each in await client.read_flows()}
    return {f"{flows[each.flow_id]}/{each.name}": each for each in await client.read_deployments()}


async def _registered(client: Any) -> dict[str, Any]:
    """Return what identifies each deployment and its schedules."""
    return {
        name: (each.id, [(s.id, s.schedule.cron, s.schedule.timezone, s.active) for s in each.schedules])
        for name, each in (await _deployments(client)).items()
    }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`prefect server start` in the folder of prefect.toml, with everything it does by itself."""
    home = tmp_path_factory.mktemp("server")
    prepare(home)
    port = _free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "DUBAN_"))}
    environment |= {"PREFECT_HOME": str(home / "prefect"), "DO_NOT_TRACK": "1"}
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            [SCRIPTS / "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    engine = Engine(f"http://127.0.0.1:{port}/api")
    assert until(engine.answers), (home / "server.log").read_text()
    yield Server(engine, environment | {"PREFECT_API_URL": engine.api_url})
    process.terminate()
    process.wait(LONGEST_SECONDS)


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.fixture(scope="module")
def remote(server: Server, _loaded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation that is told to use the server."""
    home = tmp_path_factory.mktemp("remote")
    shutil.copy(_loaded_sqlite, home / "duban.db")
    url = f"sqlite:///{home / 'duban.db'}"
    return Settings(home=home, database_url=url, engine_url=server.engine.api_url, work_pool="duban-test")


@pytest.fixture(scope="module")
def supervised_plan(remote: Settings) -> Iterator[Database]:
    """Its database."""
    found = Database(remote.database_url)
    yield found
    found.dispose()


@pytest.fixture(scope="module")
def deployed(remote: Settings, supervised_plan: Database) -> Deployed:
    """The deployments, registered."""
    return deploy(remote, supervised_plan)


def test_each_key_task_has_its_deployment_and_each_other_flow_one(supervised: Database) -> None:
    with reading(supervised) as session:
        found = deployments(in_force.load(session), schedule())
    by_flow = Counter(each.flow for each in found)
    assert by_flow.pop("supervise_key_task") == 12
    assert set(by_flow.values()) == {1} and len(by_flow) == len(schedule()) + 1
    assert [each.parameters["number"] for each in found if each.flow == "supervise_key_task"] == list(range(1, 13))
    assert all(each.parameters["plan"] == CODE and CODE in each.tags for each in found)


def test_a_moved_flow_is_deployed_for_every_day_and_looks_for_itself(supervised: Database) -> None:
    with reading(supervised) as session:
        found = {each.flow: each.cron for each in deployments(in_force.load(session), schedule())}
    assert found["assess_districts"] == "0 9 * * *"
    assert found["supervise_key_task"] == "35 8 * * *"


def test_without_a_server_of_ones_own_nothing_is_deployed(remote: Settings, supervised_plan: Database) -> None:
    with pytest.raises(BadInput, match="DUBAN_ENGINE_URL"):
        deploy(replace(remote, engine_url=""), supervised_plan)


def test_a_cron_deployment_really_produces_scheduled_runs(deployed: Deployed, server: Server) -> None:
    names = {each.full_name for each in deployed.deployments}
    assert len(names) == 12 + len(schedule()) + 1 and deployed.removed == ()
    assert until(lambda: {name for name, _ in server.scheduled()} == names), server.scheduled()
    for each in deployed.deployments:
        times = [at for name, at in server.scheduled() if name == each.full_name]
        assert times and all(strikes(each.cron, each.zone, at) for at in times)


def test_deploying_again_doubles_neither_deployments_nor_schedules_nor_runs(
    remote: Settings, supervised_plan: Database, deployed: Deployed, server: Server
) -> None:
    before = server.ask(_registered)
    assert deploy(remote, supervised_plan) == deployed  # while the server's scheduler is at work
    time.sleep(SCHEDULER_SECONDS)
    assert server.ask(_registered) == before
    assert all(len(schedules) == 1 for _, schedules in before.values())
    assert [run for run, count in Counter(server.scheduled()).items() if count > 1] == []


def test_a_worker_anywhere_runs_a_deployment(
    remote: Settings, supervised_plan: Database, deployed: Deployed, server: Server, tmp_path: Path
) -> None:
    """The worker knows nothing but its environment: the code is the installed package."""

    async def ask_for_a_run(client: Any) -> Any:
        found = await client.read_deployment_by_name(f"supervise-key-task/{CODE}-task-03")
        return await client.create_flow_run_from_deployment(found.id, parameters={"as_of": "2022-07-01"})

    async def final_state(client: Any) -> Any:
        state = (await client.read_flow_run(asked.id)).state
        return state if state.is_final() else None

    asked = server.ask(ask_for_a_run)
    told = {"DUBAN_DATABASE_URL": remote.database_url, "DUBAN_HOME": str(remote.home), "PYTHONPATH": str(ROOT)}
    with (tmp_path / "worker.log").open("w") as log:
        worker = subprocess.Popen(
            [SCRIPTS / "prefect", "worker", "start", "--pool", "duban-test", "--run-once"],
            cwd=tmp_path, env=server.environment | told, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        worker.wait(LONGEST_SECONDS)
    ended = until(lambda: server.ask(final_state))
    assert ended and ended.is_completed(), (ended, (tmp_path / "worker.log").read_text())
    with reading(supervised_plan) as session:
        (run,) = session.scalars(select(FlowRun).where(col(FlowRun.flow) == "supervise_key_task/3")).all()
        assert (run.as_of, run.outcome) == (date(2022, 7, 1), FlowOutcome.DONE)


def test_workers_are_told_not_to_report_to_anybody(deployed: Deployed, server: Server) -> None:
    async def environments(client: Any) -> list[Any]:
        return [each.job_variables["env"] for each in await client.read_deployments()]

    assert all(environment == dict(QUIET) for environment in server.ask(environments))


def test_a_changed_schedule_leaves_nothing_of_the_old_one_but_what_was_paused(
    remote: Settings,
    supervised_plan: Database,
    deployed: Deployed,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def pause_escalation(client: Any) -> None:
        found = await client.read_deployment_by_name(f"escalate-overdue/{CODE}")
        await client.update_deployment_schedule(found.id, found.schedules[0].id, active=False)

    server.ask(pause_escalation)
    changed = [replace(entry, cron="7 */2 * * *") if entry.flow == "deliver_notices" else entry for entry in schedule()]
    monkeypatch.setattr(
        deploying, "schedule", lambda: [entry for entry in changed if entry.flow != "audit_supervision"]
    )
    assert deploy(remote, supervised_plan).removed == (f"audit-supervision/{CODE}",)
    time.sleep(SCHEDULER_SECONDS)

    registered = server.ask(_registered)
    assert f"audit-supervision/{CODE}" not in registered
    assert [active for *_, active in registered[f"escalate-overdue/{CODE}"][1]] == [False]
    deliveries = {at.minute for name, at in server.scheduled() if name == f"deliver-notices/{CODE}" and at > now()}
    assert deliveries == {7}
