"""`duban target export`: the districts' targets as a workbook."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import output, reading
from cli import target_lines as lines
from cli.new_files import Out, Overwrite, place, put
from cli.office import for_reading
from cli.options import AsOf, Json
from config.clock import day_ends
from supervision.queries.register import is_simulated
from supervision.queries.targets import district_board

HELP = (
    "导出目标分解表（.xlsx）。\n\n“目标分解表”各指标一行、各区县一列，改好后可用 duban target import 载入"
    "（载入的数都作为手工指定，不改的请清空）；"
    "“确认情况”列出每个目标的版本、状态、依据、异议和答复。--as-of 导出当日终了时已知的。"
)
EPILOG = "duban target export --out 目标分解表.xlsx\nduban target export --unit 滨江区 --as-of 2022-03-31"


def export(
    out: Out = None,
    overwrite: Overwrite = False,
    unit: Annotated[str | None, typer.Option("--unit", metavar="U", help="只导出这个区、县（市）")] = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Write the targets known on a day into a workbook and print where it is."""
    from documents.target_book import TargetBook, target_book

    given = reading.day_if(as_of, "--as-of")
    with for_reading() as (session, force):
        day = given or force.today
        of = None if unit is None else lines.district_code(force, unit)
        board = district_board(session, force, known_at=day_ends(day), unit=of)
        districts = [each for each in force.plan.districts if of in {None, each.code}]
        found = TargetBook(force.plan, board, districts, day, is_simulated(session, force))
    whose = "" if of is None else f"-{districts[0].name}"
    target, count = place(out, f"目标分解表{whose}-{day}.xlsx"), sum(len(each.lines) for each in board)
    put(target, target_book(found), overwrite=overwrite)
    if json:
        output.as_json({"file": str(target), "as_of": day, "indicators": len(board), "targets": count})
        return
    output.sentence(f"已生成 {target}：{len(board)} 项指标，{count} 个目标，截至 {day}")
