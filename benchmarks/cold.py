"""Commands from cold: a new process each time, against a bare interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.figures import Measured, best_of

COMMANDS = (["--help"], ["workdays", "add", "2022-07-01", "5"], ["items", "--json"])


def measure(url: str, home: Path) -> Iterator[Measured]:
    """Yield the seconds of short commands on the database at `url`."""
    environment = {**os.environ, "DUBAN_DATABASE_URL": url, "DUBAN_HOME": str(home)}
    duban = str(Path(sys.executable).with_name("duban"))
    raw = best_of(5, lambda: _run([sys.executable, "-c", "pass"], environment))
    for words in COMMANDS:
        seconds = best_of(5, partial(_run, [duban, *words], environment))
        yield Measured(f"duban {' '.join(words)}", "sqlite", 1, "commands", seconds, "bare interpreter", raw)


def _run(words: list[str], environment: dict[str, str]) -> None:
    subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
