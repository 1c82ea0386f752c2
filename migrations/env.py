"""How Alembic runs our migrations: inside the caller's transaction (database.upgrade), or against a URL for `make`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Connection, Enum, String
from sqlmodel import AutoString, SQLModel

import models  # noqa: F401  (fills the metadata)
from config.settings import settings
from database.columns import ExactDecimal, UtcDateTime
from database.engine import Database, writing


def _render(kind: str, value: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write column types by our names, so that a migration reads like the models."""
    if kind != "type":
        return False
    if isinstance(value, UtcDateTime | ExactDecimal):
        autogen.imports.add("from database.columns import ExactDecimal, UtcDateTime, document")
        return f"{type(value).__name__}()"
    if isinstance(value, Enum):
        return f"sa.String({value.length})"
    if isinstance(value, JSON):
        return "document()"
    return "sa.String()" if isinstance(value, String | AutoString) else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=_render,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    database = Database(settings().database_url)
    with writing(database) as session:
        _run(session.connection())
