"""Recording statistical values: every change is a new vintage, and the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from config.clock import day_of
from config.errors import BadInput, Refused
from config.terms import Cadence, Role, SeriesKind, ValueMark
from database import chain
from models import Series
from supervision.exact import half_up
from supervision.in_force import InForce
from supervision.indices import OWN, POINTS
from supervision.indices.composite import METHODS, CompositeIndex, PartStatus
from supervision.indices.growth import Raised
from supervision.indices.reading import NewValue
from supervision.ledger import alerts
from supervision.ledger.vintages import Kept, keep, series_rows
from supervision.queries.people import UNIT_ROLES, Actor, Holding, acting_for
from supervision.queries.series import raised_alerts


@dataclass(frozen=True)
class Recorded:
    """What became of a file of values, and the alerts that are raised by what is known now of its series."""

    kept: Kept
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
    rows = {row.code: row for row in series_rows(session, force)}
    kinds = [(s.code, s.name, SeriesKind(s.kind), s.unit_of_measure, s.frequency) for s in statistics.series]
    kinds += [(i.code, i.title, SeriesKind.INTERNAL, POINTS, i.frequency) for i in statistics.indices]
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
    keep(session, force, values, by=None, at=at, correction="随计划订正")


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
    Who owes a series whose new values raise an alert is told, and the office.
    Raises BadInput for a release after the day of the act, Refused for what the person may not do.
    """
    chain.lock(session, force.tenant_id)
    held = _capacity(force, {value.series for value in values}, by)
    late = [value for value in values if value.released is not None and value.released > day_of(at)]
    if late:
        told = f"{late[0].series} {late[0].area} {late[0].period}"
        raise BadInput(f"{file.name}：{told} 的发布日期 {late[0].released} 在登记日之后，请核对")
    kept = keep(session, force, values, by=by, at=at, correction=correction)
    codes = {value.series for value in values}
    raised = [found for found in raised_alerts(session, force, as_of=day_of(at)) if found.series in codes]
    if kept.new or kept.revised:
        alerts.tell(session, force, raised, at=at)
        data = {
            "file": file.name, "digest": file.digest, "series": sorted(codes),
            "new": kept.new, "revised": kept.revised, "correction": correction,
            "alerts": [found.code for found in raised],
        }  # fmt: skip
        entry = chain.Entry(
            "record_series", at, by.login, plan_id=force.plan_id, acting_for=acting_for(held), data=data
        )
        chain.append(session, force.tenant_id, [entry])
    return Recorded(kept, tuple(raised))


def record_index(
    session: Session, force: InForce, results: Sequence[CompositeIndex], *, by: Actor, at: datetime, as_of: date
) -> Kept:
    """Record a composite index as a series of its own, marked 内部测算; areas without an index are left out.

    Key: index, area, period; computed again with the same outcome it changes nothing. Raises Refused for anybody but
    the office.
    """
    chain.lock(session, force.tenant_id)
    held = by.holding({Role.OFFICE})
    if not held:
        raise Refused("内部测算的指数由领导小组办公室记入")
    values = [_own_value(force, result, as_of) for result in results if result.index is not None]
    kept = keep(session, force, values, by=by, at=at, correction="数据更新后重新测算")
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
