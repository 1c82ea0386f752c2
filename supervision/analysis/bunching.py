"""Bunching at 100 %: too many attainments that just reach what is expected.

An honest attainment falls anywhere. How densely they lie near 1 is measured on the whole run, without those that
just reach it; from that follows how many would just reach it by chance. Source: docs/analysis.md, Irregularities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from config.plan.schema.analysis import Bunching
from supervision.analysis.chances import tail
from supervision.analysis.flags import Flag, Kind
from supervision.analysis.series import Topic, Topics, percent, topic_of
from supervision.exact import exact, half_up
from supervision.indicators import Basis, LineStatus, MeasureType
from supervision.scoring.result import Line, Result

MEASURED = frozenset(
    {
        MeasureType.CUMULATIVE,
        MeasureType.STOCK,
        MeasureType.ANNUAL_STOCK,
        MeasureType.AVERAGE_GROWTH,
        MeasureType.FLOOR_RATIO,
        MeasureType.CEILING_RATIO,
    }
)
"""Where 1 is nothing but a threshold. A rate of exactly 100 %, a rating or a direction cannot lie beside it."""

_CHANCE_PLACES = 6
_CERTAIN = Fraction(1)


@dataclass(frozen=True, slots=True)
class Reached:
    """One figure held against what is expected: `margin` 0.03 is 3 % better, below 0 worse.

    `width` is how far above 0 a margin still counts as just reached: no less than one unit of the figure.
    """

    unit: str
    unit_name: str
    topic: Topic
    margin: Fraction
    width: Fraction
    value: str
    expected: str

    @property
    def just(self) -> bool:
        """Return whether the figure just reaches what is expected."""
        return 0 <= self.margin < self.width


def bunched(result: Result, topics: Topics, rule: Bunching) -> list[Flag]:
    """Return a flag for each unit with too many indicators just reached, and for each unit at an indicator where too
    many units just reach it.
    """
    reached = [
        found
        for district in result.districts
        for part in district.components
        for line in part.lines
        if (found := _reached(district.code, district.name, line, topics, exact(rule.width))) is not None
    ]
    units, codes = ({each.unit for each in reached}, {each.topic.code for each in reached})
    likely = _Likely(_density(reached, exact(rule.near)), tests=len(units) + len(codes))
    flags = []
    for unit in sorted(units):
        own = [each for each in reached if each.unit == unit]
        if chance := likely.improbable(own, rule):
            flags.append(_of_unit([each for each in own if each.just], len(own), chance, rule))
    for code in sorted(codes):
        all_units = [each for each in reached if each.topic.code == code]
        if chance := likely.improbable(all_units, rule):
            just = [each for each in all_units if each.just]
            flags += [_of_indicator(each, just, len(all_units), chance, rule) for each in just]
    return flags


def _reached(unit: str, name: str, line: Line, topics: Topics, width: Fraction) -> Reached | None:
    measure, value, expected = line.gauge.item.measure, line.figure.value, line.reading.expected
    if measure.measure_type not in MEASURED or line.reading.status is not LineStatus.OK:
        return None
    if value is None or expected is None:
        return None
    start = exact(line.figure.baseline) if measure.basis is Basis.GAIN and line.figure.baseline is not None else 0
    asked = expected - start
    if not asked:  # a ceiling of 0
        return None
    margin = (exact(value) - start) / asked - 1
    if measure.measure_type is MeasureType.CEILING_RATIO:
        margin = -margin
    topic = topic_of(topics, line.code)
    wide = max(width, exact(topic.quantum) / abs(asked))
    return Reached(unit, name, topic, margin, wide, topic.amount(value), topic.amount(expected))


def _density(reached: Sequence[Reached], near: Fraction) -> Fraction:
    """Return the share of all figures that lies in one unit of margin around 0, those just reached left out.

    One more is counted than was seen, so that nothing is impossible.
    """
    around = sum(abs(each.margin) <= near and not each.just for each in reached)
    length = 2 * near - sum((min(each.width, near) for each in reached), Fraction(0)) / max(len(reached), 1)
    return Fraction(around + 1, len(reached) + 1) / length


@dataclass(frozen=True, slots=True)
class _Likely:
    """What chance alone does: how densely attainments lie, and among how many tests the least likely one is found."""

    density: Fraction
    tests: int

    def improbable(self, reached: Sequence[Reached], rule: Bunching) -> Fraction | None:
        """Return the chance of so many just reached, when there are enough and it is below the threshold.

        The threshold is for the whole run: each of its tests is allowed an equal part (Bonferroni), so that an honest
        run is hardly ever flagged at all.
        """
        just = sum(each.just for each in reached)
        if just < rule.least:
            return None
        # Rounded up: exact products of so many different numbers have thousands of digits.
        places = 10**_CHANCE_PLACES
        chances = [min(Fraction(ceil(self.density * each.width * places), places), _CERTAIN) for each in reached]
        found = tail(chances, just)
        return found if found * self.tests < exact(rule.chance) else None


def _of_unit(just: Sequence[Reached], of: int, chance: Fraction, rule: Bunching) -> Flag:
    named = "、".join(each.topic.title for each in just)
    words = f"{of} 项指标中有 {len(just)} 项刚好达到应达数（{named}），纯属巧合的可能性不足 {_shown(chance)}"
    evidence = tuple((each.topic.title, f"实际 {each.value}，应达 {each.expected}") for each in just)
    return Flag(Kind.BUNCHING, just[0].unit, just[0].unit_name, "", words, _test(rule), evidence)


def _of_indicator(mine: Reached, just: Sequence[Reached], of: int, chance: Fraction, rule: Bunching) -> Flag:
    names = "、".join(each.unit_name for each in just)
    words = (
        f"{mine.topic.title}：{of} 个单位中有 {len(just)} 个刚好达到应达数（{names}），"
        f"纯属巧合的可能性不足 {_shown(chance)}"
    )
    evidence = tuple((each.unit_name, f"实际 {each.value}，应达 {each.expected}") for each in just)
    return Flag(Kind.BUNCHING, mine.unit, mine.unit_name, mine.topic.code, words, _test(rule), evidence)


def _shown(chance: Fraction) -> str:
    """Return a chance as a power of ten that it does not exceed: 0.1%, 0.01%, …"""
    bound = Fraction(1, 10)
    while chance < bound / 10 and bound > Fraction(1, 10**_CHANCE_PLACES):
        bound /= 10
    return percent(bound) if bound * 10**4 >= 1 else f"{half_up(bound * 100, _CHANCE_PLACES).rstrip('0')}%"


def _test(rule: Bunching) -> str:
    return (
        f"完成率在 100% 至 {percent(1 + exact(rule.width))} 之间（或只差一个最小单位）为刚好达标；"
        f"以全部指标在 100% ± {percent(rule.near)} 内的疏密为正常情况，至少 {rule.least} 项，"
        f"且本次全部检验合计的巧合可能性低于 {percent(rule.chance)}（{rule.source}）"
    )
