"""A measurement in a process of its own, so that its peak of memory is its own alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any


def measured_by(module: str, *words: str) -> Mapping[str, Any]:
    """Run `python -m module words…` and return the JSON object that it prints in the last line."""
    done = subprocess.run([sys.executable, "-m", module, *words], check=True, stdout=subprocess.PIPE, text=True)
    found: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
