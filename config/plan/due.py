"""The compact text of a due rule, as plan folders write it. Only its grammar: the days are counted elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

DueKind = Literal["period_end", "month_end", "on", "day", "workday"]

_LAST_SAFE_DAY = 28
"""Every month has it; a rule that means the last day of a month says month_end or period_end."""

_LAST_SAFE_WORKDAY = 15
"""Every month has that many working days, even the February of a long Spring Festival."""

_PATTERNS: tuple[tuple[DueKind, re.Pattern[str]], ...] = (
    ("period_end", re.compile(r"period_end")),
    ("month_end", re.compile(r"month_end (?P<month>0[1-9]|1[0-2])")),
    ("on", re.compile(r"on (?P<on>[0-9]{4}-[0-9]{2}-[0-9]{2})")),
    ("day", re.compile(r"day (?P<day>[1-9][0-9]?) month \+(?P<months>0|[1-9][0-9]?)")),
    ("workday", re.compile(r"workday (?P<day>[1-9][0-9]?) month \+(?P<months>0|[1-9][0-9]?)")),
)

GRAMMAR = "period_end、month_end 06、on 2022-06-30、day 20 month +1 或 workday 5 month +1"


@dataclass(frozen=True)
class DueRule:
    """A due rule taken apart: `month` of month_end, `on` of a fixed date, `day` and `months` of the other two.

    `months` counts from the last month of the period: 0 is that month itself.
    """

    kind: DueKind
    month: int = 0
    on: date | None = None
    day: int = 0
    months: int = 0


def parse(text: str) -> DueRule:
    """Return the rule written as `text`.

    Raises ValueError, in Chinese and with the whole grammar, for anything else; also for a day that some
    month does not have (beyond the 28th, or beyond the 15th working day) and for an impossible date.
    """
    for kind, pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            return _rule(kind, found.groupdict(), text)
    raise ValueError(f"时限规则“{text}”无法识别，应写成：{GRAMMAR}")


def _rule(kind: DueKind, parts: dict[str, str], text: str) -> DueRule:
    day = int(parts.get("day", 0))
    if day > (_LAST_SAFE_WORKDAY if kind == "workday" else _LAST_SAFE_DAY):
        raise ValueError(f"时限规则“{text}”中的日子不是每个月都有，月底请写 month_end 或 period_end")
    on = None
    if "on" in parts:
        try:
            on = date.fromisoformat(parts["on"])
        except ValueError:
            raise ValueError(f"时限规则“{text}”中的日期不存在，请核对年月日") from None
    return DueRule(kind, month=int(parts.get("month", 0)), on=on, day=day, months=int(parts.get("months", 0)))


def in_words(text: str) -> str:
    """Return the rule written as `text` as people read it. Raises as `parse` does."""
    rule = parse(text)
    if rule.kind == "period_end":
        return "期末"
    if rule.kind == "month_end":
        return f"当年 {rule.month} 月底"
    if rule.on is not None:
        return rule.on.isoformat()
    month = {0: "期末当月", 1: "期后首月"}.get(rule.months, f"期后第 {rule.months} 个月")
    return f"{month} {rule.day} 日" if rule.kind == "day" else f"{month}第 {rule.day} 个工作日"
