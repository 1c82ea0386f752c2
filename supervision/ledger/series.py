"""Recording statistical values: every change is a new vintage, and the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Refused
from config.terms import Cadence, Role, SeriesKind, ValueMark
from database import chain
from models import Series, SeriesValue
from supervision.exact import half_up
from supervision.in_force import InForce
from supervision.indices import OWN
from supervision.indices.composite import METHODS, CompositeIndex, PartStatus
from supervision.indices.growth import Raised
from supervision.indices.reading import NewValue
from supervision.indices.releases import planned
from supervision.indices.vintages import Vintage, known_on, status_of
from supervision.periods import parse_period
from supervision.queries.people import UNIT_ROLES, Actor, Holding, acting_for
from supervision.queries.series import all_vintages, raised_alerts


@dataclass(frozen=True)
class Recorded:
    """What became of a file of values: those that are new, those that replace another (revised), those unchanged.

    `alerts` are raised by what is known now, for the series recorded.
    """

    new: int
    revised: int
    unchanged: int
    alerts: tuple[Raised, ...] = ()


@dataclass(frozen=True)
class File:
    """Where values came from: the file's name and SHA-256."""

    name: str
    digest: str


def put_statistics(session: Session, force: InForce, *, at: datetime) -> None:
    """Write the plan's series and indices, and what has been published of them, as far as they are not there yet.

    Key: series, area and period; the act itself is the loading of the plan.
    """
    statistics = force.plan.statistics
    rows = {row.code: row for row in _rows(session, force)}
    kinds = [(s.code, s.name, SeriesKind(s.kind), s.unit_of_measure, s.frequency) for s in statistics.series]
    kinds += [(i.code, i.title, SeriesKind.INTERNAL, "点", i.frequency) for i in statistics.indices]
    for order, (code, name, kind, unit_of_measure, frequency) in enumerate(kinds, start=1):
        told: dict[str, Any] = {
            "name": name, "kind": kind, "unit_of_measure": unit_of_measure, "frequency": Cadence(frequency),
            "sort_order": order,
        }  # fmt: skip
        if code not in rows:
            session.add(Series(tenant_id=force.tenant_id, plan_id=force.plan_id, code=code, **told))
        for key, content in told.items() if code in rows else ():
            if getattr(rows[code], key) != content:
                setattr(rows[code], key, content)
    session.flush()
    values = [
        NewValue(
            v.series, v.area, v.period, v.value, v.growth, ValueMark(v.mark), None, v.released, v.source, v.note
        )
        for v in statistics.published
    ]  # fmt: skip
    _keep(session, force, values, by=None, at=at, correction="随计划订正")


def _rows(session: Session, force: InForce) -> Sequence[Series]:
    return session.scalars(select(Series).where(col(Series.plan_id) == force.plan_id)).all()


def record(
    session: Session,
    force: InForce,
    values: Sequence[NewValue],
    file: File,
    *,
    by: Actor,
    at: datetime,
    correction: str = "",
) -> Recorded:
    """Record the values, all or none, and return what became of them.

    Key: series, area, period and day of release. A value that says the same as what was known on that day changes
    nothing; another one is a new vintage from that day on. A value that contradicts one of the very same day is
    refused unless `correction` says why. Official series are recorded by the office, statistics also by their owner.
    Raises BadInput for a release after the day of the act, Refused for what the person may not do.
    """
    chain.lock(session, force.tenant_id)
    held = _capacity(force, {value.series for value in values}, by)
    late = [value for value in values if value.released is not None and value.released > day_of(at)]
    if late:
        told = f"{late[0].series} {late[0].area} {late[0].period}"
        raise BadInput(f"{file.name}：{told} 的发布日期 {late[0].released} 在登记日之后，请核对")
    kept = _keep(session, force, values, by=by, at=at, correction=correction)
    if kept.new or kept.revised:
        data = {
            "file": file.name, "digest": file.digest, "series": sorted({value.series for value in values}),
            "new": kept.new, "revised": kept.revised, "correction": correction,
        }  # fmt: skip
        entry = chain.Entry(
            "record_series", at, by.login, plan_id=force.plan_id, acting_for=acting_for(held), data=data
        )
        chain.append(session, force.tenant_id, [entry])
    codes = {value.series for value in values}
    raised = [found for found in raised_alerts(session, force, as_of=day_of(at)) if found.series in codes]
    return Recorded(kept.new, kept.revised, kept.unchanged, tuple(raised))


def record_index(
    session: Session, force: InForce, results: Sequence[CompositeIndex], *, by: Actor, at: datetime, as_of: date
) -> Recorded:
    """Record a composite index as a series of its own, marked 内部测算; areas without an index are left out.

    Key: index, area, period; computed again with the same outcome it changes nothing. Raises Refused for anybody but
    the office.
    """
    chain.lock(session, force.tenant_id)
    held = by.holding({Role.OFFICE})
    if not held:
        raise Refused("内部测算的指数由领导小组办公室记入")
    values = [_own_value(force, result, as_of) for result in results if result.index is not None]
    kept = _keep(session, force, values, by=by, at=at, correction="数据更新后重新测算")
    if kept.new or kept.revised:
        first = results[0]
        data = {
            "index": first.code, "period": first.period, "as_of": as_of.isoformat(), "new": kept.new,
            "revised": kept.revised,
        }  # fmt: skip
        entry = chain.Entry("record_index", at, by.login, plan_id=force.plan_id, acting_for=acting_for(held), data=data)
        chain.append(session, force.tenant_id, [entry])
    return kept


def _own_value(force: InForce, result: CompositeIndex, as_of: date) -> NewValue:
    places = force.plan.statistics.index_of(result.code).decimals
    value = None if result.index is None else Decimal(half_up(result.index, places))
    source = f"{OWN}：{METHODS[result.method]}，{result.base_period}=100，按 {as_of} 所知的数据"
    missing = [part.name for module in result.modules for part in module.components if part.status is not PartStatus.OK]
    note = f"缺：{'、'.join(missing)}" if missing else None
    return NewValue(
        result.code, result.area, result.period, value, None, ValueMark.INTERNAL, None, None, source, note
    )  # fmt: skip


def _capacity(force: InForce, codes: Iterable[str], by: Actor) -> tuple[Holding, ...]:
    """Return in what capacity the person records all these series. Raises Refused."""
    if office := by.holding({Role.OFFICE}):
        return office
    held: list[Holding] = []
    for code in sorted(codes):
        series = next((entry for entry in force.plan.statistics.series if entry.code == code), None)
        if series is None or series.owner is None:
            raise Refused(f"{by.login} 不能登记 {code}：官方数和内部测算的指数由领导小组办公室登记")
        own = by.holding(UNIT_ROLES, force.unit_id(series.owner))
        if not own:
            raise Refused(f"{by.login} 不能登记 {code}：该序列由{series.owner}报送，或由领导小组办公室登记")
        held += own
    return tuple(held)


def _keep(
    session: Session, force: InForce, values: Sequence[NewValue], *, by: Actor | None, at: datetime, correction: str
) -> Recorded:
    if not values:
        return Recorded(0, 0, 0)
    ids = {row.code: row.id or 0 for row in _rows(session, force)}
    known = {
        place: [point.as_vintage for point in found]
        for place, found in all_vintages(session, force, {value.series for value in values}).items()
    }
    new = revised = unchanged = 0
    for value in values:
        vintages = known.setdefault((value.series, value.area, value.period), [])
        known_from = value.released or day_of(at)
        vintage = _vintage(force, value, vintages, known_from)
        before = known_on(vintages, known_from)
        if _is_known(before, vintages, vintage, value, with_the_plan=by is None):
            unchanged += 1
            continue
        reason = None
        if before is not None and before.known_from == known_from:
            reason = _correction(value, before, correction)
        new, revised = (new + 1, revised) if not vintages else (new, revised + 1)
        vintages.append(vintage)
        session.add(_row(force, value, vintage, ids[value.series], by, at, reason))
    session.flush()
    return Recorded(new, revised, unchanged)


def _is_known(
    before: Vintage | None, vintages: Sequence[Vintage], vintage: Vintage, value: NewValue, *, with_the_plan: bool
) -> bool:
    """Return whether nothing new is said. A status counts only where it was given, not worked out from the calendar.

    What comes with the plan undated is recorded once: loading the plan again does not bring back a superseded value.
    """
    if with_the_plan and value.released is None:
        return any(found.content == vintage.content for found in vintages)
    return before is not None and before.content == vintage.content and value.status in (None, before.status)


def _correction(value: NewValue, before: Vintage, correction: str) -> str:
    if not correction:
        told = "、".join(format(n, "f") for n in (before.value, before.growth) if n is not None)
        raise Refused(
            f"{value.series} {value.area} {value.period} 在 {before.known_from} 已有另一个数（{told}），未作改动；"
            "如系另行发布，请写明各自的发布日期；如系订正原登记，请用 --correction 写明理由"
        )
    return correction


def _vintage(force: InForce, value: NewValue, vintages: Sequence[Vintage], known_from: date) -> Vintage:
    status = value.status or status_of(
        vintages, value=value.value, known_from=known_from, final_on=final_date(force, value.series, value.period)
    )
    number = max((vintage.number for vintage in vintages), default=0) + 1
    return Vintage(number, known_from, value.value, value.growth, value.mark, status)


def final_date(force: InForce, series: str, period: str) -> date | None:
    """Return the day on which the calendar makes the period's values final; None without a provisional release."""
    release = next((entry for entry in force.plan.statistics.releases if series in entry.series), None)
    if release is None or release.provisional is None:
        return None
    return planned(release, parse_period(period), calendar=force.calendar).final


def _row(
    force: InForce,
    value: NewValue,
    vintage: Vintage,
    series_id: int,
    by: Actor | None,
    at: datetime,
    reason: str | None,
) -> SeriesValue:
    return SeriesValue(
        tenant_id=force.tenant_id,
        plan_id=force.plan_id,
        series_id=series_id,
        area=value.area,
        period=value.period,
        vintage=vintage.number,
        value=value.value,
        growth=value.growth,
        mark=value.mark,
        status=vintage.status,
        released_on=value.released,
        known_from=vintage.known_from,
        source=value.source,
        note=value.note,
        reason=reason,
        recorded_at=at,
        recorded_by_person_id=by.person_id if by else None,
    )
