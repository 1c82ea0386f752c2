"""Whether anything has been initialised here, told without opening a database."""

from __future__ import annotations

import re
from importlib.resources.abc import Traversable
from pathlib import Path

from config.errors import StoreError
from config.reasons import reason
from config.settings import Settings

_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///(?P<path>[^?]*)")
_MEMORY = ":memory:"


def file_of(settings: Settings) -> Path | None:
    """Return the file that an SQLite database lives in; None for one in memory or on a server."""
    match = _SQLITE.match(settings.database_url)
    return Path(match["path"]) if match and match["path"] not in {"", _MEMORY} else None


def is_absent(settings: Settings) -> bool:
    """Return whether the database is a file that is not there. Connecting to it would create it."""
    file = file_of(settings)
    return file is not None and not file.exists()


def packaged(settings: Settings) -> Traversable:
    """Return the folder of the packaged plan that the settings name; they may write the tenant's code before it.

    Without a name, the one that comes with duban. Raises PlanError when there is none of that name.
    """
    from config.plan import packaged_plan  # costs more than all else here

    code = settings.plan.rpartition("/")[2]
    return packaged_plan(code) if code else packaged_plan()


def make_room(settings: Settings) -> None:
    """Make the home and the folder of an SQLite file. Raises StoreError where that cannot be."""
    file = file_of(settings)
    for folder in (settings.home, *((file.parent,) if file else ())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"目录 {folder} 无法建立（{reason(error)}）：请检查权限，或用 DUBAN_HOME 指明一个可写的目录"
            ) from None
