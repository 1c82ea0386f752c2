"""The sheet 工作日: days off and make-up days of every published year that the run touches.

Working days are Monday to Friday, less 放假日, plus 调休上班日.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from documents.scoring.book import Book
from documents.scoring.cells import DAY, WHOLE, Look, given, text
from documents.scoring.layout import Layout
from documents.scoring.run import Run
from documents.scoring.table import FIRST, Block, Column, Table
from documents.scoring.tables import CALENDAR
from supervision.workdays import Workdays

_REMARK = (
    "工作日＝星期一至星期五，减放假日，加调休上班日；逾期工作日从到期日次日数到办结当日。"
    "没有列出的年份尚未发布安排，涉及时显示错误值"
)
_SATURDAY = 5
_WEEKDAYS = "一二三四五六日"

_TABLE = Table(
    CALENDAR,
    (
        Column("off", "放假日（不含星期六、星期日）", 18),
        Column("off_weekday", "星期", 8),
        Column("made_up", "调休上班日", 18),
        Column("made_up_weekday", "星期", 8),
        Column("year", "已公布安排的年份", 14),
    ),
)


def write_calendar(book: Book, layout: Layout) -> None:
    """Write the sheet and name its columns; a column without a day still has an empty cell to name."""
    sheet = book.table(_TABLE, _REMARK)
    run = layout.run
    years = published_years(run)
    off, made_up = exceptions(run.calendar, years)
    for key, days in (("off", off), ("made_up", made_up)):
        for row, day in enumerate(days, start=FIRST):
            weekday = text(_WEEKDAYS[day.weekday()])
            sheet.row(_TABLE, row, {key: given(day, Look.STORED, DAY), f"{key}_weekday": weekday})
    for row, year in enumerate(years, start=FIRST):
        sheet.row(_TABLE, row, {"year": given(year, Look.STORED, WHOLE)})
    for name, key, length in (
        ("放假日", "off", len(off)),
        ("调休上班日", "made_up", len(made_up)),
        ("已公布年份", "year", len(years)),
    ):
        book.name(name, _TABLE.run(key, Block(FIRST, FIRST + max(length, 1) - 1)))


def published_years(run: Run) -> tuple[int, ...]:
    """Return the published years from the first to the last that the plan or any due item touches."""
    case = run.case
    due = [item for district in case.districts for item in district.items_due]
    days = [case.span.start, case.span.end, case.as_of]
    days += [day for item in due for day in (item.due, item.completed) if day is not None]
    years = range(min(days).year, max(days).year + 1)
    return tuple(year for year in years if run.calendar.is_published(year))


def exceptions(calendar: Workdays, years: tuple[int, ...]) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Return the weekdays that are off and the weekend days that are worked."""
    days = [day for year in years for day in _days_of(year)]
    off = tuple(day for day in days if day.weekday() < _SATURDAY and not calendar.is_working(day))
    made_up = tuple(day for day in days if day.weekday() >= _SATURDAY and calendar.is_working(day))
    return off, made_up


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)
