"""`duban target`: the city's targets in the districts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import output, reading, target_export
from cli import target_lines as lines
from cli.office import acting, for_reading
from cli.options import AsOf, At, Json, Recorded
from cli.options import By as ByWhom
from config.clock import day_ends
from config.terms import TargetState
from supervision.apportion import Given, Overridden, Resplit, Wanted
from supervision.in_force import InForce
from supervision.ledger import targets as ledger
from supervision.queries import targets as known

app = typer.Typer(add_completion=False)

Indicator = Annotated[str, typer.Argument(metavar="INDICATOR", help="指标编号（duban plan show）")]
District = Annotated[str, typer.Argument(metavar="DISTRICT", help="区、县（市）的名称或代码")]
Unit = Annotated[str, typer.Argument(metavar="UNIT", help="区、县（市）的名称或代码")]
Value = Annotated[str, typer.Argument(metavar="VALUE", help="数值，按指标的计量单位；可写 1.2万")]
By = Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="办理人的登录名（试算时不需要）")]
Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="理由（试算时不需要）")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只试算，列出变动，不写入")]


@app.command(
    "show",
    help="列出各区、县（市）的目标。\n\n连同计划原文、裁定、分解基数和确认情况；--as-of 列出当日终了时已知的。",
    epilog="duban target show\nduban target show T01\nduban target show --unit 滨江区 --state objected --json",
)
def show(
    indicator: Annotated[str | None, typer.Argument(metavar="INDICATOR", help="指标编号，默认全部")] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="U", help="只列这个区、县（市）")] = None,
    state: Annotated[str | None, typer.Option("--state", metavar="S", help=f"状态：{'、'.join(TargetState)}")] = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Print the districts' targets that meet every condition given."""
    wanted, day = reading.term_if(TargetState, state, "状态"), reading.day_if(as_of, "--as-of")
    with for_reading() as (session, force):
        code = None if indicator is None else lines.indicator_code(force, indicator)
        of = None if unit is None else lines.district_code(force, unit)
        when = day_ends(day or force.today)
        found = known.district_board(session, force, known_at=when, indicator=code, unit=of, state=wanted)
    if json:
        output.as_json({"indicators": [lines.as_json(force, each) for each in found]})
        return
    for each in found:
        output.table(lines.title(each), lines.COLUMNS, (lines.row(force, line) for line in each.lines))
        for text in lines.basis(each):
            output.line(output.printable(text))
    if not found:
        output.sentence("没有符合条件的目标")


app.command("export", help=target_export.HELP, epilog=target_export.EPILOG)(target_export.export)


@app.command(
    "split",
    help="把全市目标按基数重新分解到各区、县（市）。\n\n合计与全市目标一字不差；其中数不超过总数，装不下的一并重新分解。"
    "先用 --dry-run 试算。",
    epilog="duban target split T06 --base population_2020 --dry-run\n"
    "duban target split T06 --keep-manual --reason 三季度会商 --by office.clerk",
)
def split(
    indicator: Indicator,
    base: Annotated[str | None, typer.Option("--base", metavar="CODE", help="分解基数的代码，默认现用的")] = None,
    keep_manual: Annotated[bool, typer.Option("--keep-manual", help="手工指定的不动，只分解其余")] = False,
    by: By = None,
    reason: Reason = None,
    dry_run: DryRun = False,
    at: At = None,
    json: Json = False,
) -> None:
    """Split an indicator's target anew."""

    def wanted(force: InForce) -> Wanted:
        return Resplit(lines.indicator_code(force, indicator), lines.base_code(force, base), keep_manual)

    lines.change(wanted, by=by, reason=reason, dry_run=dry_run, at=at, json=json)


@app.command(
    "set",
    help="手工指定一个区、县（市）的目标。\n\n其余未经手工指定的区、县（市）分担余下的数，合计不变；"
    "--keep-others 时其他地方不动，合计少于全市目标的不收。",
    epilog="duban target set T06 滨江区 120 --dry-run\n"
    "duban target set T06 滨江区 120 --reason 高新企业集中，会商同意 --by office.clerk",
)
def set_one(
    indicator: Indicator,
    district: District,
    value: Value,
    keep_others: Annotated[bool, typer.Option("--keep-others", help="其他区、县（市）的目标不动")] = False,
    by: By = None,
    reason: Reason = None,
    dry_run: DryRun = False,
    at: At = None,
    json: Json = False,
) -> None:
    """Give one district another target."""

    def wanted(force: InForce) -> Wanted:
        code = lines.indicator_code(force, indicator)
        return Overridden(code, lines.district_code(force, district), lines.number(force, code, value), keep_others)

    lines.change(wanted, by=by, reason=reason, dry_run=dry_run, at=at, json=json)


@app.command(
    "baseline",
    help="核定一个区、县（市）存量指标的基期值。\n\n应达值从基期值算起；没有基期值的按目标值计。",
    epilog="duban target baseline T28 桐庐县 12 --reason 2020年底台账 --by office.clerk",
)
def baseline(
    indicator: Indicator,
    district: District,
    value: Value,
    by: By = None,
    reason: Reason = None,
    dry_run: DryRun = False,
    at: At = None,
    json: Json = False,
) -> None:
    """Establish a district's baseline."""

    def wanted(force: InForce) -> Wanted:
        code = lines.indicator_code(force, indicator)
        return Given(baselines={(code, lines.district_code(force, district)): lines.number(force, code, value)})

    lines.change(wanted, by=by, reason=reason, dry_run=dry_run, at=at, json=json)


@app.command(
    "import",
    help="载入一张目标分解表（.xlsx 或 .csv）。\n\n每行一个目标（指标、区县、目标值、基期值、理由），"
    "或以区县为列，或以指标为列；空格不动，“合计”核对。有问题的单元格逐一指出，整张不收。",
    epilog="duban target import 目标分解表.xlsx --dry-run\n"
    "duban target import 目标分解表.xlsx --reason 领导小组会议审定 --by office.clerk",
)
def take_table(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="目标分解表")],
    by: By = None,
    reason: Reason = None,
    dry_run: DryRun = False,
    at: At = None,
    json: Json = False,
) -> None:
    """Take the targets of a table exactly as they stand there."""
    from documents.target_tables import read_target_table
    from supervision.apportion.tables import read_table

    table = read_target_table(file)
    reasons: dict[tuple[str, str], str] = {}

    def wanted(force: InForce) -> Wanted:
        read = read_table(force.plan, table.name, table.cells)
        reasons.update(read.reasons)
        return read.given

    lines.change(wanted, by=by, reason=reason, dry_run=dry_run, at=at, json=json, reasons=reasons, document=table.name)


@app.command(
    "notify",
    help="把待确认的目标通知各区、县（市）。\n\n载入计划后下达目标时用；以后的变动自动通知。同样的内容不重复通知。",
    epilog="duban target notify --by office.clerk\nduban target notify --unit 滨江区 --by office.clerk",
)
def notify(
    by: ByWhom,
    unit: Annotated[str | None, typer.Option("--unit", metavar="U", help="只通知这个区、县（市）")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Tell the districts of the targets that wait for their word."""
    with acting(by, at) as (session, force, who, moment):
        of = None if unit is None else lines.district_code(force, unit)
        told = ledger.tell_pending(session, force, by=who, at=moment, unit=of)
        names = [force.plan.unit(code).name for code in told]
    if json:
        output.as_json({"told": names})
    else:
        output.sentence(f"已列入待发通知：{'、'.join(names)}")


@app.command(
    "confirm",
    help="区、县（市）确认目标。\n\n不写指标的，确认全部待确认的目标；提过异议的须逐项写明。由联络员或分管负责人办理，办公室代录须写明来源。",
    epilog="duban target confirm 滨江区 --by 330108.head\nduban target confirm 滨江区 T01 T02 --by 330108.liaison",
)
def confirm(
    unit: Unit,
    by: ByWhom,
    indicators: Annotated[list[str] | None, typer.Argument(metavar="INDICATOR", help="指标编号，可写多个")] = None,
    source: Recorded = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Confirm a district's targets."""
    with acting(by, at) as (session, force, who, moment):
        of, codes = lines.district_code(force, unit), [lines.indicator_code(force, each) for each in indicators or ()]
        done = ledger.confirm_targets(
            session, force, unit=of, indicators=codes, by=who, at=moment, recorded_from=source
        )
    lines.say(json, force, of, done, TargetState.CONFIRMED)


@app.command(
    "object",
    help="区、县（市）对目标提出异议。\n\n同一版目标提一次；答复之前原目标仍然有效。由联络员或分管负责人办理，办公室代录须写明来源。",
    epilog="duban target object 淳安县 T06 --comment 规上企业基数过小 --by 330127.liaison",
)
def object_to(
    unit: Unit,
    indicator: Indicator,
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="异议内容")],
    by: ByWhom,
    source: Recorded = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Object to a district's target."""
    with acting(by, at) as (session, force, who, moment):
        of, code = lines.district_code(force, unit), lines.indicator_code(force, indicator)
        ledger.object_to_target(
            session, force, unit=of, indicator=code, comment=comment, by=who, at=moment, recorded_from=source
        )
    lines.say(json, force, of, [code], TargetState.OBJECTED)


@app.command(
    "uphold",
    help="办公室答复异议：维持原目标。\n\n必须写明理由，由定目标、代录异议以外的人办理。"
    "采纳异议的，用 set 或 split 另定目标。",
    epilog="duban target uphold 淳安县 T06 --reason 基数已按人口核减 --by office.chief",
)
def uphold(
    unit: Unit,
    indicator: Indicator,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="维持的理由")],
    by: ByWhom,
    at: At = None,
    json: Json = False,
) -> None:
    """Uphold a target in spite of the objection."""
    with acting(by, at) as (session, force, who, moment):
        of, code = lines.district_code(force, unit), lines.indicator_code(force, indicator)
        ledger.uphold_target(session, force, unit=of, indicator=code, reason=reason, by=who, at=moment)
    lines.say(json, force, of, [code], TargetState.UPHELD)
