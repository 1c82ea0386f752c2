"""What a reported figure is worth: ten types of measure, four rules of points, and the light.

Each function is arithmetic on plain values and exact: figures come in as Decimal, ratios go out as Fraction
(1 = attained in full). The letters of the formulas: v the value, T the target, B the baseline,
r the reference, s the scheduled share at the end of the quarter, E what is expected by then.
Source: docs/scoring.md, A line; the assessment rules named at each function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from supervision.exact import between, divided, exact, scaled

DEFAULT_TOLERANCE = Decimal(5)
"""Percentage points below the reference at which a relative measure is worth nothing (default of the office)."""

_ZERO, _ONE = Fraction(0), Fraction(1)


class MeasureType(StrEnum):
    """How a figure is measured against its target (指标类型)."""

    CUMULATIVE = "cumulative"
    STOCK = "stock"
    ANNUAL_STOCK = "annual_stock"
    AVERAGE_GROWTH = "average_growth"
    FLOOR_RATIO = "floor_ratio"
    CEILING_RATIO = "ceiling_ratio"
    EXACT_RATE = "exact_rate"
    RELATIVE = "relative"
    DIRECTION = "direction"
    RUBRIC = "rubric"


class Basis(StrEnum):
    """Whether a stock is measured by its level or by what it gained over the baseline."""

    LEVEL = "level"
    GAIN = "gain"


class PointRule(StrEnum):
    """How an attainment becomes a share of the line's weight."""

    CAPPED = "capped"
    ZHENJIANG_2005 = "zhenjiang_2005"
    BEST_TAKES_FULL = "best_takes_full"
    EFFICACY = "efficacy"


class LineStatus(StrEnum):
    """Whether a line counts: reported, not reported (未报), or nothing to report (不适用)."""

    OK = "ok"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


class FigureLight(StrEnum):
    """The light of a figure. Grey is 未报: what is not reported is never green."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


PERCENT, WHOLE = "%", Decimal(100)
"""The unit of measure of what is counted in percent, and all of it."""

RATIOS = frozenset({MeasureType.FLOOR_RATIO, MeasureType.CEILING_RATIO, MeasureType.EXACT_RATE})
"""Measures whose figure is a part of a whole: between 0 and 100 when counted in percent."""

AGAINST_REFERENCE = frozenset({MeasureType.RELATIVE, MeasureType.DIRECTION})
"""Measures that are held against a reference r and have no target."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How one indicator is measured. `tolerance` is in percentage points and serves `relative` alone."""

    measure_type: MeasureType
    basis: Basis = Basis.LEVEL
    strict: bool = False
    tolerance: Decimal = DEFAULT_TOLERANCE


@dataclass(frozen=True, slots=True)
class Figure:
    """What a district has for one indicator, in the indicator's unit of measure; None is "not given"."""

    target: Decimal | None = None
    value: Decimal | None = None
    baseline: Decimal | None = None
    reference: Decimal | None = None
    rating: Decimal | None = None
    good: Decimal | None = None
    bad: Decimal | None = None
    reported_by_other: bool = False
    not_applicable: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure read against its measure; `attainment` is None unless the status is ok."""

    status: LineStatus
    expected: Fraction | None
    attainment: Fraction | None


_NOT_APPLICABLE = Reading(LineStatus.NOT_APPLICABLE, None, None)


def read(measure: Measure, figure: Figure, *, scheduled: Fraction) -> Reading:
    """Return whether `figure` counts, what was expected of it, and how far that is attained.

    `scheduled` is s, from 0 to 1. An attainment below 0 counts as 0. A figure that another unit owes and has
    not sent is not applicable, not missing: the lapse is that unit's.
    """
    rubric = measure.measure_type is MeasureType.RUBRIC
    reported = figure.rating if rubric else figure.value
    if figure.not_applicable or (reported is None and figure.reported_by_other):
        return _NOT_APPLICABLE
    expected = expected_of(measure, figure, scheduled=scheduled)
    if not rubric and (expected is None or not _is_measurable(measure, figure, expected)):
        return _NOT_APPLICABLE
    if reported is None:
        return Reading(LineStatus.MISSING, expected, None)
    attained = attainment_of(measure, figure, reported, expected)
    return Reading(LineStatus.OK, expected, attained if attained.numerator > 0 else _ZERO)


def expected_of(measure: Measure, figure: Figure, *, scheduled: Fraction) -> Fraction | None:
    """Return E; None where there is none: a rubric, or a target or reference that is not given.

    cumulative T·s. stock B + (T − B)·s, or T while B is unknown. relative and direction r. All others T.
    """
    kind = measure.measure_type
    given = figure.reference if kind in AGAINST_REFERENCE else figure.target
    if given is None or kind is MeasureType.RUBRIC:
        return None
    if kind is MeasureType.CUMULATIVE:
        return scaled(given, scheduled)
    if kind is MeasureType.STOCK and figure.baseline is not None:
        return between(figure.baseline, given, scheduled)
    return exact(given)


def _is_measurable(measure: Measure, figure: Figure, expected: Fraction) -> bool:
    """Return whether what is expected can be measured against.

    A reference and a ceiling may be 0. Elsewhere a target of 0 asks for nothing, and neither does a schedule
    that expects nothing yet: E = 0, or with basis gain a divisor E − B of 0.
    """
    kind = measure.measure_type
    if kind in AGAINST_REFERENCE or kind is MeasureType.CEILING_RATIO:
        return True
    if measure.basis is Basis.GAIN and figure.baseline is not None:
        expected -= exact(figure.baseline)
    return bool(figure.target) and expected.numerator != 0


def attainment_of(measure: Measure, figure: Figure, reported: Decimal, expected: Fraction | None) -> Fraction:
    """Return the attainment of a figure that applies and was reported; it may be below 0 here."""
    if expected is None:
        return exact(reported)  # rubric: the office's rating 0, 0.5 or 1, with evidence
    kind = measure.measure_type
    if kind is MeasureType.RELATIVE:
        return not_below(exact(reported), reference=expected, tolerance=exact(measure.tolerance))
    if measure.basis is Basis.GAIN and figure.baseline is not None:
        return of_gain(exact(reported), baseline=exact(figure.baseline), expected=expected)
    return _OF_EXPECTED.get(kind, of_expected)(reported, expected)


def of_expected(value: Decimal, expected: Fraction) -> Fraction:
    """Return v / E: cumulative (v from the plan's start to date), stock, annual_stock and floor_ratio."""
    return divided(value, expected)


def of_gain(value: Fraction, *, baseline: Fraction, expected: Fraction) -> Fraction:
    """Return (v − B) / ((T − B)·s) for a stock with basis gain; the divisor is E − B."""
    return (value - baseline) / (expected - baseline)


def of_growth(value: Decimal, target: Fraction) -> Fraction:
    """Return max(v, 0) / T for an average growth in percent a year; T is above 0."""
    return divided(value, target) if value > 0 else _ZERO


def under_ceiling(value: Decimal, ceiling: Fraction) -> Fraction:
    """Return 1 up to the ceiling T and T / v above it; above a ceiling of 0 that is 0."""
    reached = exact(value)
    return _ONE if reached <= ceiling else ceiling / reached


def of_exact_rate(value: Decimal, rate: Fraction) -> Fraction:
    """Return min(v / T, 1): a rate such as 100 % cannot be over-attained."""
    return min(divided(value, rate), _ONE)


def not_below(value: Fraction, *, reference: Fraction, tolerance: Fraction) -> Fraction:
    """Return 1 from the reference up, else max(0, 1 + (v − r) / t): percentage points, never a ratio.

    With a tolerance of 0 anything below the reference is worth 0.
    """
    if value >= reference:
        return _ONE
    return max(_ZERO, 1 + (value - reference) / tolerance) if tolerance else _ZERO


def must_grow(value: Decimal, reference: Fraction) -> Fraction:
    """Return 1 when v is above r (the same period of the year before), else 0: standing still is not growth."""
    return _ONE if exact(value) > reference else _ZERO


_OF_EXPECTED: Mapping[MeasureType, Callable[[Decimal, Fraction], Fraction]] = {
    MeasureType.AVERAGE_GROWTH: of_growth,
    MeasureType.CEILING_RATIO: under_ceiling,
    MeasureType.EXACT_RATE: of_exact_rate,
    MeasureType.DIRECTION: must_grow,
}
"""What is not simply v / E."""


def light_of(measure: Measure, figure: Figure, reading: Reading, *, yellow_from: Fraction) -> FigureLight | None:
    """Return green from 1 up, yellow from `yellow_from` up, red below; grey for 未报, None for 不适用.

    Under `strict` (超过) an attainment of exactly 1, for a ceiling v = T, is yellow and scores the same.
    """
    if reading.status is LineStatus.NOT_APPLICABLE:
        return None
    attained = reading.attainment
    if attained is None:
        return FigureLight.GREY
    top, bottom = attained.as_integer_ratio()
    if top >= bottom:
        ceiling = measure.measure_type is MeasureType.CEILING_RATIO
        only_just = measure.strict and (figure.value == figure.target if ceiling else top == bottom)
        return FigureLight.YELLOW if only_just else FigureLight.GREEN
    return FigureLight.YELLOW if attained >= yellow_from else FigureLight.RED
