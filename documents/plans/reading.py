"""Reads a plan document: lines, outline, tasks and targets put together, with everything that is doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from documents.plans.aims import aims_of, targets_of_tasks
from documents.plans.found import Found, renumbered
from documents.plans.head import Head, head_of, tail_of
from documents.plans.mending import Mended, mended
from documents.plans.model import (
    Doubt,
    DraftIndicator,
    DraftMeasure,
    DraftTask,
    DraftUnit,
    Heading,
    PlanDraft,
)
from documents.plans.node import Node
from documents.plans.outline import outline
from documents.plans.sections import role_of
from documents.plans.source import Source, read_source
from documents.plans.tables import aim_rows, task_rows
from documents.plans.tasks import TaskFinder
from documents.plans.teams import from_rows
from documents.plans.units import LONGEST, is_unit, kind_of

_FIRST_LEADS = re.compile(r"(?:第一|首)位?[^。；]{0,12}牵头")
_OWN_LEVEL = re.compile(r"^(?:市|省|县|区|州|旗|镇|各)")
_NATIONAL_SHARE = 0.2


def read_plan(path: Path) -> PlanDraft:
    """Return what the plan document at `path` says.

    Raises BadInput in one line for a file that cannot be read as a document; whatever can be read gives a draft,
    with a warning for each thing that is uncertain.
    """
    return draft_of(read_source(path))


def draft_of(source: Source) -> PlanDraft:
    """Return what the lines and tables of a document say."""
    text = mended(source.lines)
    tail = tail_of(text)
    tops = outline(text, tail)
    head = head_of(text, tops[0].start if tops else tail, tail)
    finder = TaskFinder(text, head.years)
    found = finder.find(tops) if tops else []
    if not found:
        found = finder.find_unnumbered(tops[0].start if tops else 0, tail)
    from_tables, doubts = _table_tasks(source, head)
    found = _completed(found, from_tables, doubts) if from_tables else found
    if not found:
        found = _without_units(tops, text, doubts)
    doubts += [*finder.doubts, *(Doubt(1, message) for message in head.doubts)]
    aims = aims_of(text, tops, source, finder)
    tasks = renumbered([task for task in found if not task.is_safeguard])
    safeguards = [replace(task, number=n) for n, task in enumerate((t for t in found if t.is_safeguard), start=1)]
    safeguards = safeguards or _safeguards(tops, text)
    indicators = [*aims.indicators, *targets_of_tasks(tasks, aims, finder)]
    doubts += aims.doubts
    units, groups = _units((*tasks, *safeguards), doubts)
    parts, placed = _parts(tasks, text)
    _ask(text, head, tasks, indicators, aims.goals, doubts)
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


def _without_units(tops: Sequence[Node], text: Mended, doubts: list[Doubt]) -> list[Found]:
    """Return the tasks of a plan that names no units at all: the lowest entries that only group nothing further."""
    found = []
    for top in tops:
        for node in _lowest(top) if role_of(top) == "tasks" and (top.children or not _has_sections(tops)) else ():
            if role_of(node) == "tasks":
                found.append(_bare(node, text))
    if found:
        doubts.append(Doubt(found[0].line, "全文没有读到责任单位，任务的牵头单位、配合单位都要补填"))
    return found


def _has_sections(tops: Sequence[Node]) -> bool:
    return any(top.children for top in tops)


def _lowest(node: Node) -> Iterator[Node]:
    """Yield the entries that are tasks: those whose text goes beyond a heading, and what has nothing inside."""
    for child in node.children or [node]:
        is_heading = child.children and child.end - child.title_end < 3
        yield from (_lowest(child) if is_heading and child is not node else [child])


def _bare(node: Node, text: Mended) -> Found:
    measures = [DraftMeasure("", child.title, child.clause, text.line(child.start)) for child in node.children]
    return Found(
        title=node.title,
        clause=node.clause,
        start=node.start,
        line=text.line(node.start),
        measures=measures,
        node=node,
        part=node.parent,
        number=node.number,
        text=text.text[node.body : node.last],
    )


def _safeguards(tops: Sequence[Node], text: Mended) -> list[Found]:
    """Return the entries of the part on safeguards; the plan names no units for them."""
    nodes = [node for top in tops if role_of(top) == "safeguards" for node in (top.children or [top])]
    return [replace(_bare(node, text), number=n, is_safeguard=True) for n, node in enumerate(nodes, start=1)]


def _table_tasks(source: Source, head: Head) -> tuple[list[Found], list[Doubt]]:
    found: list[Found] = []
    doubts: list[Doubt] = []
    for table in source.tables:
        rows = task_rows(table)
        if rows:
            found += from_rows(rows, head.years, doubts)
        elif not aim_rows(table):
            doubts.append(Doubt(table.line, "这里有一张表没有读进来：既不像任务分工表，也不像指标表，请人工核对"))
    return found, doubts


def _completed(found: Sequence[Found], rows: Sequence[Found], doubts: list[Doubt]) -> list[Found]:
    """Return the tasks of the text with what the table adds; the table's own when the text names no units."""
    if not found:
        return list(rows)
    by_title = {_key(row.title): row for row in rows}
    completed = []
    for task in found:
        row = by_title.pop(_key(task.title), None)
        if row and row.team.leads and task.team.leads and row.team.leads != task.team.leads:
            doubts.append(Doubt(row.line, f"“{task.title}”在正文和分工表里的牵头单位不同，按正文计，请核对"))
        if row:
            task = replace(
                task, team=task.team if task.team.leads else row.team, deadline=task.deadline or row.deadline
            )
        completed.append(task)
    return [*completed, *(row for row in rows if _key(row.title) in by_title)]


def _key(title: str) -> str:
    return re.sub(r"[^一-龥A-Za-z0-9]", "", title)


def _coded(indicators: Sequence[DraftIndicator], doubts: list[Doubt]) -> Iterator[DraftIndicator]:
    """Yield the indicators with their codes and sets, and note what is doubtful about them."""
    last: DraftIndicator | None = None
    bare: dict[tuple[int, str], list[str]] = {}
    for position, indicator in enumerate(indicators, start=1):
        code = f"T{position:02d}"
        target = indicator.target
        doubts += [Doubt(indicator.line, message) for message in target.doubts]
        if target.bare:
            bare.setdefault((indicator.goal or 0, indicator.clause), []).append(code)
        subset = (
            last.code
            if last and target.part_of_last and last.target.unit_of_measure == target.unit_of_measure
            else None
        )
        coded = replace(indicator, code=code, subset_of=subset)
        yield coded
        last = last if subset else coded
    for (_, clause), codes in bare.items():
        line = next(i.line for i in indicators if i.clause == clause and i.target.bare)
        doubts.append(Doubt(line, f"{'、'.join(codes)} 只写了数字，按“不少于”（>=）理解，请核对"))


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
    is_national = sum(bool(_OWN_LEVEL.match(name)) for name in names) < len(names) * _NATIONAL_SHARE
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


def _ask(
    text: Mended,
    head: Head,
    tasks: Sequence[Found],
    indicators: Sequence[DraftIndicator],
    goals: Sequence[Heading],
    doubts: list[Doubt],
) -> None:
    """Note what the document as a whole leaves open."""
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
