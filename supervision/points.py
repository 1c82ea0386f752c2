"""Four rules that turn an attainment into the share of a line's weight that is earned.

A share is 0 or more; 1 earns the whole weight, and two of the rules let a line earn more than that.
Source: docs/scoring.md, A line; where a rule is in use is named at each.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from supervision.exact import exact, smaller
from supervision.indicators import Figure, MeasureType, PointRule

RATES = frozenset({MeasureType.AVERAGE_GROWTH, MeasureType.FLOOR_RATIO, MeasureType.EXACT_RATE})
"""Where `best_takes_full` is fair: on a count it would rank the size of the districts."""

WITHOUT_EFFICACY = frozenset({MeasureType.RELATIVE, MeasureType.DIRECTION, MeasureType.RUBRIC})
"""Measures whose value alone says nothing, so that it cannot be placed between a bad and a good one."""

ZHENJIANG_FULL_STOP = Fraction(3, 2)
"""镇政办发〔2005〕79号: an attainment above 150 % earns 150 %."""
ZHENJIANG_NOTHING_BELOW = Fraction(4, 5)
"""镇政办发〔2005〕79号: an attainment below 80 % earns nothing."""

EFFICACY_AT_BAD = 60
"""功效系数法: the points of the bad value; the good value stands 40 above it, at 100."""
EFFICACY_FULL = 100

_ZERO, _ONE = Fraction(0), Fraction(1)


def share_of(rule: PointRule, *, attainment: Fraction, figure: Figure, cap: Fraction, best: Fraction) -> Fraction:
    """Return the share that an attained figure earns under `rule`.

    `cap` serves `capped`; `best` serves `best_takes_full` and is the highest v over the districts where the
    item is ok, 0 when none is above 0.
    """
    if rule is PointRule.CAPPED:
        return capped(attainment, cap=cap)
    if rule is PointRule.ZHENJIANG_2005:
        return zhenjiang_2005(attainment)
    value = _given(figure.value)
    if rule is PointRule.BEST_TAKES_FULL:
        return best_takes_full(value, best=best)
    return efficacy(value, good=_given(figure.good), bad=_given(figure.bad))


def capped(attainment: Fraction, *, cap: Fraction) -> Fraction:
    """Return min(a, cap)."""
    return smaller(attainment, cap)


def zhenjiang_2005(attainment: Fraction) -> Fraction:
    """Return a between 0.8 and 1.5, both included; 1.5 above, 0 below.

    Source: 镇政办发〔2005〕79号.
    """
    if attainment < ZHENJIANG_NOTHING_BELOW:
        return _ZERO
    return min(attainment, ZHENJIANG_FULL_STOP)


def best_takes_full(value: Fraction, *, best: Fraction) -> Fraction:
    """Return max(v, 0) / best, the best value of all districts; 0 when no district is above 0.

    Source: 兰州 2014, for rates only.
    """
    return max(value, _ZERO) / best if best > 0 else _ZERO


def best_of(values: Iterable[Decimal]) -> Fraction:
    """Return the highest of the values that districts reported, 0 when none is above 0."""
    return max((exact(value) for value in values), default=_ZERO)


def efficacy(value: Fraction, *, good: Fraction, bad: Fraction) -> Fraction:
    """Return 60 + 40·(v − bad) / (good − bad), clipped to 0…100, as a share.

    `good` may lie below `bad`, where less is better; they never are equal. Source: 功效系数法.
    """
    points = EFFICACY_AT_BAD + (EFFICACY_FULL - EFFICACY_AT_BAD) * (value - bad) / (good - bad)
    return min(max(points / EFFICACY_FULL, _ZERO), _ONE)


def _given(number: Decimal | None) -> Fraction:
    # The reader of a case refuses a scheme in which this could be missing.
    if number is None:
        raise ValueError("这一计分规则所需的数值缺失，请用 read_case 读入数据")
    return exact(number)
