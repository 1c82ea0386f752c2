"""Writing the lines of a form, and keeping a trace of the locked numbers of each."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from config.terms import FigureState
from documents.forms.columns import NOT_APPLICABLE, NUMBERS, REPORTED, Column
from documents.forms.content import FormContent, FormLine
from documents.forms.formats import LINE_HEIGHT, WIDTHS, Formats, lines_of
from documents.forms.numbers import as_written, fits
from documents.forms.rules import Place, checks_of, formula
from documents.forms.stamp import trace
from supervision.exact import plain

_STATES = {FigureState.NUMBER: REPORTED, FigureState.NOT_APPLICABLE: NOT_APPLICABLE, FigureState.BLANK: ""}


def write_lines(
    sheet: Worksheet, formats: Formats, content: FormContent, columns: tuple[Column, ...], first: int
) -> tuple[str, ...]:
    """Write the lines from the row `first` (from 0) on and return their traces, in the same order."""
    plan, checks = content.definition.plan, checks_of(content.definition.plan, content.definition.form)
    indicators = {code: plan.indicator(code) for code in content.definition.form.indicators}
    rows = {line.line.key: row for row, line in enumerate(content.lines, start=first + 1)}
    letters = {column: xl_col_to_name(place) for place, column in enumerate(columns)}
    traces = []
    for row, line in enumerate(content.lines, start=first):
        indicator = indicators[line.line.code]
        whole = rows.get((indicator.subset_of or "", line.line.key[1]))
        place = Place(
            cells={column: f"{letter}{row + 1}" for column, letter in letters.items()},
            whole=None if whole is None else f"{letters[Column.VALUE]}{whole}",
        )
        _write(sheet, formats, row, columns, line, formula(checks, indicator, line, place))
        traces.append(trace([as_written(number) for number in _numbers(line).values()]))
    return tuple(traces)


def _numbers(line: FormLine) -> Mapping[Column, Decimal | None]:
    """Return the numbers that the line shows and nobody types."""
    return dict(zip(NUMBERS, (line.target, line.expected, line.previous), strict=True))


def _write(
    sheet: Worksheet, formats: Formats, row: int, columns: tuple[Column, ...], line: FormLine, check: str
) -> None:
    of, numbers = line.line, _numbers(line)
    texts = {
        Column.CODE: (of.code, formats.text),
        Column.NAME: (of.name, formats.text),
        Column.DEFINITION: (of.definition, formats.text),
        Column.UNIT_OF_MEASURE: (of.unit_of_measure, formats.text),
        Column.AREA: (of.area, formats.text),
        Column.STATE: (_STATES[line.value.state], formats.choice),
        Column.NOTE: (line.note, formats.note),
    }
    for place, column in enumerate(columns):
        if column in texts:
            text, how = texts[column]
            if text:
                sheet.write_string(row, place, text, how)
            else:
                sheet.write_blank(row, place, None, how)
        elif column is Column.CHECK:
            sheet.write_formula(row, place, check, formats.check, "")
        elif column is Column.VALUE:
            _write_number(sheet, row, place, line.value.number, formats.value, formats.value)
        else:
            _write_number(sheet, row, place, numbers[column], formats.whole, formats.decimal)
    sheet.set_row(row, LINE_HEIGHT * _height(of.name, of.definition, line.note) + 2)


def _write_number(
    sheet: Worksheet, row: int, place: int, number: Decimal | None, whole: Format, decimal: Format
) -> None:
    if number is None:
        sheet.write_blank(row, place, None, whole)
        return
    how = whole if number == number.to_integral_value() else decimal
    if fits(number):
        sheet.write_number(row, place, float(number), how)
    else:  # a spreadsheet would lose digits
        sheet.write_string(row, place, plain(number), how)


@lru_cache(maxsize=10_000)
def _height(name: str, definition: str, note: str) -> int:
    """Return how many lines of text the row needs."""
    texts = {Column.NAME: name, Column.DEFINITION: definition, Column.NOTE: note}
    return max(lines_of(text, WIDTHS[column]) for column, text in texts.items())
