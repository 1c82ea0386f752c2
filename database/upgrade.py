"""Bringing a database to the schema of this version, and refusing one from a newer version."""

from __future__ import annotations

import re
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect

from config.errors import StoreError
from database.engine import Database, reading, writing

if TYPE_CHECKING:
    from alembic.config import Config

UPGRADE_LOCK = 20211229
"""Advisory lock key under which PostgreSQL lets one upgrade run at a time."""

_NUMBERED = re.compile(r"(?P<revision>[0-9]{4})_\w+\.py")
"""How the migrations are named; the file's number is its revision."""

_VERSIONS = "alembic_version"


def upgrade(database: Database) -> tuple[str | None, str]:
    """Run the migrations that are missing; return the revision before (None: empty) and after.

    One transaction on both databases: an interrupted upgrade leaves the schema as it was.
    Raises StoreError for a database from a newer version.
    """
    from alembic import command  # a quarter of a second, which only an upgrade is worth

    known = revisions()
    with as_file(files("migrations")) as folder, writing(database) as session:
        connection = session.connection()
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
        before = _revision_of(connection)
        _refuse_newer(known, before)
        if before != known[-1]:
            config = alembic_config(str(folder))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        return before, known[-1]


def ensure_current(database: Database) -> None:
    """Raise StoreError unless the database has exactly the schema of this version."""
    known = revisions()
    found = revision(database)
    _refuse_newer(known, found)
    if found != known[-1]:
        state = "尚未初始化" if found is None else "是旧版本的结构"
        raise StoreError(f"数据库{state}：请先运行 duban init")


def alembic_config(folder: str) -> Config:
    """Return the configuration of Alembic for the migrations in `folder`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", folder)
    return config


def revision(database: Database) -> str | None:
    """Return the revision of the schema that the database has; None for an empty one."""
    with reading(database) as session:
        return _revision_of(session.connection())


def revisions() -> list[str]:
    """Return the revisions of this version in order, as the migrations' file names number them."""
    names = (_NUMBERED.fullmatch(entry.name) for entry in (files("migrations") / "versions").iterdir())
    found = sorted(name["revision"] for name in names if name)
    if not found:
        raise StoreError("安装不完整：缺少数据库迁移文件，请重新安装 duban")
    return found


def _revision_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSIONS):
        return None
    return connection.exec_driver_sql(f"SELECT version_num FROM {_VERSIONS}").scalar()  # noqa: S608 - a constant


def _refuse_newer(known: list[str], found: str | None) -> None:
    if found is not None and found not in known:
        raise StoreError(f"数据库来自更新版本的 duban（结构 {found}）：请升级 duban，数据未作任何改动")
