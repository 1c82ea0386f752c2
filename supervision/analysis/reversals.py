"""Reversals: a cumulative figure that falls, a rise that is gone one period later, a figure changed after its freeze.

Source: docs/analysis.md, Irregularities.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from config.plan.schema.analysis import ChangedAfterFreeze, Fall, TakenBack
from supervision.analysis.flags import Flag, Kind, flag_on
from supervision.analysis.series import Series, Step, percent
from supervision.exact import exact, plain
from supervision.indicators import MeasureType
from supervision.periods import Period

LEVELS = frozenset(
    {
        MeasureType.CUMULATIVE,
        MeasureType.STOCK,
        MeasureType.ANNUAL_STOCK,
        MeasureType.FLOOR_RATIO,
        MeasureType.CEILING_RATIO,
        MeasureType.DIRECTION,
    }
)
"""What has a level that can rise and fall back; a growth rate crosses 0 by its nature."""


def falls(series: Series, quarter: Period, rule: Fall) -> Iterator[Flag]:
    """Give a flag when a cumulative figure of `quarter` lies below the one before."""
    if not series.never_falls:
        return
    for step in series.within(quarter):
        if -step.gain > rule.tolerance * abs(step.before.value):
            topic, before, after = series.topic, step.before, step.after
            words = (
                f"{topic.title}：累计数由{before.period.in_words}的 {topic.amount(before.value)} "
                f"减少到{after.period.in_words}的 {topic.amount(after.value)}"
            )
            allowed = f"超过 {percent(rule.tolerance)} " if rule.tolerance else ""
            yield flag_on(series, Kind.FALL, words, f"只增不减的累计指标比上一个数减少{allowed}（{rule.source}）")


def taken_back(series: Series, quarter: Period, rule: TakenBack) -> Iterator[Flag]:
    """Give a flag when a rise was mostly gone in the next period, which lies in `quarter`."""
    if series.measure_type not in LEVELS:
        return
    for rise, fall in pairwise(series.steps):
        if fall.after.period.last in quarter and _is_taken_back(series, rise, fall, rule):
            topic, low, high, back = series.topic, rise.before, rise.after, fall.after
            words = (
                f"{topic.title}：{low.period.in_words} {topic.amount(low.value)}，"
                f"{high.period.in_words}升至 {topic.amount(high.value)}，"
                f"{back.period.in_words}又回落到 {topic.amount(back.value)}"
            )
            test = (
                f"一期上升 {percent(rule.rise)} 以上（超出 {plain(rule.sigmas)} 倍标准差的偶然波动），"
                f"下一期回落其中的 {percent(rule.back)} 以上（{rule.source}）"
            )
            yield flag_on(series, Kind.TAKEN_BACK, words, test)


def _is_taken_back(series: Series, rise: Step, fall: Step, rule: TakenBack) -> bool:
    if rise.periods != 1 or fall.periods != 1 or rise.gain <= 0:
        return False
    level, gain = abs(rise.before.value), rise.gain
    beyond_chance = not series.topic.is_count or gain**2 > rule.sigmas**2 * level
    return beyond_chance and gain >= rule.rise * level and -fall.gain >= rule.back * gain


def changed_after_freeze(series: Series, rule: ChangedAfterFreeze) -> Iterator[Flag]:
    """Give a flag when figures that an earlier run was calculated from have been changed since."""
    changed = [
        (each, each.frozen)
        for each in series.observations
        if each.frozen is not None
        and each.frozen != each.value
        and abs(exact(each.value - each.frozen)) >= exact(rule.share) * abs(exact(each.frozen))
    ]
    if changed:
        topic = series.topic
        cases = "，".join(
            f"{each.period.in_words}由 {topic.amount(frozen)} 改为 {topic.amount(each.value)}"
            for each, frozen in changed
        )
        words = f"{topic.title}：已用于上次考核的数在冻结后改动，{cases}"
        test = f"比冻结时所知的数变动 {percent(rule.share)} 以上（{rule.source}）"
        yield flag_on(series, Kind.CHANGED_AFTER_FREEZE, words, test)
