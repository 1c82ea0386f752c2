"""The form of a whole country, 2,900 counties by 35 indicators: written, read back and checked.

Reading and checking run in a process of their own, so that their peak of memory is theirs alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from datetime import time as time_of_day
from decimal import Decimal
from functools import partial
from pathlib import Path
from xml.parsers import expat

from benchmarks.figures import Measured, best_of, peak, timed
from benchmarks.made_up import plan_of
from config import clock
from config.plan import Plan, load_plan, packaged_plan
from config.terms import FigureState
from documents.forms.content import FormContent, FormLine
from documents.forms.definition import Definition, Line, define
from documents.forms.layout import write_form
from documents.sheets import read_submission
from supervision.collection.checks import Standing, problems_of
from supervision.collection.filing import read_cells
from supervision.collection.values import Value
from supervision.periods import parse_period

COUNTIES, INDICATORS = 2900, 35
FORM = {"form": "country-quarterly", "unit": "市市场监管局", "period": "2022Q2"}
MADE_AT = clock.moment(date(2022, 7, 1), time_of_day(9))


@dataclass(frozen=True)
class Checked:
    """What reading and checking one file took: seconds each, and the peak of the whole process in MB."""

    rows: int
    read: float
    checked: float
    peak: float


def measure(folder: Path, *, counties: int = COUNTIES) -> Iterator[Measured]:
    """Yield what it takes to write the form, to read it, and to read and check it."""
    content = _content(plan_with_form(counties))
    file = folder / "country.xlsx"
    with timed() as watch:
        file.write_bytes(write_form(content))
    rows = len(content.lines)
    yield Measured(f"form of {rows} rows, written", "none", rows, "rows", watch.seconds, "")
    found = _in_a_process(file, counties)
    raw = best_of(3, partial(_parse, file))
    yield Measured(f"form of {rows} rows, read", "none", rows, "rows", found.read, "bare XML parser", raw)
    name = f"form of {rows} rows, read and checked"
    yield Measured(name, "none", rows, "rows", found.read + found.checked, "bare XML parser", raw,
                   megabytes=found.peak)  # fmt: skip


def _in_a_process(file: Path, counties: int) -> Checked:
    words = [sys.executable, "-m", "benchmarks.forms", str(file), str(counties)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return Checked(**json.loads(done.stdout))


def _check(file: Path, counties: int) -> Checked:
    plan = plan_with_form(counties)
    definition = define(plan, **FORM)
    before = parse_period("2022Q1")
    standing = [Standing(*line.key, before, number_at(place) - 1) for place, line in enumerate(definition.lines)]
    with timed() as read:
        returned = read_submission(file)
    with timed() as checked:
        sheet = returned.of(plan, **FORM)
        cells, problems = read_cells(plan, definition.form, definition.unit, sheet.rows)
        problems += problems_of(plan, definition.form, definition.period, cells, standing)
    if problems or len(cells) != counties * INDICATORS:
        raise RuntimeError(f"{len(cells)} cells, {len(problems)} problems: {problems[:3]}")
    return Checked(len(sheet.rows), read.seconds, checked.seconds, peak())


def _parse(file: Path) -> None:
    """Parse the XML of the sheet and do nothing with it."""
    with zipfile.ZipFile(file).open("xl/worksheets/sheet1.xml") as stream:
        expat.ParserCreate().ParseFile(stream)


def plan_with_form(counties: int) -> Plan:
    """Return the packaged plan with made-up counties for districts, and a form on all of them."""
    packaged = load_plan(packaged_plan())
    form = next(form for form in packaged.forms if form.areas == "districts")
    codes = [indicator.code for indicator in packaged.indicators][:INDICATORS]
    checks = [check.code for check in packaged.reporting.checks if check.code != "ratio_range"]
    changes = {"code": FORM["form"], "reporters": [FORM["unit"]], "indicators": codes, "checks": checks}
    return plan_of(counties, forms=[form.model_dump(mode="json") | changes])


def _content(plan: Plan) -> FormContent:
    definition = define(plan, **FORM)
    lines = tuple(_line(definition, line, place) for place, line in enumerate(definition.lines))
    return FormContent(
        definition=definition, opens=date(2022, 7, 1), due=date(2022, 7, 20), closes=date(2022, 7, 24),
        made_at=MADE_AT, lines=lines, last=None, synthetic=True,
    )  # fmt: skip


def _line(definition: Definition, line: Line, place: int) -> FormLine:
    number = number_at(place)
    return FormLine(
        line=line, target=number * 2, expected=number, previous=number - 1,
        previous_period=definition.period.previous, whole=None, value=Value(FigureState.NUMBER, number),
        note="较上期平稳" if place % 10 == 0 else "",
    )  # fmt: skip


def number_at(place: int) -> Decimal:
    """Return a figure that its set exceeds: a later indicator's is never more than an earlier one's of the county."""
    return Decimal(1_000_000 - place)


if __name__ == "__main__":
    print(json.dumps(_check(Path(sys.argv[1]), int(sys.argv[2])).__dict__))
