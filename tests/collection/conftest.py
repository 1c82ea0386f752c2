"""The office of the packaged plan in a database of either kind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reporting_office import Office

from config.plan import Plan
from database import Database, upgrade, writing
from supervision.ledger.plan import put_plan


@pytest.fixture
def office(supervised: Database) -> Office:
    """The packaged plan, before anything was asked of anybody."""
    return Office(supervised)


@pytest.fixture
def desk(loaded_file: Path, tmp_path: Path) -> Iterator[Office]:
    """The same on SQLite alone, for rules that no database can change."""
    path = tmp_path / "desk.db"
    shutil.copy(loaded_file, path)
    database = Database(f"sqlite:///{path}")
    yield Office(database)
    database.dispose()


@pytest.fixture(scope="session")
def loaded_file(hangzhou: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the packaged plan, to be copied for each example of a property."""
    path = tmp_path_factory.mktemp("collection") / "duban.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with writing(database) as session:
        put_plan(session, hangzhou, at=datetime(2021, 12, 29, 1, tzinfo=UTC))
    database.dispose()
    return path
