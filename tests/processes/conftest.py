"""The harbour city on the evening before the day, on each kind of database."""

from __future__ import annotations

from pathlib import Path

import pytest
from cycle.days import Installation, execute, put_harbour_city
from cycle.eve import THE_DAY, put_eve
from processes.lives import start_server
from processes.undisturbed_day import Undisturbed, live_undisturbed
from sqlalchemy.engine import URL


@pytest.fixture(scope="session")
def server_of_processes(postgres: URL, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The server that processes are forked off, warm for either kind of database."""
    execute(postgres, "CREATE DATABASE warm")
    start_server([f"sqlite:///{tmp_path_factory.mktemp('warm') / 'duban.db'}", url_of(postgres, "warm")])


def url_of(server: URL, name: str) -> str:
    return server.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def eve(request: pytest.FixtureRequest, postgres: URL, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The evening before the day on which nearly everything happens at once."""
    home: Path = tmp_path_factory.mktemp("eve")
    if request.param == "sqlite":
        installation = Installation(f"sqlite:///{home / 'duban.db'}", home)
    else:
        execute(postgres, f"CREATE DATABASE {home.name}")
        installation = Installation(url_of(postgres, home.name), home)
    with installation.open() as database:
        put_harbour_city(database)
    put_eve(installation)
    return installation


@pytest.fixture(scope="session")
def the_day(server_of_processes: None, eve: Installation, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The day itself, undisturbed."""
    return live_undisturbed(eve, THE_DAY, tmp_path_factory.mktemp("days"))
