"""What the engine shows of a run, for people: tables and reports as values, in the office's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from config.terms import AssessmentState, Level, Population
from documents.official.markdown import plain, table
from flows.results import KINDS
from models import Assessment
from supervision.cycle import Made

ROWS_SHOWN = 500
"""Rows of a table; the engine's pages are no place for thousands."""

_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")
MARK = "（模拟数据）"
_SIMULATED = "**模拟数据**"


def artifact_key(*parts: str) -> str:
    """Return the key under which the engine keeps the versions of one artifact: lower case, digits and dashes."""
    return _NOT_IN_KEYS.sub("-", "-".join(parts).lower()).strip("-")


def made_table(made: Made) -> list[dict[str, Any]]:
    """Return the rungs that a run reached as rows, at most ROWS_SHOWN; a last row says how many more there are.

    Without any: the counts of what was added.
    """
    if not made.notices:
        return [{"类别": KINDS.get(kind, kind), "数量": count} for kind, count in made.created.items()]
    rows = [
        {
            "级别": Level(notice.level).label,
            "事项": f"交办事项 {notice.item}" if notice.item is not None else f"报送任务 {notice.request}",
            "到期日": notice.due.isoformat() if notice.due else "",
            "收件人": "、".join(notice.recipients),
        }
        for notice in made.notices[:ROWS_SHOWN]
    ]
    more = len(made.notices) - len(rows)
    return [*rows, {"级别": "", "事项": f"另有 {more} 项", "到期日": "", "收件人": ""}] if more else rows


def assessment_report(title: str, run: Assessment) -> str:
    """Return a stored assessment as markdown: the ranks with their intervals, and what it was calculated from."""
    heading = (
        f"# {title}\n\n## {run.quarter} 考核（{Population(run.population).label}，{AssessmentState(run.state).label}）"
    )
    facts = [
        f"数据截至 {run.as_of}，第 {run.vintage} 次计算。",
        f"方案校验值 `{run.scheme_hash}`，数据校验值 `{run.input_digest}`。",
    ]
    ranks = table(
        ["位次", "位次区间", "单位", "组别", "得分", "等次", "数据完整度"],
        [_rank_row(unit) for unit in run.result["districts"]],
    )
    parts = [heading, *([_SIMULATED] if run.synthetic else []), "\n".join(facts), ranks]
    return "\n\n".join(parts) + "\n"


def audit_report(title: str, as_of: date, checked: Mapping[str, int], findings: Sequence[str]) -> str:
    """Return the nightly audit as markdown."""
    counts = "、".join(f"{KINDS.get(kind, kind)} {count}" for kind, count in checked.items())
    found = "\n".join(f"{n}. {plain(finding)}" for n, finding in enumerate(findings[:ROWS_SHOWN], start=1))
    more = f"\n\n另有 {len(findings) - ROWS_SHOWN} 项。" if len(findings) > ROWS_SHOWN else ""
    verdict = f"发现 {len(findings)} 项问题：\n\n{found}{more}" if findings else "应发通知均已生成，审计链完整。"
    return f"# {title}\n\n## {as_of} 自查\n\n核对：{counts}。\n\n{verdict}\n"


def _rank_row(unit: Mapping[str, Any]) -> list[str]:
    interval = unit["rank_interval"]
    return [
        str(unit["rank"]) if unit["ranked"] else "数据不足",
        f"{interval[0]}–{interval[1]}" if interval else "",
        unit["name"],
        unit["group"] or "",
        unit["total"],
        unit["grade"],
        unit["coverage"],
    ]
