"""`duban objection`: what units object to in a result under publicity, and the rulings."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cli import output, reading
from cli.office import acting, for_reading
from cli.options import At, By, Json, OfRun
from supervision.ledger import objections as ledger
from supervision.queries import publication as queries

app = typer.Typer(add_completion=False)


@app.command("list", help="列出申诉，待复核的在前。", epilog="duban objection list --run 3")
def objections(run: OfRun = None, json: Json = False) -> None:
    """Print the objections."""
    of = reading.number_if(run, "编号")
    with for_reading() as (session, force):
        found = queries.objections(session, force, assessment=of)
    if json:
        output.as_json({"objections": [asdict(line) for line in found]})
        return
    output.table(
        "申诉",
        ["编号", "结果", "季度", "单位", "事项", "理由", "提出人", "复核期限", "决定", "复核意见"],
        (
            [o.id, o.assessment, o.quarter, o.unit, o.subject or "整体", o.grounds, o.raised_by, o.ruling_due,
             ledger.RULINGS[o.decision], o.ruling]
            for o in found
        ),
    )  # fmt: skip


@app.command(
    "raise",
    help="公示期内对本单位的得分提出申诉。",
    epilog="duban objection raise 3 --subject T01 --grounds 二季度已补报 --by 330102.head",
)
def raise_objection(
    run: Annotated[str, typer.Argument(metavar="RUN", help="考核结果的编号（duban assessment list）")],
    by: By,
    grounds: Annotated[str, typer.Option("--grounds", metavar="TEXT", help="申诉的理由")],
    subject: Annotated[str, typer.Option("--subject", metavar="CODE", help="指标或部分的代码，默认对整个结果")] = "",
    unit: Annotated[str | None, typer.Option("--unit", metavar="U", help="在多个单位任职的，写明为哪个单位")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Object to a run under publicity."""
    number = reading.number(run, "编号")
    with acting(by, at) as (session, force, who, moment):
        made = ledger.object_to(session, force, number, subject=subject, grounds=grounds, by=who, at=moment, unit=unit)
        facts = {"objection": made.id, "ruling_due": made.ruling_due}
    if json:
        output.as_json(facts)
    else:
        output.sentence(f"申诉已受理，编号 {facts['objection']}，复核决定不晚于 {facts['ruling_due']} 作出")


Ruling = Annotated[str, typer.Option("--ruling", metavar="TEXT", help="复核意见")]
Objection = Annotated[str, typer.Argument(metavar="OBJECTION", help="申诉的编号（duban objection list）")]


@app.command(
    "uphold",
    help="采纳申诉。\n\n由公示人、申诉人以外的人复核；随后更正数据，再用 duban assessment correct 重新考核。",
    epilog="duban objection uphold 1 --ruling 数据确已补报 --by leader.signer",
)
def uphold(objection: Objection, by: By, ruling: Ruling, at: At = None, json: Json = False) -> None:
    """Uphold an objection."""
    _rule(objection, by, ruling, at, json, uphold=True)


@app.command("reject", help="不予采纳。", epilog="duban objection reject 1 --ruling 逾期未报属实 --by leader.signer")
def reject(objection: Objection, by: By, ruling: Ruling, at: At = None, json: Json = False) -> None:
    """Reject an objection."""
    _rule(objection, by, ruling, at, json, uphold=False)


def _rule(objection: str, by: str, ruling: str, at: str | None, json: bool, *, uphold: bool) -> None:
    number = reading.number(objection, "申诉编号")
    with acting(by, at) as (session, force, who, moment):
        decision = ledger.rule(session, force, number, uphold=uphold, ruling=ruling, by=who, at=moment).decision
    if json:
        output.as_json({"objection": number, "decision": decision.value})
    else:
        output.sentence(f"申诉 {number}：{ledger.RULINGS[decision]}")
