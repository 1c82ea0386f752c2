"""What may not change any more when a plan is loaded again: a scheme by which a quarter has begun to be judged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from config.errors import Refused
from config.plan import Plan, Scheme
from supervision.periods import parse_quarter

_WORDING = frozenset({"title", "source"})


def refuse_changed_schemes(before: Plan, after: Plan, *, on: date) -> None:
    """Raise Refused when `after` changes or drops a scheme of `before` whose first quarter has begun by `on`.

    Units must know before a quarter by what they will be judged. Wording may be mended: titles and sources do not
    enter the arithmetic. What is new takes effect from a `first_quarter` of its own.
    """
    known = {scheme.code: scheme for scheme in after.assessment.schemes}
    for scheme in before.assessment.schemes:
        if parse_quarter(scheme.first_quarter).first > on:
            continue
        changed = known.get(scheme.code)
        if changed is None or _arithmetic(changed) != _arithmetic(scheme):
            raise Refused(
                f"考核办法 {scheme.code} 自 {scheme.first_quarter} 起已在执行，不能改动或删除；"
                "请恢复原文，另立一项并写明新的 first_quarter"
            )


def _arithmetic(scheme: Scheme) -> Any:
    """Return what of a scheme enters the arithmetic: everything but its wording."""
    return _without_wording(scheme.model_dump(mode="json"))


def _without_wording(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_wording(each) for key, each in value.items() if key not in _WORDING}
    return [_without_wording(each) for each in value] if isinstance(value, list) else value
