"""台账: the items as a table, on paper and as a workbook of exactly the same rows."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlmodel import Session

from config.clock import ZONE
from documents.official.content import Align, Column, Paper, Table
from documents.official.words import printable
from documents.papers.office import house
from supervision.in_force import InForce
from supervision.periods import day_in_words, parse_period
from supervision.queries.items import ItemLine

COLUMNS = (
    Column("编号", 3),
    Column("事项", 9, Align.LEFT),
    Column("重点任务", 2),
    Column("责任单位", 4),
    Column("职责", 2),
    Column("周期", 6),
    Column("状态", 3),
    Column("原定期限", 5),
    Column("现行期限", 5),
    Column("办结日期", 5),
    Column("亮灯", 2),
    Column("提醒督办", 3),
)

SHEET, WIDTH = "台账", 4
"""Name of the worksheet, and characters of its columns for each share of the width."""

HEAD_LINE = 1
"""The line of the headings, from 0: above it stands the title."""


@dataclass(frozen=True)
class Ledger:
    """The rows as they are printed, in both forms."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    day: date
    mark: str


def ledger(session: Session, force: InForce, lines: Sequence[ItemLine], *, as_of: date) -> Ledger:
    """Return the ledger of `lines`, which were read as of the close of `as_of`."""
    office = house(session, force)
    lights: dict[str, str] = {known.code: known.name for known in force.plan.ladder.lights if known.scale == "item"}
    title = f"{office.plan_title}\n交办事项台账（截至{day_in_words(as_of)}，共{len(lines)}项）"
    return Ledger(title, printable(tuple(_row(line, lights) for line in lines)), as_of, office.mark)


def ledger_paper(found: Ledger) -> Paper:
    """Return the ledger as a paper that lies on its side."""
    return Paper(
        title=found.title, day=found.day, blocks=(Table(COLUMNS, found.rows),), mark=found.mark, landscape=True
    )


def ledger_workbook(found: Ledger) -> bytes:
    """Return the ledger as .xlsx: every cell is text, nothing is a formula. The same ledger gives the same bytes."""
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": SHEET, "created": datetime.combine(found.day, time.min, tzinfo=UTC)})
        sheet = book.add_worksheet(SHEET)
        plain = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        head = book.add_format(
            {"border": 1, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#EEEEEE"}
        )
        mark = f"【{found.mark}】" if found.mark else ""
        sheet.write_string(0, 0, mark + found.title.replace("\n", ""), book.add_format({"bold": True, "font_size": 14}))
        for place, column in enumerate(COLUMNS):
            sheet.set_column(place, place, column.share * WIDTH)
            sheet.write_string(HEAD_LINE, place, column.title, head)
        for line, row in enumerate(found.rows, start=HEAD_LINE + 1):
            for place, text in enumerate(row):
                sheet.write_string(line, place, text, plain)
        sheet.freeze_panes(HEAD_LINE + 1, 0)
        sheet.autofilter(HEAD_LINE, 0, HEAD_LINE + len(found.rows), len(COLUMNS) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_LINE)
        if mark:
            sheet.set_header(f"&C{mark}")
        sheet.set_footer("&C— &P —")
    return made.getvalue()


def _row(line: ItemLine, lights: dict[str, str]) -> tuple[str, ...]:
    return (
        str(line.id),
        line.title,
        "" if line.key_task is None else str(line.key_task),
        line.unit,
        line.role.label,
        "" if not line.period or line.source.value != "plan" else parse_period(line.period).in_words,
        line.status.label,
        line.original_due.isoformat(),
        line.due.isoformat(),
        "" if line.completed is None else line.completed.astimezone(ZONE).date().isoformat(),
        "" if line.light is None else lights.get(line.light, line.light),
        "" if line.rung is None else line.rung.label,
    )
