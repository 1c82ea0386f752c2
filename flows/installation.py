"""The installation that flows work in: the settings they were given, else those of their own process.

A worker on another machine has nothing but its environment; a test or a demonstration names its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from config.settings import Settings, settings
from database import Database

_GIVEN: ContextVar[Settings | None] = ContextVar("given_settings", default=None)


@contextmanager
def working_in(given: Settings) -> Iterator[None]:
    """Let the flows that are called inside the block work in the installation of these settings."""
    token = _GIVEN.set(given)
    try:
        yield
    finally:
        _GIVEN.reset(token)


def settings_here() -> Settings:
    """Return the settings that a flow called here works by."""
    return _GIVEN.get() or settings()


@lru_cache(maxsize=4)
def database_at(url: str) -> Database:
    """Return the database at `url`, the same for every run in this process, so that connections are kept."""
    return Database(url)
