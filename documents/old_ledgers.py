"""Ledgers that an office kept before (.xlsx, .csv): what each column says, and the lines as matters, errors by cell."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from config.errors import BadInput
from documents.delimited import read_delimited
from documents.grids import MAX_BYTES, tidy
from documents.packages import open_package

FIELDS: Mapping[str, str] = {
    "title": "事项名称",
    "units": "责任单位",
    "due": "期限",
    "completed": "办结日期",
    "document": "来源文件",
    "content": "要求",
    "progress": "进展情况",
    "task": "重点任务序号",
}
"""What can be taken over; the first three are needed."""

NEEDED = ("title", "units", "due")
MOST_LINES = 5000
_HEADING_LINES, _MOST_COLUMNS = 10, 40
_GUESSES: Mapping[str, tuple[str, ...]] = {
    "title": ("事项名称", "事项", "任务名称", "工作任务", "督办事项", "名称", "内容摘要"),
    "units": ("责任单位", "承办单位", "牵头单位", "办理单位", "单位"),
    "due": ("期限", "完成时限", "办理时限", "办结时限", "截止日期", "到期日", "时限"),
    "completed": ("办结日期", "完成日期", "办结时间", "完成时间"),
    "document": ("来源文件", "来源", "交办文件", "文号", "依据"),
    "content": ("要求", "工作要求", "交办要求", "办理要求"),
    "progress": ("进展情况", "办理情况", "进展", "完成情况", "落实情况"),
    "task": ("重点任务序号", "重点任务", "任务序号"),
}
_DATE = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s.*)?")
_APART = re.compile(r"[、,，;；\n]+")


@dataclass(frozen=True)
class OldLedger:
    """A ledger as it was read: its headings in order, and its lines below them by their number in the file."""

    name: str
    headings: tuple[str, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]
    is_workbook: bool

    def place(self, line: int, column: int) -> str:
        """Return how a person finds a cell; `column` from 0."""
        if self.is_workbook:
            return f"{get_column_letter(column + 1)}{line}"
        return f"第 {line} 行“{self.headings[column]}”列"


@dataclass(frozen=True)
class OldEntry:
    """One line: a matter with its units, the first of which leads. `completed`: it was done then, and is history."""

    line: int
    title: str
    units: tuple[str, ...]
    due: date
    completed: date | None
    document: str
    content: str
    progress: str
    task: int | None


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with a cell."""

    cell: str
    message: str


def read_old_ledger(content: bytes, name: str) -> OldLedger:
    """Return the first sheet that has at least two headings and a line. Raises BadInput in one line otherwise."""
    if len(content) > MAX_BYTES:
        raise BadInput(f"{name} 过大，请拆分后再导入")
    is_workbook = content.startswith(b"PK\x03\x04")
    tables = _sheets(content, name) if is_workbook else [list(read_delimited(content, name).lines)]
    for lines in tables:
        found = _headed(lines, name, is_workbook)
        if found is not None:
            return found
    raise BadInput(f"{name} 前 {_HEADING_LINES} 行没有找到表头：应有事项名称、责任单位、期限等列")


Lines = Sequence[tuple[int, tuple[str, ...]]]


def _sheets(content: bytes, name: str) -> Iterator[Lines]:
    """Give the sheets, each cell as text; a date as 2022-07-29. Formulas count by their stored result."""
    open_package(content, name)  # refuses what is damaged, encrypted, far too large, or has macros
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = sheet.iter_rows(max_row=MOST_LINES + _HEADING_LINES + 1, max_col=_MOST_COLUMNS, values_only=True)
            yield [(number, tuple(map(_text, row))) for number, row in enumerate(rows, start=1)]
    except (ValueError, KeyError, TypeError, OSError, zipfile.BadZipFile) as error:
        raise BadInput(f"{name} 已损坏或不是 .xlsx 工作簿，请重新保存后再导入（{type(error).__name__}）") from None


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return tidy(value.isoformat() if isinstance(value, date) else str(value))


def _headed(lines: Lines, name: str, is_workbook: bool) -> OldLedger | None:
    known = {word for words in _GUESSES.values() for word in words}
    for place, (_, texts) in enumerate(lines[:_HEADING_LINES]):
        if sum(text.strip() in known for text in texts) < 2:
            continue
        found = tuple((number, row) for number, row in lines[place + 1 :] if any(text.strip() for text in row))
        if not found:
            raise BadInput(f"{name} 只有表头，没有内容")
        if len(found) > MOST_LINES:
            raise BadInput(f"{name} 超过 {MOST_LINES} 行，请拆分后再导入")
        return OldLedger(name, tuple(text.strip() for text in texts), found, is_workbook)
    return None


def guess(ledger: OldLedger) -> dict[str, int]:
    """Return by field the column (from 0) whose heading is the usual one for it."""
    found: dict[str, int] = {}
    for field, words in _GUESSES.items():
        for word in words:
            if word in ledger.headings and ledger.headings.index(word) not in found.values():
                found[field] = ledger.headings.index(word)
                break
    return found


def entries_of(
    ledger: OldLedger, columns: Mapping[str, int], *, units: Mapping[str, str], tasks: Sequence[int], as_of: date
) -> tuple[list[OldEntry], list[CellProblem]]:
    """Return the lines as entries, and what is wrong, cell by cell; an entry with a problem is not among them.

    `units` are codes by every name and code. What is not done needs a due date that has not passed on `as_of`; what
    is done is history, whatever its dates. Raises BadInput when a needed field has no column.
    """
    for field in NEEDED:
        if field not in columns:
            raise BadInput(f"请指定哪一列是“{FIELDS[field]}”")
    entries, problems = [], []
    for number, texts in ledger.lines:
        reading = _Reading(ledger, number, texts, columns, [])
        entry = _entry(reading, units, tasks, as_of)
        problems += reading.problems
        if not reading.problems:
            entries.append(entry)
    return entries, problems


@dataclass
class _Reading:
    """One line while it is read."""

    ledger: OldLedger
    number: int
    texts: tuple[str, ...]
    columns: Mapping[str, int]
    problems: list[CellProblem]

    def text(self, field: str) -> str:
        place = self.columns.get(field)
        return self.texts[place].strip() if place is not None and place < len(self.texts) else ""

    def wrong(self, field: str, message: str) -> None:
        place = self.columns.get(field, 0)
        self.problems.append(CellProblem(self.ledger.place(self.number, place), message))

    def day(self, field: str) -> date | None:
        text = self.text(field)
        if not text:
            return None
        found = _DATE.fullmatch(text)
        try:
            return date(*map(int, found.groups())) if found else date.fromisoformat(text[:10])
        except ValueError:
            self.wrong(field, f"“{text[:20]}”不是日期，请写成 2022-07-29")
            return None


def _entry(reading: _Reading, units: Mapping[str, str], tasks: Sequence[int], as_of: date) -> OldEntry:
    title, due, completed = reading.text("title"), reading.day("due"), reading.day("completed")
    if not title:
        reading.wrong("title", "没有事项名称")
    if not reading.text("due"):
        reading.wrong("due", "没有期限")
    named = [name.strip() for name in _APART.split(reading.text("units")) if name.strip()]
    if not named:
        reading.wrong("units", "没有责任单位")
    for name in named:
        if name not in units:
            reading.wrong("units", f"没有单位“{name[:20]}”，请改为计划中的名称")
    if completed is not None and completed > as_of:
        reading.wrong("completed", f"办结日期 {completed} 还没有到")
    if due is not None and completed is None and not reading.text("completed") and due < as_of:
        reading.wrong("due", f"期限 {due} 已过而没有办结日期：请填办结日期，或另定期限")
    task = reading.text("task").removesuffix(".0")
    if task and not (task.isdigit() and int(task) in tasks):
        reading.wrong("task", f"“{task[:20]}”不是重点任务的序号")
    return OldEntry(
        reading.number, title, tuple(dict.fromkeys(units[name] for name in named if name in units)),
        due or as_of, completed, reading.text("document"), reading.text("content"), reading.text("progress"),
        int(task) if task.isdigit() else None,
    )  # fmt: skip
