"""What `duban adjustment` and `duban veto` have in common: one person proposes, another decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer
from sqlmodel import Session

from cli import output, reading
from cli.office import acting, for_reading
from config.clock import day_of
from config.terms import Decision
from models import Adjustment, Proposal
from supervision.in_force import InForce
from supervision.periods import parse_quarter
from supervision.queries import publication as queries
from supervision.queries.case import population_of
from supervision.queries.publication import RunLine, VerdictLine

Unit = Annotated[str, typer.Argument(metavar="UNIT", help="单位的名称或代码")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="理由")]
Number = Annotated[str, typer.Argument(metavar="N", help="编号（list 里的）")]
Comment = Annotated[str, typer.Option("--comment", metavar="TEXT", help="意见；不同意的必填")]


def show(find: Callable[..., list[VerdictLine]], title: str, quarter: str | None, json: bool) -> None:
    """Print what `find` finds, of one quarter when it is given."""
    of = None if quarter is None else str(parse_quarter(quarter))
    with for_reading() as (session, force):
        found = find(session, force, quarter=of)
    if json:
        output.as_json({"verdicts": [asdict(line) for line in found]})
        return
    output.table(
        title,
        ["编号", "季度", "单位", "分数", "理由", "依据", "提出人", "决定", "审批人", "意见"],
        (
            [
                v.id,
                v.quarter,
                v.unit,
                v.points,
                v.reason,
                v.evidence,
                v.proposed_by,
                v.decision,
                v.decided_by,
                v.comment,
            ]
            for v in found
        ),
    )


def proposed(what: str, made: Proposal, json: bool) -> None:
    """Say that a proposal waits for another person."""
    if json:
        output.as_json({"id": made.id, "quarter": made.quarter, "decision": made.decision.value})
    else:
        output.sentence(f"{what}已提出，编号 {made.id}，待另一人审批")


def decide(
    step: Callable[..., Proposal], number: str, comment: str, by: str, at: str | None, json: bool, *, approve: bool
) -> None:
    """Let somebody approve or reject a proposal."""
    of = reading.number(number, "编号")
    with acting(by, at) as (session, force, who, moment):
        made = step(session, force, of, approve=approve, comment=comment, by=who, at=moment)
        decision, missed = made.decision, _missed(session, force, made, day_of(moment))
    if json:
        output.as_json({"id": of, "decision": decision.value})
    else:
        output.sentence(f"编号 {of}：{decision.label}")
    for run in missed:
        output.remark(f"数据截至 {run.as_of} 的结果不含此次加减分；要计入，请用 duban assessment correct {run.id} 更正")


def _missed(session: Session, force: InForce, made: Proposal, day: date) -> list[RunLine]:
    """Return the current runs of the quarter that were frozen before an adjustment was approved on `day`."""
    if not isinstance(made, Adjustment) or made.decision is not Decision.APPROVED:
        return []
    population = population_of(force.plan, force.unit_codes[made.unit_id])
    runs = queries.runs(session, force, quarter=made.quarter)
    return [run for run in runs if run.current and run.population is population and run.as_of < day]
