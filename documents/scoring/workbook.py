"""The scoring workbook (评分工作簿): every score of a stored run as a live formula from the figures themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from documents.scoring.book import Book
from documents.scoring.calendar_sheet import write_calendar
from documents.scoring.conduct_sheets import write_conduct, write_key_tasks, write_requests
from documents.scoring.guide_sheet import write_guide, write_rulings
from documents.scoring.labels import Labels
from documents.scoring.layout import Layout, lay_out
from documents.scoring.lines_sheet import write_lines
from documents.scoring.parts_sheet import write_parts
from documents.scoring.run import read_run
from documents.scoring.scheme_sheet import write_scheme
from documents.scoring.summary_sheet import write_summary
from documents.scoring.tables import CALENDAR, KEY_TASKS, LINES, PARTS, REQUESTS, RULINGS, SCHEME
from supervision.scoring.case import ComponentCode
from supervision.workdays import Workdays

_Writer = Callable[[Book, Layout], None]


def scoring_workbook(
    case: Mapping[str, Any],
    result: Mapping[str, Any],
    *,
    title: str,
    labels: Labels,
    calendar: Workdays,
    simulated: bool,
    vetoes: Mapping[str, str] | None = None,
) -> bytes:
    """Return the .xlsx that recalculates `result` from `case`; the same arguments give the same bytes.

    `case` and `result` are the calculator's input and printed output as they were stored; `calendar` is the one under
    which it ran. Each formula carries the value of the stored run, so that a viewer that does not calculate shows
    that; the rank intervals, a simulation, are values. `simulated` marks every sheet 模拟数据.
    `vetoes`, reasons by unit, lower the grade and leave total and rank as calculated.
    Raises BadInput for a case that cannot be read or that no spreadsheet holds, CalendarNotPublished for a missing
    year, and Refused when `result` is not what the calculator finds for `case`.
    """
    run = replace(read_run(case, result, calendar=calendar), vetoes=vetoes or {})
    layout = lay_out(run, labels)
    book = Book(title=title, day=layout.run.case.as_of, simulated=simulated)
    writers = _writers(layout)
    write_guide(book, layout, list(writers))
    for write in writers.values():
        write(book, layout)
    return book.content()


def _writers(layout: Layout) -> dict[str, _Writer]:
    """Return by its name what writes each sheet that the scheme has something for, in order."""
    wanted: tuple[tuple[bool, str, _Writer], ...] = (
        (True, layout.summary.name, write_summary),
        (True, PARTS.name, write_parts),
        (layout.has(ComponentCode.TARGETS), LINES.name, write_lines),
        (layout.has(ComponentCode.KEY_TASKS), KEY_TASKS.name, write_key_tasks),
        (layout.has(ComponentCode.REPORTING), REQUESTS.name, write_requests),
        (True, layout.conduct.name, write_conduct),
        (True, SCHEME, write_scheme),
        (layout.has(ComponentCode.KEY_TASKS), CALENDAR, write_calendar),
        (bool(layout.labels.rulings), RULINGS.name, write_rulings),
    )
    return {name: write for needed, name, write in wanted if needed}
