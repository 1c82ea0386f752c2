"""内设或下属单位: what a unit can break its items down to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.errors import BadInput, Refused
from config.terms import Role, UnitKind
from database import chain
from models import Unit
from supervision.in_force import InForce
from supervision.queries.people import UNIT_ROLES, Actor, acting_for


def add_bureau(session: Session, force: InForce, *, unit: str, code: str, name: str, by: Actor, at: datetime) -> int:
    """Put a bureau under a unit of the plan; return its number. Its people are appointed as those of any unit.

    Raises Refused unless `by` is of the unit or an administrator, and for a code or name that is taken; BadInput for
    an empty one; UnknownName for the unit.
    """
    chain.lock(session, force.tenant_id)
    above = force.unit_id(force.plan.unit(unit).code)
    held = by.holding(UNIT_ROLES, above) or by.holding({Role.ADMINISTRATOR})
    if not held:
        raise Refused("下属单位由责任单位的联络员、分管负责人或系统管理员登记")
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise BadInput("登记下属单位必须写明代码和名称")
    taken = select(col(Unit.name)).where(
        col(Unit.tenant_id) == force.tenant_id, (col(Unit.code) == code) | (col(Unit.name) == name)
    )
    if (other := session.scalars(taken).first()) is not None:
        raise Refused(f"代码 {code} 或名称“{name}”已由“{other}”使用，请换一个")
    last = select(func.max(Unit.sort_order)).where(col(Unit.tenant_id) == force.tenant_id)
    row = Unit(
        tenant_id=force.tenant_id, code=code, name=name, kind=UnitKind.BUREAU, parent_unit_id=above,
        sort_order=(session.scalars(last).one() or 0) + 1,
    )  # fmt: skip
    session.add(row)
    session.flush()
    entry = chain.Entry(
        "add_bureau", at, by.login, plan_id=force.plan_id, acting_for=acting_for(held),
        data={"unit": force.unit_codes[above], "code": code, "name": name},
    )  # fmt: skip
    chain.append(session, force.tenant_id, [entry])
    return row.id or 0
