"""Watching processes from outside, and giving them an engine's database to begin with."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil

LONGEST_SECONDS = 120
"""What a test of processes waits for at most, on a machine that has other things to do."""

Found = TypeVar("Found")


def primed(home: Path, engine_home: Path) -> None:
    """Give `home` an engine database that is migrated already: a first start takes several times as long."""
    (home / "engine").mkdir(parents=True, exist_ok=True)
    shutil.copy(engine_home / "engine" / "prefect.db", home / "engine" / "prefect.db")


def gone(pid: int) -> bool:
    """Return whether the process ends in time; one that nobody reaps has ended too."""
    return until(lambda: not _runs(pid)) is not None


def until(found: Callable[[], Found], seconds: float = LONGEST_SECONDS) -> Found | None:
    """Return what `found` returns as soon as that is true; None when it never is."""
    given_up = time.monotonic() + seconds
    while time.monotonic() < given_up:
        if result := found():
            return result
        time.sleep(0.05)
    return None


def engines_in(home: Path) -> list[psutil.Process]:
    """Return the engine's processes whose files are under `home`, whoever started them."""
    wanted = str(home / "engine")
    running = [process for process in psutil.process_iter() if "flows.engine_server" in _command(process)]
    return [process for process in running if _environ(process).get("PREFECT_HOME") == wanted]


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _environ(process: psutil.Process) -> dict[str, str]:
    try:
        return dict(process.environ())
    except psutil.Error:
        return {}


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []
