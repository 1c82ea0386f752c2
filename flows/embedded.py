"""The engine of one installation on one machine: a child that is started, shared, and replaced when it dies."""

from __future__ import annotations

import asyncio
import threading

from config.errors import EngineError
from config.settings import Settings
from flows.engine import Child, Engine, share

STARTING, RUNNING = "启动中", "运行中"


class Embedded:
    """A Prefect server that is there when a flow is to run. The caller owns the place for it (flows.engine.owned)."""

    def __init__(self, settings: Settings, stopping: threading.Event) -> None:
        """Nothing is started yet. Once `stopping` is set, nothing is waited for any more."""
        self.state = STARTING
        """How the engine is, in words."""
        self._home = settings.home
        self._child: Child | None = None
        self._stopping = stopping
        self._changing = asyncio.Lock()

    @property
    def page(self) -> str:
        """Return where the engine shows its runs and artifacts; empty while it does not."""
        if self._child is None or self.state != RUNNING:
            return ""
        return self._child.engine.api_url.removesuffix("/api")

    async def ready(self) -> Engine:
        """Return the engine once it answers, started anew when it has died. Raises EngineError when it will not."""
        async with self._changing:
            if self._child is None or not self._child.alive:
                self._child = await asyncio.to_thread(self._started)
            return self._child.engine

    def __enter__(self) -> Embedded:
        return self

    def __exit__(self, *_: object) -> None:
        """End the child and wait until it is gone."""
        if self._child is not None:
            self._child.stop()

    def _started(self) -> Child:
        self.state = STARTING
        child = Child(self._home)
        try:
            share(self._home, child.wait_until_ready(self._stopping))
        except EngineError as error:
            self.state = str(error)
            raise
        self.state = RUNNING
        return child
