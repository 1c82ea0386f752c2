"""Reading the districts' targets: as they stand or stood, what the districts said to them, and by which clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import ZONE
from config.errors import UnknownName
from config.plan import Base, Plan, Ruling
from config.plan import Indicator as PlanIndicator
from config.terms import TargetState
from models import DistrictTarget, Indicator
from supervision.apportion import Standing
from supervision.apportion.splitting import is_split
from supervision.in_force import InForce
from supervision.queries.people import logins_by_person


@dataclass(frozen=True)
class KnownTarget:
    """One version of a district's target as known at an instant. People are logins.

    `by_hand`: the office gave it, rather than a split; `base`: the code of the base it was split by.
    """

    indicator: str
    district: str
    version: int
    target: Decimal | None
    baseline: Decimal | None
    base: str | None
    by_hand: bool
    source: str
    reason: str | None
    set_by: str | None
    set_at: datetime
    state: TargetState
    confirmed_by: str | None
    confirmed_at: datetime | None
    objected_by: str | None
    objected_at: datetime | None
    comment: str | None
    answered_by: str | None
    answered_at: datetime | None
    answer: str | None


@dataclass(frozen=True)
class IndicatorTargets:
    """An indicator's targets in the districts, with the clause, the rulings and the base that they rest on.

    `total` is the sum over all districts, None where they do not add up or not all have one.
    """

    indicator: PlanIndicator
    base: Base | None
    rulings: tuple[Ruling, ...]
    total: Decimal | None
    lines: tuple[KnownTarget, ...]


def targets_as_known(session: Session, force: InForce, *, known_at: datetime) -> Mapping[tuple[str, str], KnownTarget]:
    """Return by indicator and district code the newest version that was known before `known_at`.

    The first version holds from the plan's issue on, whenever it was put into the database, as the plan itself does.
    What a district said and the office answered is known from its own instant on.
    """
    statement = (
        select(col(Indicator.code), DistrictTarget)
        .join(Indicator, col(Indicator.id) == col(DistrictTarget.indicator_id))
        .where(col(DistrictTarget.plan_id) == force.plan_id)
        .order_by(col(DistrictTarget.version))
    )
    newest = {
        (code, force.unit_codes[row.unit_id]): row
        for code, row in session.execute(statement).tuples()
        if row.version == 1 or row.set_at < known_at
    }
    logins = logins_by_person(session, force.tenant_id)
    return {place: _known(force.plan, place, row, logins, known_at) for place, row in newest.items()}


def target_versions(
    session: Session, force: InForce, *, indicator: str, unit: str, known_at: datetime
) -> tuple[KnownTarget, ...]:
    """Return every version of a district's target that was known before `known_at`, the newest first.

    Both are codes. Raises UnknownName when the indicator is not apportioned to the unit.
    """
    statement = (
        select(DistrictTarget)
        .join(Indicator, col(Indicator.id) == col(DistrictTarget.indicator_id))
        .where(
            col(DistrictTarget.plan_id) == force.plan_id, col(Indicator.code) == indicator,
            col(DistrictTarget.unit_id) == force.unit_ids[unit],
        )
        .order_by(col(DistrictTarget.version).desc())
    )  # fmt: skip
    logins = logins_by_person(session, force.tenant_id)
    found = [row for row in session.scalars(statement) if row.version == 1 or row.set_at < known_at]
    if not found:
        raise UnknownName(f"指标 {indicator} 没有分解到{force.plan.unit(unit).name}，或者您无权查看")
    return tuple(_known(force.plan, (indicator, unit), row, logins, known_at) for row in found)


def state_of(row: DistrictTarget, *, known_at: datetime) -> TargetState:
    """Return what had been said to a version before `known_at`. A confirmation stands above all else."""
    said = (
        (row.confirmed_at, TargetState.CONFIRMED),
        (row.answered_at, TargetState.UPHELD),
        (row.objected_at, TargetState.OBJECTED),
    )
    return next((state for at, state in said if at is not None and at < known_at), TargetState.PROPOSED)


def standing_of(plan: Plan, code: str, row: DistrictTarget) -> Standing:
    """Return a row as the rules of apportionment take it. A target that is not there counts as 0.

    By hand is what a person set without a base; where the districts have the city's number, what differs from it.
    Rows from before bases were kept stand split by the plan's.
    """
    indicator = next((each for each in plan.indicators if each.code == code), None)
    planned = indicator.apportion.base if indicator and indicator.apportion else None
    base = row.base or (planned if row.set_by is None else None)
    if indicator is not None and not is_split(indicator):
        by_hand = row.target != indicator.target
    else:
        by_hand = row.set_by is not None and base is None
    return Standing(row.target or Decimal(0), base, by_hand, row.baseline)


def district_board(
    session: Session,
    force: InForce,
    *,
    known_at: datetime,
    indicator: str | None = None,
    unit: str | None = None,
    state: TargetState | None = None,
) -> list[IndicatorTargets]:
    """Return the targets that match every filter, in the plan's and official order; an indicator without is left out.

    `indicator` and `unit` are codes. Raises UnknownName for an indicator that the plan does not have.
    """
    known = targets_as_known(session, force, known_at=known_at)
    wanted = force.plan.indicators if indicator is None else (force.plan.indicator(indicator),)
    found = []
    for each in wanted:
        held = [known[each.code, d.code] for d in force.plan.districts if (each.code, d.code) in known]
        lines = [line for line in held if unit in {None, line.district} and state in {None, line.state}]
        if each.apportion is not None and lines:
            found.append(_of_indicator(force.plan, each, held, lines))
    return found


def _of_indicator(
    plan: Plan, indicator: PlanIndicator, held: Sequence[KnownTarget], lines: Sequence[KnownTarget]
) -> IndicatorTargets:
    used = next((line.base for line in held if line.base is not None), None)
    base = next((each for each in plan.assessment.bases if each.code == used), None)
    numbers = [line.target for line in held if line.target is not None]
    whole = is_split(indicator) and len(numbers) == len(plan.districts)
    total = sum(numbers, Decimal(0)) if whole else None
    return IndicatorTargets(indicator, base, plan.rulings_on(indicator.code), total, tuple(lines))


def _known(
    plan: Plan, place: tuple[str, str], row: DistrictTarget, logins: Mapping[int, str], known_at: datetime
) -> KnownTarget:
    def by(number: int | None, at: datetime | None) -> tuple[str | None, datetime | None]:
        """Return who and when, if it was known."""
        if at is None or at >= known_at:
            return None, None
        return logins.get(number or 0), at.astimezone(ZONE)

    standing = standing_of(plan, place[0], row)
    confirmed_by, confirmed_at = by(row.confirmed_by, row.confirmed_at)
    objected_by, objected_at = by(row.objected_by, row.objected_at)
    answered_by, answered_at = by(row.answered_by, row.answered_at)
    return KnownTarget(
        *place,
        version=row.version,
        target=row.target,
        baseline=row.baseline,
        base=standing.base,
        by_hand=standing.by_hand,
        source=row.source,
        reason=row.reason,
        set_by=logins.get(row.set_by or 0),
        set_at=row.set_at.astimezone(ZONE),
        state=state_of(row, known_at=known_at),
        confirmed_by=confirmed_by,
        confirmed_at=confirmed_at,
        objected_by=objected_by,
        objected_at=objected_at,
        comment=row.comment if objected_at else None,
        answered_by=answered_by,
        answered_at=answered_at,
        answer=row.answer if answered_at else None,
    )
