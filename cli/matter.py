"""`duban matter`: matters from outside the plan."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import output, reading
from cli.office import actor, for_writing, unit_id
from cli.options import At, By, Json
from config import clock
from config.terms import MatterKind
from supervision.ledger.matters import add_matter

app = typer.Typer(add_completion=False)

_KINDS = "、".join(f"{kind.value}（{kind.label}）" for kind in MatterKind if kind is not MatterKind.PLAN)


@app.command(
    "add",
    help="计划外事项立项，并交办给责任单位。\n\n--unit 可以重复，列第一位的为牵头单位；期限遇休息日顺延。",
    epilog="duban matter add --kind meeting --title 园区用电清理 --document 市政府第12次常务会议纪要 "
    "--unit 市发改委 --unit 市经信局 --due 2022-08-31 --by office.clerk",
)
def add(
    kind: Annotated[str, typer.Option("--kind", metavar="K", help=f"来源：{_KINDS}")],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="事项名称")],
    document: Annotated[str, typer.Option("--document", metavar="TEXT", help="来源文件（文号或名称）")],
    unit: Annotated[list[str], typer.Option("--unit", metavar="U", help="责任单位，可重复")],
    due: Annotated[str, typer.Option("--due", metavar="D", help="期限")],
    by: By,
    content: Annotated[str, typer.Option("--content", metavar="TEXT", help="要求")] = "",
    received: Annotated[str | None, typer.Option("--received", metavar="D", help="收文日期，默认办理当日")] = None,
    task: Annotated[str | None, typer.Option("--task", metavar="N", help="相关重点任务的序号")] = None,
    urgent: Annotated[bool, typer.Option("--urgent", help="特急：通知不等工作时间")] = False,
    at: At = None,
    json: Json = False,
) -> None:
    """Register a matter, assign it, and print the items' numbers."""
    given, day = reading.moment_if(at, "--at"), reading.day(due, "--due")
    of, number = reading.term(MatterKind, kind, "来源"), reading.number_if(task, "重点任务")
    came = reading.day_if(received, "--received")
    with for_writing() as (session, force):
        moment = given or force.now
        for name in unit:
            unit_id(force, name)
        items = add_matter(
            session,
            force,
            kind=of,
            title=title,
            content=content,
            source_document=document,
            received_on=came or clock.day_of(moment),
            units=unit,
            due=day,
            urgent=urgent,
            key_task=number,
            by=actor(session, force, by, at=moment),
            at=moment,
        )
    if json:
        output.as_json({"items": items})
    else:
        output.sentence(f"已立项并交办：事项 {'、'.join(map(str, items))}")
