"""Bunching at 100 %: too many attainments that just reach what is expected.

An honest attainment falls anywhere. How densely they lie near 1 is measured on the whole run, without those that
just reach it; from that follows how many would just reach it by chance. Source: docs/analysis.md, Irregularities.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from config.plan.schema.analysis import Bunching
from supervision.analysis.chances import tail
from supervision.analysis.flags import Flag, Kind
from supervision.analysis.series import Topic, Topics, percent, topic_of
from supervision.exact import exact, plain
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

MOST_NAMED = 13
"""How many units a flag on an indicator names: all of a city's districts, not all of a country's."""

_LEAST_SHOWN = Decimal("0.000001")
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
    by_unit, by_code = _grouped(reached, lambda each: each.unit), _grouped(reached, lambda each: each.topic.code)
    likely = _Likely(_density(reached, exact(rule.near)), tests=len(by_unit) + len(by_code))
    flags = []
    for own in by_unit:
        if chance := likely.improbable(own, rule):
            flags.append(_of_unit([each for each in own if each.just], len(own), chance, rule))
    for everywhere in by_code:
        if chance := likely.improbable(everywhere, rule):
            just = [each for each in everywhere if each.just]
            flags += [_of_indicator(each, just, len(everywhere), chance, rule) for each in just]
    return flags


def _grouped(reached: Sequence[Reached], key: Callable[[Reached], str]) -> list[list[Reached]]:
    groups: dict[str, list[Reached]] = {}
    for each in reached:
        groups.setdefault(key(each), []).append(each)
    return list(groups.values())


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

    def improbable(self, reached: Sequence[Reached], rule: Bunching) -> Decimal | None:
        """Return the chance of so many just reached, when there are enough and it is below the threshold.

        The threshold is for the whole run: each of its tests is allowed an equal part (Bonferroni), so that an honest
        run is hardly ever flagged at all.
        """
        just = sum(each.just for each in reached)
        if just < rule.least:
            return None
        found = tail([min(self.density * each.width, _CERTAIN) for each in reached], just)
        return found if found * self.tests < rule.chance else None


def _of_unit(just: Sequence[Reached], of: int, chance: Decimal, rule: Bunching) -> Flag:
    named = "、".join(each.topic.title for each in just)
    words = f"{of} 项指标中有 {len(just)} 项刚好达到应达数（{named}），纯属巧合的可能性不足 {_shown(chance)}"
    evidence = tuple((each.topic.title, f"实际 {each.value}，应达 {each.expected}") for each in just)
    return Flag(Kind.BUNCHING, just[0].unit, just[0].unit_name, "", words, _test(rule), evidence)


def _of_indicator(mine: Reached, just: Sequence[Reached], of: int, chance: Decimal, rule: Bunching) -> Flag:
    shown = [mine, *(each for each in just if each is not mine)][:MOST_NAMED]
    names = "、".join(each.unit_name for each in shown) + (" 等" if len(just) > len(shown) else "")
    words = (
        f"{mine.topic.title}：{of} 个单位中有 {len(just)} 个刚好达到应达数（{names}），"
        f"纯属巧合的可能性不足 {_shown(chance)}"
    )
    evidence = tuple((each.unit_name, f"实际 {each.value}，应达 {each.expected}") for each in shown)
    return Flag(Kind.BUNCHING, mine.unit, mine.unit_name, mine.topic.code, words, _test(rule), evidence)


def _shown(chance: Decimal) -> str:
    """Return a power of ten that the chance does not exceed, as a percentage: 0.1%, 0.01%, … at the least 0.0001%."""
    bound = max(Decimal(1).scaleb(chance.adjusted() + 1), _LEAST_SHOWN) if chance else _LEAST_SHOWN
    return f"{plain(bound * 100)}%"


def _test(rule: Bunching) -> str:
    return (
        f"完成率在 100% 至 {percent(1 + exact(rule.width))} 之间（或只差一个最小单位）为刚好达标；"
        f"以全部指标在 100% ± {percent(rule.near)} 内的疏密为正常情况，至少 {rule.least} 项，"
        f"且本次全部检验合计的巧合可能性低于 {percent(rule.chance)}（{rule.source}）"
    )
