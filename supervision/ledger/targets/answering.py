"""What a district says to its targets, and what the office answers: confirmation, objection, and its ruling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from config.errors import BadInput, Refused
from config.terms import Role, TargetState
from database import chain
from models import DistrictTarget
from supervision.in_force import InForce
from supervision.ledger.targets.rows import (
    CHANGE,
    CONFIRM,
    OBJECT,
    UPHOLD,
    Place,
    newest_rows,
    office_only,
    record,
    refuse_backdated,
    told_of,
    who_did,
    words,
)
from supervision.ledger.targets.telling import tell, tell_office
from supervision.queries.hands import is_same_hand
from supervision.queries.people import UNIT_ROLES, Actor, Holding


def confirm_targets(
    session: Session,
    force: InForce,
    *,
    unit: str,
    indicators: Sequence[str] = (),
    by: Actor,
    at: datetime,
    recorded_from: str | None = None,
) -> list[str]:
    """Confirm for a district (a code) its targets of `indicators`, or all that wait for it; return their codes.

    Waiting is what was proposed. What the district objected to is confirmed only by name: that takes the objection
    back, or accepts the answer. By the district's liaison or head; by the office with `recorded_from` (代录).
    Raises Refused for anybody else, for who set a target and would now confirm it, for what is confirmed
    already, or when nothing waits.
    """
    chain.lock(session, force.tenant_id)
    acting_for, source = _for_unit(force, unit, by, recorded_from, "目标确认")
    rows = _to_confirm(session, force, unit, indicators)
    said = "代录确认" if source else "确认"
    for code, row in rows.items():
        if is_same_hand(session, by, who_did(session, force, (CHANGE,), (code, unit), row.version)):
            raise Refused(f"{code} 的目标由您（{by.login}）或您所代、所接任的人所定，{said}须由另一人办理")
    refuse_backdated(rows.values(), at)
    for row in rows.values():
        row.state, row.confirmed_by, row.confirmed_at = TargetState.CONFIRMED, by.person_id, at
    told = [told_of((code, unit), row) for code, row in rows.items()]
    record(session, force, CONFIRM, told, by=by, at=at, acting_for=acting_for, recorded_from=source)
    return list(rows)


def _to_confirm(session: Session, force: InForce, unit: str, indicators: Sequence[str]) -> Mapping[str, DistrictTarget]:
    """Return the targets named, else all that were proposed. Raises Refused for none, and for one that is confirmed."""
    held = _held(session, force, unit)
    if not indicators:
        rows = {code: row for code, row in held.items() if row.state is TargetState.PROPOSED}
    else:
        rows = {code: _named(force, held, code) for code in dict.fromkeys(indicators)}
    if not rows:
        name = force.plan.unit(unit).name
        raise Refused(f"{name}没有待确认的目标；提过异议的请逐项写明，如 duban target confirm {name} T01")
    for code, row in rows.items():
        if row.state is TargetState.CONFIRMED:
            raise Refused(f"{code} 的目标已经确认，不必重复确认")
    return rows


def object_to_target(
    session: Session,
    force: InForce,
    *,
    unit: str,
    indicator: str,
    comment: str,
    by: Actor,
    at: datetime,
    recorded_from: str | None = None,
) -> int:
    """Object for a district (a code) to its target, and tell the office, once; return the version objected to.

    The target holds until the office changes it: an objection asks, it does not suspend. Once per version.
    Raises BadInput without a comment, Refused for anybody but the district and for what was confirmed or objected to.
    """
    chain.lock(session, force.tenant_id)
    acting_for, source = _for_unit(force, unit, by, recorded_from, "目标异议")
    why = words(comment, "异议内容（--comment）")
    row = _named(force, _held(session, force, unit), indicator)
    if row.state is not TargetState.PROPOSED:
        raise Refused(f"{indicator} 的目标现为“{row.state.label}”，同一版目标只能在确认之前提一次异议")
    refuse_backdated([row], at)
    row.state, row.objected_by, row.objected_at, row.comment = TargetState.OBJECTED, by.person_id, at, why
    told = [told_of((indicator, unit), row)]
    record(session, force, OBJECT, told, by=by, at=at, acting_for=acting_for, comment=why, recorded_from=source)
    tell_office(session, force, (indicator, unit), row, by=by, at=at)
    return row.version


def uphold_target(
    session: Session, force: InForce, *, unit: str, indicator: str, reason: str, by: Actor, at: datetime
) -> int:
    """Uphold a district's target in spite of its objection, and tell the district why; return the version.

    Raises BadInput without a reason; Refused for anybody but the office, where nothing was objected, and for who set
    the target or recorded the objection: the answer is a second person's.
    """
    chain.lock(session, force.tenant_id)
    acting_for = office_only(by, [force.unit_id(unit)], "异议答复")
    why = words(reason, "维持的理由（--reason）")
    row = _named(force, _held(session, force, unit), indicator)
    if row.state is not TargetState.OBJECTED:
        raise Refused(f"{indicator} 的目标现为“{row.state.label}”，没有待答复的异议")
    place = indicator, unit
    if is_same_hand(session, by, who_did(session, force, (CHANGE, OBJECT), place, row.version)):
        raise Refused(f"“异议答复”须由另一人办理：您（{by.login}）或您所代、所接任的人就是定目标或代录异议的人")
    refuse_backdated([row], at)
    row.state, row.answered_by, row.answered_at, row.answer = TargetState.UPHELD, by.person_id, at, why
    record(session, force, UPHOLD, [told_of(place, row)], by=by, at=at, acting_for=acting_for, reason=why)
    tell(session, force, {place: row}, because=f"异议未予采纳，维持原目标（{why}）", at=at)
    return row.version


def _for_unit(
    force: InForce, unit: str, by: Actor, recorded_from: str | None, label: str
) -> tuple[str | None, str | None]:
    """Return for whom `by` acts for the district, and from what the office recorded it, if the office does."""
    source = (recorded_from or "").strip() or None
    own = _own_first(by.holding(UNIT_ROLES, force.unit_id(unit)))
    office = _own_first(by.holding({Role.OFFICE}))
    name = force.plan.unit(unit).name
    if own is not None and source is None:
        return own.owner, None
    if own is not None:
        raise BadInput("代录来源（--source）只在办公室代为登记时填写，本单位办理不填")
    if office is None:
        raise Refused(f"“{label}”由{name}的联络员或分管负责人办理，您（{by.login}）不是该单位人员")
    if source is None:
        raise Refused(f"代{name}登记须写明来源（--source），如“3月5日复函”")
    return office.owner, words(source, "代录来源（--source）")


def _own_first(held: Sequence[Holding]) -> Holding | None:
    return min(held, key=lambda holding: holding.owner is not None, default=None)


def _held(session: Session, force: InForce, unit: str) -> Mapping[str, DistrictTarget]:
    """Return the district's targets that the plan apportions, by indicator, in the plan's order."""
    rows = newest_rows(session, force)
    places: list[Place] = [(each.code, unit) for each in force.plan.indicators if each.apportion is not None]
    return {place[0]: rows[place] for place in places if place in rows}


def _named(force: InForce, held: Mapping[str, DistrictTarget], code: str) -> DistrictTarget:
    indicator = force.plan.indicator(code)
    if code not in held:
        raise Refused(f"指标 {code}（{indicator.name}）没有分解到这个单位")
    return held[code]
