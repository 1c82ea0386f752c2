"""`duban plan`: showing the plan, checking a plan folder, and reading a plan document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import output, plan_read
from cli.installed import is_absent, packaged
from cli.options import Json
from config.errors import PlanError
from config.plan import Plan, check_plan, load_plan
from config.settings import settings

app = typer.Typer(add_completion=False)


@app.command(
    "show",
    help="显示计划：目标、指标、重点任务与举措、单位、口径裁定。\n\n数据库里尚无计划时，显示随程序附带的计划。",
    epilog="duban plan show\nduban plan show --json",
)
def show(json: Json = False) -> None:
    """Print the plan in force, or the one that comes with duban before `duban init`."""
    plan = _in_force()
    if json:
        output.as_json(plan.show())
    else:
        _tables(plan)


@app.command(
    "check",
    help="检查一个计划目录，列出全部问题及其文件和行号。\n\n有错误时退出码为 2；标“提示”的不影响载入。",
    epilog="duban plan check config/plans/hangzhou-2021-2023",
)
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="计划目录")],
    json: Json = False,
) -> None:
    """Print every problem of the plan in DIR, the warnings too."""
    problems = check_plan(folder)
    if json:
        keys = ("file", "line", "message", "severity")
        output.as_json({"problems": [{key: getattr(problem, key) for key in keys} for problem in problems]})
    else:
        for problem in problems:
            output.line(str(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    if errors:
        raise PlanError(f"{folder} 有 {errors} 处错误，须改正后才能载入")
    if not json:
        output.line(f"{folder} 可以载入，没有错误")


app.command(
    "read",
    help="读计划文件（.txt、.docx、.pdf），列出任务、单位、期限、目标和须核对之处。"
    "\n\n用 --out 写出计划目录草稿，由人核定后再载入。",
    epilog="duban plan read 行动计划.docx\nduban plan read 行动计划.pdf --out ../my-city --json",
)(plan_read.read)


def _in_force() -> Plan:
    if not is_absent(settings()):
        from cli.office import plan_found  # costs more than the packaged plan needs

        if force := plan_found():
            return force.plan
    return load_plan(packaged(settings()))


def _tables(plan: Plan) -> None:
    output.line(f"{plan.title}（{plan.code}），{plan.start} 至 {plan.end}，{plan.issued} 印发")
    output.table(
        "指标",
        ["编号", "目标", "指标", "目标值", "责任单位", "出处"],
        ([i.code, i.goal, i.name, i.text, "、".join(i.owners), i.source] for i in plan.indicators),
    )
    output.table(
        "重点任务",
        ["序号", "任务", "牵头单位", "配合单位", "举措"],
        ([t.number, t.title, t.lead, "、".join((*t.supporting, *t.groups)), len(t.measures)] for t in plan.key_tasks),
    )
    output.table("口径裁定", ["事项", "裁定", "日期"], ([r.topic, r.ruling, r.date] for r in plan.rulings))
