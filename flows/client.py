"""This process as a client of the engine: where its flows report to, and nothing said to anybody else."""

from __future__ import annotations

import inspect
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from flows.engine_child import QUIET, Engine

_LOG = "duban flows"
_LOG_BYTES = 5_000_000
_LOGS_KEPT = 3
_REPORT_SECONDS = 30


def prepare(home: Path) -> None:
    """Make this process ready to import the engine's library; to be called before the first flow is loaded.

    The library reads its settings and sets up logging when it is imported: its files go under `home`/engine, its
    log to `home`/logs/flows.log, so that a command's own output stays its own.
    """
    os.environ.update(QUIET)
    os.environ["PREFECT_HOME"] = str((home / "engine").absolute())
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    _log_to((home / "logs" / "flows.log").absolute())


def _log_to(path: Path) -> None:
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if handler.name == _LOG]:
        if getattr(handler, "baseFilename", None) == str(path):
            return
        root.removeHandler(handler)
        handler.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=_LOGS_KEPT, encoding="utf-8", delay=True)
    handler.set_name(_LOG)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)


@asynccontextmanager
async def connected(engine: Engine) -> AsyncIterator[None]:
    """Let the flows that are called inside the block report to `engine`, and wait until all is reported."""
    from prefect.settings import (
        PREFECT_API_AUTH_STRING,
        PREFECT_API_KEY,
        PREFECT_API_URL,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        temporary_settings,
    )

    # Our own heartbeat tells whether a run ended; the library's costs every run a thread.
    given = {
        PREFECT_API_URL: engine.api_url,
        PREFECT_API_AUTH_STRING: engine.auth or None,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
    }
    _log_inner_failures_like_others()
    with temporary_settings(updates=given, restore_defaults={PREFECT_API_KEY}):
        try:
            yield
        finally:
            await _everything_reported()


async def _everything_reported() -> None:
    """Wait for events and logs under way: left behind, they try for minutes to reach an engine that has gone."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (APILogWorker, EventsWorker):
        waiting = worker.drain_all(timeout=_REPORT_SECONDS, at_exit=False)
        if inspect.isawaitable(waiting):
            await waiting


def _log_inner_failures_like_others() -> None:
    logging.getLogger("EventsWorker").setLevel(logging.ERROR)  # it warns while we wait for it
    inner = logging.getLogger("prefect._internal")
    inner.handlers.clear()
    inner.propagate = True
