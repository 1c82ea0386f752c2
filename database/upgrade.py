"""Bringing a database to the schema of this version, and refusing one from a newer version."""

from __future__ import annotations

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from config.errors import StoreError
from database.engine import Database, reading, writing

UPGRADE_LOCK = 20211229
"""Advisory lock key under which PostgreSQL lets one upgrade run at a time."""


def upgrade(database: Database) -> tuple[str | None, str]:
    """Run the migrations that are missing; return the revision before (None: empty) and after.

    One transaction on both databases: an interrupted upgrade leaves the schema as it was.
    Raises StoreError for a database from a newer version.
    """
    with as_file(files("migrations")) as folder, writing(database) as session:
        script = _script(str(folder))
        head = _head(script)
        connection = session.connection()
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
        before = MigrationContext.configure(connection).get_current_revision()
        _refuse_newer(script, before)
        if before != head:
            config = alembic_config(str(folder))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        return before, head


def ensure_current(database: Database) -> None:
    """Raise StoreError unless the database has exactly the schema of this version."""
    with as_file(files("migrations")) as folder, reading(database) as session:
        script = _script(str(folder))
        found = MigrationContext.configure(session.connection()).get_current_revision()
        _refuse_newer(script, found)
        if found != _head(script):
            state = "尚未初始化" if found is None else "是旧版本的结构"
            raise StoreError(f"数据库{state}：请先运行 duban init")


def alembic_config(folder: str) -> Config:
    """Return the configuration of Alembic for the migrations in `folder`."""
    config = Config()
    config.set_main_option("script_location", folder)
    return config


def _script(folder: str) -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config(folder))


def _head(script: ScriptDirectory) -> str:
    head = script.get_current_head()
    if head is None:
        raise StoreError("安装不完整：缺少数据库迁移文件，请重新安装 duban")
    return head


def _refuse_newer(script: ScriptDirectory, revision: str | None) -> None:
    known = {entry.revision for entry in script.walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(f"数据库来自更新版本的 duban（结构 {revision}）：请升级 duban，数据未作任何改动")
