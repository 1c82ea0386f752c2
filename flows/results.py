"""What flows hand back, as JSON and in the office's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.terms import Population
from flows.by_mail.fetched import FetchedReplies
from notifications.outbox import Delivered
from supervision.cycle import Made

KINDS: Mapping[str, str] = {
    "items": "交办事项",
    "retrospective": "追溯登记事项",
    "requests": "报送任务",
    "confirmed": "逾时视同审核通过",
    "missing": "未报",
    "notices": "通知",
    "flows": "流程",
}
"""The words for what is counted."""


@dataclass(frozen=True)
class Skipped:
    """A run that did nothing, and why."""

    flow: str
    as_of: date
    because: str

    def as_json(self) -> dict[str, Any]:
        """Return what `duban run --json` prints."""
        return {"as_of": self.as_of.isoformat(), "skipped": self.because}


@dataclass(frozen=True)
class Assessed:
    """The stored results of one quarter by population, each in the shape of `duban score`."""

    quarter: str
    results: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return what `duban run --json` prints."""
        return {"quarter": self.quarter, **self.results}


@dataclass(frozen=True)
class Audited:
    """What the audit looked at, by kind, and everything it found wrong, in words."""

    as_of: date
    checked: Mapping[str, int]
    findings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return what `duban run --json` prints."""
        return {"as_of": self.as_of.isoformat(), "checked": dict(self.checked), "findings": list(self.findings)}


@dataclass(frozen=True)
class MadeUp:
    """The flows that were made up for, as the office calls them."""

    as_of: date
    flows: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return what `duban run --json` prints."""
        return {"as_of": self.as_of.isoformat(), "made_up": list(self.flows)}


Result = Skipped | Made | Delivered | Assessed | Audited | MadeUp | FetchedReplies


def as_json(result: Result) -> dict[str, Any]:
    """Return `result` as `duban run --json` prints it."""
    if isinstance(result, Delivered):
        return {"sent": result.sent, "deferred": result.deferred, "failed": result.failed}
    return result.as_json()


def in_words(result: Result) -> str:
    """Return `result` in one line: what the heartbeat keeps, and what `duban run` prints."""
    match result:
        case Skipped():
            return result.because
        case Made():
            return f"截至 {result.as_of}：{counted(result.created) or '没有新增'}"
        case Delivered():
            counts = f"发出 {result.sent}，留待以后 {result.deferred}，失败 {result.failed}"
            return "；".join([counts, *result.problems])
        case Assessed():
            scored = [f"{len(each['districts'])} 个{_POPULATIONS[name]}" for name, each in result.results.items()]
            return f"{result.quarter} 已考核{'、'.join(scored)}"
        case Audited():
            found = result.findings
            return f"发现 {len(found)} 项问题：{'；'.join(found)}" if found else "应发通知均已生成，审计链完整"
        case FetchedReplies():
            return result.in_words()
        case MadeUp():
            return f"补运行：{'、'.join(result.flows)}" if result.flows else "没有需要补运行的流程"


def counted(created: Mapping[str, int]) -> str:
    """Return counts by kind in words, without the zeros."""
    return "、".join(f"{KINDS.get(kind, kind)} {count}" for kind, count in created.items() if count)


_POPULATIONS = {population.value: population.label for population in Population}
