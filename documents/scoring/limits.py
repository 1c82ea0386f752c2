"""Where a spreadsheet, which calculates with binary numbers of 15 digits, may not find what was calculated exactly.

The run is exact; these are the places of a given run at which somebody who recalculates it should know better.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from documents.scoring.formulas import DECIMALS_OF_A_DIFFERENCE, NEAR
from documents.scoring.run import Run
from supervision.exact import exact, total_of
from supervision.indicators import Figure, PointRule
from supervision.points import ZHENJIANG_NOTHING_BELOW
from supervision.scoring.case import Scheme
from supervision.scoring.result import TOTAL_PLACES, DistrictScore, Line

DIGITS = 15
"""Significant digits that a cell keeps."""

_SHOWN = 5
"""How many places a remark names."""

_HALF = Fraction(1, 2)


def remarks(run: Run) -> tuple[str, ...]:
    """Return what is to be known about recalculating this run, in Chinese; empty when nothing is."""
    long, total, ratio = list(_long_numbers(run)), list(_totals(run)), list(_ratios(run))
    found = (
        (long, f"超过 {DIGITS} 位有效数字，表格软件只保留前 {DIGITS} 位，重算结果可能有出入"),
        (total, "总分与四舍五入的进位点相差极小，表格软件会多进一位；以存档总分为准"),
        (ratio, "与分界线相差极小，表格软件会视同达到；以存档结果为准"),
    )
    return tuple(f"{_named(places)}：{remark}" for places, remark in found if places)


def _named(places: list[str]) -> str:
    names = "、".join(places[:_SHOWN])
    return names if len(places) <= _SHOWN else f"{names}等 {len(places)} 处"


def _long_numbers(run: Run) -> Iterator[str]:
    for district, score in run.districts:
        for item, figure in zip(run.scheme.items, district.figures, strict=True):
            if any(_digits(number) > DIGITS for number in _numbers(figure)):
                yield f"{score.name} {item.code}"


def _numbers(figure: Figure) -> Iterator[Decimal]:
    for number in (figure.target, figure.value, figure.baseline, figure.reference, figure.good, figure.bad):
        if number is not None:
            yield number


def _digits(number: Decimal) -> int:
    return len(number.normalize().as_tuple().digits)


def _totals(run: Run) -> Iterator[str]:
    """Yield those whose exact total is so little below a half that rounding to nine decimals makes it one."""
    reach = Fraction(1, 2 * 10**DECIMALS_OF_A_DIFFERENCE)
    for _, score in run.districts:
        hundredths = _unrounded(run.scheme, score) * 10**TOTAL_PLACES
        short = _HALF - (hundredths - int(hundredths))
        if 0 < short <= reach * 10**TOTAL_PLACES:
            yield score.name


def _unrounded(scheme: Scheme, score: DistrictScore) -> Fraction:
    whole = max(total_of(part.points for part in score.components) + score.adjustments, Fraction(0))
    return whole if scheme.max_total is None else min(whole, exact(scheme.max_total))


def _ratios(run: Run) -> Iterator[str]:
    """Yield the lines and coverages that are so little below a threshold that rounding makes them reach it."""
    least = exact(run.scheme.min_coverage)
    for _, score in run.districts:
        if run.scheme.items and _just_below(score.coverage, least):
            yield f"{score.name} 覆盖率"
        for line in (line for part in score.components for line in part.lines):
            attained = line.reading.attainment
            if attained is not None and any(_just_below(attained, threshold) for threshold in _thresholds(line)):
                yield f"{score.name} {line.code}"


def _thresholds(line: Line) -> Iterator[Fraction]:
    yield Fraction(1)
    yield line.gauge.yellow_from
    if line.gauge.rule is PointRule.ZHENJIANG_2005:
        yield ZHENJIANG_NOTHING_BELOW


def _just_below(number: Fraction, threshold: Fraction) -> bool:
    return 0 < threshold - number <= Fraction(1, 10**NEAR)
