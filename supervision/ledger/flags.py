"""Flags on a run: what the program saw goes to a person, who finds out what it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import BadInput, Refused, UnknownName
from config.terms import Finding
from database import chain
from models import Flag
from supervision.in_force import InForce
from supervision.ledger.capacity import DECIDERS, capacity, refuse_own_units
from supervision.ledger.publication import record, run_of
from supervision.queries.people import Actor

DECIDE = "decide_flag"


def decide_flag(
    session: Session, force: InForce, number: int, *, upheld: bool, comment: str, by: Actor, at: datetime
) -> Flag:
    """Record what was found out about a flag: cleared (已排除) or upheld (属实), with what was checked.

    Nothing follows by itself: what is upheld is mended by a corrected submission, or proposed as a veto. Raises
    Refused for the unit's own people and when it has been decided, BadInput without a comment.
    """
    chain.lock(session, force.tenant_id)
    statement = select(Flag).where(col(Flag.plan_id) == force.plan_id, col(Flag.id) == number)
    row = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise UnknownName(f"没有编号为 {number} 的数据疑点；请用 duban flag list 查看")
    owner = capacity(by, DECIDERS, "核查")
    refuse_own_units(by, [row.unit_id], "核查")
    if row.finding is not Finding.OPEN:
        raise Refused(f"该疑点已经核查：{row.finding.label}")
    if not comment.strip():
        raise BadInput("核查结论必须写明核查情况（--comment）")
    row.finding = Finding.UPHELD if upheld else Finding.CLEARED
    row.decided_by_person_id, row.decided_at, row.comment = by.person_id, at, comment.strip()
    facts = {
        "flag": number,
        "unit": force.unit_codes[row.unit_id],
        "finding": row.finding.value,
        "comment": row.comment,
    }
    record(session, force, run_of(session, force, row.assessment_id), DECIDE, by, at, owner, **facts)
    return row
