"""Many rows at once, past the session to its connection: the session's own bookkeeping costs as much as the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, insert
from sqlmodel import Session, SQLModel


def put(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, each with the same keys, in one go; none is no error.

    What the session still holds back is written first, so that rows may refer to it. It learns of none of the rows.
    """
    if rows:
        session.flush()
        session.connection().execute(_into(table), rows)


@cache
def _into(table: type[SQLModel]) -> Insert:
    return insert(table)
