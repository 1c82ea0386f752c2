"""What the tests of the engine share: one real Prefect server as a child, and installations to run flows in."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from database import Database
from flows.catalogue import known_flow
from flows.client import prepare
from flows.engine import Engine, engine
from flows.run import call

RunFlow = Callable[..., Any]


@pytest.fixture(scope="session")
def engine_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the engine of the tests keeps its files."""
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="session")
def running(engine_home: Path) -> Iterator[Engine]:
    """A Prefect server of our own, as `duban run` starts it."""
    prepare(engine_home)  # before the library is first imported, as every command does
    with engine(Settings(home=engine_home)) as found:
        yield found


@pytest.fixture
def office(_loaded_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation with the packaged plan, loaded on the day of its issue, where nothing has run yet."""
    for name in [name for name in os.environ if name.startswith(("DUBAN_", "PREFECT_API"))]:
        monkeypatch.delenv(name)
    home = tmp_path / "var"
    home.mkdir()
    shutil.copy(_loaded_sqlite, home / "duban.db")
    return Settings(home=home, database_url=f"sqlite:///{home / 'duban.db'}")


@pytest.fixture
def database(office: Settings) -> Iterator[Database]:
    """The database of the installation."""
    found = Database(office.database_url)
    yield found
    found.dispose()


@pytest.fixture
def run_flow(office: Settings, running: Engine) -> RunFlow:
    """Run a flow in the installation through the real engine: `run_flow("escalate_overdue", as_of=…)`."""

    def run(name: str, **arguments: Any) -> Any:
        return asyncio.run(call(known_flow(name), office, running, **arguments))

    return run
