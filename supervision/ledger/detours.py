"""What takes an item off its straight way: 异议, 转办, 暂缓 and 恢复, 撤销."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlmodel import col

from config.errors import BadInput, Refused
from config.terms import OPEN_STATUSES, Action, DueReason, NoticeKind, Status, SuspensionReason
from database import chain
from models import Item
from supervision.ledger.deed import LIAISON, UNIT, Deed
from supervision.ledger.extensions import void_extension


def suspension_reasons() -> str:
    """Return the reasons for which an item may be suspended, as code and word."""
    return "、".join(f"{reason.value}（{reason.label}）" for reason in SuspensionReason)


def dispute(deed: Deed, before: Status) -> None:
    """Pause the ladder: nothing climbs until the dispute is decided."""
    deed.item.resumes_to = before


def accept_dispute(deed: Deed, before: Status) -> None:
    """Take the item back to where the office assigns it anew."""
    deed.end_ladder()
    void_extension(deed, "异议已采纳")
    comment = f"：{deed.act.comment}" if deed.act.comment else ""
    _tell_of_dispute(deed, f"异议已采纳，由办公室重新研究责任单位{comment}")


def reject_dispute(deed: Deed, before: Status) -> None:
    """Let the ladder run on; it counts from the date there was."""
    _tell_of_dispute(deed, f"异议不予采纳，期限仍为 {deed.item.due}：{deed.act.comment}")


def _tell_of_dispute(deed: Deed, because: str) -> None:
    audience = LIAISON if deed.act.action is Action.ACCEPT_DISPUTE else UNIT
    deed.tell(NoticeKind.DISPUTE_DECIDED, f"dispute/r{deed.item.revision}", because, audience)


def reassign(deed: Deed, before: Status) -> None:
    """Give the item to another unit with a due-date version of its own; the former unit is told.

    What the former unit had broken down is withdrawn. Raises Refused for a sub-item and for the same unit,
    UnknownName for a unit that the plan does not have.
    """
    item, former = deed.item, deed.item.unit_id
    if item.parent_id is not None:
        raise Refused("子事项不转办：请撤销后由责任单位重新分解")
    unit = deed.force.plan.unit(deed.act.to_unit or "")
    unit_id = deed.force.unit_id(unit.code)
    if unit_id == former:
        raise Refused("接办单位就是现在的责任单位，不必转办")
    due = deed.due_on(deed.act.date or item.due)
    void_extension(deed, "事项已转办")
    withdraw_parts(deed, "上级事项已转办")
    item.unit_id, item.assignee_person_id = unit_id, None
    item.acknowledged_at = item.reported_at = item.reported_by = None
    item.assigned_at, item.assigned_by = deed.at, deed.act.by.person_id
    deed.new_version(due, DueReason.REASSIGNED, judges=True)
    deed.facts |= {"former_unit": deed.force.unit_codes[former], "unit": unit.code}
    tell_assigned(deed)
    if before is not Status.REGISTERED:
        why = f"该事项已转由{unit.name_on(deed.day)}办理：{deed.act.comment}"
        deed.tell(NoticeKind.WITHDRAWN, f"moved/v{item.due_version}", why, LIAISON, former)


def tell_assigned(deed: Deed) -> None:
    """Tell the unit that the item is its to do."""
    item = deed.item
    because = f"“{item.title}”交由您单位{item.role.label}办理"
    deed.tell(NoticeKind.ASSIGN, f"assign/v{item.due_version}", because, LIAISON)


def suspend(deed: Deed, before: Status) -> None:
    """Stop the clock for one of the coded reasons. Raises BadInput for any other."""
    try:
        reason = SuspensionReason(deed.act.reason or "")
    except ValueError:
        raise BadInput(f"暂缓事由“{deed.act.reason}”无法识别，可用：{suspension_reasons()}") from None
    deed.item.resumes_to, deed.item.paused_on = before, deed.day
    deed.end_ladder()
    because = f"因{reason.label}暂缓办理，恢复时另行通知：{deed.act.comment}"
    deed.tell(NoticeKind.DUE_CHANGED, f"suspend/r{deed.item.revision}", because, LIAISON)


def resume(deed: Deed, before: Status) -> None:
    """Start the clock again on a new due-date version.

    Given back are the working days that were left, the day of the suspension included, counted from the day after
    the resumption; `date` replaces what that gives. A date that judges and had passed before the suspension is not
    revived: then the new date only gives the ladder its start.
    """
    item = deed.item
    paused = item.paused_on or deed.day
    judged, followed, given = item.judged_due, item.due, deed.act.date
    item.paused_on = None
    if judged >= paused:
        deed.new_version(deed.due_on(given or _given_back(deed, judged, paused)), DueReason.RESUMED, judges=True)
    if judged < paused or (followed != judged and given is None):
        due = deed.due_on(given or _given_back(deed, followed, paused))
        deed.new_version(due, DueReason.RESUMED, judges=False)
    deed.tell(NoticeKind.DUE_CHANGED, f"resume/v{item.due_version}", f"恢复办理，期限为 {item.due}", UNIT)


def _given_back(deed: Deed, due: date, paused: date) -> date:
    """Return the day that has as many working days before it as `due` had at the suspension, but at least one."""
    calendar = deed.force.calendar
    return calendar.add(deed.day, max(calendar.count(paused, due), 1))


def withdraw(deed: Deed, before: Status) -> None:
    """End the item without a result, and everything it was broken down into; whoever had it is told."""
    deed.end_ladder()
    void_extension(deed, "事项已撤销")
    deed.item.paused_on = None
    if before is not Status.REGISTERED:
        deed.tell(NoticeKind.WITHDRAWN, "withdrawn", f"该事项已撤销：{deed.act.comment}", LIAISON)
    withdraw_parts(deed, "上级事项已撤销")


def withdraw_parts(deed: Deed, why: str) -> None:
    """Withdraw the open sub-items, each with its own event and notice."""
    parts = select(Item).where(
        col(Item.plan_id) == deed.item.plan_id,
        col(Item.parent_id) == deed.item.id,
        col(Item.status).in_(list(OPEN_STATUSES)),
    )
    for part in deed.session.scalars(parts.order_by(col(Item.id))).all():
        own, before = Deed(deed.session, deed.force, part, deed.act), part.status
        withdraw(own, before)
        part.status, part.resumes_to, part.sweep_on = Status.WITHDRAWN, None, None
        part.revision += 1
        deed.facts.setdefault("sub_items", []).append(part.id)
        data = {"from": before.value, "to": part.status.value, "because": why, **own.facts}
        deed.others.append(
            chain.Entry(
                Action.WITHDRAW.value, deed.at, deed.act.by.login, plan_id=part.plan_id, item_id=part.id, data=data
            )
        )
