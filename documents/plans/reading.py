"""Reads a plan document: lines, outline, tasks and targets put together, with everything that is doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from documents.plans.aims import aims_of, targets_of_tasks
from documents.plans.found import Found
from documents.plans.gathering import gathered
from documents.plans.head import Head, head_of
from documents.plans.mending import Mended, mended
from documents.plans.model import (
    Doubt,
    DraftIndicator,
    DraftTask,
    DraftUnit,
    Heading,
    PlanDraft,
)
from documents.plans.outline import TABLE_HEAD, outline
from documents.plans.quantities import TOO_LONG
from documents.plans.signature import tail_of
from documents.plans.source import Source, read_source
from documents.plans.tables import of_text
from documents.plans.tasks import TaskFinder
from documents.plans.units import LONGEST, is_unit, kind_of

_FIRST_LEADS = re.compile(r"(?:第一|首)位?[^。；]{0,12}牵头")
_NATIONAL = re.compile(r"^国家|^国务院|^中央(?!商)|^全国|^[^市省县区州旗]{2,10}(?:部|总局|总署)(?:（.*）)?$")
_NATIONAL_SHARE = 0.3
_SHORT = 20
_DATE = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)年(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号])?")


def read_plan(path: Path) -> PlanDraft:
    """Return what the plan document at `path` says.

    Raises BadInput in one line for a file that cannot be read as a document; whatever can be read gives a draft,
    with a warning for each thing that is uncertain.
    """
    return draft_of(read_source(path))


def draft_of(source: Source) -> PlanDraft:
    """Return what the lines and tables of a document say."""
    tables, lines = of_text(source.lines)
    source = replace(source, tables=(*source.tables, *tables))
    text = mended(lines)
    tail = tail_of(text)
    tops = outline(text, tail)
    head = head_of(text, tops[0].start if tops else tail, tail)
    finder = TaskFinder(text, head.years)
    tasks, safeguards, doubts = gathered(tops, source, finder, tail)
    aims = aims_of(text, tops, source, finder)
    indicators = [*aims.indicators, *targets_of_tasks(tasks, aims, finder)]
    doubts += [*finder.doubts, *aims.doubts, *(Doubt(1, message) for message in head.doubts)]
    doubts += [
        Doubt(box.number, f"这里有文本框，里面的“{box.text[:_SHORT]}”等文字没有读进来，请人工核对")
        for box in source.boxes
    ]
    _ask(text, head, tasks, indicators, aims.goals, doubts)
    units, groups = _units((*tasks, *safeguards), doubts)
    parts, placed = _parts(tasks, text)
    return PlanDraft(
        head=head,
        goals=tuple(aims.goals),
        indicators=tuple(_coded(indicators, doubts)),
        parts=tuple(parts),
        tasks=tuple(_drafted(task, part, "M") for task, part in zip(tasks, placed, strict=True)),
        safeguards=tuple(_drafted(task, 0, "S") for task in safeguards),
        units=units,
        groups=groups,
        doubts=tuple(sorted(set(doubts))),
    )


def _drafted(task: Found, part: int, letter: str) -> DraftTask:
    measures = tuple(
        replace(measure, code=f"{letter}{task.number:02d}-{n:02d}") for n, measure in enumerate(task.measures, start=1)
    )
    return DraftTask(task.number, task.title, part, task.clause, task.line, task.team, task.deadline, measures)


def _coded(indicators: Sequence[DraftIndicator], doubts: list[Doubt]) -> Iterator[DraftIndicator]:
    """Yield the indicators with their codes and sets, and note what is doubtful about them."""
    last: DraftIndicator | None = None
    bare: dict[tuple[int, str], list[DraftIndicator]] = {}
    known: dict[tuple[str, date | None, str | None], str] = {}
    for position, indicator in enumerate(indicators, start=1):
        code = f"T{position:02d}"
        target = indicator.target
        doubts += [Doubt(indicator.line, message) for message in target.doubts]
        subset = (
            last.code
            if last and target.part_of_last and last.target.unit_of_measure == target.unit_of_measure
            else None
        )
        same = known.setdefault((target.name, target.by, target.unit_of_measure), code)
        if same != code:
            doubts.append(Doubt(indicator.line, f"“{target.name}”与 {same} 同名同期，是否重复、以哪处为准请核对"))
        coded = replace(indicator, code=code, subset_of=subset)
        if target.bare:
            bare.setdefault((indicator.goal or 0, indicator.clause), []).append(coded)
        yield coded
        last = last if subset else coded
    first: dict[str, int] = {}
    for (_, clause), same_clause in bare.items():
        line = first.setdefault(clause, same_clause[0].line)
        codes = "、".join(indicator.code for indicator in same_clause)
        doubts.append(Doubt(line, f"{codes} 只写了数字，按“不少于”（>=）理解，请核对"))


def _units(tasks: Sequence[Found], doubts: list[Doubt]) -> tuple[tuple[DraftUnit, ...], tuple[str, ...]]:
    """Return the units and groups in the order in which the text first names them."""
    names: dict[str, int] = {}
    groups: dict[str, None] = {}
    for task in tasks:
        teams = [task.team, *(measure.team for measure in task.measures)]
        for team in teams:
            for name in (*team.leads, *team.supporting):
                names.setdefault(name, task.line)
            groups.update(dict.fromkeys(team.groups))
    for name, line in names.items():
        if not is_unit(name) or len(name) > LONGEST:
            doubts.append(Doubt(line, f"“{name}”不像单位名称，请核对"))
    is_national = sum(bool(_NATIONAL.search(name)) for name in names) > len(names) * _NATIONAL_SHARE
    units = [
        DraftUnit(f"U{position:02d}", name, kind_of(name, is_national=is_national))
        for position, name in enumerate(names, start=1)
    ]
    return tuple(units), tuple(groups)


def _parts(tasks: Sequence[Found], text: Mended) -> tuple[list[Heading], list[int]]:
    """Return the headings above the tasks, and for each task the number of its own."""
    parts: list[Heading] = []
    numbers: dict[str, int] = {}
    placed = []
    for task in tasks:
        above = task.part
        key = above.clause + above.title if above else ""
        if key not in numbers:
            numbers[key] = len(parts) + 1
            title, clause = (above.title, above.clause) if above else ("重点任务", "")
            parts.append(Heading(numbers[key], title, clause, text.line(above.start) if above else task.line))
        placed.append(numbers[key])
    return parts, placed


def _impossible(text: Mended) -> Iterator[Doubt]:
    """Yield the numbers that are no quantities, and the days that no calendar has: neither was read."""
    for found in TOO_LONG.finditer(text.text):
        words = f"“{found[0][:_SHORT]}…”位数过多（{len(found[0])}位），没有作为数量读入，请核对"
        yield Doubt(text.line(found.start()), words)
    for found in _DATE.finditer(text.text):
        try:
            date(int(found["year"]), int(found["month"]), int(found["day"] or 1))
        except ValueError:
            yield Doubt(text.line(found.start()), f"“{found[0]}”：没有这一天，没有读作日期，请核对")


def _ask(
    text: Mended,
    head: Head,
    tasks: Sequence[Found],
    indicators: Sequence[DraftIndicator],
    goals: Sequence[Heading],
    doubts: list[Doubt],
) -> None:
    """Note what the document as a whole leaves open."""
    for index, start in enumerate(text.starts):
        if TABLE_HEAD.fullmatch(text.text, start, text.end_of_line(index)):
            doubts.append(
                Doubt(text.numbers[index], "这里像是一张表，表格在文本和 PDF 中分不出行列，没有读进来，请人工核对")
            )
    doubts += _impossible(text)
    if not head.title:
        doubts.append(Doubt(1, "没有读到标题，请补填"))
    if head.issued is None:
        doubts.append(Doubt(1, "没有读到印发日期，请补填"))
    if not head.issuer:
        doubts.append(Doubt(1, "没有读到发文机关，请补填"))
    if not tasks:
        doubts.append(Doubt(1, "没有读到重点任务，请核对文件是否完整"))
    if not goals:
        doubts.append(Doubt(1, "没有读到工作目标，请核对"))
    elif not indicators:
        doubts.append(Doubt(goals[0].line, "工作目标里没有读到指标，请核对"))
    plain = any(len(task.team.leads) == 1 and task.team.supporting for task in tasks)
    if plain and not _FIRST_LEADS.search(text.text) and re.search(r"责任(?:单位|部门)[：:]", text.text):
        line = next(task.line for task in tasks if task.team.supporting)
        doubts.append(Doubt(line, "文中没有写明第一位为牵头单位；只列责任单位的，按第一位牵头理解，请核对"))
