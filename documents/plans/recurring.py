"""Deadlines that come again: 每季度, 每年6月底前, 每季度首月20日前, 每季度结束后5个工作日内."""

from __future__ import annotations

import re

from documents.plans.deadline import Deadline

OFTEN = re.compile(
    r"每个?(?P<period>年度?|半年|季度?|月)(?:度)?"
    r"(?:(?P<which>首月|第一个月|末月|最后一个月)?(?P<day>\d{1,2})[日号]|(?P<month>1[0-2]|0?[1-9])月(?:份)?(?P<monthday>\d{1,2}[日号])?|结束后(?P<after>\d{1,2})(?P<working>个工作)?日)?"
    r"(?:底|末|初)?(?:之前|以前|前|内)?"
    r"|(?P<by>按|逐)(?P<byperiod>年度?|半年|季度?|月)(?=度?(?:调度|通报|报送|推进|公布|发布|开展|反馈|考核|分析|统计|监测|更新))"
)

_CADENCES = {"年": "yearly", "半年": "half_yearly", "季": "quarterly", "月": "monthly"}
_LAST_SAFE_DAY = 28


def met_often(found: re.Match[str]) -> Deadline:
    """Return the deadline that `found` words, with its due rule where one says it exactly."""
    period = (found["period"] or found["byperiod"]).rstrip("度")
    cadence = _CADENCES[period]
    due, doubt = _often_due(found, cadence)
    return Deadline(cadence, due, found[0], found.start(), doubt=doubt)


def _often_due(found: re.Match[str], cadence: str) -> tuple[str | None, str]:
    """Return the due rule of a recurring deadline, and what to confirm."""
    if found["month"] and cadence == "yearly":
        if found["monthday"]:
            return None, f"“{found[0]}”无法写成时限规则，请补填"
        return f"month_end {int(found['month']):02d}", ""
    day = int(found["day"] or found["after"] or 0)
    if not day:
        return "period_end", ""
    if found["working"]:
        return f"workday {day} month +1" if 1 <= day <= 15 else None, ""
    if not 1 <= day <= _LAST_SAFE_DAY:
        return None, f"“{found[0]}”不是每个月都有这一天，请补填"
    if found["which"] in ("末月", "最后一个月"):
        return f"day {day} month +0", ""
    said = "" if found["after"] or found["which"] else f"“{found[0]}”按报上一期情况理解，请核对"
    return f"day {day} month +1", said
