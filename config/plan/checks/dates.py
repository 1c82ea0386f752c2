"""Whether due rules fit their cadence and fall inside the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from config.plan.checks.folder import Folder, error, placed_measures
from config.plan.due import DueKind, DueRule, parse
from config.plan.problems import Problem
from config.plan.schema.base import Cadence
from config.plan.schema.head import HeadFile

_MONTHS = 12

_PERIOD_MONTHS: dict[Cadence, int] = {
    "monthly": 1,
    "quarterly": 3,
    "continuous": 3,
    "half_yearly": 6,
    "yearly": 12,
}
"""Months of a period; the periods of a year begin with January."""

_FITS: dict[DueKind, frozenset[Cadence]] = {
    "on": frozenset({"once"}),
    "month_end": frozenset({"yearly"}),
    "period_end": frozenset({"once", "monthly", "quarterly", "half_yearly", "yearly", "continuous"}),
    "day": frozenset({"monthly", "quarterly", "half_yearly", "yearly", "continuous"}),
    "workday": frozenset({"monthly", "quarterly", "half_yearly", "yearly", "continuous"}),
}
"""The cadences that each kind of due rule can serve."""


def measures(folder: Folder) -> Iterator[Problem]:
    """The due rule of a measure suits its cadence and never leaves the plan and its days of grace."""
    for loc, _, measure in placed_measures(folder):
        rule = parse(measure.due)
        if measure.cadence not in _FITS[rule.kind]:
            message = f"{measure.code} 的频次 {measure.cadence} 与期限“{measure.due}”不相称，{_advice(rule)}"
            yield error(folder.tasks, (*loc, "due"), message)
        elif said := _outside(rule, measure.cadence, folder.head.content):
            yield error(folder.tasks, (*loc, "due"), f"{measure.code} 的期限“{measure.due}”{said}")


def windows(folder: Folder) -> Iterator[Problem]:
    """The last window of a form closes within the plan's days of grace."""
    content = folder.forms.content
    for i, form in enumerate(content.forms if content else ()):
        if said := _outside(parse(form.closes), form.frequency, folder.head.content):
            yield error(folder.forms, ("forms", i, "closes"), f"报表 {form.code} 最后一期的关闭日“{form.closes}”{said}")


def _advice(rule: DueRule) -> str:
    if rule.kind == "on":
        return "固定日期只用于 once"
    if rule.kind == "month_end":
        return "month_end 只用于 yearly"
    return "once 请写 on 日期或 period_end"


def _outside(rule: DueRule, cadence: Cadence, head: HeadFile | None) -> str | None:
    """Return what to say when `rule` can fall due outside the plan, judged by the earliest day it can mean."""
    if head is None:
        return None
    if rule.on is not None and rule.on < head.start:
        return f"早于计划起期 {head.start}，请改正"
    limit = head.end + dt.timedelta(days=head.feedback_grace_days)
    if _last_due(rule, cadence, head.end) > limit:
        return f"晚于计划止期之后 {head.feedback_grace_days} 日（{limit}），请改正"
    return None


def _last_due(rule: DueRule, cadence: Cadence, end: dt.date) -> dt.date:
    """Return the last day that `rule` means, before any calendar is asked, for a plan that ends on `end`."""
    if rule.on is not None:
        return rule.on
    if rule.kind == "month_end":
        return _month_after(dt.date(end.year, rule.month, 1), 1) - dt.timedelta(days=1)
    if cadence == "once":
        return end
    ends = _month_after(end, -end.month % _PERIOD_MONTHS[cadence])
    if rule.kind == "period_end":
        return _month_after(ends, 1) - dt.timedelta(days=1)
    return _month_after(ends, rule.months).replace(day=rule.day)


def _month_after(day: dt.date, months: int) -> dt.date:
    """Return the first of the month `months` after the month of `day`."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    return dt.date(day.year + years, month + 1, 1)
