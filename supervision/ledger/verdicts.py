"""What people decide beside the arithmetic: 加减分 and 一票否决, each proposed by one and decided by another."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import BadInput, Refused, UnknownName
from config.terms import Decision
from database import chain
from models import Adjustment, Proposal, Veto
from supervision.exact import plain
from supervision.in_force import InForce
from supervision.ledger.capacity import DECIDERS, OFFICE, capacity, refuse_own_units, refuse_same_person
from supervision.periods import Period
from supervision.queries.case import population_of
from supervision.queries.people import Actor

MOST_DECIMALS = 2
"""Decimals of an adjustment: as many as the total has."""

PROPOSE = {Adjustment: "propose_adjustment", Veto: "propose_veto"}
DECIDE = {Adjustment: "decide_adjustment", Veto: "decide_veto"}
"""What the acts are called in the chain, where a decision looks up whose the proposal was."""

AProposal = TypeVar("AProposal", bound=Proposal)


def propose_adjustment(
    session: Session, force: InForce, quarter: Period, unit: str, points: Decimal, *, reason: str, by: Actor,
    at: datetime,
) -> Adjustment:  # fmt: skip
    """Propose points to be added or taken for `quarter`; they count once somebody else has approved them.

    Key: quarter, unit and reason. Raises BadInput for 0 points, more than the scheme's limit or without a reason,
    Refused for anybody but the office and for the unit's own people.
    """
    owner, unit_id = _proposes(session, force, unit, by, "提出加减分")
    limit = force.plan.scheme(population_of(force.plan, unit).value, quarter=str(quarter)).adjustment_limit
    if not points or abs(points) > limit or points != round(points, MOST_DECIMALS):
        raise BadInput(f"加减分 {plain(points)} 应在 −{plain(limit)} 与 {plain(limit)} 之间、不为 0，最多两位小数")
    _refuse_repeated(session, force, Adjustment, quarter, unit_id, reason)
    row = Adjustment(
        tenant_id=force.tenant_id, plan_id=force.plan_id, quarter=str(quarter), unit_id=unit_id, points=points,
        reason=reason.strip(), proposed_by_person_id=by.person_id or 0, proposed_at=at,
    )  # fmt: skip
    return _put(session, force, row, PROPOSE[Adjustment], by, at, owner, points=format(points, "f"))


def propose_veto(
    session: Session, force: InForce, quarter: Period, unit: str, *, reason: str, evidence: str, by: Actor,
    at: datetime,
) -> Veto:  # fmt: skip
    """Propose that the unit be given the lowest grade for `quarter` (一票否决), with evidence.

    The total and the rank stay as they were calculated, for everybody to see. Key: quarter, unit and reason. Raises
    BadInput without reason or evidence, Refused for anybody but the office and for the unit's own people.
    """
    owner, unit_id = _proposes(session, force, unit, by, "提出一票否决")
    if not evidence.strip():
        raise BadInput("一票否决必须写明依据（--evidence）")
    _refuse_repeated(session, force, Veto, quarter, unit_id, reason)
    row = Veto(
        tenant_id=force.tenant_id, plan_id=force.plan_id, quarter=str(quarter), unit_id=unit_id,
        reason=reason.strip(), evidence=evidence.strip(), proposed_by_person_id=by.person_id or 0, proposed_at=at,
    )  # fmt: skip
    return _put(session, force, row, PROPOSE[Veto], by, at, owner, evidence=row.evidence)


def decide_adjustment(
    session: Session, force: InForce, number: int, *, approve: bool, comment: str, by: Actor, at: datetime
) -> Adjustment:
    """Approve or reject the adjustment. Raises as `decide_veto` does."""
    return _decide(session, force, Adjustment, number, approve, comment, by, at)


def decide_veto(
    session: Session, force: InForce, number: int, *, approve: bool, comment: str, by: Actor, at: datetime
) -> Veto:
    """Approve or reject the veto.

    What is approved after a result was published does not touch that result: it takes a correction. Raises Refused for
    who proposed it, for the unit's own people and when it has been decided; BadInput for a rejection without a
    comment.
    """
    return _decide(session, force, Veto, number, approve, comment, by, at)


def _proposes(session: Session, force: InForce, unit: str, by: Actor, label: str) -> tuple[str | None, int]:
    chain.lock(session, force.tenant_id)
    owner, unit_id = capacity(by, OFFICE, label), force.unit_id(force.plan.unit(unit).code)
    refuse_own_units(by, [unit_id], label)
    return owner, unit_id


def _refuse_repeated(
    session: Session, force: InForce, kind: type[Proposal], quarter: Period, unit_id: int, reason: str
) -> None:
    if not reason.strip():
        raise BadInput("必须写明理由（--reason）")
    same = select(kind).where(
        col(kind.plan_id) == force.plan_id, col(kind.quarter) == str(quarter), col(kind.unit_id) == unit_id,
        col(kind.reason) == reason.strip(),
    )  # fmt: skip
    if (found := session.scalars(same).first()) is not None:
        raise Refused(f"同一单位、同一季度、同一理由已有一件（编号 {found.id}，{found.decision.label}），不必重复")


def _put(
    session: Session, force: InForce, row: AProposal, action: str, by: Actor, at: datetime, owner: str | None,
    **facts: str,
) -> AProposal:  # fmt: skip
    session.add(row)
    session.flush()
    _record(session, force, row, action, by, at, owner, reason=row.reason, **facts)
    return row


def _decide(
    session: Session, force: InForce, kind: type[AProposal], number: int, approve: bool, comment: str, by: Actor,
    at: datetime,
) -> AProposal:  # fmt: skip
    chain.lock(session, force.tenant_id)
    row = _proposal(session, force, kind, number)
    owner = capacity(by, DECIDERS, "审批")
    if row.decision is not Decision.PENDING:
        raise Refused(f"编号 {number} 已经审批：{row.decision.label}")
    if at < row.proposed_at:
        raise Refused("审批时刻早于提出时刻，请核对 --at")
    refuse_same_person(session, by, plan_id=row.plan_id, act=PROPOSE[kind], about={_key(row): number}, label="审批")
    refuse_own_units(by, [row.unit_id], "审批")
    if not approve and not comment.strip():
        raise BadInput("不同意的必须写明理由（--comment）")
    row.decision = Decision.APPROVED if approve else Decision.REJECTED
    row.decided_by_person_id, row.decided_at, row.comment = by.person_id, at, comment.strip() or None
    _record(session, force, row, DECIDE[kind], by, at, owner, approved=approve, comment=comment.strip())
    return row


def _proposal(session: Session, force: InForce, kind: type[AProposal], number: int) -> AProposal:
    statement = select(kind).where(col(kind.plan_id) == force.plan_id, col(kind.id) == number)
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        what, where = ("加减分", "adjustment") if kind is Adjustment else ("一票否决", "veto")
        raise UnknownName(f"没有编号为 {number} 的{what}；请用 duban {where} list 查看")
    return found


def _key(row: Proposal) -> str:
    return "adjustment" if isinstance(row, Adjustment) else "veto"


def _record(
    session: Session, force: InForce, row: Proposal, action: str, by: Actor, at: datetime,
    owner: str | None, **facts: object,
) -> None:  # fmt: skip
    data = {_key(row): row.id, "quarter": row.quarter, "unit": force.unit_codes[row.unit_id], "name": by.name, **facts}
    entry = chain.Entry(action, at, by.login, plan_id=force.plan_id, acting_for=owner, data=data)
    chain.append(session, force.tenant_id, [entry])
    session.flush()
