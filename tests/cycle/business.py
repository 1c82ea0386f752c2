"""What stands in a database and its Maildir, told by what it is about: the same business gives the same state.

Numbers of rows, places in the chain, names of claims and the index of the sweep (which the nightly proof looks after)
are left out: they differ between two runs that did the same.
When something was handed over counts by its day: a process that dies hands over at a later tick.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlmodel import SQLModel

from config.clock import day_of
from database import Database
from notifications.mime import name_of

__all__ = ["State", "differences", "rungs_of", "state_of"]

State = Mapping[str, Counter[str]]
"""By table, and `mail`: the rows, each in words."""

_REFERENCE = frozenset({"tenant", "plan", "plan_version", "ladder", "chain_head"})
"""What only loading a plan changes, and the end of the chain, which has its own proof."""

_NO_BUSINESS = frozenset({"id", "tenant_id", "plan_id", "seq", "hash", "previous_hash", "claimed_by", "sweep_on"})
_BY_DAY = frozenset({"delivered_at", "sent_at", "claimed_at", "next_try_at", "served_at"})

_NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "ladder": ("digest",),
    "unit": ("code",),
    "person": ("login",),
    "indicator": ("code",),
    "key_task": ("number",),
    "measure": ("code",),
    "matter": ("number",),
    "form": ("code",),
    "series": ("code",),
    "item": ("occurrence",),
    "reporting_request": ("form_id", "unit_id", "period"),
    "submission": ("request_id", "version"),
    "figure": ("indicator_id", "unit_id", "period", "version"),
    "extension": ("item_id", "requested_at"),
    "notice": ("key",),
    "paper": ("notice_id",),
    "message": ("key",),
    "delivery": ("notice_id", "person_id", "channel"),
    "assessment": ("quarter", "population", "vintage"),
}
"""What names a row, by table; a table stands below those that it refers to."""

_IN_KEYS = {"item": "item", "request": "reporting_request", "extension": "extension", "digest": "person"}
_IN_EVENTS = {
    "paper": "paper", "notice": "notice", "notices": "notice", "deliveries": "delivery", "person": "person",
    "sub_items": "item", "assessment": "assessment",
}  # fmt: skip


def state_of(database: Database, home: Path) -> State:
    """Return everything that stands in `database`, and the mails in the Maildir under `home`."""
    with database.engine.connect() as connection:
        names = _Names(connection)
        tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in _REFERENCE]
        state = {table.name: Counter(_rows(connection, table, names)) for table in tables}
        state["mail"] = Counter(_mails(connection, names, home))
    return state


def differences(one: State, other: State) -> list[str]:
    """Return, in words, every row that stands in only one of the two, or more often in one."""
    return [
        f"{sign} {table}: {row}"
        for table in sorted({*one, *other})
        for sign, rows in (
            ("-", one.get(table, Counter()) - other.get(table, Counter())),
            ("+", other.get(table, Counter()) - one.get(table, Counter())),
        )
        for row in sorted(rows.elements())
    ]


class _Names:
    """The names of rows by table and number."""

    def __init__(self, connection: Connection) -> None:
        self._names: dict[str, dict[int, str]] = {}
        for name, columns in _NAMED_BY.items():
            table = SQLModel.metadata.tables[name]
            rows = connection.execute(select(table.c.id, *(table.c[column] for column in columns)))
            self._names[name] = {
                row[0]: "/".join(self.value(table, column, row._mapping[column]) for column in columns) for row in rows
            }

    def of(self, table: str, number: int) -> str:
        return self._names[table].get(number, f"{table} {number}")

    def value(self, table: Table, column: str, value: Any) -> str:
        """Return a column's value in words."""
        target = _references(table).get(column)
        if target is not None and value is not None:
            return self.of(target, value)
        if column == "key":
            return self.key(value)
        if isinstance(value, datetime):
            return day_of(value).isoformat() if column in _BY_DAY else value.isoformat()
        if isinstance(value, Decimal):
            return format(value.normalize(), "f")
        if isinstance(value, dict):
            return str({name: self._fact(name, value[name]) for name in sorted(value)})
        return str(value.value if isinstance(value, Enum) else value)

    def key(self, key: str) -> str:
        """Return the key of a notice or message with names in the place of numbers."""
        if alone := re.fullmatch(r"notice/(\d+)/(\d+)", key):
            return f"{self.of('notice', int(alone[1]))} → {self.of('person', int(alone[2]))}"
        about = re.match(r"(\w+)/(\d+)", key)
        if about is None or about[1] not in _IN_KEYS:
            return key
        return f"{about[1]} {self.of(_IN_KEYS[about[1]], int(about[2]))}{key[about.end() :]}"

    def _fact(self, name: str, value: Any) -> Any:
        if name == "key":
            return self.key(value)
        if name in _IN_EVENTS:
            numbers = value if isinstance(value, list) else [value]
            return sorted(self.of(_IN_EVENTS[name], number) for number in numbers)
        return json.dumps(value, ensure_ascii=False, sort_keys=True)  # PostgreSQL keeps keys in an order of its own


@cache
def _references(table: Table) -> Mapping[str, str]:
    """Return the tables that the columns of `table` refer to by number."""
    if table.name == "event":  # an event outlives what it tells of: its numbers are no foreign keys
        return {"item_id": "item", "request_id": "reporting_request"}
    return {
        element.parent.name: element.column.table.name
        for constraint in table.foreign_key_constraints
        for element in constraint.elements
        if element.column.name == "id"
    }


def _rows(connection: Connection, table: Table, names: _Names) -> Iterator[str]:
    columns = [column.name for column in table.columns if column.name not in _NO_BUSINESS]
    for row in connection.execute(select(table)).mappings():
        if table.name == "event" and row["action"] == "deliver":
            yield from _handed_over(row["data"], row["at"], names)
        else:
            yield ", ".join(f"{column}={names.value(table, column, row[column])}" for column in columns)


def _handed_over(data: Mapping[str, Any], at: datetime, names: _Names) -> Iterator[str]:
    """Tell an event of the outbox delivery by delivery: which of them were settled together means nothing."""
    day: date = day_of(at)
    for number in data["deliveries"]:
        yield f"deliver {names.of('delivery', number)} on {day}: {data['outcome']} {data.get('details', '')}"


def _mails(connection: Connection, names: _Names, home: Path) -> Iterator[str]:
    """Tell the files of the Maildir by the message each is, and by the Message-ID it bears."""
    messages = SQLModel.metadata.tables["message"]
    known = {
        name_of(row.plan_id, row.key): names.of("message", row.id)
        for row in connection.execute(select(messages.c.id, messages.c.plan_id, messages.c.key))
    }
    for file in [*(home / "mail" / "new").glob("*"), *(home / "mail" / "cur").glob("*")]:
        borne = re.search(rb"^Message-ID: <([0-9a-f]+)@", file.read_bytes(), re.MULTILINE)
        identity = borne[1].decode() if borne else "none"
        yield f"{known.get(file.name, 'stray ' + file.name)}: {known.get(identity, 'stray ' + identity)}"


def rungs_of(database: Database) -> list[str]:
    """Return the keys of the rungs that stand, with names in the place of numbers."""
    table = SQLModel.metadata.tables["notice"]
    with database.engine.connect() as connection:
        names = _Names(connection)
        rows = connection.execute(select(table.c.key).where(table.c.rung.is_not(None), table.c.cancelled_at.is_(None)))
        return sorted(names.key(row.key) for row in rows)
