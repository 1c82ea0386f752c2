"""The child that runs the engine: kept to ourselves, shared by those who may, and never left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest
from engine_processes import engines_in, gone, primed

from config.errors import EngineError
from config.settings import Settings
from flows.embedded import RUNNING, Embedded
from flows.engine import Engine, engine, owned, share
from flows.engine_child import QUIET

pytestmark = [pytest.mark.engine, pytest.mark.processes]

ROOT = Path(__file__).resolve().parents[2]

A_PARENT = """
import sys, threading
from pathlib import Path
from flows.engine_child import Child
child = Child(Path(sys.argv[1]))
child.wait_until_ready() if sys.argv[2] == "ready" else None
print(child._process.pid, flush=True)
threading.Event().wait()
"""


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def test_the_engine_answers_only_those_who_know_its_password(running: Engine) -> None:
    assert running.answers()
    assert not Engine(running.api_url, "duban:wrong").answers()
    assert status(f"{running.api_url}/health") == 200
    assert status(f"{running.api_url}/flow_runs/count") in {401, 405}
    assert status(f"{running.api_url}/version") == 401


def test_the_engine_lets_no_foreign_page_read_its_answers(running: Engine) -> None:
    request = urllib.request.Request(f"{running.api_url}/health", headers={"Origin": "https://example.org"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers.get("access-control-allow-origin") is None


def test_the_engine_writes_nothing_outside_its_home(running: Engine, engine_home: Path) -> None:
    assert (engine_home / "engine" / "prefect.db").exists()
    assert (engine_home / "logs" / "engine.log").exists()
    (child,) = engines_in(engine_home)
    written = {Path(file.path) for file in child.open_files() if file.path.endswith((".db", ".log", "-wal", "-shm"))}
    assert written and all(engine_home in path.parents for path in written)


def test_the_engine_is_told_not_to_report_to_anybody(running: Engine, engine_home: Path) -> None:
    (child,) = engines_in(engine_home)
    assert QUIET.items() <= child.environ().items()
    assert not [c for c in child.net_connections() if c.raddr and c.raddr.ip not in {"127.0.0.1", "::1"}]


def test_servers_and_workers_of_ones_own_are_told_the_same() -> None:
    import tomllib

    told = tomllib.loads((ROOT / "prefect.toml").read_text(encoding="utf-8"))
    flat = {f"PREFECT_{'_'.join(path).upper()}": str(value).lower() for path, value in _leaves(told)}
    assert flat == {name: value for name, value in QUIET.items() if name.startswith("PREFECT_")}


def _leaves(tree: dict, path: tuple[str, ...] = ()):
    for key, value in tree.items():
        yield from _leaves(value, (*path, key)) if isinstance(value, dict) else [((*path, key), value)]


@pytest.mark.parametrize("when", ["ready", "starting"])
def test_the_engine_ends_with_its_parent_even_when_that_is_killed(
    when: str, running: Engine, engine_home: Path, tmp_path: Path
) -> None:
    primed(tmp_path, engine_home)
    parent = subprocess.Popen(
        [sys.executable, "-c", A_PARENT, str(tmp_path), when], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert psutil.pid_exists(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert gone(child)


def test_an_engine_that_dies_is_replaced(running: Engine, engine_home: Path, tmp_path: Path) -> None:
    primed(tmp_path, engine_home)

    async def die_and_come_back() -> None:
        with Embedded(Settings(home=tmp_path), threading.Event()) as embedded:
            first = await embedded.ready()
            assert embedded.state == RUNNING and await embedded.ready() == first
            (child,) = engines_in(tmp_path)
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            second = await embedded.ready()
            assert second != first and second.answers() and not first.answers()

    asyncio.run(die_and_come_back())
    assert engines_in(tmp_path) == []


def test_an_engine_that_cannot_start_says_where_to_look(tmp_path: Path) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "prefect.db").write_text("this is no database")
    with pytest.raises(EngineError, match=r"logs/engine\.log"), engine(Settings(home=tmp_path)):
        pass
    assert "not a database" in (tmp_path / "logs" / "engine.log").read_text()


# --- one child for each home


def test_a_command_uses_the_engine_of_the_running_portal(running: Engine, tmp_path: Path) -> None:
    with owned(tmp_path, threading.Event()):
        share(tmp_path, running)
        assert (tmp_path / "engine" / "shared.json").stat().st_mode & 0o077 == 0
        with engine(Settings(home=tmp_path)) as found:
            assert found == running
    assert not (tmp_path / "engine" / "shared.json").exists()


def test_a_second_portal_in_the_same_home_is_refused(running: Engine, tmp_path: Path) -> None:
    with owned(tmp_path, threading.Event()):
        share(tmp_path, running)
        with pytest.raises(EngineError, match="已有正在运行的 duban serve"), owned(tmp_path, threading.Event()):
            pass


def test_waiting_for_the_engine_of_another_process_ends_when_asked(tmp_path: Path) -> None:
    asked = threading.Event()
    with owned(tmp_path, threading.Event()):
        threading.Timer(0.3, asked.set).start()
        with pytest.raises(EngineError, match="占用"), owned(tmp_path, asked):
            pass


def test_a_server_of_ones_own_goes_before_a_child(running: Engine, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", running.auth)
    with engine(Settings(home=tmp_path, engine_url=running.api_url + "/")) as found:
        assert found == running
    assert not (tmp_path / "engine").exists()


def test_a_server_of_ones_own_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="DUBAN_ENGINE_URL"):
        with engine(Settings(home=tmp_path, engine_url="http://127.0.0.1:9/api")):
            pass
