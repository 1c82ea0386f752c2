"""`duban flag`: irregularities that the program saw in a run, and what a person found out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cli import output, reading
from cli.office import acting, for_reading
from cli.options import At, By, Json, OfRun
from supervision.ledger.flags import decide_flag
from supervision.queries import publication as queries

app = typer.Typer(add_completion=False)

Number = Annotated[str, typer.Argument(metavar="FLAG", help="疑点的编号（duban flag list）")]
Comment = Annotated[str, typer.Option("--comment", metavar="TEXT", help="核查情况")]


@app.command("list", help="列出数据疑点，待核查的在前。", epilog="duban flag list --run 3")
def flags(run: OfRun = None, json: Json = False) -> None:
    """Print the flags."""
    of = reading.number_if(run, "编号")
    with for_reading() as (session, force):
        found = queries.flags(session, force, assessment=of)
    if json:
        output.as_json({"flags": [asdict(line) for line in found]})
        return
    output.table(
        "数据疑点（程序提示，由人核查，不是结论）",
        ["编号", "结果", "季度", "单位", "指标", "疑点", "结论", "核查情况"],
        ([f.id, f.assessment, f.quarter, f.unit, f.subject, f.words, f.finding, f.comment] for f in found),
    )


@app.command("clear", help="核查后排除疑点。", epilog="duban flag clear 1 --comment 已核对原始凭证 --by office.chief")
def clear(flag: Number, by: By, comment: Comment, at: At = None, json: Json = False) -> None:
    """Record that a flag was looked into and cleared."""
    _decide(flag, by, comment, at, json, upheld=False)


@app.command("uphold", help="核查后认定属实。", epilog="duban flag uphold 1 --comment 与台账不符 --by office.chief")
def uphold(flag: Number, by: By, comment: Comment, at: At = None, json: Json = False) -> None:
    """Record that a flag was looked into and is true."""
    _decide(flag, by, comment, at, json, upheld=True)


def _decide(flag: str, by: str, comment: str, at: str | None, json: bool, *, upheld: bool) -> None:
    number = reading.number(flag, "疑点编号")
    with acting(by, at) as (session, force, who, moment):
        finding = decide_flag(session, force, number, upheld=upheld, comment=comment, by=who, at=moment).finding
    if json:
        output.as_json({"flag": number, "finding": finding.value})
    else:
        output.sentence(f"疑点 {number}：{finding.label}")
