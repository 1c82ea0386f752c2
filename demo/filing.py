"""What made-up units file: when, and what stands in the cells. Pure; the file itself is a real one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from config.plan import Form, Plan
from config.terms import FigureState, Level, RequestState
from demo import words
from demo.behaviour import Habit
from demo.conduct import Day, Span
from demo.figures import Figures, Place
from documents.forms.content import FormContent, FormLine
from documents.forms.layout import write_form
from supervision.collection.values import read_value
from supervision.exact import plain
from supervision.periods import Period

FILED_BEFORE_DUE: Span = (0, 5)
"""Working days; like all that follows, made up to look like an office."""
HASTY_BEFORE_DUE: Span = (3, 6)
LATE_BY: Span = (1, 2)
REWORKED_AFTER: Span = (1, 2)
ANSWERS_WHEN_PRESSED = Decimal("0.6")
NEVER_ANSWERS = Decimal("0.3")
"""Share of silent units that let the window close."""
DECIDED_AFTER: Span = (1, 2)
RETURNED_AFTER = 1
LEFT_LYING = Decimal("0.06")
"""Share of submissions that the office does not get round to before the window closes."""
BY_TELEPHONE = Decimal("0.02")
"""Share that the office records for the unit (代录)."""
BY_WORKBOOK = Decimal("0.25")
"""Share of requests that come back as the workbook that the office hands out."""
LEFT_BLANK = Decimal("0.002")
"""Share of cells for which a unit has no figure yet."""

_NOT_APPLICABLE = FigureState.NOT_APPLICABLE.label


@dataclass(frozen=True, slots=True)
class Request:
    """A reporting request as it stands in the morning; `form` and `unit` are codes.

    `filed_on`: the day of the version that waits for a decision.
    """

    id: int
    form: str
    unit: str
    period: Period
    state: RequestState
    opens: date
    due: date
    closes: date
    since: date
    returned: int
    rung: Level | None
    filed_on: date | None

    @property
    def names(self) -> tuple[str, ...]:
        """What lots about the request are drawn by."""
        return self.form, self.unit, str(self.period)


class Verdict(StrEnum):
    """What the office does with a submission."""

    CONFIRM = "confirm"
    RETURN = "return"


def files_today(request: Request, habit: Habit, day: Day) -> bool:
    """Return whether the unit files today."""
    if day.as_of > request.closes:
        return False
    if request.state is RequestState.RETURNED:
        again = day.after(request.since, REWORKED_AFTER, "refiles", *request.names)
        return day.as_of >= min(again, request.due)
    if request.state is not RequestState.OPEN:
        return False
    if habit is Habit.SILENT:
        pressed = request.rung in {Level.URGE, Level.SUPERVISION_NOTICE, Level.CIRCULAR}
        if day.lots.chosen(NEVER_ANSWERS, "never answers", *request.names):
            return False
        return pressed and day.lots.chosen(ANSWERS_WHEN_PRESSED, "files", *request.names, day.as_of)
    return day.as_of >= max(_filing_day(request, habit, day), day.calendar.on_or_after(request.opens))


def _filing_day(request: Request, habit: Habit, day: Day) -> date:
    names = "files", *request.names
    if habit is Habit.LATE:
        return min(day.after(request.due, LATE_BY, *names), day.calendar.on_or_before(request.closes))
    return day.before(request.due, HASTY_BEFORE_DUE if habit is Habit.RETURNED else FILED_BEFORE_DUE, *names)


def verdict(request: Request, habit: Habit, day: Day) -> Verdict | None:
    """Return what the office does with the submission today, if anything: a hasty first one comes back."""
    if request.state is not RequestState.FILED or request.filed_on is None:
        return None
    if habit is Habit.RETURNED and not request.returned:
        back = day.calendar.add(request.filed_on, RETURNED_AFTER)
        return Verdict.RETURN if back <= day.as_of < day.calendar.on_or_before(request.closes) else None
    if day.lots.chosen(LEFT_LYING, "left lying", *request.names):
        return None
    decided = day.after(request.filed_on, DECIDED_AFTER, "decides", *request.names)
    return Verdict.CONFIRM if day.as_of >= decided else None


@dataclass(frozen=True, slots=True)
class Cell:
    """What the unit writes into one cell of a form: indicator and area are codes, value and note as it is written."""

    indicator: str
    area: str
    value: str
    note: str


def cells(form: Form, request: Request, figures: Figures, *, hasty: bool, explained: bool = False) -> list[Cell]:
    """Return what the unit writes into every cell of the form.

    A `hasty` unit leaves the first cell out; one that has `explained` answers why the figures are as they are.
    """
    areas = figures.districts if form.areas == "districts" else (request.unit,)
    places = [(code, area) for code in form.indicators for area in areas]
    alone = len(places) == 1  # nobody files a form with nothing in it
    found = []
    for place in places:
        value, note = _cell(place, request.period, figures)
        if not alone and _left_blank(place, request.period, figures):
            value, note = "", f"数据尚未核定{words.MADE_UP}"
        if hasty and place == places[0]:
            value, note = value if alone else "", f"初步数{words.MADE_UP}"
        if explained:
            note = note or f"经核实无误{words.MADE_UP}"
        found.append(Cell(*place, value, note))
    return found


def sheet(form: Form, written: Iterable[Cell], plan: Plan) -> bytes:
    """Return the plain .csv with what the unit has written."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["indicator", "district", "value", "note"])
    for cell in written:
        district = plan.unit(cell.area).name if form.areas == "districts" else ""
        lines.writerow([cell.indicator, district, cell.value, cell.note])
    return text.getvalue().encode()


def filled_form(content: FormContent, written: Iterable[Cell]) -> bytes:
    """Return the unit's own form as a workbook, with what it has written in the cells that are to be filled in."""
    by_key = {(cell.indicator, cell.area): cell for cell in written}
    lines = tuple(_filled(line, by_key[line.line.key]) for line in content.lines)
    return write_form(replace(content, lines=lines))


def _filled(line: FormLine, cell: Cell) -> FormLine:
    return replace(line, value=read_value(cell.value, line.line.unit_of_measure), note=cell.note)


def by_workbook(request: Request, figures: Figures) -> bool:
    """Return whether the unit fills in the form as a workbook; the others keep their tables as .csv."""
    return figures.lots.chosen(BY_WORKBOOK, "by workbook", *request.names)


def file_name(form: Form, request: Request, figures: Figures) -> str:
    """Return what the unit calls its file."""
    kind = "xlsx" if by_workbook(request, figures) else "csv"
    return f"{figures.plan.unit(request.unit).name}{form.title}{request.period}{words.MADE_UP}.{kind}"


def _left_blank(place: Place, period: Period, figures: Figures) -> bool:
    return place[1] in figures.districts and figures.lots.chosen(LEFT_BLANK, "blank", *place, period)


def _cell(place: Place, period: Period, figures: Figures) -> tuple[str, str]:
    """Return value and note of one cell."""
    if place == figures.not_applicable:
        return _NOT_APPLICABLE, f"本地没有此类业务{words.MADE_UP}"
    indicator = figures.plan.indicator(place[0])
    now, before = (figures.value(indicator, place[1], each) for each in (period, period.previous))
    corrected = now < before and indicator.cumulative_never_falls
    return plain(now), f"剔除重复登记后的累计数{words.MADE_UP}" if corrected else ""
