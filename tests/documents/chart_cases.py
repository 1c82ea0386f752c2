"""Small assessments for the tests of charts and bulletins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from supervision.scoring import Result, assess, read_case
from supervision.workdays import published

ITEMS = (
    {"code": "T01", "weight": "40", "measure_type": "cumulative"},
    {"code": "T28", "weight": "20", "measure_type": "stock"},
)


def a_district(code: str, name: str, /, *, value: str | None = "480", **other: Any) -> dict[str, Any]:
    """A district that has `value` of the 500 expected of T01 and all that is expected of T28."""
    return {
        "code": code,
        "name": name,
        "group": "区",
        "figures": {
            "T01": {"target": "1000", "value": value},
            "T28": {"target": "300", "baseline": "100", "value": "200"},
        },
        "items_due": [{"due": "2022-03-31", "completed": "2022-03-30"}],
        "requests": [{"late": False, "returned": 0, "missing": False}],
        **other,
    }


def a_case(districts: Sequence[Mapping[str, Any]], *, targets: bool = True, **scheme: Any) -> dict[str, Any]:
    """A case of the second quarter of 2022; without `targets` it is one of member units."""
    components = [
        *([{"code": "targets", "weight": "60", "items": list(ITEMS)}] if targets else []),
        {"code": "key_tasks", "weight": "20"},
        {"code": "reporting", "weight": "10"},
        {"code": "supervision", "weight": "10"},
    ]
    rows = [dict(district) for district in districts]
    if not targets:
        for row in rows:
            row.pop("figures", None)
    return {
        "plan": {"start": "2021-01-01", "end": "2023-12-31"},
        "quarter": "2022Q2",
        "as_of": "2022-07-25",
        "scheme": {"components": components, **scheme},
        "districts": rows,
    }


def a_result(*districts: Mapping[str, Any], targets: bool = True, **scheme: Any) -> Result:
    """What the calculator makes of such a case."""
    return assess(read_case(a_case(districts, targets=targets, **scheme)), calendar=published())


def three(**first: Any) -> Result:
    """Three districts, one behind the other; `first` changes the first one."""
    return a_result(
        a_district("330102", "上城区", **{"value": "600", **first}),
        a_district("330105", "拱墅区", value="450"),
        a_district("330106", "西湖区", value="350"),
    )
