"""Fixtures of the tests of notifications."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from house import House
from mail_server import MailServer, start

from database import Database


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
