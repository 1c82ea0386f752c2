"""Which plans a tenant has."""

from __future__ import annotations

from sqlalchemy import Integer, bindparam, select
from sqlmodel import Session, col

from config.errors import UnknownName
from models import Plan


def plans_of(session: Session, tenant_id: int) -> list[Plan]:
    """Return the tenant's plans, oldest first. Raises UnknownName when it has none."""
    found = [row for row in session.scalars(_PLANS, {"tenant": tenant_id}) if row.content_id is not None]
    if not found:
        raise UnknownName("数据库里还没有计划：请先运行 duban init")
    return found


_PLANS = select(Plan).where(col(Plan.tenant_id) == bindparam("tenant", type_=Integer)).order_by(col(Plan.id))
