"""`duban form`: the reporting form of a unit as a workbook to be filled in."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import output, reading
from cli.figures import known
from cli.new_files import Out, Overwrite, place, put
from cli.office import for_reading
from cli.options import At, Json
from documents.forms.content import form_content
from documents.forms.layout import write_form

app = typer.Typer(add_completion=False)


@app.command(
    "form",
    help="生成预填的报送表。\n\n"
    "表内预填目标值、上期值和已报过的数，退回的连同退回意见；只有浅黄色的格可以填写。填好后用 duban submit 报送。",
    epilog="duban form district-quarterly 上城区 2022Q2 --out 上城区.xlsx",
)
def form(
    form: Annotated[str, typer.Argument(metavar="FORM", help="报表代码（duban forms）")],
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="报送单位的名称或代码")],
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="周期，如 2022Q2")],
    out: Out = None,
    overwrite: Overwrite = False,
    at: At = None,
    json: Json = False,
) -> None:
    """Write the form of UNIT for PERIOD and print where it is."""
    given = reading.moment_if(at, "--at")
    with for_reading() as (session, force):
        known(force, form, unit)
        content = form_content(session, force, form=form, unit=unit, period=period, at=given or force.now)
    of = content.definition
    target = place(out, f"{of.unit.name}-{of.form.title}-{of.period}.xlsx")
    put(target, write_form(content), overwrite=overwrite)
    if json:
        output.as_json(
            {"file": str(target), "lines": len(content.lines), "prefilled": content.prefilled, "due": content.due}
        )
        return
    filled = f"，已预填 {content.prefilled} 个数" if content.prefilled else ""
    output.sentence(f"已生成 {target}：{content.definition.title}，{len(content.lines)} 行{filled}，{content.due} 截止")
