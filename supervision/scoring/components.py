"""The components of one district's total: what each earns, and who takes over the weight of one that is empty.

Source: docs/scoring.md, Weights, points, total.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from supervision.exact import exact, total_of
from supervision.indicators import LineStatus
from supervision.scoring.case import Component, ComponentCode, District, Scheme
from supervision.scoring.conduct import (
    key_task_share,
    reporting_deduction,
    share_left,
    supervision_deduction,
)
from supervision.scoring.result import ComponentScore, Credit, Gauge
from supervision.scoring.targets import Readings, lines_of, points_of

_NOTHING = Fraction(0)


def components_of(
    scheme: Scheme,
    district: District,
    gauges: Sequence[Gauge],
    readings: Readings,
    credits: tuple[Credit, ...],
) -> tuple[ComponentScore, ...]:
    """Return the components in scheme order, the weight of an empty one handed to the others pro rata.

    `credits` are those of the district's due items, in their order.
    """
    parts = scheme.components
    weights = shared_out(
        [exact(part.weight) for part in parts],
        applies=[_applies(part.code, readings, credits) for part in parts],
    )
    return tuple(
        _targets(weight, district, gauges, readings)
        if part.code is ComponentCode.TARGETS
        else _conduct(part, weight, district, credits)
        for part, weight in zip(parts, weights, strict=True)
    )


def shared_out(weights: Sequence[Fraction], *, applies: Sequence[bool]) -> tuple[Fraction, ...]:
    """Return the weights with the same sum, 0 where nothing applies; all 0 when nothing applies anywhere."""
    whole = total_of(weights)
    taking = total_of(weight for weight, applied in zip(weights, applies, strict=True) if applied)
    factor = whole / taking if taking else _NOTHING
    return tuple(weight * factor if applied else _NOTHING for weight, applied in zip(weights, applies, strict=True))


def _applies(code: ComponentCode, readings: Readings, credits: Sequence[Credit]) -> bool:
    """Return whether there is anything to score: reporting and supervision always apply."""
    if code is ComponentCode.TARGETS:
        return any(reading.status is not LineStatus.NOT_APPLICABLE for reading in readings)
    if code is ComponentCode.KEY_TASKS:
        return any(credit.credit is not None for credit in credits)
    return True


def _targets(weight: Fraction, district: District, gauges: Sequence[Gauge], readings: Readings) -> ComponentScore:
    lines = lines_of(gauges, district.figures, readings, whole=weight)
    points = points_of(lines)
    share = points / weight if weight else None
    return ComponentScore(ComponentCode.TARGETS, weight, share, points, lines=lines)


def _conduct(part: Component, weight: Fraction, district: District, credits: tuple[Credit, ...]) -> ComponentScore:
    if part.code is ComponentCode.KEY_TASKS:
        mean = key_task_share(credits)
        points = _NOTHING if mean is None else weight * mean
        return ComponentScore(part.code, weight, mean, points, credits=credits)
    if part.code is ComponentCode.REPORTING:
        deducted = reporting_deduction(district.requests)
    else:
        deducted = supervision_deduction(district.supervision)
    share = share_left(deducted, weight=exact(part.weight))
    return ComponentScore(part.code, weight, share, weight * share, deducted=deducted)
