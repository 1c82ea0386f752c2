"""`duban items` and `duban history`: reading the ledger (台账)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from cli import output, reading
from cli.office import for_reading, light_name, unit_id
from cli.options import AsOf, Json
from config.terms import Action, Status
from supervision.in_force import InForce
from supervision.queries import items as ledger
from supervision.queries.items import HistoryLine, ItemLine

app = typer.Typer(add_completion=False)


@app.command(
    "items",
    help="列出交办事项。\n\n各条件同时满足；逾期与亮灯按 --as-of 当日终了时计算。",
    epilog="duban items --overdue\nduban items --unit 市经信局 --task 5 --status acknowledged --json",
)
def items(
    status: Annotated[str | None, typer.Option("--status", metavar="S", help=f"状态：{'、'.join(Status)}")] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="U", help="责任单位的名称或代码")] = None,
    task: Annotated[str | None, typer.Option("--task", metavar="N", help="重点任务的序号")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="只列逾期未办结的")] = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Print the items that meet every condition given."""
    state, number = reading.term_if(Status, status, "状态"), reading.number_if(task, "重点任务")
    given = reading.day_if(as_of, "--as-of")
    with for_reading() as (session, force):
        day = given or force.today
        if unit is not None:
            unit_id(force, unit)
        found = ledger.items(session, force, status=state, unit=unit, task=number, overdue=overdue, as_of=day)
    if json:
        output.as_json({"items": [line.as_json() for line in found]})
    else:
        title = f"交办事项（截至 {day}，共 {len(found)} 项）"
        output.table(title, _COLUMNS, (_row(force, line) for line in found))


_COLUMNS = ("编号", "事项", "任务", "单位", "职责", "周期", "状态", "期限", "原期限", "灯", "督办")


def _row(force: InForce, line: ItemLine) -> Sequence[object]:
    moved_from = line.original_due if line.original_due != line.due else None
    about = (line.id, line.title, line.key_task, line.unit, line.role, line.period, line.status)
    return (*about, line.due, moved_from, light_name(force, line.light), line.rung)


@app.command(
    "history",
    help="列出一个事项的办理经过。\n\n按发生先后，含每次办理的人、时间和内容；代他人办理的注明代谁。",
    epilog="duban history 12\nduban history 12 --json",
)
def history(
    item: Annotated[str, typer.Argument(metavar="ITEM", help="事项编号")],
    json: Json = False,
) -> None:
    """Print everything that happened to ITEM."""
    number = reading.number(item, "事项编号")
    with for_reading() as (session, force):
        found = ledger.history(session, force, number)
    if json:
        output.as_json({"item": number, "history": [asdict(line) for line in found]})
        return
    rows = ([line.seq, _minute(line), _person(line), _act(line.action), _facts(line.data)] for line in found)
    output.table(f"事项 {number} 的办理经过", ["序号", "时间", "办理人", "办理", "内容"], rows)


def _minute(line: HistoryLine) -> str:
    return line.at.strftime("%Y-%m-%d %H:%M")


def _person(line: HistoryLine) -> str:
    return f"{line.actor}（代 {line.acting_for}）" if line.acting_for else line.actor


def _act(action: str) -> str:
    return next((known.label for known in Action if known.value == action), action)


def _facts(data: Mapping[str, object]) -> str:
    return "；".join(f"{key}: {value}" for key, value in data.items() if value not in (None, "", []))
