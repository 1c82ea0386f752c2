"""The analysis is tested on the calculator's own cases, and on figures filed as the tests of reporting file them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in ("rules", "collection")]
