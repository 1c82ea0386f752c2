"""Targets as the plan apportions them: what a loaded folder gives each district, as versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.plan import Plan
from models import DistrictTarget, PlanVersion
from supervision.apportion import DistrictTargetLine, district_targets, family
from supervision.exact import plain
from supervision.in_force import InForce
from supervision.ledger.targets.rows import APPORTION, Place, indicator_ids, newest_rows, record, told_of
from supervision.queries.people import flow
from supervision.queries.targets import standing_of

_LOADER = flow("init")

Lines = Mapping[Place, DistrictTargetLine]


def put_targets(session: Session, force: InForce, *, at: datetime) -> int:
    """Write what the plan in force gives the districts and the version before it did not; return how many versions.

    Key: indicator and district. What the office has set since stands as long as the plan does not change the very
    target, one that it is part of, or one that is part of it; then the plan's apportionment holds for all of them.
    A baseline that the plan changes replaces the one in force, and nothing else.
    """
    new, old = _lines(force.plan), _lines_before(session, force)
    moved = _moved(force.plan, new, old)
    rows, ids = newest_rows(session, force), indicator_ids(session, force)
    written: dict[Place, DistrictTarget] = {}
    for place, line in new.items():
        values = _changed(force.plan, rows.get(place), line, old.get(place), is_moved=place[0] in moved)
        if values is not None:
            written[place] = DistrictTarget(
                tenant_id=force.tenant_id, plan_id=force.plan_id, indicator_id=ids[place[0]],
                unit_id=force.unit_id(place[1]), set_at=at, **values,
            )  # fmt: skip
    session.add_all(written.values())
    session.flush()
    if written:
        told = [told_of(place, row, target=plain(row.target or new[place].target)) for place, row in written.items()]
        record(session, force, APPORTION, told, by=_LOADER, at=at)
    return len(written)


def _lines(plan: Plan) -> Lines:
    return {(line.indicator, line.district): line for line in district_targets(plan)}


def _lines_before(session: Session, force: InForce) -> Lines:
    """Return what the plan's version before this one gave; nothing before the first."""
    versions = select(col(PlanVersion.content)).where(col(PlanVersion.plan_id) == force.plan_id)
    before = session.scalars(versions.order_by(col(PlanVersion.number).desc()).offset(1).limit(1)).one_or_none()
    return {} if before is None else _lines(Plan.model_validate(before, context={"stored": True}))


def _moved(plan: Plan, new: Lines, old: Lines) -> frozenset[str]:
    """Return the indicators whose targets the plan has changed, with all that they are bound to."""
    changed = {code for (code, _), line in new.items() if _target(old.get((code, line.district))) != line.target}
    return frozenset().union(*(family(plan, code) for code in changed))


def _target(line: DistrictTargetLine | None) -> object:
    return None if line is None else line.target


def _changed(
    plan: Plan,
    row: DistrictTarget | None,
    line: DistrictTargetLine,
    before: DistrictTargetLine | None,
    *,
    is_moved: bool,
) -> dict[str, Any] | None:
    """Return the content of the version to be written after `row`; None when it stays."""
    changed = before is None or before.baseline != line.baseline
    baseline = line.baseline if row is None or changed else row.baseline
    if row is None:
        return {"version": 1, **_as_planned(line), "baseline": baseline}
    kept = {key: getattr(row, key) for key in ("target", "base", "source", "set_by", "reason")}
    new = _as_planned(line) if is_moved else kept
    standing = standing_of(plan, line.indicator, row)
    stays = not is_moved or (standing.target, standing.base, standing.by_hand) == (line.target, line.base, False)
    return None if stays and row.baseline == baseline else {"version": row.version + 1, **new, "baseline": baseline}


def _as_planned(line: DistrictTargetLine) -> dict[str, Any]:
    return {"target": line.target, "base": line.base, "source": line.source}
