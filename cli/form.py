"""`duban form`: the reporting form of a unit as a workbook to be filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import output, reading
from cli.figures import known
from cli.office import for_reading
from cli.options import At, Json
from config.errors import BadInput, Refused
from documents.forms.content import FormContent, form_content
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
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="写到哪个 .xlsx 文件或目录")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="文件已存在时替换，已填的数会丢失")] = False,
    at: At = None,
    json: Json = False,
) -> None:
    """Write the form of UNIT for PERIOD and print where it is."""
    given = reading.moment_if(at, "--at")
    with for_reading() as (session, force):
        known(force, form, unit)
        content = form_content(session, force, form=form, unit=unit, period=period, at=given or force.now)
    target = _target(out, content)
    _write(target, write_form(content), overwrite)
    if json:
        output.as_json(
            {"file": str(target), "lines": len(content.lines), "prefilled": content.prefilled, "due": content.due}
        )
        return
    filled = f"，已预填 {content.prefilled} 个数" if content.prefilled else ""
    output.sentence(f"已生成 {target}：{content.definition.title}，{len(content.lines)} 行{filled}，{content.due} 截止")


def _target(out: Path | None, content: FormContent) -> Path:
    """Return the file to be written; in the working directory, or the one given, it is named after the form."""
    of = content.definition
    name = f"{of.unit.name}-{of.form.title}-{of.period}.xlsx".replace("/", "-")
    if out is None or "\0" in str(out):
        if out is not None:
            raise BadInput("--out 应为一个文件或目录")
        return Path(name)
    if out.is_dir():
        return out / name
    if out.suffix.lower() != ".xlsx":
        raise BadInput(f"--out {out} 应为 .xlsx 文件，或已有的目录")
    return out


def _write(target: Path, content: bytes, overwrite: bool) -> None:
    try:
        with target.open("wb" if overwrite else "xb") as file:
            file.write(content)
    except FileExistsError:
        raise Refused(f"{target} 已存在，里面可能有已填的数：请换一个文件名，或用 --overwrite 替换") from None
    except OSError as error:
        raise BadInput(f"{target} 不能写入（{error.strerror}），请换一个位置") from None
