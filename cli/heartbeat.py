"""`duban heartbeat`: whether the flows run as the schedule says, asked of the database and of no engine."""

from __future__ import annotations

import typer

from cli import output
from cli.office import opened
from cli.options import Json
from config import clock

app = typer.Typer(add_completion=False)

SOMEBODY_IS_SILENT = 1
"""Exit code when a flow is silent past its grace."""


@app.command(
    "check",
    help="核对各流程是否按时运行，逾时告警。\n\n"
    "流程超过宽限时间（config/schedule.yaml）没有办结记录的，发一封邮件告知系统管理员（没有系统管理员的，告知办公室）；"
    "同一次中断只告一次。\n"
    "不经过流程引擎，宜由另一台机器的 cron 每隔几分钟运行。有流程未按时运行时退出码为 1。",
    epilog="duban heartbeat check\nduban heartbeat check --json",
)
def check(json: Json = False) -> int:
    """Look after the flows of every plan, raise the alarm, and print who is silent."""
    from flows.watch import look

    with opened() as office:
        found = look(office.settings, office.database, at=clock.now())
    silent = [(plan, each) for plan in found for each in plan.silent]
    if json:
        output.as_json({"silent": [
            {
                "plan": plan.plan, "flow": each.flow, "title": each.title, "planned": each.planned,
                "last_run": each.last_run, "told": each in plan.told,
            }
            for plan, each in silent
        ]})  # fmt: skip
    for plan, each in silent if not json else ():
        output.line(f"{plan.plan} {each.in_words}")
    if not silent and not json:
        output.line("各流程均按时运行")
    for plan in found:
        if plan.problems:
            output.remark("告警邮件未发出（将再试）：" + "；".join(plan.problems))
    return SOMEBODY_IS_SILENT if silent else 0
