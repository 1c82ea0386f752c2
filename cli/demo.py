"""`duban demo`: the whole procedure with made-up data, and what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer

from cli import output
from cli.installed import make_room
from cli.office import light_name, opened
from cli.options import Json
from config.settings import settings
from database import Database
from demo.run import demo as play
from demo.summary import ResultLine, Summary
from supervision.in_force import InForce
from supervision.periods import parse_quarter

app = typer.Typer(add_completion=False)


@app.command(
    "demo",
    help="用模拟数据演示全过程。\n\n"
    "从计划印发起逐日办理，直到指定季度考核；最后几个工作日由流程引擎运行。\n"
    "已有真实业务的数据库不能演示；再次运行不重复，指定更晚的季度则接着演示。",
    epilog="duban demo\nduban demo --until 2022Q4",
)
def demo(
    until: Annotated[str | None, typer.Option("--until", metavar="QUARTER", help="演示到哪个季度，默认 2022Q2")] = None,
    json: Json = False,
) -> None:
    """Play the plan through the verdict on a quarter and print what came of it."""
    quarter = "" if until is None else str(parse_quarter(until))
    found = settings()
    make_room(found)
    database = Database(found.database_url)
    try:
        with _bar() as progress:
            done = play(found, database, until=quarter, progress=progress)
    finally:
        database.dispose()
    if json:
        output.as_json(asdict(done))
        return
    with opened() as office:
        _show(done, office.in_force())


@contextmanager
def _bar() -> Iterator[Callable[[int, int, str], None]]:
    """Give what tells of a step: a bar on a terminal's stderr, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda step, steps, text: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("演示"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda step, steps, text: bar.update(task, completed=step, total=steps, description=text)


def _show(done: Summary, force: InForce) -> None:
    output.mark(True)
    output.sentence(f"{done.title}，演示至 {done.day}，用时 {done.elapsed:.0f} 秒")
    output.line("，".join(f"{word} {count}" for word, count in done.counts.items()))
    for title, results in (("区、县（市）", done.districts), ("成员单位", done.units)):
        if results:
            output.table(f"{done.quarter} {title}考核", _result_columns(results), map(_result, results))
    overdue = ([line.id, line.title, line.unit, line.due, light_name(force, line.light)] for line in done.overdue)
    output.table(f"逾期事项（共 {done.overdue_count} 项）", ["编号", "事项", "单位", "期限", "灯"], overdue)
    output.table("通知", ["级别", "送达情况", "件数"], ([each.kind, each.status, each.count] for each in done.notices))
    for finding in done.findings:
        output.line(f"审计发现：{finding}")
    output.line("接下来可以看：")
    for place in done.where:
        output.line(f"  {place}")


def _result_columns(results: Sequence[ResultLine]) -> list[str]:
    return ["位次", "稳健区间", "单位", "组", "总分", "等次", *map(output.component, results[0].points)]


def _result(result: ResultLine) -> Sequence[object]:
    interval = f"{result.interval[0]}–{result.interval[1]}" if result.interval else None
    about = (result.rank, interval, result.name, result.group, result.total, result.grade)
    return (*about, *result.points.values())
