"""Targets of the districts: what the plan's apportionment gives each of them, as versions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from models import DistrictTarget, Indicator
from supervision.apportion import district_targets
from supervision.in_force import InForce


def put_targets(session: Session, force: InForce, *, at: datetime) -> int:
    """Write the districts' targets that are new or changed, each as a new version; return how many.

    Key: indicator and district; an unchanged target and baseline make no version.
    """
    indicators = dict(
        session.execute(select(col(Indicator.code), col(Indicator.id)).where(col(Indicator.plan_id) == force.plan_id))
        .tuples()
        .all()
    )
    newest: dict[tuple[int, int], DistrictTarget] = {}
    rows = select(DistrictTarget).where(col(DistrictTarget.plan_id) == force.plan_id)
    for row in session.scalars(rows.order_by(col(DistrictTarget.version))):
        newest[row.indicator_id, row.unit_id] = row
    written = 0
    for line in district_targets(force.plan):
        key = (indicators[line.indicator] or 0, force.unit_id(line.district))
        old = newest.get(key)
        if old is not None and (old.target, old.baseline) == (line.target, line.baseline):
            continue
        session.add(
            DistrictTarget(
                tenant_id=force.tenant_id, plan_id=force.plan_id, indicator_id=key[0], unit_id=key[1],
                version=old.version + 1 if old else 1, target=line.target, baseline=line.baseline,
                source=line.source, set_at=at,
            )
        )  # fmt: skip
        written += 1
    session.flush()
    return written
