"""Copied and made-up values: the same as last period, the same as another place, too many round numbers.

Source: docs/analysis.md, Irregularities.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from config.plan.schema.analysis import Repeated, RepeatedColumn, RoundNumbers, SameAsOther
from supervision.analysis.chances import tail
from supervision.analysis.flags import Flag, Kind, flag_on
from supervision.analysis.series import Observation, Series, percent
from supervision.exact import exact, plain, total_of
from supervision.indicators import MeasureType
from supervision.periods import Period

MOVING = frozenset({MeasureType.CUMULATIVE, MeasureType.STOCK, MeasureType.ANNUAL_STOCK, MeasureType.DIRECTION})
"""What moves from period to period where anything happens at all."""

UNLIKELY_TO_MOVE = frozenset({MeasureType.EXACT_RATE, MeasureType.RUBRIC})
"""What may well stay where it is: a rate that has reached 100 %, a rating."""

_TEN = 10


def repeated(series: Series, quarter: Period, rule: Repeated) -> Iterator[Flag]:
    """Give a flag when a figure that always moved stands still in `quarter`. An explicit 0 says what it says."""
    if series.measure_type not in MOVING:
        return
    for step in series.within(quarter):
        earlier = [each for each in series.steps if each.after.period < step.after.period]
        stands = step.gain == 0 and step.periods == 1 and step.after.value != 0
        if not stands or len(earlier) < rule.history or any(each.gain == 0 for each in earlier):
            continue
        usual = total_of(abs(each.rate) for each in earlier) / len(earlier)
        if _chance_of_nothing(series, usual) < rule.chance:
            topic = series.topic
            words = (
                f"{topic.title}：{step.after.period.in_words}与上期同为 {topic.amount(step.after.value)}，"
                f"此前每期都有变动，平均 {topic.amount(usual)}"
            )
            test = (
                f"此前至少 {rule.history} 期每期都有变动，按其平均幅度，"
                f"恰好不变的可能性低于 {percent(rule.chance)}（{rule.source}）"
            )
            yield flag_on(series, Kind.REPEATED, words, test)


def _chance_of_nothing(series: Series, usual: Fraction) -> Decimal:
    """Return the chance that a figure which usually moves by `usual` happens to stand still.

    A count: e^−m (Poisson). Anything else: one of the 2m + 1 values within its usual reach, m in units of the last
    decimal.
    """
    quanta = usual / exact(series.topic.quantum)
    if series.topic.is_count:
        return (-Decimal(quanta.numerator) / quanta.denominator).exp()
    return 1 / (2 * Decimal(quanta.numerator) / quanta.denominator + 1)


def repeated_columns(all_series: Iterable[Series], quarter: Period, rule: RepeatedColumn) -> Iterator[Flag]:
    """Give a flag for each unit of which nearly all figures of `quarter` are those of one period before."""
    for group in _by_reporter(all_series).values():
        pairs = [
            (series, step)
            for series in group
            if series.measure_type not in UNLIKELY_TO_MOVE
            for step in series.within(quarter)[-1:]
            if step.periods == 1 and step.before.value != 0
        ]
        same = [(series, step) for series, step in pairs if step.gain == 0]
        if len(pairs) >= rule.least and len(same) >= rule.share * len(pairs):
            first = group[0]
            words = f"{quarter.in_words}报送的 {len(pairs)} 个数中有 {len(same)} 个与上期完全相同"
            test = (
                f"至少 {rule.least} 个数（0、100% 的比率和评定不算）中，{percent(rule.share)} 以上与上期相同"
                f"（{rule.source}）"
            )
            evidence = tuple((series.topic.title, series.topic.amount(step.after.value)) for series, step in same)
            yield Flag(
                Kind.REPEATED_COLUMN, first.unit, first.unit_name, "", words, test, evidence, first.filed_by
            )  # fmt: skip


def _by_reporter(all_series: Iterable[Series]) -> dict[tuple[str, str | None, int], list[Series]]:
    """Return the series of each unit that stand in one form: reported by the same unit, for the same kind of period."""
    groups: dict[tuple[str, str | None, int], list[Series]] = {}
    for series in all_series:
        if series.observations:
            length = series.observations[-1].period.months
            groups.setdefault((series.unit, series.filed_by, length), []).append(series)
    return groups


def _now(series: Series, quarter: Period) -> Observation | None:
    """Return the figure at the end of `quarter`; None without one."""
    last = series.observations[-1] if series.observations else None
    return last if last is not None and last.period.last == quarter.last else None


def same_as_others(all_series: Sequence[Series], quarter: Period, rule: SameAsOther) -> Iterator[Flag]:
    """Give flags for units that have figures in common whose digits hardly coincide. Percentages are left out."""
    known = {(series.unit, series.topic.code): series for series in all_series}
    for (one, other), same in sorted(_in_common(all_series, quarter, rule).items()):
        several = [code for code, value in same if digits(value) >= rule.several_digits]
        for mine, theirs in ((one, other), (other, one)):
            if len(several) >= rule.several:
                yield _several([known[mine, code] for code in several], known[theirs, several[0]], quarter, rule)
            for code, value in same:
                if digits(value) >= rule.digits:
                    yield _single(known[mine, code], known[theirs, code], value, rule)


def _in_common(
    all_series: Iterable[Series], quarter: Period, rule: SameAsOther
) -> Mapping[tuple[str, str], list[tuple[str, Decimal]]]:
    """Return by pair of units the indicators, in order, and the long enough figures that both have."""
    least = min(rule.digits, rule.several_digits)
    holders: dict[tuple[str, Decimal], list[str]] = {}
    for series in all_series:
        now = _now(series, quarter)
        if now is not None and not series.topic.is_percent and digits(now.value) >= least:
            holders.setdefault((series.topic.code, now.value), []).append(series.unit)
    pairs: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
    for place, units in sorted(holders.items()):
        for one, other in combinations(sorted(units), 2):
            pairs.setdefault((one, other), []).append(place)
    return pairs


def digits(number: Decimal) -> int:
    """Return the number of significant digits, without zeros at either end: 12000 and 0.012 have two, 0 has none."""
    return len("".join(map(str, number.as_tuple().digits)).strip("0"))


def _single(mine: Series, other: Series, value: Decimal, rule: SameAsOther) -> Flag:
    topic = mine.topic
    words = f"{topic.title}：{topic.amount(value)}，与{other.unit_name}的数完全相同"
    evidence = ((mine.unit_name, topic.amount(value)), (other.unit_name, topic.amount(value)))
    return Flag(
        Kind.SAME_AS_OTHER, mine.unit, mine.unit_name, topic.code, words, _same_test(rule), evidence, mine.filed_by
    )  # fmt: skip


def _several(mine: Sequence[Series], other: Series, quarter: Period, rule: SameAsOther) -> Flag:
    first = mine[0]
    now = [(series, _now(series, quarter)) for series in mine]
    words = f"有 {len(mine)} 项指标的数与{other.unit_name}完全相同"
    evidence = tuple((series.topic.title, series.topic.amount(found.value)) for series, found in now if found)
    filed_by = "、".join(dict.fromkeys(series.filed_by for series in mine if series.filed_by)) or None
    return Flag(
        Kind.SAME_AS_OTHER, first.unit, first.unit_name, "", words, _same_test(rule), evidence, filed_by
    )  # fmt: skip


def _same_test(rule: SameAsOther) -> str:
    return (
        f"有 {rule.digits} 位以上有效数字的数相同，或 {rule.several} 个以上 {rule.several_digits} 位以上有效数字的数"
        f"相同；百分数不比（{rule.source}）"
    )


def round_numbers(all_series: Iterable[Series], quarter: Period, rule: RoundNumbers) -> Iterator[Flag]:
    """Give a flag for each unit of whose counts of `quarter` too many end in 0: one in ten does by chance."""
    groups: dict[tuple[str, str | None], list[tuple[Series, Observation]]] = {}
    for series in all_series:
        now = _now(series, quarter)
        if now is not None and series.topic.is_count and abs(now.value) >= _TEN ** (rule.digits - 1):
            groups.setdefault((series.unit, series.filed_by), []).append((series, now))
    for found in groups.values():
        tens = [(series, now) for series, now in found if now.value % _TEN == 0]
        chance = tail([Fraction(1, _TEN)] * len(found), len(tens))
        if len(tens) >= rule.least and chance * len(groups) < rule.chance:
            first = found[0][0]
            words = f"{len(found)} 个 {rule.digits} 位以上的数中有 {len(tens)} 个是整十数，正常情况下约占十分之一"
            test = (
                f"{rule.digits} 位以上的计数中整十数至少 {rule.least} 个，"
                f"且本次全部检验合计的巧合可能性低于 {percent(rule.chance)}（{rule.source}）"
            )
            evidence = tuple((series.topic.title, plain(now.value)) for series, now in tens)
            yield Flag(
                Kind.ROUND_NUMBERS, first.unit, first.unit_name, "", words, test, evidence, first.filed_by
            )  # fmt: skip
