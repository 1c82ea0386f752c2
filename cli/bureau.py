"""`duban bureau`: what a unit breaks its items down to."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cli import output, reading
from cli.office import actor, for_reading, for_writing, unit_id
from cli.options import At, By, Json
from supervision.ledger.bureaus import add_bureau
from supervision.queries import register

app = typer.Typer(add_completion=False)


@app.command("list", help="列出内设或下属单位。", epilog="duban bureau list")
def bureaus(json: Json = False) -> None:
    """Print the bureaus with the unit above each."""
    with for_reading() as (session, force):
        found = register.bureaus(session, force)
    if json:
        output.as_json({"bureaus": [asdict(bureau) for bureau in found]})
    else:
        rows = ([bureau.code, bureau.name, bureau.unit] for bureau in found)
        output.table("内设或下属单位", ["代码", "名称", "上级单位"], rows)


@app.command(
    "add",
    help="在责任单位之下登记一个内设或下属单位。\n\n登记后可以给它任命联络员（duban user add），再把事项分解给它。",
    epilog="duban bureau add 市经信局 --code jxj-zxqy --name 市经信局中小企业处 --by jxj.liaison",
)
def add(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="上级单位的名称或代码")],
    code: Annotated[str, typer.Option("--code", metavar="CODE", help="代码，只用字母、数字和 . - _")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="名称")],
    by: By,
    at: At = None,
    json: Json = False,
) -> None:
    """Put a bureau under UNIT."""
    given, short = reading.moment_if(at, "--at"), reading.code(code, "代码")
    with for_writing() as (session, force):
        moment = given or force.now
        unit_id(force, unit)
        add_bureau(session, force, unit=unit, code=short, name=name, by=actor(session, force, by, at=moment), at=moment)
    if json:
        output.as_json({"code": short, "name": name})
    else:
        output.sentence(f"已登记 {name}（{short}）")
