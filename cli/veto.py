"""`duban veto`: 一票否决, proposed by one and decided by another."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.office import acting
from cli.options import At, By, Json, OfQuarter, Quarter
from cli.verdicts import Comment, Number, Reason, Unit, decide, proposed, show
from supervision.ledger import verdicts as ledger
from supervision.periods import parse_quarter
from supervision.queries import publication as queries

app = typer.Typer(add_completion=False)


@app.command("list", help="列出一票否决。", epilog="duban veto list")
def vetoes(quarter: OfQuarter = None, json: Json = False) -> None:
    """Print the vetoes."""
    show(queries.proposed_vetoes, "一票否决", quarter, json)


@app.command(
    "propose",
    help="提出一票否决，由另一人审批。\n\n总分和位次照算照列，等次降为最低一档。",
    epilog="duban veto propose 2022Q2 上城区 --reason 统计造假 --evidence 统计执法认定书 --by office.clerk",
)
def propose_veto(
    quarter: Quarter,
    unit: Unit,
    reason: Reason,
    evidence: Annotated[str, typer.Option("--evidence", metavar="TEXT", help="依据：文书、核查记录")],
    by: By,
    at: At = None,
    json: Json = False,
) -> None:
    """Propose a veto."""
    of = parse_quarter(quarter)
    with acting(by, at) as (session, force, who, moment):
        made = ledger.propose_veto(session, force, of, unit, reason=reason, evidence=evidence, by=who, at=moment)
        proposed("一票否决", made, json)


@app.command("approve", help="同意一票否决。", epilog="duban veto approve 1 --by leader.signer")
def approve_veto(number: Number, by: By, comment: Comment = "", at: At = None, json: Json = False) -> None:
    """Approve a veto."""
    decide(ledger.decide_veto, number, comment, by, at, json, approve=True)


@app.command("reject", help="不同意一票否决。", epilog="duban veto reject 1 --comment 证据不足 --by leader.signer")
def reject_veto(number: Number, by: By, comment: Comment = "", at: At = None, json: Json = False) -> None:
    """Reject a veto."""
    decide(ledger.decide_veto, number, comment, by, at, json, approve=False)
