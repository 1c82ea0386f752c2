"""Telling the districts about their targets, what was set, changed or answered; and the office of an objection."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from config.clock import day_of
from config.errors import Refused
from config.terms import NoticeKind, TargetState
from database import chain
from models import DistrictTarget
from supervision.exact import plain
from supervision.in_force import InForce
from supervision.ladder import Audience
from supervision.ledger import notices
from supervision.ledger.targets.rows import Place, newest_rows, office_only
from supervision.queries.people import Actor, recipients, unit_people

SHOWN = 5
"""Targets that a notice names; the others are counted."""


def tell(
    session: Session, force: InForce, rows: Mapping[Place, DistrictTarget], *, because: str, at: datetime
) -> list[str]:
    """Put a notice of `rows` into the outbox for each district concerned; return the districts' codes.

    Key: the district and the versions told, so that nobody is told the same twice. The caller holds the chain.
    """
    people = unit_people(session, force.tenant_id, on=day_of(at))
    drafts = [
        notices.Draft(
            key=_key(district, told),
            kind=NoticeKind.TARGETS,
            unit_id=force.unit_ids[district],
            because=f"{because}：{_listed(force, told)}",
            recipients=recipients(people, force.unit_ids[district], (Audience.LIAISON, Audience.UNIT_HEAD)),
            not_before=notices.digest_moment(force, at),
        )
        for district, told in _by_district(force, rows).items()
    ]
    return [force.unit_codes[draft.unit_id] for draft in notices.make(session, force, drafts, at=at)]


def tell_office(
    session: Session, force: InForce, place: Place, row: DistrictTarget, *, by: Actor, at: datetime
) -> None:
    """Put a notice of a district's objection into the outbox for the office, but not for who recorded it.

    Key: the district, the indicator and the version objected to. The caller holds the chain.
    """
    code, district = place
    unit = force.unit_id(force.plan.office.unit)
    office = recipients(unit_people(session, force.tenant_id, on=day_of(at)), unit, (Audience.OFFICE,))
    told = tuple(replace(each, of_unit=True) for each in office if each.person_id != by.person_id)
    draft = notices.Draft(
        key=f"target-objection/{district}/{code}/v{row.version}",
        kind=NoticeKind.TARGET_OBJECTION,
        unit_id=unit,
        because=f"{force.plan.unit(district).name}对分解的目标提出异议：{_named(force, code, row)}（{row.comment}）",
        recipients=told,
        not_before=notices.digest_moment(force, at),
    )
    notices.make(session, force, [draft] if told else [], at=at)


def tell_pending(session: Session, force: InForce, *, by: Actor, at: datetime, unit: str | None = None) -> list[str]:
    """Tell each district (or only `unit`, a code) of the targets that wait for its word; return who was told.

    Raises Refused for anybody but the office, and when there is nothing to tell that has not been told.
    """
    chain.lock(session, force.tenant_id)
    acting_for = office_only(by, (), "目标下达")
    waiting = {
        (code, district): row
        for (code, district), row in newest_rows(session, force).items()
        if row.state is TargetState.PROPOSED and unit in {None, district} and _is_apportioned(force, code)
    }
    told = tell(session, force, waiting, because="目标下达，请确认或提出异议", at=at)
    if not told:
        raise Refused("没有待下达的目标：待确认的都已通知过，或都已确认")
    entry = chain.Entry(
        "tell_targets", at, by.login, plan_id=force.plan_id, acting_for=acting_for, data={"units": told}
    )
    chain.append(session, force.tenant_id, [entry])
    return told


def _is_apportioned(force: InForce, code: str) -> bool:
    known = {indicator.code: indicator for indicator in force.plan.indicators}
    return code in known and known[code].apportion is not None


def _by_district(force: InForce, rows: Mapping[Place, DistrictTarget]) -> Mapping[str, dict[Place, DistrictTarget]]:
    """Return `rows` by district, in official order."""
    found: dict[str, dict[Place, DistrictTarget]] = {district.code: {} for district in force.plan.districts}
    for (code, district), row in sorted(rows.items()):
        found[district][code, district] = row
    return {district: told for district, told in found.items() if told}


def _key(district: str, told: Mapping[Place, DistrictTarget]) -> str:
    versions = "\n".join(f"{code}/v{row.version}/{row.state}" for (code, _), row in sorted(told.items()))
    return f"targets/{district}/{hashlib.sha256(versions.encode()).hexdigest()[:16]}"


def _listed(force: InForce, told: Mapping[Place, DistrictTarget]) -> str:
    named = [_named(force, code, row) for (code, _), row in _in_plan_order(force, told)[:SHOWN]]
    more = f" 等 {len(told)} 项" if len(told) > SHOWN else ""
    return f"{'、'.join(named)}{more}"


def _in_plan_order(force: InForce, told: Mapping[Place, DistrictTarget]) -> Sequence[tuple[Place, DistrictTarget]]:
    order = {indicator.code: place for place, indicator in enumerate(force.plan.indicators)}
    return sorted(told.items(), key=lambda each: order.get(each[0][0], len(order)))


def _named(force: InForce, code: str, row: DistrictTarget) -> str:
    indicator = force.plan.indicator(code)
    number = "未定" if row.target is None else f"{plain(row.target)}{indicator.unit_of_measure}"
    return f"{code} {indicator.name} {number}"
