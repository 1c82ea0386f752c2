"""Tables of a document: who does what until when (分工表), and tables of targets (指标表)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from documents.plans.aim_tables import aim_rows
from documents.plans.characters import tidied
from documents.plans.mending import Line
from documents.plans.source import Table

_COLUMNS: tuple[tuple[str, str], ...] = (
    ("index", r"序号|编号|项次|号"),
    ("people", r".*(?:领导|责任人|联系人|负责人|电话|联系方式)"),
    (
        "due",
        r"(?:完成|办结|推进|整改|计划|任务)?(?:时限|时间|期限|日期|进度|节点)(?:要求|安排|节点|进度)?|时间节点|完成时间.*|进度安排|完成时限.*|时间进度.*",
    ),
    ("lead", r"(?:市级|县级|区级|省级)?(?:牵头|主办|主责|总牵头)(?:责任|负责)?(?:单位|部门|处室|科室)?(?:（.*）)?"),
    (
        "support",
        r"(?:市级|县级|区级|省级)?(?:配合|协办|参与|参加|协同|协助|配合责任)(?:责任)?(?:单位|部门|处室|科室)?(?:（.*）)?",
    ),
    (
        "resp",
        r"(?:市级|县级|区级|省级)?(?:责任|承办|实施|落实|负责)(?:单位|部门|主体|处室|科室)(?:（.*）|及分工)?|责任分工|任务分工|分工",
    ),
    (
        "content",
        r"(?:具体|主要|工作|重点|细化|任务)?(?:举措|措施|内容|任务内容|工作内容|任务措施|工作措施|改革内容|任务举措|具体任务|工作要求|具体工作|落实举措)(?:及要求)?",
    ),
    (
        "task",
        r"(?:重点|主要|工作|目标|年度|改革|整改|建设|分解)?(?:任务|事项|项目|工作|行动|工程)(?:名称|事项|任务|清单|项目)?",
    ),
    ("category", r"类别|分类|领域|类型|方面|板块|一级.*|工作领域|任务类别|专项"),
)
_MARKS = "\t|｜"
_FEWEST_MARKS = 2
_HEADING_ROWS = 4
_FEWEST = 2


@dataclass(frozen=True)
class TaskRow:
    """A row of a 分工表: the line it stands in, its task (a merged cell is repeated), content, units and deadline.

    `continues` tells that the task's cell is the one of the row above, `own_units` that the cells of the units are not.
    """

    line: int
    category: str
    task: str
    content: str
    lead: str
    support: str
    responsible: str
    due: str
    continues: bool
    own_units: bool


def of_text(lines: Sequence[Line]) -> tuple[list[Table], list[Line]]:
    """Return the tables of tasks and of targets in a text, where tabs or bars separate the cells, and the other lines.

    A cell left empty below another continues it, as when merged cells are copied.
    """
    tables: list[Table] = []
    rest: list[Line] = []
    for is_row, group in groupby(lines, key=_has_cells):
        block = list(group)
        table = _of_block(block) if is_row and len(block) >= _FEWEST else None
        if table and (task_rows(table) or aim_rows(table)):
            tables.append(table)
        else:
            rest += block
    return tables, rest


def _has_cells(line: Line) -> bool:
    return sum(map(line.text.count, _MARKS)) >= _FEWEST_MARKS


def _of_block(block: Sequence[Line]) -> Table:
    rows: list[tuple[str, ...]] = []
    continued: list[frozenset[int]] = []
    for line in block:
        cells = [cell.strip() for cell in re.split(r"[\t|｜]", line.text.strip(" |｜"))]
        if not "".join(cells).strip("-— :"):
            continue  # the rule below the headings
        above = rows[-1] if len(rows) > 1 else ()
        empty = frozenset(n for n, cell in enumerate(cells) if not cell and n < len(above))
        rows.append(tuple(above[n] if n in empty else cell for n, cell in enumerate(cells)))
        continued.append(empty)
    return Table(block[0].number, tuple(rows), tuple(continued))


def task_rows(table: Table) -> list[TaskRow]:
    """Return the rows of a table that has a column of tasks and one of units; none for any other table."""
    for index in range(min(_HEADING_ROWS, len(table.rows))):
        if _names_tasks(columns := _columns(table.rows[index])):
            while index + 1 < len(table.rows) and _names_tasks(below := _columns(table.rows[index + 1])):
                index, columns = index + 1, below  # headings over several rows: the last one is the finest
            return list(_rows(table, index, columns))
    return []


def _names_tasks(columns: Mapping[str, int]) -> bool:
    return bool({"lead", "support", "resp"} & columns.keys() and {"task", "content"} & columns.keys())


def _columns(cells: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for position, cell in enumerate(cells):
        heading = re.sub(r"[\s　]", "", tidied(cell))
        kind = next((kind for kind, words in _COLUMNS if re.fullmatch(words, heading)), None)
        if kind and kind not in columns:
            columns[kind] = position
        elif kind == "task" and "content" not in columns:
            columns["content"] = position
    return columns


def _rows(table: Table, heading: int, columns: Mapping[str, int]) -> Iterator[TaskRow]:
    category = ""
    for index in range(heading + 1, len(table.rows)):
        cells, goes_on = table.rows[index], table.continued[index]

        def cell(kind: str, cells: Sequence[str] = cells) -> str:
            position = columns.get(kind, -1)
            return tidied(cells[position]).strip() if 0 <= position < len(cells) else ""

        if len({text for text in cells if text.strip()}) == 1 and len(cells) > _FEWEST:
            category = next(text for text in cells if text.strip())  # one cell over the whole row: a heading
            continue
        task, content = cell("task"), cell("content")
        if not (task or content) or _columns(cells).keys() >= columns.keys() - {"index"}:
            continue  # the heading again, on a new page
        units = [columns[kind] for kind in ("lead", "support", "resp") if kind in columns]
        yield TaskRow(
            line=table.line + index,
            category=cell("category") or category,
            task=task,
            content=content,
            lead=cell("lead"),
            support=cell("support"),
            responsible=cell("resp"),
            due=cell("due"),
            continues=columns.get("task", -1) in goes_on,
            own_units=not all(position in goes_on for position in units),
        )
