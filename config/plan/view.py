"""The plan as plain data for commands: the contract of `duban plan show --json`, and the scheme of `duban score`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from config.plan.schema.assessment import Component, Scheme
from config.plan.schema.indicators import Indicator
from config.plan.schema.tasks import KeyTask, Measure, Safeguard

if TYPE_CHECKING:
    from config.plan.model import Plan

Data = dict[str, object]


def show(plan: Plan) -> Data:
    """Return what `duban plan show --json` prints: exact numbers as strings, dates ISO, names as in the plan."""
    return {
        "plan": {
            "code": plan.code,
            "title": plan.title,
            "start": plan.start.isoformat(),
            "end": plan.end.isoformat(),
            "issued": plan.issued.isoformat(),
        },
        "goals": [{"number": goal.number, "title": goal.title} for goal in plan.goals],
        "indicators": [_indicator(indicator) for indicator in plan.indicators],
        "key_tasks": [_key_task(task) for task in plan.key_tasks],
        "units": [{"code": unit.code, "name": unit.name, "kind": unit.kind} for unit in plan.units],
        "rulings": [
            {"topic": ruling.topic, "ruling": ruling.ruling, "date": ruling.date.isoformat()} for ruling in plan.rulings
        ],
        "digest": plan.digest,
        "safeguards": [_safeguard(safeguard) for safeguard in plan.safeguards],
        "forms": [form.model_dump(mode="json") for form in plan.forms],
        "memberships": [group.model_dump(mode="json") for group in plan.groups],
        "ladder": plan.ladder.model_dump(mode="json"),
    }


def _indicator(indicator: Indicator) -> Data:
    return {
        "code": indicator.code,
        "goal": indicator.goal,
        "name": indicator.name,
        "measure_type": indicator.measure_type,
        "target": _text(indicator.target),
        "unit_of_measure": indicator.unit_of_measure,
        "text": indicator.text,
        "comparator": indicator.comparator,
        "strict": indicator.strict,
        "owners": list(indicator.owners),
        "source": indicator.source,
    }


def _measure(measure: Measure) -> Data:
    keys = ("code", "title", "cadence", "due", "clause")
    return {key: getattr(measure, key) for key in keys}


def _key_task(task: KeyTask) -> Data:
    return {
        "number": task.number,
        "title": task.title,
        "lead_unit": task.lead,
        "supporting_units": list(task.supporting),
        "groups": list(task.groups),
        "measures": [_measure(measure) for measure in task.measures],
    }


def _safeguard(safeguard: Safeguard) -> Data:
    return {
        "number": safeguard.number,
        "title": safeguard.title,
        "lead_unit": safeguard.lead,
        "measures": [_measure(measure) for measure in safeguard.measures],
    }


def score_scheme(plan: Plan, scheme: Scheme) -> Data:
    """Return `scheme` in the shape that `duban score` reads, with every item's type taken from its indicator."""
    return {
        "rule": scheme.rule,
        "cap": _text(scheme.cap),
        "min_coverage": _text(scheme.min_coverage),
        "adjustment_limit": _text(scheme.adjustment_limit),
        "max_total": _text(scheme.max_total),
        "lights": {"yellow_from": _text(scheme.lights.yellow_from)},
        "components": [_component(plan, component) for component in scheme.components],
        "grades": [[_text(floor), name] for floor, name in scheme.grades],
    }


def _component(plan: Plan, component: Component) -> Data:
    data: Data = {"code": component.code, "weight": _text(component.weight)}
    if component.items:
        data["items"] = [
            {
                "code": item.code,
                "weight": _text(item.weight),
                "measure_type": plan.indicator(item.code).measure_type,
                "rule": item.rule,
                "strict": plan.indicator(item.code).strict,
                "basis": item.basis,
                "trajectory": [[quarter, _text(share)] for quarter, share in item.trajectory]
                if item.trajectory
                else None,
                "tolerance": _text(item.tolerance),
            }
            for item in component.items
        ]
    return data


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
