"""Jumps: a gain that came on the last day, and a gain of which most came in the last period.

Both compare a place with its own past and with what was scheduled, never with other places.
Source: docs/analysis.md, Irregularities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import median

from config.plan.schema.analysis import LastDayJump, LateSurge
from supervision.analysis.flags import Flag, Kind, flag_on
from supervision.analysis.series import Series, Step, distance, percent
from supervision.exact import exact, plain
from supervision.indicators import MeasureType
from supervision.periods import Period

GROWING = frozenset({MeasureType.CUMULATIVE, MeasureType.STOCK})
"""What is meant to grow through the whole plan."""

_NOTHING = Fraction(0)


def last_day_jumps(series: Series, quarter: Period, rule: LastDayJump) -> Iterator[Flag]:
    """Give a flag for each gain of `quarter` that was filed on its last day, or late, and is far above the usual."""
    if series.measure_type not in GROWING:
        return
    for step in series.within(quarter):
        filed, due = step.after.filed_on, step.after.due
        if filed is None or due is None or filed < due:
            continue
        earlier = _earlier(series, step)
        if len(earlier) < rule.history:
            continue
        usual = _usual(series, earlier)
        if usual > 0 and step.rate > exact(rule.factor) * usual and _beyond_chance(series, step, usual, rule.sigmas):
            yield _last_day(series, step, usual, rule)


def _usual(series: Series, earlier: Sequence[Step]) -> Fraction:
    """Return the usual gain of a period: the median of the earlier ones, or the scheduled one where that is more."""
    return max(median([step.rate for step in earlier]), series.scheduled_step or _NOTHING)


def _earlier(series: Series, step: Step) -> list[Step]:
    return [each for each in series.steps if each.after.period < step.after.period]


def _beyond_chance(series: Series, step: Step, usual: Fraction, sigmas: Decimal) -> bool:
    """Return whether the gain lies more than `sigmas` standard deviations of pure chance above the usual one.

    A count that usually grows by m varies by about √m without anybody's doing; what is no count is not judged so.
    """
    above = exact(step.gain) - usual * step.periods
    if not series.topic.is_count:
        return above > 0
    return above > 0 and above**2 > exact(sigmas) ** 2 * usual * step.periods


def _last_day(series: Series, step: Step, usual: Fraction, rule: LastDayJump) -> Flag:
    topic, after = series.topic, step.after
    on_day = "截止日当天" if after.filed_on == after.due else "截止日以后"
    words = (
        f"{topic.title}：{after.period.in_words}的数在{on_day}（{after.filed_on}）报来，"
        f"比上一个数增加 {topic.amount(step.gain)}，通常每期增加 {topic.amount(usual)}"
    )
    test = (
        f"截止日当天或以后报来，增量超过通常增量（此前至少 {rule.history} 期的中位数与序时增量取大）的 "
        f"{plain(rule.factor)} 倍，且超出 {plain(rule.sigmas)} 倍标准差的偶然波动（{rule.source}）"
    )
    evidence = (("截止日", str(after.due)), ("报送日", str(after.filed_on)))
    return flag_on(series, Kind.LAST_DAY_JUMP, words, test, evidence=evidence)


def late_surges(series: Series, quarter: Period, rule: LateSurge) -> Iterator[Flag]:
    """Give a flag when most of the plan-to-date gain came in the last period of `quarter`.

    Not for a first figure, nor for one after a gap: there nobody knows when the gain came about.
    """
    steps = series.within(quarter)
    start, plan = series.start, series.plan
    if series.measure_type not in GROWING or start is None or plan is None or not steps:
        return
    step, elapsed = steps[-1], distance(plan[0], steps[-1].after.period) + 1
    whole = exact(step.after.value) - exact(start)
    if step.periods != 1 or len(series.observations) < rule.history or whole <= 0:
        return
    mean = whole / elapsed
    surged = exact(step.gain) > exact(rule.share) * whole and step.rate > (series.scheduled_step or _NOTHING)
    if surged and _beyond_chance(series, step, mean, rule.sigmas):
        yield _surge(series, step, whole, elapsed, rule)


def _surge(series: Series, step: Step, whole: Fraction, elapsed: int, rule: LateSurge) -> Flag:
    topic = series.topic
    share = percent(exact(step.gain) / whole)
    words = (
        f"{topic.title}：计划开始以来 {elapsed} 期共增加 {topic.amount(whole)}，"
        f"其中 {topic.amount(step.gain)}（{share}）出在{step.after.period.in_words}这一期"
    )
    test = (
        f"至少 {rule.history} 期有数，最后一期的增量超过累计增量的 {percent(rule.share)}、超过序时增量，"
        f"且超出 {plain(rule.sigmas)} 倍标准差的偶然波动（{rule.source}）"
    )
    return flag_on(series, Kind.LATE_SURGE, words, test)
