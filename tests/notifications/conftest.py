"""Fixtures of the tests of notifications."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from house import House
from mail_server import MailServer, start
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from database import Database, upgrade

_numbers = count(1)


@pytest.fixture(scope="session")
def _empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "duban.db"
    _upgraded(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _empty_postgres(postgres: URL) -> str:
    name = f"outbox_template_{os.getpid()}"
    _execute(postgres, f"CREATE DATABASE {name}")
    _upgraded(postgres.set(database=name).render_as_string(hide_password=False))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An upgraded, empty database of each kind, copied from a template: these tests take many."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("_empty_sqlite"), tmp_path / "duban.db")
        found = Database(f"sqlite:///{tmp_path / 'duban.db'}")
        yield found
        found.dispose()
        return
    server: URL = request.getfixturevalue("postgres")
    template = request.getfixturevalue("_empty_postgres")
    name = f"outbox_{os.getpid()}_{next(_numbers)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    found = Database(server.set(database=name).render_as_string(hide_password=False))
    yield found
    found.dispose()
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _upgraded(url: str) -> None:
    found = Database(url)
    upgrade(found)
    found.dispose()


def _execute(server: URL, statement: str) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    """A leading group with one plan and nobody in it yet, on each kind of database."""
    return House(database, tmp_path / "var").open()


@pytest.fixture
def serving() -> Iterator[Callable[..., tuple[MailServer, dict[str, Any]]]]:
    """Start mail servers; gives the server and the settings to reach it."""
    controllers = []

    def begin(**options: Any) -> tuple[MailServer, dict[str, Any]]:
        server = MailServer()
        controller = start(server, **options)
        controllers.append(controller)
        return server, {
            "smtp_host": "127.0.0.1",
            "smtp_port": controller.port,
            "smtp_starttls": False,
            "smtp_timeout": 5,
        }

    yield begin
    for controller in controllers:
        controller.stop()
