"""The two fingerprints of an assessment: of its scheme, and of everything it was calculated from.

Both are SHA-256 of UTF-8 JSON with sorted keys and no spaces, in which every number is decimal text in one
notation ("1.0" and 1 are "1") and what is absent stands as its default. Only the order that matters is
kept: components, items, trajectories and grades stay as listed, because the draws of the rank interval
follow the scheme's order; districts are sorted by code, and a district's due items, requests and adjustments
by their content. Figures leave out what is null or false, for size.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal

from supervision.exact import plain
from supervision.indicators import Figure
from supervision.scoring.case import Case, Component, ComponentCode, District, Item, Scheme


def scheme_hash(scheme: Scheme) -> str:
    """Return the fingerprint of `scheme` with its defaults filled in: 64 hexadecimal digits."""
    return _sha256(_scheme(scheme))


def input_digest(case: Case) -> str:
    """Return the fingerprint of the whole `case`, scheme included: 64 hexadecimal digits."""
    return _sha256(
        {
            "plan": {"start": _day(case.span.start), "end": _day(case.span.end)},
            "quarter": str(case.quarter),
            "as_of": _day(case.as_of),
            "scheme": _scheme(case.scheme),
            "districts": [
                _district(district, case.scheme)
                for district in sorted(case.districts, key=lambda district: district.code)
            ],
        }
    )


def _sha256(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _or_null(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _scheme(scheme: Scheme) -> dict[str, object]:
    return {
        "rule": scheme.rule,
        "cap": plain(scheme.cap),
        "min_coverage": plain(scheme.min_coverage),
        "adjustment_limit": plain(scheme.adjustment_limit),
        "max_total": _or_null(scheme.max_total),
        "lights": {"yellow_from": plain(scheme.yellow_from)},
        "components": [_component(component) for component in scheme.components],
        "grades": [[plain(grade.at_least), grade.name] for grade in scheme.grades],
    }


def _component(component: Component) -> dict[str, object]:
    content: dict[str, object] = {"code": component.code, "weight": plain(component.weight)}
    if component.code is ComponentCode.TARGETS:
        content["items"] = [_item(item) for item in component.items]
    return content


def _item(item: Item) -> dict[str, object]:
    return {
        "code": item.code,
        "weight": plain(item.weight),
        "measure_type": item.measure.measure_type,
        "rule": item.rule,
        "strict": item.measure.strict,
        "basis": item.measure.basis,
        "trajectory": [[str(when), plain(share)] for when, share in item.trajectory] or None,
        "tolerance": plain(item.measure.tolerance),
    }


def _district(district: District, scheme: Scheme) -> dict[str, object]:
    due = sorted((_day(item.due) or "", _day(item.completed) or "") for item in district.items_due)
    requests = sorted((each.late, each.returned, each.missing) for each in district.requests)
    adjustments = sorted((plain(each.points), each.reason or "") for each in district.adjustments)
    return {
        "code": district.code,
        "name": district.name,
        "group": district.group,
        "figures": {item.code: _figure(figure) for item, figure in zip(scheme.items, district.figures, strict=True)},
        "items_due": [{"due": day, "completed": completed or None} for day, completed in due],
        "requests": [{"late": late, "returned": returned, "missing": missing} for late, returned, missing in requests],
        "supervision": {
            "supervision_notices": district.supervision.supervision_notices,
            "circulars": district.supervision.circulars,
        },
        "adjustments": [{"points": points, "reason": reason or None} for points, reason in adjustments],
    }


def _figure(figure: Figure) -> dict[str, object]:
    numbers = {
        "target": figure.target,
        "value": figure.value,
        "baseline": figure.baseline,
        "reference": figure.reference,
        "rating": figure.rating,
        "good": figure.good,
        "bad": figure.bad,
    }
    content: dict[str, object] = {key: plain(number) for key, number in numbers.items() if number is not None}
    if figure.reported_by_other:
        content["reported_by_other"] = True
    if figure.not_applicable:
        content["not_applicable"] = True
    return content
