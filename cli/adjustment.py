"""`duban adjustment`: points added or taken (加减分), proposed by one and decided by another."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.office import acting
from cli.options import At, By, Json, OfQuarter, Quarter
from cli.verdicts import Comment, Number, Reason, Unit, decide, proposed, show
from config.errors import BadInput
from supervision.ledger import verdicts as ledger
from supervision.periods import parse_quarter
from supervision.queries import publication as queries
from supervision.scoring.entries import number_in

app = typer.Typer(add_completion=False)


@app.command("list", help="列出加减分。", epilog="duban adjustment list --quarter 2022Q2")
def adjustments(quarter: OfQuarter = None, json: Json = False) -> None:
    """Print the adjustments."""
    show(queries.adjustments, "加减分", quarter, json)


@app.command(
    "propose",
    help="提出加减分，由另一人审批后计入。",
    epilog="duban adjustment propose 2022Q2 上城区 1.0 --reason 典型经验获省级推广 --by office.clerk",
)
def propose_adjustment(
    quarter: Quarter,
    unit: Unit,
    points: Annotated[str, typer.Argument(metavar="POINTS", help="分数，扣分写负数（前面加 --，如 -- -0.5）")],
    reason: Reason,
    by: By,
    at: At = None,
    json: Json = False,
) -> None:
    """Propose points for or against a unit."""
    of = parse_quarter(quarter)
    try:
        value = number_in(points, "分数")
    except BadInput:
        raise BadInput(f"分数“{points}”不是数字，应写成 1.0 或 -0.5") from None
    with acting(by, at) as (session, force, who, moment):
        made = ledger.propose_adjustment(session, force, of, unit, value, reason=reason, by=who, at=moment)
        proposed("加减分", made, json)


@app.command("approve", help="同意加减分。", epilog="duban adjustment approve 1 --by leader.signer")
def approve_adjustment(number: Number, by: By, comment: Comment = "", at: At = None, json: Json = False) -> None:
    """Approve an adjustment."""
    decide(ledger.decide_adjustment, number, comment, by, at, json, approve=True)


@app.command("reject", help="不同意加减分。", epilog="duban adjustment reject 1 --comment 依据不足 --by leader.signer")
def reject_adjustment(number: Number, by: By, comment: Comment = "", at: At = None, json: Json = False) -> None:
    """Reject an adjustment."""
    decide(ledger.decide_adjustment, number, comment, by, at, json, approve=False)
