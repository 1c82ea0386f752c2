"""All tasks and safeguards of a document: out of its outline, its tables, or text without numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from documents.plans.aim_tables import aim_rows
from documents.plans.deadline import Years
from documents.plans.found import Found, renumbered
from documents.plans.mending import Mended
from documents.plans.model import Doubt, DraftMeasure
from documents.plans.node import Node
from documents.plans.sections import role_of
from documents.plans.source import Source
from documents.plans.tables import task_rows
from documents.plans.tasks import TaskFinder
from documents.plans.teams import from_rows


def gathered(
    tops: Sequence[Node], source: Source, finder: TaskFinder, tail: int
) -> tuple[list[Found], list[Found], list[Doubt]]:
    """Return tasks and safeguards, each numbered, and what is doubtful beyond what the finder has noted.

    A text without an outline, or whose outline names no units, has a task before each passage on responsibility. A
    plan that names no units at all has its lowest entries as tasks.
    """
    found = finder.find(tops) if tops else []
    if not found:
        found = finder.find_unnumbered(tops[0].start if tops else 0, tail)
    from_tables, doubts = _table_tasks(source, finder.years)
    found = _completed(found, from_tables, doubts) if from_tables else found
    if not found:
        found = _without_units(tops, finder.mended, doubts)
    tasks = renumbered([task for task in found if not task.is_safeguard])
    safeguards = [replace(task, number=n) for n, task in enumerate((t for t in found if t.is_safeguard), start=1)]
    return tasks, safeguards or _safeguards(tops, finder), doubts


def _without_units(tops: Sequence[Node], text: Mended, doubts: list[Doubt]) -> list[Found]:
    """Return the tasks of a plan that names no units at all: the lowest entries that only group nothing further."""
    found = []
    has_sections = any(top.children for top in tops)
    for top in tops:
        for node in _lowest(top) if role_of(top) == "tasks" and (top.children or not has_sections) else ():
            if role_of(node) == "tasks":
                found.append(_bare(node, text))
    if found:
        doubts.append(Doubt(found[0].line, "全文没有读到责任单位，任务的牵头单位、配合单位都要补填"))
    return found


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


def _safeguards(tops: Sequence[Node], finder: TaskFinder) -> list[Found]:
    """Return the entries of the part on safeguards; the plan names no units for them."""
    nodes = [node for top in tops if role_of(top) == "safeguards" for node in (top.children or [top])]
    return [replace(finder.safeguard(node), number=n) for n, node in enumerate(nodes, start=1)]


def _table_tasks(source: Source, years: Years) -> tuple[list[Found], list[Doubt]]:
    found: list[Found] = []
    doubts: list[Doubt] = []
    for table in source.tables:
        rows = task_rows(table)
        if rows:
            found += from_rows(rows, years, doubts)
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
