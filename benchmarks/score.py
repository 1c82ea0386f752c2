"""The calculator: exact, with every line explained, against a bare weighted sum of the same values.

Each size runs in a process of its own, so that its peak of memory is its own alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from benchmarks.figures import Goal, Measured, best_of, peak, timed
from benchmarks.in_process import measured_by
from supervision.scoring import assess, read_case
from supervision.workdays import published

INDICATORS = 40
SIZES = ((13, 20, Goal(seconds=0.02)), (2900, 3, Goal(seconds=2, megabytes=1024)))
"""Districts, how often it is measured, and what issue 5 asks."""


def measure() -> Iterator[Measured]:
    """Yield the figures for a city and for a country."""
    for districts, times, goal in SIZES:
        found = measured_by("benchmarks.score", str(districts), str(times))
        yield Measured(
            f"score of {districts} districts by {INDICATORS} indicators, with lines", "none", districts * INDICATORS,
            "lines", found["seconds"], "bare weighted Decimal sum", found["raw"], megabytes=found["peak"], goal=goal,
            processor=found["processor"],
        )  # fmt: skip


def _measured(districts: int, times: int) -> dict[str, float]:
    case = read_case(_case(districts))
    found = []
    for _ in range(times):
        with timed() as watch:
            assess(case, calendar=published()).as_json()
        found.append(watch)
    best, most = min(found, key=lambda each: each.seconds), peak()
    return {"seconds": best.seconds, "processor": best.processor, "raw": _bare(districts), "peak": most}


def _bare(districts: int) -> float:
    """Return the seconds of one product and one addition in Decimal for each figure, a sum for each district."""
    weights = [Decimal("1.5")] * INDICATORS
    values = [[Decimal((number * 37 + i * 101) % 900 + 100) for i in range(INDICATORS)] for number in range(districts)]
    return best_of(3, lambda: [sum(w * v for w, v in zip(weights, row, strict=True)) for row in values])


def _case(districts: int) -> dict[str, Any]:
    items = [{"code": f"T{i:02}", "weight": "1.5", "measure_type": "cumulative"} for i in range(INDICATORS)]
    return {
        "plan": {"start": "2021-01-01", "end": "2023-12-31"},
        "quarter": "2022Q2",
        "as_of": "2022-07-25",
        "scheme": {
            "rule": "capped",
            "components": [
                {"code": "targets", "weight": "60", "items": items},
                {"code": "key_tasks", "weight": "20"},
                {"code": "reporting", "weight": "10"},
                {"code": "supervision", "weight": "10"},
            ],
            "grades": [["90", "优秀"], ["80", "良好"], ["60", "合格"], ["0", "不合格"]],
        },
        "districts": [_district(number) for number in range(districts)],
    }


def _district(number: int) -> dict[str, Any]:
    figures = {
        f"T{i:02}": {"target": str(1000 + i), "value": str((number * 37 + i * 101) % 900 + 100)}
        for i in range(INDICATORS)
    }
    return {"code": f"{number:06}", "name": f"模拟区县{number}", "group": "区", "figures": figures}


if __name__ == "__main__":
    print(json.dumps(_measured(int(sys.argv[1]), int(sys.argv[2]))))
