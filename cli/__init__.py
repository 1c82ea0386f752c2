"""The `duban` command: one module for each group of commands, imported when it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cli.failures import reported
from cli.root import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` (default: this process's) name and return the exit code.

    0 done · 1 failure · 2 bad input · 3 refused by a rule · 130 interrupted. Every failure is one line on stderr.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a test's stream need not have it
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return reported(lambda: run(sys.argv[1:] if arguments is None else arguments))
