"""A case written back as the input of `duban score`, so that whatever was put together can be calculated by anybody.

`read_case(as_input(case)) == case`. Source: docs/scoring.md, Input.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from supervision.exact import plain, plain_or_none
from supervision.indicators import Figure
from supervision.scoring.case import Case, Component, ComponentCode, District, Item, Scheme

_NUMBERS = ("target", "value", "baseline", "reference", "rating", "good", "bad")


def as_input(case: Case) -> dict[str, Any]:
    """Return `case` as plain data, exact numbers as text; what is absent in a figure is left out."""
    return {
        "plan": {"start": case.span.start.isoformat(), "end": case.span.end.isoformat()},
        "quarter": str(case.quarter),
        "as_of": case.as_of.isoformat(),
        "scheme": scheme_as_input(case.scheme),
        "districts": [_district(district, case.scheme) for district in case.districts],
    }


def scheme_as_input(scheme: Scheme) -> dict[str, Any]:
    """Return `scheme` as plain data with its defaults filled in, exact numbers as text in one notation."""
    return {
        "rule": scheme.rule.value,
        "cap": plain(scheme.cap),
        "min_coverage": plain(scheme.min_coverage),
        "adjustment_limit": plain(scheme.adjustment_limit),
        "max_total": plain_or_none(scheme.max_total),
        "lights": {"yellow_from": plain(scheme.yellow_from)},
        "components": [_component(part) for part in scheme.components],
        "grades": [[plain(grade.at_least), grade.name] for grade in scheme.grades],
    }


def _component(part: Component) -> dict[str, Any]:
    written: dict[str, Any] = {"code": part.code.value, "weight": plain(part.weight)}
    if part.code is ComponentCode.TARGETS:
        written["items"] = [_item(item) for item in part.items]
    return written


def _item(item: Item) -> dict[str, Any]:
    return {
        "code": item.code,
        "weight": plain(item.weight),
        "measure_type": item.measure.measure_type.value,
        "rule": None if item.rule is None else item.rule.value,
        "strict": item.measure.strict,
        "basis": item.measure.basis.value,
        "trajectory": [[str(when), plain(share)] for when, share in item.trajectory] or None,
        "tolerance": plain(item.measure.tolerance),
    }


def _district(district: District, scheme: Scheme) -> dict[str, Any]:
    written: dict[str, Any] = {"code": district.code, "name": district.name, "group": district.group}
    if scheme.items:
        figures = zip(scheme.items, district.figures, strict=True)
        written["figures"] = {item.code: _figure(figure) for item, figure in figures}
    return {
        **written,
        "items_due": [{"due": item.due.isoformat(), "completed": _day(item.completed)} for item in district.items_due],
        "requests": [
            {"late": each.late, "returned": each.returned, "missing": each.missing} for each in district.requests
        ],
        "supervision": {
            "supervision_notices": district.supervision.supervision_notices,
            "circulars": district.supervision.circulars,
        },
        "adjustments": [{"points": plain(each.points), "reason": each.reason} for each in district.adjustments],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    numbers = {key: getattr(figure, key) for key in _NUMBERS}
    flags = {"reported_by_other": figure.reported_by_other, "not_applicable": figure.not_applicable}
    return {key: plain(number) for key, number in numbers.items() if number is not None} | {
        key: True for key, flag in flags.items() if flag
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
