"""A transaction is kept whole or not at all, and a database that cannot be used says so in one line."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from config.errors import BadInput, StoreError
from database import Database, engine, ensure_current, reading, upgrade, writing
from models import Tenant

NOBODY = 65534
"""A user whom file permissions bind: root reads and writes whatever they say."""


on_a_server = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def a_tenant(code: str = "hangzhou") -> Tenant:
    return Tenant(code=code, name=code)


def tenants(database: Database) -> list[str]:
    with reading(database) as session:
        return list(session.scalars(select(col(Tenant.code)).order_by(col(Tenant.code))))


def one_line(error: pytest.ExceptionInfo[BaseException]) -> str:
    message = str(error.value)
    assert "\n" not in message
    return message


@contextmanager
def unprivileged() -> Iterator[None]:
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that anybody can enter; pytest's own are closed to others."""
    found = Path(tempfile.mkdtemp(prefix="duban-"))
    found.chmod(0o777)
    yield found
    found.chmod(0o777)
    shutil.rmtree(found)


def a_file(folder: Path) -> Path:
    path = folder / "duban.db"
    found = Database(f"sqlite:///{path}")
    upgrade(found)
    with writing(found) as session:
        session.add(a_tenant())
    found.dispose()
    return path


# --- transactions


def test_what_was_written_is_there_afterwards(database: Database) -> None:
    with writing(database) as session:
        session.add(a_tenant())
    assert tenants(database) == ["hangzhou"]


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), writing(database) as session:
        session.add(a_tenant("a"))
        session.flush()
        session.add(a_tenant("b"))
        raise RuntimeError
    assert tenants(database) == []


def test_reading_leaves_nothing(database: Database) -> None:
    with reading(database) as session:
        session.add(a_tenant())
        session.flush()
    assert tenants(database) == []


def test_a_mistake_of_ours_is_seen_whole(database: Database) -> None:
    with pytest.raises(IntegrityError), writing(database) as session:
        session.add_all([a_tenant(), a_tenant()])
    assert tenants(database) == []


def test_a_part_can_be_taken_back_alone(database: Database) -> None:
    with writing(database) as session:
        session.add(a_tenant("kept"))
        with pytest.raises(RuntimeError), session.begin_nested():
            session.add(a_tenant("taken back"))
            session.flush()
            raise RuntimeError
    assert tenants(database) == ["kept"]


def test_two_writers_wait_for_each_other_and_lose_nothing(database: Database) -> None:
    with writing(database) as session:
        session.add(Tenant(id=1, code="0", name="0"))

    def count_up() -> None:
        for _ in range(10):
            with writing(database) as session:
                row = session.scalars(select(Tenant).where(col(Tenant.id) == 1).with_for_update()).one()
                row.code = str(int(row.code) + 1)

    threads = [threading.Thread(target=count_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tenants(database) == ["30"]


# --- a database that cannot be used


@pytest.mark.parametrize(
    ("url", "about"),
    [
        ("mysql://u@h/d", "mysql"),
        ("postgresql+psycopg2://u@h/d", "psycopg2"),
        ("postgresql+asyncpg://u@h/d", "asyncpg"),
        ("postgres://u@h/d", "postgres"),
        ("duban.db", "DUBAN_DATABASE_URL"),
        ("", "DUBAN_DATABASE_URL"),
    ],
)
def test_an_address_of_no_use_is_named(url: str, about: str) -> None:
    with pytest.raises(BadInput, match=about) as error:
        Database(url)
    one_line(error)


def test_the_usual_address_of_postgresql_needs_no_driver_in_it() -> None:
    assert Database("postgresql://u@h/d").url.drivername == "postgresql+psycopg"


def test_a_server_that_is_not_there_is_said_to_be_unreachable() -> None:
    found = Database("postgresql+psycopg://duban:secret@127.0.0.1:1/duban")
    with pytest.raises(StoreError, match="连不上") as error, reading(found) as session:
        tenant_count(session)
    assert "secret" not in one_line(error)


def test_a_host_that_nobody_knows_is_said_to_be_unreachable() -> None:
    with pytest.raises(StoreError, match="连不上"):
        ensure_current(Database("postgresql+psycopg://duban@no-such-host.invalid/duban"))


def test_a_database_that_the_server_does_not_have_is_not_called_uninitialised(postgres: URL) -> None:
    found = Database(postgres.set(database="nowhere").render_as_string(hide_password=False))
    with pytest.raises(StoreError, match="尚未建立") as error:
        ensure_current(found)
    assert "duban init" not in one_line(error)


def test_an_empty_database_is_said_to_be_uninitialised(database_url: str) -> None:
    found = Database(database_url)
    with pytest.raises(StoreError, match="duban init") as error, reading(found) as session:
        tenant_count(session)
    one_line(error)
    found.dispose()


@on_a_server
def test_a_user_without_rights_is_told_so(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS duban_guest"))
        connection.execute(text("CREATE ROLE duban_guest LOGIN"))
    guest = Database(database.url.set(username="duban_guest").render_as_string(hide_password=False))
    with pytest.raises(StoreError, match="不允许该用户"), writing(guest) as session:
        session.add(a_tenant())
    guest.dispose()
    assert tenants(database) == []
    with database.engine.begin() as connection:
        connection.execute(text("DROP ROLE duban_guest"))


@on_a_server
def test_a_standby_server_is_told_from_a_broken_one(database: Database) -> None:
    with pytest.raises(StoreError, match="只允许读取"), writing(database) as session:
        session.execute(text("SET TRANSACTION READ ONLY"))
        session.add(a_tenant())
    assert tenants(database) == []


def test_a_file_that_may_not_be_written_can_be_read_and_keeps_what_it_holds(folder: Path) -> None:
    path = a_file(folder)
    path.chmod(0o444)
    before = path.read_bytes()
    found = Database(f"sqlite:///{path}")
    with unprivileged():
        assert tenants(found) == ["hangzhou"]
        with pytest.raises(StoreError, match="只读") as error, writing(found) as session:
            session.add(a_tenant("other"))
        found.dispose()
    assert str(path) in one_line(error)
    assert path.read_bytes() == before


def test_a_folder_that_may_not_be_written_gets_one_line(folder: Path) -> None:
    path = a_file(folder)
    path.chmod(0o444)
    folder.chmod(0o555)
    before = path.read_bytes()
    found = Database(f"sqlite:///{path}")
    with unprivileged():
        with pytest.raises(StoreError, match=r"只读|打不开") as error, writing(found) as session:
            session.add(a_tenant("other"))
        found.dispose()
    one_line(error)
    assert path.read_bytes() == before
    assert [entry.name for entry in folder.iterdir()] == ["duban.db"]


def test_a_new_database_in_a_folder_that_may_not_be_written_gets_one_line(folder: Path) -> None:
    folder.chmod(0o555)
    with unprivileged(), pytest.raises(StoreError, match=r"只读|打不开") as error:
        upgrade(Database(f"sqlite:///{folder / 'duban.db'}"))
    one_line(error)
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_not_there_gets_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="目录是否存在") as error:
        upgrade(Database(f"sqlite:///{tmp_path / 'nowhere' / 'duban.db'}"))
    one_line(error)


def test_a_folder_in_place_of_a_file_gets_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="打不开"):
        ensure_current(Database(f"sqlite:///{tmp_path}"))


@pytest.mark.parametrize("use", [ensure_current, upgrade])
def test_a_file_that_is_no_database_gets_one_line_and_stays(tmp_path: Path, use: Callable[[Database], object]) -> None:
    path = tmp_path / "plan.docx"
    path.write_bytes(b"PK\x03\x04" * 2000)
    with pytest.raises(StoreError, match="不是 SQLite 数据库") as error:
        use(Database(f"sqlite:///{path}"))
    one_line(error)
    assert path.read_bytes() == b"PK\x03\x04" * 2000


def test_a_damaged_file_gets_one_line(tmp_path: Path) -> None:
    path = a_file(tmp_path)
    content = bytearray(path.read_bytes())
    content[4096 : len(content) // 2] = b"\xff" * (len(content) // 2 - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError) as error:
        ensure_current(Database(f"sqlite:///{path}"))
    one_line(error)


def test_a_database_that_another_process_holds_gets_one_line_after_a_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_file(tmp_path)
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_SECONDS", 0.1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    found = Database(f"sqlite:///{path}")
    assert tenants(found) == ["hangzhou"]
    with pytest.raises(StoreError, match="被其他进程占用") as error, writing(found) as session:
        session.add(a_tenant("other"))
    one_line(error)
    other.rollback()
    other.close()
    assert tenants(found) == ["hangzhou"]
    found.dispose()


def tenant_count(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Tenant)).one()
