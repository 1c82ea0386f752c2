"""published-values.csv: what others have published of the plan's series, one fact a line, each with its source."""

from __future__ import annotations

import csv
import io
from importlib.resources.abc import Traversable

from pydantic import ValidationError

from config.plan.files import Reading
from config.plan.problems import Problem, explain
from config.plan.schema.base import Entry
from config.plan.schema.statistics import PublishedValue

PUBLISHED = "published-values.csv"

COLUMNS = tuple(PublishedValue.model_fields)
"""The headings, in any order; each stands once."""


class PublishedFile(Entry):
    """The lines of published-values.csv that could be read."""

    values: tuple[PublishedValue, ...] = ()


def read_published(folder: Traversable) -> Reading[PublishedFile]:
    """Return what the file says; nothing, and no problem, when the folder has none."""
    file = folder / PUBLISHED
    if not file.is_file():
        return Reading(PUBLISHED, None, True, {}, frozenset(), ())
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return _unusable(1, f"文件读不出来，须为 UTF-8 文本（{type(error).__name__}）")
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        headings = reader.fieldnames or ()
        if sorted(headings) != sorted(COLUMNS):
            return _unusable(1, f"表头应为：{','.join(COLUMNS)}")
        return _lines(reader)
    except csv.Error as error:
        return _unusable(max(reader.line_num, 1), f"CSV 写法有误，请核对引号（{error}）")


def _lines(reader: csv.DictReader[str]) -> Reading[PublishedFile]:
    values: list[PublishedValue] = []
    lines: dict[tuple[str | int, ...], int] = {}
    problems: list[Problem] = []
    begins = reader.line_num + 1
    for record in reader:
        line, begins = begins, reader.line_num + 1
        if None in record or None in record.values():
            problems.append(Problem(PUBLISHED, line, f"应有 {len(COLUMNS)} 列，多余或缺少逗号"))
            continue
        try:
            value = PublishedValue.model_validate({key: text.strip() for key, text in record.items() if text.strip()})
        except ValidationError as error:
            problems += [Problem(PUBLISHED, line, explain(found)) for found in error.errors()]
            continue
        lines["values", len(values)] = line
        values.append(value)
    return Reading(PUBLISHED, PublishedFile(values=tuple(values)), not problems, lines, frozenset(), tuple(problems))


def _unusable(line: int, message: str) -> Reading[PublishedFile]:
    return Reading(PUBLISHED, None, False, {}, frozenset(), (Problem(PUBLISHED, line, message),))
