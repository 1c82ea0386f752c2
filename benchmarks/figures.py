"""One measured figure and its raw limit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Seconds for a piece of work, beside the seconds of the least that any program would have to do for it."""

    name: str
    database: str
    work: int
    unit: str
    seconds: float
    raw: str
    raw_seconds: float | None = None

    @property
    def per_second(self) -> float:
        """Return how much work was done in a second."""
        return self.work / self.seconds if self.seconds else float("inf")

    @property
    def ratio(self) -> float | None:
        """Return how many times the raw limit it took; None where there is none."""
        return self.seconds / self.raw_seconds if self.raw_seconds else None

    def as_json(self) -> dict[str, object]:
        """Return the figure for the JSON file."""
        return {
            "name": self.name,
            "database": self.database,
            "work": self.work,
            "unit": self.unit,
            "seconds": round(self.seconds, 6),
            "per_second": round(self.per_second, 1),
            "raw": self.raw,
            "raw_seconds": round(self.raw_seconds, 6) if self.raw_seconds else None,
            "ratio": round(self.ratio, 2) if self.ratio else None,
        }


class Stopwatch:
    """The seconds of one block."""

    seconds = 0.0


@contextmanager
def timed() -> Iterator[Stopwatch]:
    """Measure a block."""
    watch, began = Stopwatch(), time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - began


def best_of(times: int, work: Callable[[], object]) -> float:
    """Return the shortest of several runs, in seconds: the one least disturbed by the machine."""
    found = []
    for _ in range(times):
        with timed() as watch:
            work()
        found.append(watch.seconds)
    return min(found)
