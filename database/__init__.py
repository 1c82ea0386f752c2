"""Where everything is kept: column types, transactions and schema upgrades, on SQLite and PostgreSQL alike."""

from database.engine import Database, explained, is_writing, reading, writing
from database.upgrade import ensure_current, upgrade

__all__ = ["Database", "ensure_current", "explained", "is_writing", "reading", "upgrade", "writing"]
