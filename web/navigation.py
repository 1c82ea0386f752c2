"""The menu: what each person can go to, in the order of their day."""

from __future__ import annotations

from dataclasses import dataclass

from config.terms import Role
from supervision.queries.people import Actor
from web import rules
from web.rules import Rule


@dataclass(frozen=True)
class Entry:
    """One line of the menu; `here` when the page shown belongs to it."""

    path: str
    label: str
    here: bool


@dataclass(frozen=True)
class _Line:
    path: str
    label: str
    who: Rule


_LINES = (
    _Line("/work", "我的工作", rules.UNITS),
    _Line("/board", "督办总览", rules.OVERSIGHT),
    _Line("/overview", "一页总览", rules.OVERSIGHT),
    _Line("/ledger", "台账", rules.EVERYBODY),
    _Line("/matters", "计划外事项", rules.OVERSIGHT),
    _Line("/reports", "数据报送", rules.EVERYBODY),
    _Line("/targets", "目标任务", rules.EVERYBODY),
    _Line("/papers", "督办文书", rules.EVERYBODY),
    _Line("/assessments", "考核", rules.EVERYBODY),
    _Line("/progress", "进度分析", rules.EVERYBODY),
    _Line("/record", "各单位记录", rules.OVERSIGHT),
    _Line("/record", "本单位记录", rules.UNITS),
    _Line("/documents", "生成材料", rules.OVERSIGHT),
    _Line("/inbox", "消息", rules.EVERYBODY),
    _Line("/notices", "通知", rules.OVERSIGHT),
    _Line("/plan", "行动计划", rules.EVERYBODY),
    _Line("/calendar-years", "放假安排", rules.OVERSEERS),
    _Line("/people", "人员", rules.MANAGERS),
    _Line("/system", "系统状态", rules.MANAGERS),
)


def menu(actor: Actor, path: str) -> list[Entry]:
    """Return the lines that this person's roles admit; of two to the same page the first."""
    here = max((line.path for line in _LINES if _within(path, line.path)), key=len, default="")
    admitted: dict[str, _Line] = {}
    for line in _LINES:
        if line.who.admits(actor):
            admitted.setdefault(line.path, line)
    return [Entry(line.path, line.label, line.path == here) for line in admitted.values()]


def _within(path: str, entry: str) -> bool:
    return path == entry or path.startswith(f"{entry}/")


def home_of(actor: Actor) -> str:
    """Return where a person's day begins: the first line of their menu, for a leader the one page.

    Who has no post has no menu: only the own account.
    """
    if actor.holds(Role.LEADER) and not actor.holds(Role.OFFICE):
        return "/overview"
    return next((line.path for line in _LINES if line.who.admits(actor)), "/account")
