"""Tasks out of the rows of a 分工表."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from documents.plans.deadline import Deadline, Years
from documents.plans.deadlines import deadlines, main_one
from documents.plans.found import Found
from documents.plans.mending import Line, mended
from documents.plans.model import Doubt, DraftMeasure, Team
from documents.plans.passage import Responsibility
from documents.plans.responsibility import responsibilities
from documents.plans.tables import TaskRow

_MARKER = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d{1,3}[.、．]|[①-⑳])\s*")
_LONG = 40


def from_rows(rows: Sequence[TaskRow], years: Years, doubts: list[Doubt]) -> list[Found]:
    """Return the tasks of a 分工表: one for each row, or one for several rows that share task and units."""
    found: list[Found] = []
    numbered = list(_blocks(rows))
    for block in numbered:
        if len(block) > 1 and any(row.own_units for row in block[1:]):
            found += [_task([row], row.content or row.task, years, doubts) for row in block]
        else:
            found.append(_task(block, block[0].task or block[0].content, years, doubts))
    return found


def _blocks(rows: Sequence[TaskRow]) -> list[list[TaskRow]]:
    """Return the rows put together that share one merged cell of the task."""
    number, keys = 0, []
    for row in rows:
        number += not row.continues
        keys.append(number)
    return [[row for _, row in group] for _, group in groupby(zip(keys, rows, strict=True), key=lambda pair: pair[0])]


def _task(block: Sequence[TaskRow], words: str, years: Years, doubts: list[Doubt]) -> Found:
    first = block[0]
    text = mended([Line(first.line, line) for line in words.split("\n")]).text
    title, rest = _title_and_rest(_MARKER.sub("", text))
    contents = [content for row in block if (content := row.content) and content != words]
    team = _team(first, title, doubts)
    plain = [_pieces(mended([Line(first.line, line) for line in content.split("\n")]).text) for content in contents]
    spoken = "。".join([rest, *(piece for pieces in plain for piece in pieces)]).strip("。") or title
    deadline = _deadline(first.due, spoken, years, first.line, doubts)
    measures = [
        DraftMeasure("", _title_and_rest(piece)[0], "分工表", row.line)
        for row, pieces in zip(block, plain, strict=False)
        for piece in pieces
    ]
    return Found(
        title=title,
        clause="分工表",
        start=0,
        line=first.line,
        team=team,
        deadline=deadline,
        measures=measures,
        text=spoken,
    )


def _pieces(content: str) -> list[str]:
    """Return the numbered entries of a cell without their numbers, or the whole of it."""
    parts = re.split(r"(?<=[。；])(?=\d{1,2}[.、．](?!\d)|[（(]\d{1,2}[)）]|[①-⑳])", content)
    return [_MARKER.sub("", part.strip()) for part in parts if part.strip()]


def _title_and_rest(text: str) -> tuple[str, str]:
    found = re.search(r"[。；：]", text)
    if found is None or found.start() > _LONG:
        return (text.strip("。；， "), "") if len(text) <= 2 * _LONG else (re.split(r"[，。]", text)[0], text)
    return text[: found.start()].strip(), text[found.end() :]


def _team(row: TaskRow, title: str, doubts: list[Doubt]) -> Team:
    """Return who is responsible by the cells of the units, read like the same words in a text."""
    cells = (("牵头单位", row.lead), ("责任单位", row.responsible), ("配合单位", row.support))
    lines = [
        Line(row.line, f"{label}：{part}" if n == 0 else part)
        for label, cell in cells
        for n, part in enumerate(cell.split("\n"))
        if cell.strip(" —-/无\n")
    ]
    text = mended([Line(row.line, "。"), *lines])
    passages = [passage for passage in responsibilities(text, 0, len(text.text)) if passage.units]
    if not passages:
        doubts.append(Doubt(row.line, f"“{title}”没有写责任单位，请补填"))
        return Team()
    first = passages[0]
    if first.by_duty and len(first.units) > 1:
        doubts.append(Doubt(row.line, f"“{title}”写的是按职责分工负责，没有指明牵头单位，暂以第一位牵头，请核对"))
    if any(passage.names_others for passage in passages):
        doubts.append(Doubt(row.line, f"“{title}”的责任单位后面写有“等”，其余单位没有列出，请核对"))
    return _joined(passages)


def _joined(passages: Sequence[Responsibility]) -> Team:
    leads = passages[0].leads
    others = [name for passage in passages for name in (*passage.leads, *passage.supporting) if name not in leads]
    groups = [name for passage in passages for name in passage.groups]
    wording = "；".join(passage.text for passage in passages)
    return Team(leads, tuple(dict.fromkeys(others)), tuple(dict.fromkeys(groups)), wording)


def _deadline(cell: str, text: str, years: Years, line: int, doubts: list[Doubt]) -> Deadline | None:
    words = re.sub(r"\s", "", cell)
    found = deadlines(words, years=years, is_label=True) if words else deadlines(text, years=years)
    if words and not found:
        doubts.append(Doubt(line, f"完成时限“{words}”无法写成时限规则，请补填"))
    main = main_one(found)
    if main and main.doubt:
        doubts.append(Doubt(line, main.doubt))
    return main
