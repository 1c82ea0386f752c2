"""The calculator: exact, with every line explained, against a bare weighted sum of the same values."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from benchmarks.figures import Measured, best_of
from supervision.scoring import Case, assess, read_case
from supervision.workdays import published

INDICATORS = 40


def measure() -> Iterator[Measured]:
    """Yield the figures for a city and for a country."""
    for districts, times in ((13, 20), (2900, 1)):
        case = read_case(_case(districts))
        seconds = best_of(times, partial(_explained, case))
        name = f"score of {districts} districts by {INDICATORS} indicators"
        yield Measured(name, "none", districts * INDICATORS, "lines", seconds, "bare Decimal sum", _bare(districts))


def _explained(case: Case) -> dict[str, object]:
    return assess(case, calendar=published()).as_json()


def _bare(districts: int) -> float:
    weight, value = Decimal("1.5"), Decimal("480")
    return best_of(3, lambda: [sum(weight * value for _ in range(INDICATORS)) for _ in range(districts)])


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
