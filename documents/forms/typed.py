"""A form that is filled in on a page: the same lines as the workbook's, checked by the same checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from documents.forms.content import FormContent, FormLine
from documents.rows import Row, Sheet
from supervision.collection.checks import problems_of
from supervision.collection.filing import Problem, read_cells
from supervision.in_force import InForce
from supervision.queries.form_filings import form_filing

NAME = "网页填报"
"""What stands in the record in place of a file's name."""

Typed = Mapping[str, Mapping[str, str]]


def key_of(line: FormLine) -> str:
    """Return by what name a page's fields know the line: indicator/area."""
    return "/".join(line.line.key)


def sheet_of(content: FormContent, typed: Typed) -> Sheet:
    """Return what was typed as a sheet; complaints name its cells by `key_of`."""
    rows = []
    for line in content.lines:
        key = key_of(line)
        given = typed.get(key, {})
        value, note = given.get("value", "").strip(), given.get("note", "").strip()
        rows.append(Row(line.line.code, value, note, line.line.area, "", key, key))
    return Sheet(NAME, tuple(rows))


def typed_of(content: FormContent, rows: Iterable[Row]) -> dict[str, dict[str, str]]:
    """Return the lines of a workbook as if they had been typed, by `key_of`; a line that the form has not is left out.

    A line is known by its indicator, and where the form asks for districts, by the district's name as well.
    """
    keys = {(line.line.code, line.line.area): key_of(line) for line in content.lines}
    found = {}
    for row in rows:
        key = keys.get((row.indicator, row.area if content.definition.has_areas else ""))
        if key is not None:
            found[key] = {"value": row.value_text, "note": row.note}
    return found


def problems_in(session: Session, force: InForce, content: FormContent, sheet: Sheet) -> list[Problem]:
    """Return what the plan's checks find in a sheet, by cell, without filing it."""
    of = content.definition
    cells, problems = read_cells(of.plan, of.form, of.unit, sheet.rows)
    standing = form_filing(session, force, form=of.form, unit=of.unit, period=of.period).beside.standing
    return [*problems, *problems_of(of.plan, of.form, of.period, cells, standing)]
