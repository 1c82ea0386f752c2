"""进展汇总: everything that the units reported on a quarter, by key task, the lead's words first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlmodel import Session

from documents.official.content import Align, Block, Column, Heading, Paper, Paragraph, Run, Table, paragraph
from documents.papers.merging import SECTIONS, voice_paragraphs, voices
from documents.papers.office import house
from supervision.in_force import InForce
from supervision.periods import Period, day_in_words
from supervision.queries.progress import TaskProgress, UnitCount, progress_of

_COUNTED = "按事项计，单位：项。“逾期”指逾期未反馈，“未反馈单位”列其单位和项数；“未到期”含暂停计时的。"

SAFEGUARDS = "保障措施及其他事项"


def progress_summary(session: Session, force: InForce, quarter: Period, *, as_of: date) -> Paper:
    """Return the 进展汇总 of `quarter` as known at the close of `as_of`: a draft for the lead units to edit."""
    office, tasks = house(session, force), progress_of(session, force, quarter, as_of=as_of)
    return Paper(
        title=f"{office.plan_title}\n{quarter.in_words}工作进展汇总",
        day=as_of,
        blocks=(
            paragraph(overview(tasks, quarter, as_of)),
            count_table(tasks),
            *_parts(force, tasks),
        ),
        signature=office.signature(as_of),
        mark=office.mark,
    )


def overview(tasks: Sequence[TaskProgress], quarter: Period, as_of: date) -> str:
    """Return how much was asked, answered and is late, in one sentence."""
    units = [unit for task in tasks for unit in task.units]
    asked, answered = sum(unit.asked for unit in units), sum(unit.answered for unit in units)
    late = sum(unit.late for unit in units)
    return (
        f"截至{day_in_words(as_of)}，{quarter.in_words}应反馈进展的事项共{asked}项，已反馈{answered}项，"
        + (f"逾期未反馈{late}项" if late else "没有逾期未反馈的事项")
        + (f"，未到期或暂停计时{asked - answered - late}项" if asked - answered > late else "")
        + "。"
    )


def count_table(tasks: Sequence[TaskProgress]) -> Table:
    """Return the counts by task with who still owes how many, and their sums. A task of which nothing is asked is not
    counted.
    """
    columns = (
        Column("任务", 9, Align.LEFT), Column("牵头单位", 7), Column("应反馈", 4), Column("已反馈", 4),
        Column("逾期", 3), Column("未到期", 4), Column("未反馈单位", 8, Align.LEFT),
    )  # fmt: skip
    rows = [_count(task) for task in tasks if task.units]
    total = ("合计", "", *_sums([unit for task in tasks for unit in task.units]), "")
    return Table(columns, (*rows, total), caption="反馈情况统计", note=_COUNTED)


def named(task: TaskProgress) -> str:
    """Return who owes feedback on the task, as a sentence; empty when nobody does."""
    parts = []
    if task.silent:
        parts.append(f"{'、'.join(task.silent)}尚未反馈")
    if task.partly:
        parts.append("、".join(f"{each.unit}（{each.late}项）" for each in task.partly) + "反馈不全")
    return "；".join(parts) + "。" if parts else ""


def _count(task: TaskProgress) -> tuple[str, ...]:
    title = task.title if task.number is None else f"{task.number}.{task.title}"
    return (title, task.lead_unit, *_sums(task.units), _owing(task.units))


def _sums(units: Sequence[UnitCount]) -> tuple[str, ...]:
    asked, answered, late = (sum(getattr(unit, name) for unit in units) for name in ("asked", "answered", "late"))
    return (str(asked), str(answered), str(late), str(asked - answered - late))


def _owing(units: Sequence[UnitCount]) -> str:
    """Return who owes how many, those with the same number named together: 萧山区、临平区各2项；市经信局1项."""
    by_number: dict[int, list[str]] = {}
    for unit in units:
        if unit.late:
            by_number.setdefault(unit.late, []).append(unit.unit)
    return "；".join(
        f"{'、'.join(names)}{'各' if len(names) > 1 else ''}{number}项"
        for number, names in sorted(by_number.items(), reverse=True)
    )


def _parts(force: InForce, tasks: Sequence[TaskProgress]) -> Iterator[Block]:
    parts = {part.number: part.title for part in force.plan.parts}
    for number, title in [*parts.items(), (None, SAFEGUARDS)]:
        within = [task for task in tasks if task.part == number and task.units]
        if within:
            yield Heading(1, title.rstrip("。"))
        for task in within:
            yield from _task(task)


def _task(task: TaskProgress) -> Iterator[Block]:
    lead = f"（牵头单位：{task.lead_unit}）" if task.lead_unit else ""
    yield Heading(2, f"{task.title}{lead}")
    for name, pick in SECTIONS:
        found = voices(task, pick)
        if found:
            yield Heading(3, name)
            yield from voice_paragraphs(found)
    if owed := named(task):
        yield Paragraph((Run("未反馈：", strong=True), Run(owed)))
