"""Column types that behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Enum, Numeric, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

TERM_LENGTH = 32
"""Characters kept for a term: longer than any value in config.terms."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: takes any aware datetime, stores UTC, gives back aware UTC.

    Raises ValueError for a naive datetime, on the way in.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value.isoformat()} cannot be stored")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept to the last digit: NUMERIC on PostgreSQL, canonical text on SQLite (which has only REAL).

    Raises TypeError for anything but a Decimal (a float is not exact) and ValueError for NaN and infinities.
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric(asdecimal=True))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"{value!r} is no Decimal and cannot be stored as a figure")
        if not value.is_finite():
            raise ValueError(f"{value} cannot be stored as a figure")
        return value if dialect.name == "postgresql" else format(value, "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def term(vocabulary: type[StrEnum]) -> Enum:
    """Return the column type of a closed vocabulary: its values (not member names) stored as text, and no others."""
    return Enum(
        vocabulary,
        native_enum=False,
        create_constraint=False,
        length=TERM_LENGTH,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )


def document() -> TypeEngine[Any]:
    """Return the column type of a JSON document (JSONB on PostgreSQL)."""
    return JSON().with_variant(JSONB(), "postgresql")
