"""Commands and the portal from cold: a new process each time, against a bare interpreter."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.figures import Goal, Measured, best_of, timed
from benchmarks.portal import installed, serving

COMMANDS = (
    (["--help"], Goal()), (["workdays", "add", "2022-07-01", "5"], Goal()), (["items", "--json"], Goal(seconds=0.6)),
)  # fmt: skip
FIRST_PAGE = Goal(seconds=3)
TIMES_SERVED = 3


def measure(home: Path, name: str) -> Iterator[Measured]:
    """Yield the seconds of short commands, and until the portal's first page, on the SQLite database `name`."""
    environment = installed(home, name)
    duban = str(Path(sys.executable).with_name("duban"))
    raw = best_of(5, lambda: _run([sys.executable, "-c", "pass"], environment))
    for words, goal in COMMANDS:
        seconds = best_of(5, partial(_run, [duban, *words], environment))
        called = f"duban {' '.join(words)}, from cold"
        yield Measured(called, "sqlite", 1, "commands", seconds, "bare interpreter", raw, goal=goal)
    seconds = min(_first_page(home, name) for _ in range(TIMES_SERVED))
    called = "duban serve, until its first page"
    yield Measured(called, "sqlite", 1, "pages", seconds, "bare interpreter", raw, goal=FIRST_PAGE)


def _run(words: list[str], environment: dict[str, str]) -> None:
    subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)


def _first_page(home: Path, name: str) -> float:
    """Return the seconds from the start of `duban serve`, clock and engine included, until a page was read."""
    with ExitStack() as until_read:
        with timed() as watch:
            port = until_read.enter_context(serving(home, name))
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/sign-in")
            answer = connection.getresponse()
            answer.read()
        connection.close()
        if answer.status != http.client.OK:
            raise RuntimeError(f"the first page answers {answer.status}")
    return watch.seconds
