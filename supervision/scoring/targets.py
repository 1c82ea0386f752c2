"""The lines of the targets: every indicator of the scheme, read for every district and turned into points.

Source: docs/scoring.md, A line; Weights, points, total.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from supervision.exact import exact, in_whole_units, weighted
from supervision.indicators import Figure, LineStatus, PointRule, Reading, read
from supervision.points import best_of, share_of
from supervision.scoring.case import Case
from supervision.scoring.result import Gauge, Line

_NOTHING = Fraction(0)


Readings = tuple[Reading, ...]


def read_figures(case: Case) -> tuple[tuple[Gauge, ...], tuple[Readings, ...]]:
    """Return the scheme's items made ready, and the readings of each district in the order of the case."""
    items = case.scheme.items
    parts = in_whole_units([item.weight for item in items])
    scheduled = [item.scheduled(case.span, case.quarter) for item in items]
    readings = tuple(
        tuple(
            read(item.measure, figure, scheduled=share)
            for item, figure, share in zip(items, district.figures, scheduled, strict=True)
        )
        for district in case.districts
    )
    gauges = tuple(
        Gauge(
            item=item,
            rule=case.scheme.rule_of(item),
            parts=parts[index],
            scheduled=scheduled[index],
            cap=exact(case.scheme.cap),
            yellow_from=exact(case.scheme.yellow_from),
            best=_best(case, readings, index),
        )
        for index, item in enumerate(items)
    )
    return gauges, readings


def _best(case: Case, readings: Sequence[Readings], index: int) -> Fraction:
    """Return the highest value among the districts where the item is ok, ranked or not; 0 when none is above 0."""
    if case.scheme.rule_of(case.scheme.items[index]) is not PointRule.BEST_TAKES_FULL:
        return _NOTHING
    values = (
        district.figures[index].value
        for district, row in zip(case.districts, readings, strict=True)
        if row[index].status is LineStatus.OK
    )
    return best_of(value for value in values if value is not None)


def _applicable(gauges: Sequence[Gauge], readings: Readings) -> int:
    """Return the parts of weight of the items that apply to a district."""
    weighed = zip(gauges, readings, strict=True)
    return sum(gauge.parts for gauge, reading in weighed if reading.status is not LineStatus.NOT_APPLICABLE)


def coverage(gauges: Sequence[Gauge], readings: Readings) -> Fraction:
    """Return the weight that was reported as a share of the weight that applies; 1 when nothing applies."""
    applicable = _applicable(gauges, readings)
    weighed = zip(gauges, readings, strict=True)
    reported = sum(gauge.parts for gauge, reading in weighed if reading.status is LineStatus.OK)
    return Fraction(reported, applicable) if applicable else Fraction(1)


def lines_of(
    gauges: Sequence[Gauge], figures: Sequence[Figure], readings: Readings, *, whole: Fraction
) -> tuple[Line, ...]:
    """Return the lines of a district, among which `whole`, the component's weight in points, is shared out.

    A line that does not apply weighs 0 and hands its weight to the others pro rata.
    """
    applicable = _applicable(gauges, readings)
    per_part = whole / applicable if applicable else _NOTHING
    return tuple(
        Line(gauge, figure, reading, _share(gauge, figure, reading), per_part)
        for gauge, figure, reading in zip(gauges, figures, readings, strict=True)
    )


def points_of(lines: Sequence[Line]) -> Fraction:
    """Return the sum of the points of a district's lines, of which there is at least one, exactly."""
    earned = weighted((line.gauge.parts, line.share) for line in lines if line.share is not None)
    return earned * lines[0].per_part


def _share(gauge: Gauge, figure: Figure, reading: Reading) -> Fraction | None:
    """Return the share that a line earns: None where it does not apply, 0 where it is missing."""
    if reading.status is LineStatus.NOT_APPLICABLE:
        return None
    if reading.attainment is None:
        return _NOTHING
    return share_of(gauge.rule, attainment=reading.attainment, figure=figure, cap=gauge.cap, best=gauge.best)
