"""Engines and transactions. A transaction says beforehand whether it writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError
from sqlmodel import Session

from config.errors import BadInput, StoreError

BUSY_TIMEOUT_SECONDS = 60
"""How long a writer waits for another one before it gives up with a clear line."""

_WRITES = "duban_writes"


class Database:
    """One database and its engine. `url` is an SQLAlchemy URL of SQLite or PostgreSQL (psycopg)."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
            if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
                raise BadInput(f"不支持的数据库 {parsed.get_backend_name()}：请用 sqlite:/// 或 postgresql+psycopg://")
            if parsed.get_backend_name() == "sqlite":
                self.engine = _sqlite(url)
            else:
                self.engine = create_engine(parsed, pool_pre_ping=True)
        except (ArgumentError, NoSuchModuleError) as error:
            raise BadInput(f"DUBAN_DATABASE_URL 无法识别：{error}") from None
        self.url = parsed

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.url.get_backend_name() == "sqlite"

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS})

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # we emit BEGIN ourselves, below
        for pragma in ("foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        if connection.execute("PRAGMA query_only").fetchone() == (0,):
            try:
                connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError:
                pass  # a read-only file keeps its mode; the first write says so in words

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction that turns into a writer may fail at once with "locked"; an immediate one waits.
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def reading(database: Database) -> Iterator[Session]:
    """Give a session for reads, rolled back at the end."""
    with _explained(database), Session(database.engine) as session:
        yield session
        session.rollback()


@contextmanager
def writing(database: Database) -> Iterator[Session]:
    """Give a session whose one transaction is committed at the end, or rolled back if anything is raised.

    SQLite takes its write lock at the start. Never open a network connection inside.
    Raises StoreError in words for a locked, read-only, full or absent database.
    """
    engine = database.engine.execution_options(**{_WRITES: True})
    with _explained(database), Session(engine) as session, session.begin():
        yield session


@contextmanager
def _explained(database: Database) -> Iterator[None]:
    try:
        yield
    except (OperationalError, DatabaseError) as error:
        if type(error) not in {OperationalError, DatabaseError}:
            raise  # integrity and programming errors are ours to see whole
        raise StoreError(_in_words(database, str(error.orig))) from error


def _in_words(database: Database, cause: str) -> str:
    where = database.url.render_as_string(hide_password=True)
    for sign, advice in _ADVICE.items():
        if sign in cause.lower():
            return f"数据库 {where} {advice}"
    return f"数据库 {where} 不可用：{cause.splitlines()[0] if cause else '未知原因'}"


_ADVICE = {
    "locked": "被其他进程占用，请稍后再试",
    "readonly": "是只读的，未作任何改动：请检查文件和目录的写权限",
    "unable to open": "打不开：请检查目录是否存在、是否可写",
    "disk is full": "所在磁盘已满，未作任何改动：请腾出空间后再试",
    "no such table": "尚未初始化：请先运行 duban init",
    "does not exist": "尚未初始化：请先运行 duban init",
    "not a database": "不是 SQLite 数据库文件：请检查 DUBAN_DATABASE_URL",
    "malformed": "已损坏：请从备份恢复",
    "connection refused": "连不上：请检查数据库服务是否已启动、地址是否正确",
}
