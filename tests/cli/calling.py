"""What a call of duban ends in, and how the installed script is called."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

INSTALLED = shutil.which("duban", path=str(Path(sys.executable).parent))
SCRIPT = [INSTALLED] if INSTALLED else [sys.executable, "-c", "import sys; from cli import main; sys.exit(main())"]
"""The console script; in a checkout that is not installed, the very line such a script consists of."""


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What it printed, as JSON. Fails when the command failed or said anything else."""
        assert self.code == 0, self.err
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The one line on stderr. Fails when there is none, or more."""
        assert self.err.endswith("\n") and self.err.count("\n") == 1, self.err
        return self.err.rstrip("\n")


Duban = Callable[..., Outcome]

ONLY_SQLITE = pytest.mark.parametrize("supervised_url", ["sqlite"], indirect=True)
"""For what does not depend on the kind of database."""

JULY = "2022-07-01T09:00:00+08:00"


def matter(office: Duban, *units: str, due: str = "2022-07-29", at: str = JULY) -> list[int]:
    """Register an ad hoc matter for `units` and return the items' numbers."""
    named = [word for unit in units for word in ("--unit", unit)]
    words = ("--kind", "meeting", "--title", "园区用电清理", "--document", "第12次常务会议纪要", "--due", due)
    done = office("matter", "add", *words, *named, "--by", "office.clerk", "--at", at, "--json")
    items: list[int] = done.data["items"]
    return items


def act(office: Duban, item: int, action: str, by: str, *options: str, at: str = JULY) -> dict[str, Any]:
    """Do `action` to the item and return how it stands. Fails when it is refused."""
    done: dict[str, Any] = office("act", item, action, "--by", by, "--at", at, *options, "--json").data
    return done
