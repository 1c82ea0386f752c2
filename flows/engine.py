"""Which Prefect server the flows of this process report to: the one that is set, the running one, or a child.

One home has one child at a time: two servers on one SQLite file would wait for each other. `duban serve` shares
its child with the one-shot commands by a file that only this user can read.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO

from config.errors import EngineError
from config.settings import Settings
from flows.engine_child import STARTUP_SECONDS, Child, Engine

__all__ = ["Child", "Engine", "engine", "owned"]

AUTH = "PREFECT_API_AUTH_STRING"
"""`user:password` for a server that is set by `engine_url`: the library's own variable, so that workers share it."""
_POLL_SECONDS = 0.2
_ONLY_THIS_USER = 0o600


@contextmanager
def engine(settings: Settings) -> Iterator[Engine]:
    """Give a Prefect server that answers, for as long as the block lasts.

    `engine_url` when it is set; else the child of a running `duban serve`; else a child of our own, which takes
    some seconds to start. Raises EngineError when none can be had.
    """
    if settings.engine_url:
        yield _reached(Engine(settings.engine_url.rstrip("/"), os.environ.get(AUTH, "")))
        return
    found = _lock_or_shared(settings.home, threading.Event())
    if isinstance(found, Engine):
        yield found
        return
    with found:
        child = Child(settings.home)
        try:
            yield child.wait_until_ready()
        finally:
            child.stop()


@contextmanager
def owned(home: Path, stop: threading.Event) -> Iterator[None]:
    """Keep the one place for a child in `home`.

    Raises EngineError when another process has it and keeps it, or `stop` is set while waiting for it.
    """
    found = _lock_or_shared(home, stop)
    if isinstance(found, Engine):
        raise EngineError(f"{home} 下已有正在运行的 duban serve：请先停止它，或用 DUBAN_HOME 另设目录")
    with found:
        try:
            yield
        finally:
            _shared_file(home).unlink(missing_ok=True)


def share(home: Path, running: Engine) -> None:
    """Tell the one-shot commands of this user where the child of the running `duban serve` is."""
    path = _shared_file(home)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_THIS_USER), "w") as file:
        json.dump(asdict(running), file)


def _lock_or_shared(home: Path, stop: threading.Event) -> IO[str] | Engine:
    """Return the lock on the one place for a child, or the engine of the process that holds it and shares it."""
    path = home / "engine" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.open("w")
    given_up = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < given_up and not stop.is_set():
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            if shared := _shared(home):
                lock.close()
                return shared
            stop.wait(_POLL_SECONDS)
    lock.close()
    raise EngineError(f"{home} 的流程引擎正被另一个进程占用，请等它结束后再试")


def _shared(home: Path) -> Engine | None:
    try:
        found = Engine(**json.loads(_shared_file(home).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.answers() else None


def _shared_file(home: Path) -> Path:
    return home / "engine" / "shared.json"


def _reached(found: Engine) -> Engine:
    if found.answers():
        return found
    raise EngineError(f"连不上流程引擎 {found.api_url}：请检查 DUBAN_ENGINE_URL 和该服务是否运行")
