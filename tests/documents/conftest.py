"""Papers are tested on the calculator's own cases: their builders live beside the calculator's tests."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "rules"))
