"""The sweep finds what is due by the index of it, however much is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, event

from database import Database, reading, upgrade
from supervision.ledger import rungs


@pytest.mark.parametrize(
    ("look", "index"), [(rungs._due_items, "ix_item_sweep"), (rungs._due_requests, "ix_request_sweep")]
)
def test_a_sweep_does_not_walk_through_what_is_open_but_not_due(
    look: Callable[..., Sequence[object]], index: str
) -> None:
    database = Database("sqlite://")
    upgrade(database)
    asked: list[tuple[str, Any]] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _keep(connection: Connection, cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    with reading(database) as session:
        assert not look(session, SimpleNamespace(plan_id=1), date(2022, 7, 1), 0)
        statement, parameters = next(each for each in asked if "sweep_on <=" in each[0])
        way = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert index in " ".join(row[3] for row in way)
