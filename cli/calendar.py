"""`duban calendar`: loading a year's arrangement of days off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from cli import output, reading
from cli.office import actor, for_reading, for_writing
from cli.options import At, Json
from config import clock
from config.errors import BadInput
from supervision.arrangement import YearArrangement, read_arrangement
from supervision.in_force import InForce
from supervision.ledger.calendar import Change, load_year, preview
from supervision.queries.items import unit_name

app = typer.Typer(add_completion=False)


@app.command(
    "load",
    help="载入一年的放假安排（holiday-cn 格式的 JSON）。\n\n"
    "先列出哪些未了事项的期限会变；加 --apply 才载入并改期。已经作出的判定一律不动。",
    epilog="duban calendar load 2027.json\nduban calendar load 2027.json --apply --by office.clerk",
)
def load(
    file: Annotated[str, typer.Argument(metavar="FILE", help="放假安排文件，- 为标准输入")],
    apply: Annotated[bool, typer.Option("--apply", help="载入，并按新的安排改期")] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="载入人的登录名，--apply 时必填")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Print the due dates that FILE changes; load it when told to."""
    arrangement = read_arrangement(reading.text_of(file), file)
    given = reading.moment_if(at, "--at")
    if not apply:
        with for_reading() as (session, force):
            day = clock.day_of(given or force.now)
            _show(force, arrangement, preview(session, force, arrangement, as_of=day), json, applied=False)
        return
    if by is None:
        raise BadInput("载入放假安排须用 --by 写明载入人")
    with for_writing() as (session, force):
        moment = given or force.now
        who = actor(session, force, by, at=moment)
        changes = load_year(session, force, arrangement, by=who, at=moment)
    _show(force, arrangement, changes, json, applied=True)


def _show(
    force: InForce, arrangement: YearArrangement, changes: Sequence[Change], json: bool, *, applied: bool
) -> None:
    units = [unit_name(force, change.unit_id, change.day) for change in changes]
    if json:
        moved = [
            {
                "item": change.item_id,
                "request": change.request_id,
                "title": change.title,
                "unit": unit,
                "from": change.due,
                "to": change.day,
            }
            for change, unit in zip(changes, units, strict=True)
        ]
        output.as_json({"year": arrangement.year, "applied": applied, "changes": moved})
        return
    done = "已载入" if applied else "尚未载入，加 --apply 载入"
    output.table(
        f"{arrangement.year} 年放假安排（{done}），改期 {len(changes)} 项",
        ["事项", "报送任务", "名称", "单位", "原期限", "新期限"],
        ([c.item_id, c.request_id, c.title, u, c.due, c.day] for c, u in zip(changes, units, strict=True)),
    )
