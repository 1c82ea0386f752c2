"""Starting processes that live through a day, killing them, and hearing how it went."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from processes.runner import Course, Day, Moment, live_through

WITHIN = 120
"""Seconds in which a process of a busy machine is through with its day."""

context: Any = multiprocessing.get_context("forkserver")
"""Each process is forked off a server that is warm: it starts in no time, and inherits nothing of the tests."""

_TESTS = str(Path(__file__).parent.parent)
WARMED_ON = "WARMED_ON"
"""The variable in which warm.py finds the URLs."""


def start_server(warmed_on: Sequence[str]) -> None:
    """Start the server of processes, warmed on empty databases at these URLs; nothing happens when it runs."""
    context.set_forkserver_preload(["pytest", "processes.warm"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", _TESTS, prepend=os.pathsep)
        patch.setenv(WARMED_ON, " ".join(warmed_on))
        forkserver.ensure_running()


@dataclass(frozen=True)
class Life:
    """A process on its way."""

    process: BaseProcess
    line: Connection

    def ready(self) -> None:
        """Wait until it is about to begin."""
        assert self.line.poll(WITHIN), "the process did not begin"
        assert self.line.recv() == "ready"

    def end(self) -> Course:
        """Wait until it has lived through its day."""
        course = None
        with suppress(EOFError):  # it fell over: its exit code says so
            course = self.line.recv() if self.line.poll(WITHIN) else None
        self.process.join(WITHIN)
        assert self.process.exitcode == 0, "the process fell over; its own words are on stderr"
        assert isinstance(course, Course)
        return course

    def die(self) -> None:
        """Wait until it has been killed."""
        self.process.join(WITHIN)
        assert self.process.exitcode == -signal.SIGKILL

    def kill(self) -> bool:
        """Kill it from outside; return whether it was still alive."""
        self.process.kill()
        self.process.join(WITHIN)
        return self.process.exitcode == -signal.SIGKILL


def begin(day: Day, *, death: Moment | None = None, start: Any = None) -> Life:
    """Start a process that lives through `day`, and dies at `death` if that is given."""
    ours, theirs = context.Pipe()
    process = context.Process(target=live_through, args=(day, death, start, theirs))
    process.start()
    theirs.close()
    return Life(process, ours)


def undisturbed(day: Day) -> Course:
    """Let a process live through `day` and return its course."""
    life = begin(day)
    life.ready()
    return life.end()


def killed_at(day: Day, death: Moment) -> None:
    """Let a process live through `day` until it dies at `death`."""
    life = begin(day, death=death)
    life.ready()
    life.die()


def killed_after(day: Day, seconds: float) -> bool:
    """Kill a process from outside after so many seconds of its day; return whether it was still alive."""
    life = begin(day)
    life.ready()
    time.sleep(seconds)
    return life.kill()


def together(day: Day, number: int = 2) -> Sequence[Course]:
    """Let several processes live through `day` at once; return their courses."""
    start = context.Barrier(number)
    lives = [begin(day, start=start) for _ in range(number)]
    for life in lives:
        life.ready()
    return [life.end() for life in lives]


def sample(moments: Sequence[Moment], number: int, seed: int) -> list[Moment]:
    """Return at most `number` of the moments, the same ones for the same seed, in their order."""
    chosen = set(random.Random(seed).sample(moments, min(number, len(moments))))
    return [moment for moment in moments if moment in chosen]
