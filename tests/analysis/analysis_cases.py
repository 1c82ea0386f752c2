"""Builders for the analysis: series of figures, cases that are already read, and the plan's own thresholds."""

from __future__ import annotations

import json
import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from scoring_cases import Json, a_case, a_district, an_item

from config.plan.schema.analysis import Irregularities, default_irregularities
from supervision.analysis.series import Observation, Series, Topic
from supervision.indicators import MeasureType
from supervision.periods import Period, parse_period
from supervision.scoring import Case, Result, assess, read_case
from supervision.workdays import published

WORKED = Path(__file__).parent.parent / "cases" / "analysis.yaml"

CALENDAR = published()

FIRST, LAST = parse_period("2021Q1"), parse_period("2023Q4")
NOW = parse_period("2022Q2")

RULES = default_irregularities()


def worked(title: str) -> list[Json]:
    """Return the worked cases under `title`, every value as the text that stands in the file."""
    content = YAML(typ="base").load(WORKED.read_text(encoding="utf-8"))
    found: list[Json] = content[title]
    return found


def only(*checks: str) -> Irregularities:
    """Return the default thresholds with every check but these switched off."""
    return Irregularities.model_validate({name: None for name in Irregularities.model_fields if name not in checks})


def a_topic(code: str = "T01", **options: Any) -> Topic:
    return Topic(code, **{"name": "新增企业", "unit_of_measure": "家", "decimals": 0, **options})


def quarters(count: int, *, until: Period = NOW) -> list[Period]:
    """Return so many quarters, the last of which is `until`."""
    found = [until]
    while len(found) < count:
        found.insert(0, found[0].previous)
    return found


def a_series(*values: object, unit: str = "330102", topic: Topic | None = None, **options: Any) -> Series:
    """Return the figures of the quarters up to 2022Q2, oldest first; None for a quarter without one."""
    periods = quarters(len(values))
    observations = [
        value if isinstance(value, Observation) else seen(period, value)
        for period, value in zip(periods, values, strict=True)
        if value is not None
    ]
    content: dict[str, Any] = {
        "measure_type": MeasureType.CUMULATIVE,
        "target": Decimal(1200),
        "plan": (FIRST, LAST),
        "never_falls": True,
        **options,
    }
    return Series(
        unit=unit,
        unit_name=content.pop("unit_name", f"区{unit}"),
        topic=topic or a_topic(),
        observations=tuple(observations),
        **content,
    )


def seen(period: Period | str, value: object, **options: Any) -> Observation:
    when = parse_period(period) if isinstance(period, str) else period
    return Observation(when, Decimal(str(value)), **options)


def on(text: str) -> date:
    return date.fromisoformat(text)


def ready(case: Json) -> tuple[Case, Result]:
    """Return a case read and assessed."""
    found = read_case(json.loads(json.dumps(case)))
    return found, assess(found, calendar=CALENDAR)


def rows_of_totals(*totals: object, groups: dict[str, str] | None = None) -> Json:
    """Return a case in which each district has one figure that makes exactly that total of 100 points."""
    districts = [
        a_district(f"{place:06d}", figures={"T01": {"target": "10000", "value": str(Decimal(str(total)) * 100)}})
        for place, total in enumerate(totals, start=1)
    ]
    return a_case([an_item("T01", "100")], districts)


def honest_case(seed: int, *, districts: int = 13, items: int = 23, spread: float = 0.15) -> Json:
    """Return a case whose figures lie around what is expected, without any pattern."""
    lots = random.Random(seed)
    scheme = [an_item(f"T{n:02d}", "2", measure_type="cumulative") for n in range(items)]
    rows = []
    for place in range(districts):
        figures = {}
        for item in scheme:
            target = lots.randint(300, 9000)
            value = round(target / 2 * lots.gauss(1.0, spread))
            figures[item["code"]] = {"target": str(target), "value": str(max(value, 0))}
        rows.append(a_district(f"{330101 + place}", figures=figures))
    weights = {"key_tasks": "20", "reporting": "10", "supervision": "10"}
    return a_case(scheme, rows, weights=weights)
