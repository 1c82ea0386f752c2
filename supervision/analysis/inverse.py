"""The calculator's formulas the other way round: which figure earns a wanted share of a line's weight.

Source: docs/scoring.md, A line. Every answer is checked with the calculator by who asks (sensitivity.py).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from supervision.analysis.series import Topic
from supervision.exact import exact
from supervision.indicators import RATIOS, WHOLE, Basis, MeasureType, PointRule
from supervision.points import EFFICACY_AT_BAD, EFFICACY_FULL, ZHENJIANG_FULL_STOP, ZHENJIANG_NOTHING_BELOW
from supervision.scoring.result import Line

NEVER_ABOVE_ONE = frozenset(
    {
        MeasureType.CEILING_RATIO,
        MeasureType.EXACT_RATE,
        MeasureType.RELATIVE,
        MeasureType.DIRECTION,
        MeasureType.RUBRIC,
    }
)
"""Measures whose attainment ends at 1."""

_ONE = Fraction(1)


def is_lower_better(line: Line) -> bool:
    """Return whether the line earns more with a smaller figure."""
    figure, measure = line.figure, line.gauge.item.measure
    if line.gauge.rule is PointRule.EFFICACY and figure.good is not None and figure.bad is not None:
        return figure.good < figure.bad
    if measure.basis is Basis.GAIN and figure.baseline is not None and line.reading.expected is not None:
        return line.reading.expected < exact(figure.baseline)
    return measure.measure_type is MeasureType.CEILING_RATIO


def fullest_share(line: Line) -> Fraction:
    """Return the greatest share that any figure earns on the line."""
    rule = line.gauge.rule
    if rule in (PointRule.EFFICACY, PointRule.BEST_TAKES_FULL):
        return _ONE
    most = line.gauge.cap if rule is PointRule.CAPPED else ZHENJIANG_FULL_STOP
    return min(most, _ONE) if line.gauge.item.measure.measure_type in NEVER_ABOVE_ONE else most


def figure_for(line: Line, share: Fraction, topic: Topic) -> Fraction:
    """Return the figure from which on the line earns `share`, which is above 0 and at most `fullest_share`.

    Exact, so it may have more decimals than are filed. Not for a rubric, whose rating is given by the office.
    """
    figure, gauge = line.figure, line.gauge
    if gauge.rule is PointRule.EFFICACY and figure.good is not None and figure.bad is not None:
        good, bad = exact(figure.good), exact(figure.bad)
        return bad + (good - bad) * (share * EFFICACY_FULL - EFFICACY_AT_BAD) / (EFFICACY_FULL - EFFICACY_AT_BAD)
    if gauge.rule is PointRule.BEST_TAKES_FULL:
        # Where nobody is above 0, the first one above it takes full.
        return share * gauge.best if gauge.best > 0 else exact(topic.quantum)
    attainment = max(share, ZHENJIANG_NOTHING_BELOW) if gauge.rule is PointRule.ZHENJIANG_2005 else share
    return _attained(line, attainment, topic)


def _attained(line: Line, attainment: Fraction, topic: Topic) -> Fraction:
    """Return the figure with that attainment, which is above 0 and possible for the measure."""
    figure, measure, expected = line.figure, line.gauge.item.measure, line.reading.expected or Fraction(0)
    match measure.measure_type:
        case MeasureType.CEILING_RATIO:
            return expected / attainment
        case MeasureType.RELATIVE:
            return expected + (attainment - 1) * exact(measure.tolerance)
        case MeasureType.DIRECTION:
            return expected + exact(topic.quantum)
    if measure.basis is Basis.GAIN and figure.baseline is not None:
        baseline = exact(figure.baseline)
        return baseline + attainment * (expected - baseline)
    return attainment * expected


def furthest(line: Line, topic: Topic) -> Decimal:
    """Return the figure beyond which nothing more is looked for, as it can be filed.

    That with the fullest share; no more than 100 % where the figure is a part of a whole. Under best_takes_full a
    figure above the best makes the others earn less: looked at up to 100 %, or to twice the best.
    """
    lower = is_lower_better(line)
    full = topic.rounded(figure_for(line, fullest_share(line), topic), up=not lower)
    if line.gauge.rule is PointRule.BEST_TAKES_FULL:
        return max(full, WHOLE) if topic.is_percent else 2 * full
    if topic.is_percent and line.gauge.item.measure.measure_type in RATIOS:
        return max(full, Decimal(0)) if lower else min(full, WHOLE)
    return full
