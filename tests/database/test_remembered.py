"""What is kept in memory while nobody acts, and let go as soon as somebody does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from database import Database, chain, reading, writing
from database.remembered import MOST, remembered
from models import Tenant

AT = datetime(2022, 7, 4, tzinfo=UTC)


class Reader:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


@pytest.fixture
def tenant(database: Database) -> int:
    with writing(database) as session:
        row = Tenant(code="t", name="某市")
        session.add(row)
        session.flush()
        chain.open_chain(session, row.id or 0)
        return row.id or 0


def act(session: Session, tenant: int) -> None:
    chain.append(session, tenant, [chain.Entry("act", AT, "somebody")])


def asked(database: Database, tenant: int, read: Callable[[], int], question: str = "how many") -> int:
    with reading(database) as session:
        return remembered(session, tenant, question, read)


def test_a_question_is_read_once_until_somebody_acts(database: Database, tenant: int) -> None:
    read = Reader()
    assert [asked(database, tenant, read) for _ in range(3)] == [1, 1, 1]
    with writing(database) as session:
        act(session, tenant)
    assert [asked(database, tenant, read) for _ in range(2)] == [2, 2]


def test_different_questions_have_different_answers(database: Database, tenant: int) -> None:
    read = Reader()
    assert [asked(database, tenant, read, name) for name in ("red", "green", "red")] == [1, 2, 1]


def test_what_a_writer_reads_is_told_to_nobody(database: Database, tenant: int) -> None:
    read = Reader()
    with writing(database) as session:
        assert [remembered(session, tenant, "how many", read) for _ in range(2)] == [1, 2]
    assert asked(database, tenant, read) == 3


def test_an_act_that_is_taken_back_leaves_the_answer(database: Database, tenant: int) -> None:
    read = Reader()
    asked(database, tenant, read)
    with pytest.raises(ValueError, match="broken off"), writing(database) as session:
        act(session, tenant)
        raise ValueError("broken off")
    assert asked(database, tenant, read) == 1


def test_no_more_than_so_many_answers_are_kept(database: Database, tenant: int) -> None:
    read = Reader()
    asked(database, tenant, read, "first")
    for number in range(MOST):
        asked(database, tenant, Reader(), f"other {number}")
    assert asked(database, tenant, read, "first") == 2
