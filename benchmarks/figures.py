"""One measured figure, its raw limit, and what issue and office ask of it."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_KILO = 1024


@dataclass(frozen=True)
class Goal:
    """What a figure has to reach; what is not asked is None.

    `seconds` at most, `per_second` at least, `ratio` to the raw limit at most, `megabytes` of the process at most.
    """

    seconds: float | None = None
    per_second: float | None = None
    ratio: float | None = None
    megabytes: float | None = None

    @property
    def in_words(self) -> str:
        """Return the goal as the table prints it."""
        words = (
            ("≤ {:g} s", self.seconds), ("≥ {:,.0f}/s", self.per_second), ("≤ {:g} × raw", self.ratio),
            ("≤ {:,.0f} MB", self.megabytes),
        )  # fmt: skip
        return ", ".join(text.format(value) for text, value in words if value is not None)


NO_GOAL = Goal()


@dataclass(frozen=True)
class Measured:
    """Seconds for a piece of work, beside the seconds of the least that any program would have to do for it.

    `raw_work` is how much of the same work `raw_seconds` stand for, where that is not `work`. `megabytes` is the most
    memory that the process held which did it, `processor` how many of the seconds its own processor worked: the rest
    was waiting, for the disk, for others, or on a machine that is shared.
    """

    name: str
    database: str
    work: int
    unit: str
    seconds: float
    raw: str
    raw_seconds: float | None = None
    raw_work: int | None = None
    megabytes: float | None = None
    goal: Goal = NO_GOAL
    processor: float | None = None

    @property
    def per_second(self) -> float:
        """Return how much work was done in a second."""
        return self.work / self.seconds if self.seconds else float("inf")

    @property
    def raw_per_second(self) -> float | None:
        """Return how much the raw limit does in a second; None where there is none."""
        return (self.raw_work or self.work) / self.raw_seconds if self.raw_seconds else None

    @property
    def ratio(self) -> float | None:
        """Return how many times the raw limit it took for the same work; None where there is none."""
        return self.raw_per_second / self.per_second if self.raw_per_second else None

    @property
    def is_met(self) -> bool | None:
        """Return whether the goal is reached; None where nothing is asked."""
        goal = self.goal
        kept = [
            measured <= most
            for measured, most in (
                (self.seconds, goal.seconds), (self.ratio, goal.ratio), (self.megabytes, goal.megabytes),
            )
            if most is not None and measured is not None
        ]  # fmt: skip
        if goal.per_second is not None:
            kept.append(self.per_second >= goal.per_second)
        return all(kept) if kept else None

    def as_json(self) -> dict[str, object]:
        """Return the figure for the JSON file."""
        return {
            "name": self.name,
            "database": self.database,
            "work": self.work,
            "unit": self.unit,
            "seconds": round(self.seconds, 6),
            "processor_seconds": round(self.processor, 6) if self.processor else None,
            "per_second": round(self.per_second, 1),
            "raw": self.raw,
            "raw_seconds": round(self.raw_seconds, 6) if self.raw_seconds else None,
            "raw_per_second": round(self.raw_per_second, 1) if self.raw_per_second else None,
            "ratio": round(self.ratio, 2) if self.ratio else None,
            "megabytes": round(self.megabytes) if self.megabytes else None,
            "goal": self.goal.in_words or None,
            "met": self.is_met,
        }


class Stopwatch:
    """The seconds of one block, and how many of them this process worked."""

    seconds = 0.0
    processor = 0.0


@contextmanager
def timed() -> Iterator[Stopwatch]:
    """Measure a block."""
    watch, began, worked = Stopwatch(), time.perf_counter(), time.process_time()
    yield watch
    watch.seconds, watch.processor = time.perf_counter() - began, time.process_time() - worked


def best_of(times: int, work: Callable[[], object]) -> float:
    """Return the shortest of several runs, in seconds: the one least disturbed by the machine."""
    found = []
    for _ in range(times):
        with timed() as watch:
            work()
        found.append(watch.seconds)
    return min(found)


def peak() -> float:
    """Return the most memory that this process ever held, in MB.

    Linux says it in /proc; what it adds up for a child elsewhere begins with the parent's.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / _KILO
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILO
