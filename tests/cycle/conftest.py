"""The harbour city on each kind of database: on the day of its plan's issue, and on an evening a fortnight later."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from cycle.days import Installation, execute, put_harbour_city
from cycle.eve import put_eve
from sqlalchemy.engine import URL

_numbers = count(1)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def _loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    home = tmp_path_factory.mktemp("loaded")
    url = f"sqlite:///{home / 'duban.db'}"
    if request.param == "postgresql":
        server: URL = request.getfixturevalue("postgres")
        execute(server, f"CREATE DATABASE {home.name}")
        url = server.set(database=home.name).render_as_string(hide_password=False)
    installation = Installation(url, home)
    with installation.open() as database:
        put_harbour_city(database)
    return installation


@pytest.fixture(scope="session")
def _eve(_loaded: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with _loaded.copy(tmp_path_factory.mktemp("eve") / "home") as installation:
        put_eve(installation)
        yield installation


@pytest.fixture
def harbour(_loaded: Installation, tmp_path: Path) -> Iterator[Installation]:
    """The city when its plan has been loaded and nothing has run."""
    with _loaded.copy(tmp_path / f"harbour{next(_numbers)}") as installation:
        yield installation


@pytest.fixture
def eve(_eve: Installation, tmp_path: Path) -> Iterator[Installation]:
    """The city on the evening before a day on which nearly everything happens at once."""
    with _eve.copy(tmp_path / f"eve{next(_numbers)}") as installation:
        yield installation
