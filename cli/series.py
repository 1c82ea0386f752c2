"""`duban series`: statistical series, with vintages, alerts and returns."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import output, reading
from cli.office import acting, for_reading
from cli.options import AsOf, At, By, Json
from cli.series_lines import (
    VERSION_COLUMNS,
    alert_line,
    cells,
    definition,
    entries,
    entry_of,
    point_line,
    return_line,
    value_columns,
    version_lines,
)
from config import clock
from config.terms import Cadence, ReleaseStatus, SeriesKind
from documents.data_files import read_data_file
from supervision.indices import OWN
from supervision.indices.reading import COLUMNS, REQUIRED, Defaults, read_values
from supervision.ledger.series import File, Recorded, record
from supervision.queries.releases import STATE_WORDS
from supervision.queries.releases import returns as owed_returns
from supervision.queries.series import all_vintages, area_named, line_of, points, raised_alerts

app = typer.Typer(add_completion=False)

Code = Annotated[str, typer.Argument(metavar="CODE", help="序列或指数的代码（duban series list）")]


@app.command("list", help="列出统计序列和指数。", epilog="duban series list\nduban series list --json")
def list_series(json: Json = False) -> None:
    """Print the series and indices of the plan."""
    with for_reading() as (_, force):
        found = [definition(force, entry) for entry in entries(force)]
    if json:
        output.as_json({"series": found})
        return
    columns = ("code", "name", "kind", "unit_of_measure", "frequency", "owner", "source")
    rows = [[line[key] for key in columns] for line in found]
    for row in rows:
        row[2], row[4] = SeriesKind(row[2]).label, Cadence(row[4]).label
    output.table("统计序列", ["代码", "名称", "来源类别", "单位", "频率", "报送单位", "依据"], rows)


@app.command(
    "import",
    help="登记一份统计数据（.csv）。\n\nFILE 的列：序列、地区、周期、数值、同比、性质、发布状态、发布日期、来源、备注；"
    "UTF-8 或 GB18030 编码。有一处不对，整份不收；同一份再登记，什么也不改；数有变化的存为新的版本。",
    epilog="duban series import 缴费负担.csv --by scjg.liaison --source 2022年上半年检测表\n"
    "duban series import 成长指数.csv --by office.clerk --released 2022-06-28 --source 省市场监管局公报",
)
def import_values(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="统计数据文件")],
    by: By,
    series: Annotated[str, typer.Option("--series", metavar="CODE", help="没有“序列”列时，整份是哪个序列")] = "",
    area: Annotated[str, typer.Option("--area", metavar="A", help="没有“地区”列时，整份是哪个地区")] = "",
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="没有写来源的行的来源")] = "",
    released: Annotated[
        str | None, typer.Option("--released", metavar="D", help="没有写发布日期的行的发布日期；不详则不写")
    ] = None,
    status: Annotated[
        str | None,
        typer.Option("--status", metavar="S", help="初步、最终或修订（provisional、final、revised），默认按发布日历"),
    ] = None,
    correction: Annotated[
        str, typer.Option("--correction", metavar="TEXT", help="订正同一发布日的原登记，写明理由")
    ] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Record the values in FILE and print what became of them."""
    day = reading.day_if(released, "--released")
    settled = reading.term_if(ReleaseStatus, status, "发布状态")
    table = read_data_file(file, COLUMNS, required=REQUIRED)
    with acting(by, at) as (session, force, who, moment):
        values = read_values(table, force.plan, Defaults(series, area, source, day, settled))
        done = record(
            session, force, values, File(table.name, table.digest), by=who, at=moment, correction=correction
        )  # fmt: skip
    _say(table.name, done, json)


def _say(file: str, done: Recorded, json: bool) -> None:
    kept = done.kept
    if json:
        counts = {"new": kept.new, "revised": kept.revised, "unchanged": kept.unchanged}
        output.as_json({"file": file, **counts, "alerts": [alert_line(raised) for raised in done.alerts]})
        return
    output.sentence(f"{file}：新登记 {kept.new} 个，更新 {kept.revised} 个，未变 {kept.unchanged} 个")
    for raised in done.alerts:
        output.sentence(f"预警：{raised.words}（依据：{raised.source}）")


@app.command(
    "show",
    help="显示一个序列。\n\n--as-of 只用当日已发布的数；推算的数、内部测算的数都有标明。",
    epilog="duban series show growth-index\nduban series show fee-burden --area 上城区 --as-of 2022-08-01 --json\n"
    "duban series show growth-index --vintages",
)
def show(
    code: Code,
    area: Annotated[str | None, typer.Option("--area", metavar="A", help="只看这个地区")] = None,
    vintages: Annotated[bool, typer.Option("--vintages", help="列出每个数的全部版本及修订")] = False,
    recorded: Annotated[
        str | None, typer.Option("--recorded", metavar="D", help="只用该日终了前已登记的版本（用于复现旧表）")
    ] = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Print the values of a series as known on a day, or all their vintages."""
    given, kept = reading.day_if(as_of, "--as-of"), reading.day_if(recorded, "--recorded")
    before = None if kept is None else clock.day_ends(kept)
    with for_reading() as (session, force):
        entry = entry_of(force, code)
        day = given or force.today
        area = None if area is None else area_named(force, entry, area)
        if vintages:
            found = all_vintages(session, force, [code], area=area, recorded_before=before)
            lines = [line for group in found.values() for line in version_lines(group) if line["known_from"] <= day]
        else:
            known = points(session, force, [code], as_of=day, area=area, recorded_before=before)
            lines = [point_line(entry, point, line_of(known, code, point.area)) for point in known.values()]
        head = definition(force, entry)
    if json:
        output.as_json({**head, "as_of": day, "recorded": kept, "values": lines})
        return
    label = f"，{head['label']}" if head["label"] else ""
    title = f"{head['name']}（{head['unit_of_measure']}{label}；截至 {day} 所知）"
    columns = VERSION_COLUMNS if vintages else value_columns(head["unit_of_measure"])
    output.table(title, list(columns.values()), [cells(line, columns) for line in lines])


@app.command(
    "alerts",
    help="列出统计预警。\n\n按各序列最近一期所知的数判断；预警线及其依据见计划目录的 statistics.yaml。",
    epilog="duban series alerts\nduban series alerts --as-of 2022-08-01 --json",
)
def alerts(as_of: AsOf = None, json: Json = False) -> None:
    """Print the alerts that the newest values raise."""
    given = reading.day_if(as_of, "--as-of")
    with for_reading() as (session, force):
        day = given or force.today
        raised = raised_alerts(session, force, as_of=day)
        watched = len(force.plan.statistics.alerts)
    if json:
        output.as_json({"as_of": day, "label": OWN, "alerts": [alert_line(found) for found in raised]})
        return
    if not raised:
        output.sentence(f"截至 {day}，{watched} 条预警线均未触发")
        return
    rows = [[found.title, found.area, found.period, found.words, found.source] for found in raised]
    output.table(f"统计预警（截至 {day} 所知）", ["预警", "地区", "周期", "情况", "依据"], rows)


@app.command(
    "returns",
    help="列出统计报表的报送情况：应报、已报、逾期。",
    epilog="duban series returns\nduban series returns --as-of 2022-08-01 --json",
)
def returns(as_of: AsOf = None, json: Json = False) -> None:
    """Print the statistical returns and what is missing."""
    given = reading.day_if(as_of, "--as-of")
    with for_reading() as (session, force):
        day = given or force.today
        found = owed_returns(session, force, as_of=day)
    if json:
        output.as_json({"as_of": day, "returns": [return_line(line) for line in found]})
        return
    output.table(
        f"统计报表（截至 {day}）",
        ["报表", "名称", "报送单位", "周期", "期限", "状态", "缺"],
        [
            [line.form.code, line.form.title, line.form.reporter, line.period, line.due,
             "迟报" if line.late else STATE_WORDS[line.state], "、".join(line.missing)]
            for line in found
        ],
    )  # fmt: skip
