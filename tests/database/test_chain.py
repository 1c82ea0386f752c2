"""The audit chain: whatever is edited, removed or slipped in shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlmodel import Session, col

from config.clock import ZONE
from database import Database, chain, reading, writing
from models import Event, Tenant

AT = datetime(2022, 7, 1, 9, 0, tzinfo=ZONE)


@pytest.fixture
def chained(database: Database) -> Database:
    """A database with two tenants, the first with nine links and the second with one."""
    with writing(database) as session:
        for number, code in enumerate(("hangzhou", "ningbo"), start=1):
            session.add(Tenant(id=number, code=code, name=code))
            session.flush()
            chain.open_chain(session, number)
        for number in range(3):
            chain.append(session, 1, [an_entry(3 * number + each) for each in range(3)])
        chain.append(session, 2, [an_entry(99)])
    return database


def an_entry(number: int) -> chain.Entry:
    data = {"comment": f"第 {number} 件", "due": "2022-07-29", "nested": {"b": 1, "a": [None, True]}}
    return chain.Entry("acknowledge", AT + timedelta(microseconds=number), "jxj.liaison", item_id=number, data=data)


def broken(database: Database, tenant_id: int = 1) -> list[tuple[int, str]]:
    with reading(database) as session:
        return [(link.seq, link.why) for link in chain.verify(session, tenant_id)]


def tampered(database: Database, statement: str) -> list[tuple[int, str]]:
    with writing(database) as session:
        session.execute(text(statement))
    return broken(database)


def test_a_chain_that_nobody_touched_is_whole(chained: Database) -> None:
    assert broken(chained) == []
    assert broken(chained, 2) == []


def test_a_chain_without_links_is_whole(database: Database) -> None:
    with writing(database) as session:
        session.add(Tenant(id=1, code="a", name="a"))
        session.flush()
        chain.open_chain(session, 1)
        chain.open_chain(session, 1)
    assert broken(database) == []


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'office.clerk'",
        "action = 'verify'",
        "acting_for = 'jxj.head'",
        "item_id = 12",
        "item_id = NULL",
        "request_id = 3",
        "plan_id = 5",
        "hash = previous_hash",
    ],
)
def test_an_edited_link_shows(chained: Database, change: str) -> None:
    assert tampered(chained, f"UPDATE event SET {change} WHERE tenant_id = 1 AND seq = 4")[0][0] == 4


def test_an_edited_instant_shows(chained: Database) -> None:
    with writing(chained) as session:
        at = session.execute(text("SELECT at FROM event WHERE tenant_id = 1 AND seq = 9")).scalar()
        session.execute(text("UPDATE event SET at = :at WHERE tenant_id = 1 AND seq = 4"), {"at": at})
    assert broken(chained)[0][0] == 4


def test_edited_words_show(chained: Database) -> None:
    found = tampered(chained, """UPDATE event SET data = '{"comment": "改过"}' WHERE tenant_id = 1 AND seq = 9""")
    assert found == [(9, "第 9 条内容与其校验值不符")]


def test_an_edit_with_a_fresh_hash_shows_at_the_next_link(chained: Database) -> None:
    def rewrite(session: Session) -> None:
        link = session.scalars(select(Event).where(col(Event.tenant_id) == 1, col(Event.seq) == 4)).one()
        link.actor = "office.clerk"
        link.hash = chain.link_hash(link.model_dump())

    assert _after(chained, rewrite) == [(5, "第 5 条与前一条不衔接")]


def test_a_removed_link_shows(chained: Database) -> None:
    assert tampered(chained, "DELETE FROM event WHERE tenant_id = 1 AND seq = 4") == [(4, "第 4 至 4 条缺失")]


def test_a_removed_first_link_shows(chained: Database) -> None:
    assert tampered(chained, "DELETE FROM event WHERE tenant_id = 1 AND seq <= 2") == [(1, "第 1 至 2 条缺失")]


def test_a_truncated_tail_shows(chained: Database) -> None:
    [(seq, why)] = tampered(chained, "DELETE FROM event WHERE tenant_id = 1 AND seq > 6")
    assert (seq, "链尾" in why) == (6, True)


def test_a_chain_that_was_emptied_shows(chained: Database) -> None:
    [(seq, why)] = tampered(chained, "DELETE FROM event WHERE tenant_id = 1")
    assert (seq, "链尾" in why) == (0, True)


def test_a_link_slipped_in_behind_the_tail_shows(chained: Database) -> None:
    def insert(session: Session) -> None:
        _copy(session, 9, 10)

    assert _after(chained, insert) == [(10, "第 10 至 10 条不在登记的链上")]


def test_a_link_slipped_in_for_a_removed_one_shows(chained: Database) -> None:
    def replace(session: Session) -> None:
        session.execute(text("DELETE FROM event WHERE tenant_id = 1 AND seq = 5"))
        _copy(session, 4, 5)

    assert {seq for seq, _ in _after(chained, replace)} >= {5}


def test_two_links_that_changed_places_show(chained: Database) -> None:
    def swap(session: Session) -> None:
        for old, new in ((4, -1), (5, 4), (-1, 5)):
            session.execute(text(f"UPDATE event SET seq = {new} WHERE tenant_id = 1 AND seq = {old}"))

    assert {seq for seq, _ in _after(chained, swap)} >= {4, 5}


def test_a_link_moved_to_another_tenant_shows_in_both(chained: Database) -> None:
    assert tampered(chained, "UPDATE event SET tenant_id = 2 WHERE tenant_id = 1 AND seq = 4")
    assert broken(chained, 2)


def test_a_head_that_was_removed_shows(chained: Database) -> None:
    assert tampered(chained, "DELETE FROM chain_head WHERE tenant_id = 1") == [(0, "审计链的链尾登记缺失")]


def test_the_damage_of_one_tenant_is_not_seen_in_another(chained: Database) -> None:
    assert tampered(chained, "DELETE FROM event WHERE tenant_id = 1 AND seq = 4")
    assert broken(chained, 2) == []


def test_verifying_takes_no_lock_and_ignores_what_is_appended_meanwhile(chained: Database) -> None:
    with reading(chained) as session:
        assert chain.verify(session, 1) == []
        with writing(chained) as other:
            chain.append(other, 1, [an_entry(10)])
    assert broken(chained) == []


def test_an_entry_that_cannot_be_kept_leaves_the_chain_as_it_was(chained: Database) -> None:
    with pytest.raises(TypeError), writing(chained) as session:
        chain.append(session, 1, [an_entry(10), chain.Entry("x", AT, "y", data={"day": AT.date()})])
    assert broken(chained) == []


def _copy(session: Session, seq: int, to: int) -> None:
    columns = "tenant_id, plan_id, at, actor, acting_for, action, item_id, request_id, data, previous_hash, hash"
    session.execute(
        text(
            f"INSERT INTO event (seq, {columns}) SELECT {to}, {columns} FROM event WHERE tenant_id = 1 AND seq = {seq}"
        )
    )


def _after(database: Database, change: Callable[[Session], None]) -> list[tuple[int, str]]:
    with writing(database) as session:
        change(session)
    return broken(database)
