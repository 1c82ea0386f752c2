"""`duban workdays`: counting along the office's calendar."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import output, reading
from cli.installed import is_absent
from cli.options import Json
from config.settings import settings
from supervision.workdays import Workdays, published

app = typer.Typer(add_completion=False)

_NEGATIVE_NUMBERS = {"ignore_unknown_options": True}
"""So that -3 is an argument."""

Start = Annotated[str, typer.Argument(metavar="A", help="起始日期（含），如 2022-07-01")]


@app.command(
    "add",
    help="推算工作日：DATE 之后第 N 个工作日（DATE 当天不计）。\n\n"
    "N 为 0 时是 DATE 当天，遇休息日顺延；N 为负时往前数。",
    epilog="duban workdays add 2022-01-28 3\nduban workdays add 2022-07-20 -5",
    context_settings=_NEGATIVE_NUMBERS,
)
def add(
    start: Annotated[str, typer.Argument(metavar="DATE", help="日期，如 2022-07-01")],
    n: Annotated[str, typer.Argument(metavar="N", help="工作日数，可为 0 或负数")],
    json: Json = False,
) -> None:
    """Print the N-th working day after DATE."""
    first, steps = reading.day(start, "日期"), reading.whole(n, "工作日数")
    found = _calendar().add(first, steps)
    if json:
        output.as_json({"date": found})
    else:
        output.line(found.isoformat())


@app.command(
    "between",
    help="计数工作日：从 A 到 B，两头都算。",
    epilog="duban workdays between 2022-01-01 2022-12-31",
)
def between(
    first: Start,
    last: Annotated[str, typer.Argument(metavar="B", help="截止日期（含）")],
    json: Json = False,
) -> None:
    """Print the number of working days in [A, B]."""
    found = _calendar().between(reading.day(first, "起始日期"), reading.day(last, "截止日期"))
    if json:
        output.as_json({"working_days": found})
    else:
        output.line(str(found))


def _calendar() -> Workdays:
    """Return the office's calendar: the national one, and what this installation has loaded on top.

    Where nothing has been initialised yet, the national one alone, without opening a database.
    """
    if is_absent(settings()):
        return published()
    from cli.office import plan_found  # costs more than the whole calculation

    force = plan_found()
    return published() if force is None else force.calendar
