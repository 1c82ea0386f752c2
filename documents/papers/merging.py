"""Merging what units said: one paragraph for each unit, the lead's first, equal words said once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from documents.official.content import Paragraph, Run
from documents.papers.office import SIMULATED
from notifications.wording import one_line
from supervision.queries.progress import Feedback, TaskProgress

SECTIONS: tuple[tuple[str, Callable[[Feedback], str]], ...] = (
    ("进展情况", lambda said: said.progress),
    ("存在的问题", lambda said: said.problems),
    ("下一步措施", lambda said: said.next_steps),
)
"""What feedback consists of. Source: 杭州市 2020 年政务公开公报的反馈格式."""

_NOTHING = frozenset({"", "无", "暂无", "没有", "无问题", "不存在问题"})
_ENDS = "。；;，, "


@dataclass(frozen=True)
class Voice:
    """What one unit, or several in the same words, said; `leads`: the lead unit of the task."""

    units: tuple[str, ...]
    leads: bool
    text: str


def voices(task: TaskProgress, pick: Callable[[Feedback], str]) -> tuple[Voice, ...]:
    """Return what was said on the task, the lead's first, then in official order; who said nothing is left out."""
    said: dict[tuple[str, bool], list[Feedback]] = {}
    for each in task.feedback:
        said.setdefault((each.unit, each.leads), []).append(each)
    merged: dict[tuple[bool, str], list[str]] = {}
    for (unit, leads), lines in said.items():
        if text := _joined(lines, pick):
            merged.setdefault((leads, text), []).append(unit)
    return tuple(Voice(tuple(units), leads, text) for (leads, text), units in merged.items())


def voice_paragraphs(found: Iterable[Voice], name: Callable[[str], str] = str) -> Iterator[Paragraph]:
    """Return a paragraph for each voice, the units strong before it; `name` is how a unit is called."""
    for voice in found:
        units = "、".join(name(unit) for unit in voice.units) + ("（牵头）" if voice.leads else "")
        yield Paragraph((Run(f"{units}：", strong=True), Run(voice.text)))


def says_nothing(text: str) -> bool:
    """Return whether somebody wrote that there is nothing to write."""
    return one_line(text).replace(f"（{SIMULATED}）", "").strip(_ENDS) in _NOTHING


def _joined(lines: Sequence[Feedback], pick: Callable[[Feedback], str]) -> str:
    """Return what one unit said on its items as one sentence; items of which it said the same stand together."""
    parts: dict[str, list[str]] = {}
    for line in lines:
        if not says_nothing(pick(line)):
            parts.setdefault(one_line(pick(line)).strip(_ENDS), []).append(one_line(line.about))
    told = (f"{'、'.join(dict.fromkeys(abouts))}，{text}" for text, abouts in parts.items())
    return "；".join(told) + ("。" if parts else "")
