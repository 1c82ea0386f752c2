"""The schema: brought up by every start, refused when it is from another version, the same as the models say."""

from __future__ import annotations

import sys

import pytest
from sqlalchemy import inspect, text

from config.errors import StoreError
from database import Database, ensure_current, reading, upgrade, writing
from database.check import differences, down_and_up
from database.upgrade import revision, revisions
from models import Tenant

NEWEST = revisions()[-1]


def set_revision(database: Database, to: str) -> None:
    with writing(database) as session:
        session.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": to})


def test_an_empty_database_is_brought_to_the_newest_schema(database_url: str) -> None:
    found = Database(database_url)
    assert upgrade(found) == (None, NEWEST)
    assert revision(found) == NEWEST
    ensure_current(found)
    found.dispose()


def test_an_upgrade_of_what_is_new_changes_nothing(database: Database) -> None:
    with writing(database) as session:
        session.add(Tenant(code="hangzhou", name="杭州市"))
    assert upgrade(database) == (NEWEST, NEWEST)
    with reading(database) as session:
        assert session.execute(text("SELECT code FROM tenant")).scalar() == "hangzhou"


def test_the_schema_is_the_one_of_the_models(database: Database) -> None:
    assert differences(database) == []


def test_every_migration_goes_down_and_up_again(database: Database) -> None:
    down_and_up(database)
    assert differences(database) == []
    assert revision(database) == NEWEST


def test_a_database_from_a_newer_version_is_left_alone(database: Database) -> None:
    set_revision(database, "9999")
    before = tables(database)
    for use in (ensure_current, upgrade):
        with pytest.raises(StoreError, match="更新版本的 duban（结构 9999）") as error:
            use(database)
        assert "\n" not in str(error.value)
    assert tables(database) == before
    assert revision(database) == "9999"


def test_a_database_from_an_older_version_says_how_to_upgrade(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = [*revisions(), "9998"]
    monkeypatch.setattr(sys.modules["database.upgrade"], "revisions", lambda: later)  # the name is the function's too
    with pytest.raises(StoreError, match="是旧版本的结构：请先运行 duban init"):
        ensure_current(database)


def test_an_empty_database_says_how_to_begin(database_url: str) -> None:
    found = Database(database_url)
    with pytest.raises(StoreError, match="尚未初始化：请先运行 duban init"):
        ensure_current(found)
    assert revision(found) is None
    found.dispose()


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(database_url: str) -> None:
    found = Database(database_url)
    with writing(found) as session:
        session.execute(text("CREATE TABLE score (mine TEXT)"))  # one of the last tables is in the way
    with pytest.raises(Exception, match="score"):
        upgrade(found)
    assert tables(found) == {"score"}
    assert revision(found) is None
    found.dispose()


def tables(database: Database) -> set[str]:
    with reading(database) as session:
        return set(inspect(session.connection()).get_table_names())
