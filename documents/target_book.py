"""目标分解表 as a workbook: one sheet that `duban target import` takes back, one with what the districts said."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from config.clock import ZONE
from config.plan import Plan
from config.plan import Unit as PlanUnit
from documents.forms.numbers import fits
from documents.official.words import printable
from documents.papers.office import SIMULATED
from supervision.exact import plain
from supervision.queries.targets import IndicatorTargets, KnownTarget

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

TABLE, SAID = "目标分解表", "确认情况"
"""Names of the sheets."""

BESIDE, TOTAL = (("指标", 8), ("指标名称", 30), ("计量单位", 10), ("全市目标", 12)), "合计"
"""What stands before the districts, with the characters of each column; and behind them, where they add up."""

SAID_COLUMNS = (
    ("编号", 8), ("目标名称", 30), ("承担单位", 12), ("目标数", 12), ("基期数", 12), ("版本", 6), ("状态", 10),
    ("确定日期", 12), ("确定依据", 40), ("确定的理由", 30), ("异议", 30), ("答复", 30),
)  # fmt: skip
"""Headings by which nobody takes this sheet for a table of targets to be read."""

_DISTRICT, _TITLE_LINE, _HEAD_LINE = 11, 0, 1

Cell = Decimal | str | None


@dataclass(frozen=True)
class TargetBook:
    """The targets known at the close of `day`; `districts` are those that have a column. `simulated`: made up."""

    plan: Plan
    board: Sequence[IndicatorTargets]
    districts: Sequence[PlanUnit]
    day: date
    simulated: bool

    @property
    def title(self) -> str:
        """Return the title of both sheets, with the mark of made-up data."""
        mark = f"【{SIMULATED}】" if self.simulated else ""
        return f"{mark}{self.plan.title}目标分解表（截至 {self.day}）"


def target_book(found: TargetBook) -> bytes:
    """Return the workbook. The same targets give the same bytes; what a spreadsheet cannot keep exactly is text."""
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": TABLE, "created": datetime.combine(found.day, time.min, tzinfo=UTC)})
        formats = {name: book.add_format(about) for name, about in _FORMATS.items()}
        across = [(unit.name, _DISTRICT) for unit in found.districts]
        total = [(TOTAL, _DISTRICT)] if len(found.districts) == len(found.plan.districts) else []
        _write(
            book.add_worksheet(TABLE), found, formats, [*BESIDE, *across, *total], _table(found, with_total=bool(total))
        )
        _write(book.add_worksheet(SAID), found, formats, SAID_COLUMNS, _said(found))
    return made.getvalue()


def _table(found: TargetBook, *, with_total: bool) -> Iterator[Sequence[Cell]]:
    for each in found.board:
        held = {line.district: line.target for line in each.lines}
        indicator = each.indicator
        about = (indicator.code, indicator.name, indicator.unit_of_measure, indicator.target)
        yield *about, *(held.get(unit.code) for unit in found.districts), *([each.total] if with_total else [])


def _said(found: TargetBook) -> Iterator[Sequence[Cell]]:
    for each in found.board:
        for line in each.lines:
            yield _line(found.plan, each, line)


def _line(plan: Plan, each: IndicatorTargets, line: KnownTarget) -> Sequence[Cell]:
    day = line.set_at.astimezone(ZONE).date().isoformat()
    about = (each.indicator.code, each.indicator.name, plan.unit(line.district).name, line.target, line.baseline)
    return (*about, Decimal(line.version), line.state.label, day, line.source, line.reason, line.comment, line.answer)


_FORMATS: Mapping[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "head": {
        "border": 1, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#EEEEEE",
    },
    "text": {"border": 1, "valign": "vcenter", "text_wrap": True},
    "number": {"border": 1, "valign": "vcenter", "align": "right"},
}  # fmt: skip


def _write(
    sheet: Worksheet,
    found: TargetBook,
    formats: Mapping[str, Format],
    columns: Sequence[tuple[str, int]],
    rows: Iterator[Sequence[Cell]],
) -> None:
    sheet.write_string(_TITLE_LINE, 0, found.title, formats["title"])
    for place, (heading, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(_HEAD_LINE, place, heading, formats["head"])
    line = _HEAD_LINE
    for line, row in enumerate(rows, start=_HEAD_LINE + 1):
        for place, cell in enumerate(row):
            _put(sheet, line, place, cell, formats)
    sheet.freeze_panes(_HEAD_LINE + 1, 2)
    sheet.autofilter(_HEAD_LINE, 0, line, len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_LINE)
    if found.simulated:
        sheet.set_header(f"&C【{SIMULATED}】")
    sheet.set_footer("&C— &P —")


def _put(sheet: Worksheet, line: int, place: int, cell: Cell, formats: Mapping[str, Format]) -> None:
    if isinstance(cell, Decimal):
        if fits(cell):
            sheet.write_number(line, place, cell, formats["number"])
        else:
            sheet.write_string(line, place, plain(cell), formats["number"])
    elif cell:
        sheet.write_string(line, place, printable(cell), formats["text"])
    else:
        sheet.write_blank(line, place, None, formats["text"])
