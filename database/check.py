"""Checks that migrations and models agree, and that every migration goes up and down again. For `make check`."""

from __future__ import annotations

import sys
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

import models  # noqa: F401  (fills the metadata)
from database.engine import Database, reading, writing
from database.upgrade import alembic_config, upgrade


def differences(database: Database) -> list[str]:
    """Return where an upgraded `database` differs from the models; empty when they agree."""
    with reading(database) as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, SQLModel.metadata)]


def down_and_up(database: Database) -> None:
    """Take every migration back, then apply all again."""
    with as_file(files("migrations")) as folder, writing(database) as session:
        config = alembic_config(str(folder))
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "base")
    upgrade(database)


def main() -> int:
    """Return 0 when models and migrations agree, 1 otherwise, after saying where."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'check.db'}")
        upgrade(database)
        found = differences(database)
        down_and_up(database)
        found += differences(database)
        database.dispose()
    for difference in found:
        sys.stderr.write(f"models and migrations differ: {difference}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
