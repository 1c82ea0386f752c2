"""Engines and transactions. A transaction says beforehand whether it writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, NoSuchModuleError, OperationalError
from sqlmodel import Session

from config.errors import BadInput, StoreError

BUSY_TIMEOUT_SECONDS = 60
"""How long a writer waits for another one before it gives up with a clear line."""

CONNECT_TIMEOUT_SECONDS = 10
"""How long PostgreSQL may take to answer before it counts as unreachable."""

CONNECTIONS = 32
"""How many connections one process opens at most; PostgreSQL admits 100 unless it is told otherwise."""
_KEPT = 5
"""How many of them stay open when nothing is done."""
_POOL = {"pool_size": _KEPT, "max_overflow": CONNECTIONS - _KEPT}

_WRITES = "duban_writes"
_POSTGRESQL = "postgresql+psycopg"


class Database:
    """One database and its engine. `url` is an SQLAlchemy URL of SQLite or PostgreSQL.

    Raises BadInput in one line for a URL that cannot be read and for any other kind of database or driver.
    """

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
            if parsed.drivername == "postgresql":
                parsed = parsed.set(drivername=_POSTGRESQL)
            if parsed.drivername not in {"sqlite", "sqlite+pysqlite", _POSTGRESQL}:
                raise BadInput(f"不支持的数据库 {parsed.drivername}：请用 sqlite:/// 或 postgresql+psycopg://")
            self.engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed)
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


def _postgresql(url: URL) -> Engine:
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_TIMEOUT_SECONDS}, **_POOL)


def _sqlite(url: URL) -> Engine:
    pool = _POOL if url.database else {}  # what lives in memory has one connection
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS}, **pool)

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
    with explained(database), Session(database.engine) as session:
        yield session
        session.rollback()


@contextmanager
def writing(database: Database) -> Iterator[Session]:
    """Give a session whose one transaction is committed at the end, or rolled back if anything is raised.

    SQLite takes its write lock at the start. Never open a network connection inside.
    Raises StoreError in words for a locked, read-only, full or absent database.
    """
    engine = database.engine.execution_options(**{_WRITES: True})
    with explained(database), Session(engine) as session, session.begin():
        yield session


def is_writing(session: Session) -> bool:
    """Return whether the session may have changed something that nobody else sees yet."""
    return bool(session.connection().get_execution_options().get(_WRITES, False))


@contextmanager
def explained(database: Database) -> Iterator[None]:
    """Raise StoreError in words for a database that is locked, read-only, full or not there."""
    try:
        yield
    except DBAPIError as error:
        advice = _STATES.get(getattr(error.orig, "sqlstate", None) or "")
        if advice is None and type(error) not in {OperationalError, DatabaseError}:
            raise  # a mistake of ours: to be seen whole
        where = database.url.render_as_string(hide_password=True)
        raise StoreError(f"数据库 {where} {advice or _recognised(str(error.orig))}") from error


def _recognised(cause: str) -> str:
    found = next((advice for sign, advice in _SIGNS.items() if sign in cause.lower()), None)
    return found or f"不可用：{(cause.splitlines() or ['未知原因'])[0]}"


_READ_ONLY = "是只读的，未作任何改动：请检查文件和目录的写权限"
_FULL = "所在磁盘已满，未作任何改动：请腾出空间后再试"
_EMPTY = "尚未初始化：请先运行 duban init"
_UNREACHABLE = "连不上：请检查数据库服务是否已启动、地址是否正确"

_STATES = {
    "25006": "只允许读取，未作任何改动：请检查是否连到了备用服务器",
    "42501": "不允许该用户这样操作，未作任何改动：请检查数据库用户的权限",
    "42P01": _EMPTY,
    "53100": _FULL,
}
"""By the SQLSTATE that PostgreSQL gives to what goes wrong inside a connection."""

_SIGNS = {
    "locked": "被其他进程占用，请稍后再试",
    "readonly": _READ_ONLY,
    "unable to open": "打不开：请检查目录是否存在、是否可读写",
    "disk is full": _FULL,
    "no such table": _EMPTY,
    "not a database": "不是 SQLite 数据库文件：请检查 DUBAN_DATABASE_URL",
    "malformed": "已损坏：请从备份恢复",
    "password authentication failed": "不接受该用户名或口令：请检查 DUBAN_DATABASE_URL",
    "does not exist": "尚未建立，或没有这个用户：请先在数据库服务器上建库、建用户",
    "connection refused": _UNREACHABLE,
    "timeout": _UNREACHABLE,
    "resolve host": _UNREACHABLE,
}
"""By words of the message: SQLite has no codes that tell these apart, and a failed connection has none at all."""
