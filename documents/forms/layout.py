"""Writing the workbook of a form: locked but for the cells to be filled in, which are coloured and validated."""

from __future__ import annotations

import io
from itertools import groupby

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from config.clock import ZONE
from documents.forms.columns import NOT_APPLICABLE, REPORTED, Column, columns_of
from documents.forms.content import FormContent
from documents.forms.definition import TEMPLATE
from documents.forms.formats import LINE_HEIGHT, WIDTHS, Formats, lines_of, make_formats
from documents.forms.lines import write_lines
from documents.forms.rules import Bounds, bounds, checks_of
from documents.forms.stamp import STAMP_SHEET, Stamp, head_digest
from documents.forms.words import head
from supervision.collection.filing import NOTE_LENGTH

SHEET = "报表"

_A4 = 9


def write_form(content: FormContent) -> bytes:
    """Return the .xlsx of the form. The same content gives the same bytes."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    made_at = content.made_at.astimezone(ZONE).replace(tzinfo=None)
    book.set_properties({"title": content.definition.title, "created": made_at})
    formats = make_formats(book)
    sheet = book.add_worksheet(SHEET)
    columns = columns_of(has_areas=content.definition.has_areas)
    texts = head(content)
    first = len(texts) + 1
    _write_head(sheet, formats, texts, columns)
    for place, column in enumerate(columns):
        sheet.write_string(first - 1, place, column, formats.heading)
        sheet.set_column(place, place, WIDTHS[column])
    traces = write_lines(sheet, formats, content, columns, first)
    _validate(sheet, content, columns, first)
    _set_up(sheet, formats, content, columns, first)
    _write_stamp(book, _stamp(content, texts, traces))
    book.close()
    return out.getvalue()


def _write_head(sheet: Worksheet, formats: Formats, texts: list[str], columns: tuple[Column, ...]) -> None:
    width = sum(WIDTHS[column] for column in columns)
    for line, text in enumerate(texts):
        sheet.merge_range(line, 0, line, len(columns) - 1, text, formats.of_head(line))
        sheet.set_row(line, LINE_HEIGHT * (2 if line == 0 else lines_of(text, width)) + 4)


def _validate(sheet: Worksheet, content: FormContent, columns: tuple[Column, ...], first: int) -> None:
    """Let each input cell take only what its column is for."""
    plan, checks = content.definition.plan, checks_of(content.definition.plan, content.definition.form)
    value, state, note = (columns.index(column) for column in (Column.VALUE, Column.STATE, Column.NOTE))
    last = first + len(content.lines) - 1
    row = first
    for code, lines in groupby(content.lines, key=lambda line: line.line.code):
        until = row + sum(1 for _ in lines) - 1
        sheet.data_validation(row, value, until, value, _rule(bounds(checks, plan.indicator(code)), code))
        row = until + 1
    sheet.data_validation(
        first, state, last, state,
        {"validate": "list", "source": [REPORTED, NOT_APPLICABLE], "error_title": "状态",
         "error_message": f"只能选“{REPORTED}”或“{NOT_APPLICABLE}”；尚无数据请清空。"},
    )  # fmt: skip
    sheet.data_validation(
        first, note, last, note,
        {"validate": "length", "criteria": "<=", "value": NOTE_LENGTH, "error_title": "说明过长",
         "error_message": f"说明最多 {NOTE_LENGTH} 字，详情另附佐证材料。"},
    )  # fmt: skip


def _rule(of: Bounds, code: str) -> dict[str, object]:
    return {
        "validate": "integer" if of.whole_numbers else "decimal",
        "criteria": "between",
        "minimum": int(of.low),
        "maximum": int(of.high),
        "input_title": code,
        "input_message": of.in_words,
        "error_title": f"{code} 请核对",
        "error_message": f"{of.in_words}。不适用请在“状态”中选，尚无数据请留空。",
        "error_type": "stop" if of.stops else "warning",
    }


def _set_up(sheet: Worksheet, formats: Formats, content: FormContent, columns: tuple[Column, ...], first: int) -> None:
    """Lock the sheet, keep headings in sight, and let it print on the width of a page.

    Without a password: whoever takes the lock off is found out when the form comes back.
    """
    check, last = columns.index(Column.CHECK), first + len(content.lines) - 1
    problem = f"LEN(${xl_col_to_name(check)}{first + 1})>0"
    sheet.conditional_format(
        first, check, last, check, {"type": "formula", "criteria": f"={problem}", "format": formats.problem}
    )
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
    sheet.freeze_panes(first, 2)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(first - 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.hide_gridlines(2)
    sheet.set_selection(first, columns.index(Column.VALUE), first, columns.index(Column.VALUE))


def _stamp(content: FormContent, texts: list[str], traces: tuple[str, ...]) -> Stamp:
    of = content.definition
    return Stamp(
        template=TEMPLATE,
        plan=of.plan.code,
        plan_digest=of.plan.digest,
        form=of.form.code,
        unit=of.unit.code,
        period=str(of.period),
        definition=of.digest,
        made_at=content.made_at.astimezone(ZONE).isoformat(timespec="seconds"),
        head=head_digest(texts),
        traces=traces,
    )


def _write_stamp(book: Workbook, stamp: Stamp) -> None:
    sheet = book.add_worksheet(STAMP_SHEET)
    for row, (name, text) in enumerate(stamp.rows()):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, text)
    sheet.protect("")
    sheet.very_hidden()
