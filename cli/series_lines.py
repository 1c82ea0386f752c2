"""How `duban series` prints what it found: one plain mapping for each line, the same for JSON and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from cli import reading
from config import clock
from config.plan.schema.statistics import Index, Series
from config.terms import Cadence, ReleaseStatus, SeriesKind, ValueMark
from supervision.exact import plain_or_none
from supervision.in_force import InForce
from supervision.indicators import PERCENT
from supervision.indices import OWN, POINTS
from supervision.indices.growth import COMPARISONS, Raised, change
from supervision.indices.vintages import revisions
from supervision.periods import Period
from supervision.queries.releases import ReturnLine
from supervision.queries.series import Point, areas_of


def entries(force: InForce) -> tuple[Series | Index, ...]:
    """Return the plan's series, then its indices."""
    return (*force.plan.statistics.series, *force.plan.statistics.indices)


def entry_of(force: InForce, code: str) -> Series | Index:
    """Return the series or index of that code. Raises UnknownName with the nearest codes."""
    for entry in entries(force):
        if entry.code == code:
            return entry
    raise reading.unknown(f"没有统计序列“{code}”", code, [entry.code for entry in entries(force)])


def definition(force: InForce, entry: Series | Index) -> dict[str, Any]:
    """Return what the plan says about a series, or about an index as a series."""
    common = {"frequency": entry.frequency, "areas": list(areas_of(force, entry)), "source": entry.source}
    if isinstance(entry, Index):
        told = {"kind": SeriesKind.INTERNAL.value, "unit_of_measure": POINTS, "part_of": None, "owner": None}
        return {"code": entry.code, "name": entry.title, **told, **common, "label": OWN}
    told = {"kind": entry.kind, "unit_of_measure": entry.unit_of_measure, "part_of": entry.part_of,
            "owner": entry.owner}  # fmt: skip
    return {"code": entry.code, "name": entry.name, **told, **common, "label": None}


def value_columns(unit_of_measure: str) -> dict[str, str]:
    """Return the columns of a table of values, with their headings; rates of a series in % are percentage points."""
    unit = "个百分点" if unit_of_measure == PERCENT else "%"
    return {
        "area": "地区", "period": "周期", "value": "数值", "mark": "性质", "status": "状态", "growth": "同比%（发布）",
        "year_ago": f"同比{unit}（{OWN}）", "previous": f"环比{unit}（{OWN}）", "released_on": "发布日期",
        "vintage": "版本", "source": "来源", "note": "备注",
    }  # fmt: skip


VERSION_COLUMNS = {
    "area": "地区", "period": "周期", "vintage": "版本", "known_from": "何日起所知", "released_on": "发布日期",
    "value": "数值", "by": "较上一版", "mark": "性质", "status": "状态", "growth": "同比%（发布）", "source": "来源",
    "reason": "订正理由", "recorded_at": "登记时刻", "recorded_by": "登记人", "note": "备注",
}  # fmt: skip

_TERMS = {"mark": ValueMark, "status": ReleaseStatus}


def cells(line: Mapping[str, Any], columns: Iterable[str]) -> list[object]:
    """Return a line as a table shows it under `columns`."""
    found = [_TERMS[key](line[key]).label if key in _TERMS else line[key] for key in columns]
    return [
        cell.astimezone(clock.ZONE).isoformat("T", "minutes") if isinstance(cell, datetime) else cell for cell in found
    ]


def point_line(entry: Series | Index, point: Point, line: Mapping[Period, Decimal]) -> dict[str, Any]:
    """Return a value with its growth as computed from `line`, the values of its area by period."""
    unit = POINTS if isinstance(entry, Index) else entry.unit_of_measure
    rates: dict[str, str | None] = {
        name: change(line, point.period, name, unit_of_measure=unit).text for name in COMPARISONS
    }
    if entry.frequency == Cadence.YEARLY.value:
        rates["previous"] = None  # the year before is the year ago
    return {**_facts(point), **rates}


def _facts(point: Point) -> dict[str, Any]:
    return {
        "area": point.area,
        "period": str(point.period),
        "vintage": point.vintage,
        "value": point.text,
        "growth": plain_or_none(point.growth),
        "mark": point.mark.value,
        "status": point.status.value,
        "known_from": point.known_from,
        "released_on": point.released_on,
        "source": point.source,
        "note": point.note,
        "reason": point.reason,
        "recorded_at": point.recorded_at,
        "recorded_by": point.recorded_by,
    }


def version_lines(group: Sequence[Point]) -> list[dict[str, Any]]:
    """Return every vintage of one value, each with what it changed."""
    by_number = {point.vintage: point for point in group}
    return [
        {**_facts(by_number[revision.vintage.number]), "by": plain_or_none(revision.by)}
        for revision in revisions([point.as_vintage for point in group])
    ]


def alert_line(raised: Raised) -> dict[str, Any]:
    """Return an alert."""
    found = raised.change
    return {
        "code": raised.code,
        "title": raised.title,
        "series": raised.series,
        "area": raised.area,
        "period": str(raised.period),
        "value": plain_or_none(found.figure),
        "reference_period": str(found.reference_period),
        "reference": plain_or_none(found.reference),
        "change": found.text,
        "in_points": found.in_points,
        "threshold": plain_or_none(raised.threshold),
        "words": raised.words,
        "source": raised.source,
    }


def return_line(line: ReturnLine) -> dict[str, Any]:
    """Return how a statistical return stands."""
    return {
        "form": line.form.code,
        "title": line.form.title,
        "reporter": line.form.reporter,
        "period": str(line.period),
        "due": line.due,
        "state": line.state.value,
        "late": line.late,
        "completed": line.completed,
        "missing": list(line.missing),
        "source": line.form.source,
    }
