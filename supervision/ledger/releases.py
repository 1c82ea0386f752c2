"""Releasing statistical data: a copy that never changes, provisional, final or revised by the calendar."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from config.clock import day_of
from config.errors import BadInput, Refused
from config.plan.schema.statistics import Release
from config.terms import Cadence, ReleaseStatus, Role
from database import chain
from models import DataRelease
from supervision.exact import plain_or_none
from supervision.in_force import InForce
from supervision.indices.releases import Planned, next_status, planned
from supervision.periods import Period, periods
from supervision.queries.hands import is_same_hand
from supervision.queries.people import Actor, acting_for
from supervision.queries.register import is_simulated
from supervision.queries.releases import Released, releases
from supervision.queries.series import Place, Point, points

RELEASERS = frozenset({Role.OFFICE, Role.LEADER})


@dataclass(frozen=True)
class Made:
    """A release that was made: as what, which version of the period's, and how many values are in it."""

    code: str
    period: str
    version: int
    status: ReleaseStatus
    values: int
    late: bool


def release(
    session: Session, force: InForce, code: str, period: Period, *, by: Actor, at: datetime, reason: str = ""
) -> Made:
    """Release the data of `period` as known now, and return what it is by the calendar.

    Key: code, period and version; data that have not changed are not released again in the same status. Raises
    BadInput for a period that is none of the entry's, Refused for anybody but the office and leaders, for whoever
    recorded a value of it (a second person releases), before its day or an earlier release, while a series has no
    value, and for a revision without a reason.
    """
    chain.lock(session, force.tenant_id)
    held = by.holding(RELEASERS)
    if not held:
        raise Refused("统计数据由领导小组办公室或领导小组领导发布")
    entry = force.plan.statistics.release_of(code)
    (own,) = periods(Cadence(entry.frequency), start=period.first, end=period.first)
    if own != period:
        raise BadInput(f"“{period}”不是{entry.title}的周期，应写成 {own} 的形式")
    before = releases(session, force, code=code, period=str(period))
    if before and at < before[-1].released_at:
        raise Refused(f"{entry.title} {period} 第 {before[-1].version} 次发布在此之后，请核对 --at")
    plan = planned(entry, period, calendar=force.calendar)
    status = next_status(plan, [made.status for made in before], on=day_of(at))
    known = _known(session, force, entry, period, at)
    _check(session, entry, period, known, by)
    row = _row(session, force, plan, status, known, by, at, reason)
    _refuse_nothing_new(entry, row, before[-1] if before else None)
    row.version = len(before) + 1
    session.add(row)
    data = {"code": code, "period": row.period, "version": row.version, "status": status.value, "digest": row.digest}
    link = chain.Entry(
        "release_data", at, by.login, plan_id=force.plan_id, acting_for=acting_for(held), data=data | {"reason": reason}
    )
    chain.append(session, force.tenant_id, [link])
    session.flush()
    return Made(code, row.period, row.version, status, len(known), day_of(at) > row.due)


def _known(session: Session, force: InForce, entry: Release, period: Period, at: datetime) -> Mapping[Place, Point]:
    """Return the period's values as known at the moment `at`; what was recorded at this very moment counts."""
    just_after = at + timedelta.resolution
    found = points(session, force, entry.series, as_of=day_of(at), recorded_before=just_after)
    return {place: point for place, point in found.items() if point.period == period}


def _row(
    session: Session,
    force: InForce,
    plan: Planned,
    status: ReleaseStatus,
    known: Mapping[Place, Point],
    by: Actor,
    at: datetime,
    reason: str,
) -> DataRelease:
    """Return the release as a row, still without its version. A revision is due on the day it is made."""
    values = [_copy(point) for point in known.values()]
    due = {ReleaseStatus.PROVISIONAL: plan.first, ReleaseStatus.FINAL: plan.final}.get(status, day_of(at))
    return DataRelease(
        tenant_id=force.tenant_id,
        plan_id=force.plan_id,
        code=plan.release.code,
        period=str(plan.period),
        version=0,
        status=status,
        due=due,
        digest=_digest(values),
        content={"title": plan.release.title, "status": status.value, "values": values},
        synthetic=is_simulated(session, force),
        reason=reason or None,
        released_at=at,
        released_by_person_id=by.person_id or 0,
    )


def _refuse_nothing_new(entry: Release, row: DataRelease, last: Released | None) -> None:
    if last is not None and last.digest == row.digest and row.status in {last.status, ReleaseStatus.REVISED}:
        raise Refused(f"{entry.title} {row.period} 的数据与第 {last.version} 次发布的相同，没有可发布的变化")
    if row.status is ReleaseStatus.REVISED and not row.reason:
        raise Refused(f"{entry.title} {row.period} 已发布最终数，修订须用 --reason 写明原因")


def _check(session: Session, entry: Release, period: Period, known: Mapping[Place, Point], by: Actor) -> None:
    missing = [code for code in entry.series if not any(point.series == code for point in known.values())]
    if missing:
        raise Refused(f"{entry.title} {period} 缺 {'、'.join(missing)} 的数据，补齐后再发布")
    recorders = {point.recorded_by for point in known.values() if point.recorded_by is not None}
    same = {login for login in recorders if is_same_hand(session, by, [login])}
    own = sorted({point.series for point in known.values() if point.recorded_by in same})
    if own:
        raise Refused(f"{'、'.join(own)} 的数据由 {by.login} 登记，须由另一人复核后发布")


def _copy(point: Point) -> dict[str, Any]:
    return {
        "series": point.series,
        "area": point.area,
        "period": str(point.period),
        "value": point.text,
        "growth": plain_or_none(point.growth),
        "mark": point.mark.value,
        "vintage": point.vintage,
        "source": point.source,
    }


def _digest(values: Sequence[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of the numbers alone: a new vintage that says the same changes nothing."""
    keys = ("series", "area", "period", "value", "growth", "mark")
    told = [{key: value[key] for key in keys} for value in values]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
