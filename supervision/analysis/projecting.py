"""How the outlook is worked out: the run-rate that is required, and the figure at the plan's end at the mean pace.

The required run-rate and the projected figure are exact. The interval around the projection is a statement about
chance and the only place here that uses floating point; it is widened to whole units of the figure.
Source: docs/analysis.md, Outlook; assessment.yaml, outlook.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from config.plan.schema.analysis import Outlook
from supervision.analysis.chances import student_quantile
from supervision.analysis.outlook import Course, IndicatorOutlook, Projection
from supervision.analysis.series import Observation, Series, distance
from supervision.exact import exact
from supervision.indicators import MeasureType
from supervision.periods import Period, quarter_of

PROJECTED = frozenset({MeasureType.CUMULATIVE, MeasureType.STOCK})
"""What grows towards a target at the plan's end, so that a run-rate means something."""


def outlook_of(series: Series, *, quarter: Period, end: Period, rule: Outlook) -> IndicatorOutlook | None:
    """Return the outlook of one place and indicator from the close of `quarter` to `end`, the plan's last quarter.

    None for an indicator that does not grow towards a target. What was filed for later periods is not looked at.
    """
    if series.measure_type not in PROJECTED:
        return None
    observed = _by_quarter(series.observations, quarter)
    known = (quarter_of(observed[-1].period.last), observed[-1].value) if observed else None
    remaining = distance(quarter, end)
    projection = _projection(series, observed, end=end, rule=rule)
    return IndicatorOutlook(
        series.unit,
        series.unit_name,
        series.topic,
        quarter,
        known,
        series.target,
        remaining,
        _required(series, known, remaining),
        projection,
        _course(series.target, known, remaining, projection),
    )


def _by_quarter(observations: Sequence[Observation], quarter: Period) -> list[Observation]:
    """Return the last observation of each quarter through `quarter`; of a monthly figure that is its newest month."""
    newest = {quarter_of(each.period.last): each for each in observations if each.period.last <= quarter.last}
    return list(newest.values())


def _required(series: Series, known: tuple[Period, Decimal] | None, remaining: int) -> Decimal | None:
    if known is None or series.target is None:
        return None
    short = exact(series.target) - exact(known[1])
    if short <= 0:
        return Decimal(0)
    return series.topic.rounded(short / remaining, up=True) if remaining else None


def _projection(series: Series, observed: Sequence[Observation], *, end: Period, rule: Outlook) -> Projection | None:
    """Return the projection by the mean gain a quarter; None while no gain is known.

    Gains are taken as independent with one mean and one variance per quarter, so that one over g quarters has g
    times both (a random walk with drift). Over Q known quarters and m gains, h quarters ahead:
    s² = Σ (Δ − g·mean)² ÷ g ÷ (m − 1); half-width = t · s · √(h + h² ÷ Q), t of m − 1 degrees of freedom.
    """
    points = [(_elapsed(each), exact(each.value)) for each in observed]
    if series.start is not None and series.plan is not None:
        points.insert(0, (_index(quarter_of(series.plan[0].first)) - 1, exact(series.start)))
    gains = [(later - earlier, after - before) for (earlier, before), (later, after) in pairwise(points)]
    if not observed or not gains:
        return None
    quarters = sum(length for length, _ in gains)
    pace = (points[-1][1] - points[0][1]) / quarters
    ahead = max(_index(end) - points[-1][0], 0)
    point = points[-1][1] + pace * ahead
    interval = None
    if len(gains) >= rule.least_increments:
        half = _half_width(gains, pace, ahead, quarters, rule)
        low = point - half
        if series.never_falls:
            low = max(low, points[-1][1])
        elif series.measure_type is MeasureType.STOCK:
            low = max(low, Fraction(0))
        interval = (series.topic.rounded(low, up=False), series.topic.rounded(point + half, up=True))
    return Projection(pace, point, interval, len(gains), rule.confidence)


def _half_width(
    gains: Sequence[tuple[int, Fraction]], pace: Fraction, ahead: int, quarters: int, rule: Outlook
) -> Fraction:
    degrees = len(gains) - 1
    variance = sum(((gain - pace * length) ** 2 / length for length, gain in gains), Fraction(0)) / degrees
    quantile = student_quantile((1 + float(rule.confidence)) / 2, degrees)
    spread = variance * (ahead + Fraction(ahead**2, quarters))
    return Fraction(quantile * math.sqrt(spread))


def _elapsed(observation: Observation) -> int:
    return _index(quarter_of(observation.period.last))


def _index(quarter: Period) -> int:
    """Return a number that counts quarters: one more for each."""
    return (quarter.year * 12 + quarter.month - 1) // quarter.months


def _course(
    target: Decimal | None, known: tuple[Period, Decimal] | None, remaining: int, projection: Projection | None
) -> Course:
    if target is None or known is None:
        return Course.UNKNOWN
    if known[1] >= target:
        return Course.REACHED
    if not remaining:
        return Course.MISSED
    if projection is None:
        return Course.UNKNOWN
    low, high = projection.interval or (None, None)
    if projection.point >= exact(target):
        return Course.SURE if low is not None and low >= target else Course.LIKELY
    return Course.UNLIKELY if high is not None and high < target else Course.DOUBTFUL
