"""How each act takes effect on its item: one function per act, called after the table has permitted it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Refused
from config.terms import (
    OPEN_STATUSES,
    Action,
    Decision,
    DueReason,
    NoticeKind,
    Status,
    SuspensionReason,
)
from models import DueDate, Extension, Item, ProgressReport
from supervision.deadlines import on_time
from supervision.escalation import Audience
from supervision.in_force import InForce
from supervision.ledger import notices
from supervision.ledger.items import audience_of
from supervision.ledger.limits import working_due
from supervision.queries.people import Actor, unit_people

LIAISON = (Audience.LIAISON,)
UNIT = (Audience.LIAISON, Audience.UNIT_HEAD)


@dataclass
class Deed:
    """An act while it takes effect. `facts` gathers what the event shall keep beside the person's own words."""

    session: Session
    force: InForce
    item: Item
    by: Actor
    at: datetime
    comment: str
    new_due: date | None
    to_unit: str | None
    reason: str | None
    source: str | None
    problems: str
    next_steps: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """Return the day of the act."""
        return day_of(self.at)

    def tell(
        self, kind: NoticeKind, key: str, because: str, audience: Sequence[Audience], unit_id: int | None = None
    ) -> None:
        """Make a notice about the item to the people of its unit, or of `unit_id`."""
        item, unit = self.item, unit_id or self.item.unit_id
        people = unit_people(self.session, self.force.tenant_id, on=self.day)
        assignee = item.assignee_person_id if unit == item.unit_id else None
        draft = notices.Draft(
            key=key, kind=kind, unit_id=unit, because=because,
            recipients=audience_of(people, unit, assignee, audience), item_id=item.id,
            due_version=item.due_version, due=item.due, urgent=item.urgent,
        )  # fmt: skip
        notices.make(self.session, self.force, [draft], at=self.at)

    def end_ladder(self) -> None:
        """Stop what the present ladder has made and not yet sent."""
        notices.cancel_open(self.session, self.force, item_id=self.item.id, request_id=None, at=self.at)

    def new_version(self, due: date, reason: DueReason, *, judges: bool) -> None:
        """Start a new due-date version with a ladder of its own."""
        self.end_ladder()
        item = self.item
        item.due_version += 1
        item.due = due
        if judges:
            item.judged_due = due
        item.clock_started_on = self.day
        item.rung = None
        self.session.add(
            DueDate(tenant_id=item.tenant_id, plan_id=item.plan_id, item_id=item.id or 0, version=item.due_version,
                    due=due, judges=judges, reason=reason, set_at=self.at, set_by=self.by.person_id)
        )  # fmt: skip
        self.facts |= {"due": due.isoformat(), "version": item.due_version}


def suspension_reasons() -> str:
    """Return the reasons for which an item may be suspended, as code and word."""
    return "、".join(f"{reason.value}（{reason.label}）" for reason in SuspensionReason)


def _assign(deed: Deed, before: Status) -> None:
    item = deed.item
    due = working_due(deed.session, deed.force, item, deed.new_due or item.due, deed.day)
    deed.new_version(due, DueReason.ASSIGNED, judges=True)
    item.assigned_at, item.assigned_by = deed.at, deed.by.person_id
    _tell_assigned(deed)


def _tell_assigned(deed: Deed) -> None:
    item = deed.item
    because = f"“{item.title}”交由您单位{item.role.label}办理"
    deed.tell(NoticeKind.ASSIGN, f"item/{item.id}/assign/v{item.due_version}", because, LIAISON)


def _acknowledge(deed: Deed, before: Status) -> None:
    deed.item.acknowledged_at = deed.at


def _report_progress(deed: Deed, before: Status) -> None:
    _report(deed, completion=False)


def _report_completion(deed: Deed, before: Status) -> None:
    open_parts = select(col(Item.id)).where(
        col(Item.parent_id) == deed.item.id, col(Item.status).in_(list(OPEN_STATUSES))
    )
    if waiting := session_ids(deed.session, open_parts):
        raise Refused(f"还有 {len(waiting)} 个子事项未办结（编号 {'、'.join(map(str, waiting))}），不能报请办结")
    _report(deed, completion=True)
    deed.item.reported_at, deed.item.reported_by = deed.at, deed.by.person_id
    deed.end_ladder()


def session_ids(session: Session, statement: Any) -> list[int]:
    """Return the numbers that a statement selects."""
    return list(session.scalars(statement))


def _report(deed: Deed, *, completion: bool) -> None:
    item = deed.item
    deed.session.add(
        ProgressReport(
            tenant_id=item.tenant_id, plan_id=item.plan_id, item_id=item.id or 0, progress=deed.comment,
            problems=deed.problems, next_steps=deed.next_steps, reports_completion=completion,
            reported_by=deed.by.person_id or 0, reported_at=deed.at, recorded_from=deed.source,
        )
    )  # fmt: skip


def _verify(deed: Deed, before: Status) -> None:
    deed.item.completed_at = deed.item.reported_at


def _return(deed: Deed, before: Status) -> None:
    item = deed.item
    due = working_due(deed.session, deed.force, item, _given(deed), deed.day)
    deed.new_version(due, DueReason.RETURNED, judges=False)
    item.reported_at = item.reported_by = None
    deed.tell(NoticeKind.RETURN, f"item/{item.id}/return/v{item.due_version}", f"退回意见：{deed.comment}", UNIT)


def _given(deed: Deed) -> date:
    if deed.new_due is None:
        raise BadInput("必须写明新的期限（--date，如 2022-07-29）")
    return deed.new_due


def _request_extension(deed: Deed, before: Status) -> None:
    item = deed.item
    if not on_time(deed.at, item.judged_due):
        raise Refused(f"期限（{item.judged_due}）已过，不能再申请延期；延期须在到期前提出")
    if _pending(deed) is not None:
        raise Refused("已有一份延期申请待批，请等待答复")
    asked = working_due(deed.session, deed.force, item, _given(deed), deed.day)
    if asked <= item.judged_due:
        raise BadInput(f"申请的新期限 {asked} 应晚于现期限 {item.judged_due}")
    deed.session.add(
        Extension(tenant_id=item.tenant_id, plan_id=item.plan_id, item_id=item.id or 0, asked_due=asked,
                  reason=deed.comment, requested_by=deed.by.person_id or 0, requested_at=deed.at)
    )  # fmt: skip
    deed.facts |= {"asked_due": asked.isoformat()}


def _pending(deed: Deed) -> Extension | None:
    statement = select(Extension).where(
        col(Extension.item_id) == deed.item.id, col(Extension.decision) == Decision.PENDING
    )
    return deed.session.scalars(statement).one_or_none()


def _decide(deed: Deed, decision: Decision, comment: str) -> Extension:
    extension = _pending(deed)
    if extension is None:
        raise Refused("该事项没有待批的延期申请")
    extension.decision, extension.comment = decision, comment
    extension.decided_by, extension.decided_at = deed.by.person_id, deed.at
    return extension


def _approve_extension(deed: Deed, before: Status) -> None:
    extension = _decide(deed, Decision.APPROVED, deed.comment)
    due = working_due(deed.session, deed.force, deed.item, deed.new_due or extension.asked_due, deed.day)
    if due <= deed.item.judged_due:
        raise BadInput(f"同意的新期限 {due} 应晚于现期限 {deed.item.judged_due}")
    deed.new_version(due, DueReason.EXTENDED, judges=True)
    deed.tell(NoticeKind.EXTENSION_DECIDED, f"extension/{extension.id}", f"同意延期至 {due}", UNIT)


def _reject_extension(deed: Deed, before: Status) -> None:
    extension = _decide(deed, Decision.REJECTED, deed.comment)
    because = f"不同意延期，期限仍为 {deed.item.judged_due}：{deed.comment}"
    deed.tell(NoticeKind.EXTENSION_DECIDED, f"extension/{extension.id}", because, UNIT)


def _void_extension(deed: Deed, why: str) -> None:
    if _pending(deed) is not None:
        _decide(deed, Decision.REJECTED, why)


def _dispute(deed: Deed, before: Status) -> None:
    deed.item.resumes_to = before


def _accept_dispute(deed: Deed, before: Status) -> None:
    deed.end_ladder()
    _void_extension(deed, "异议已采纳")
    because = f"异议已采纳，由办公室重新研究责任单位{('：' + deed.comment) if deed.comment else ''}"
    deed.tell(NoticeKind.DISPUTE_DECIDED, f"item/{deed.item.id}/dispute/r{deed.item.revision}", because, LIAISON)


def _reject_dispute(deed: Deed, before: Status) -> None:
    because = f"异议不予采纳，期限仍为 {deed.item.due}：{deed.comment}"
    deed.tell(NoticeKind.DISPUTE_DECIDED, f"item/{deed.item.id}/dispute/r{deed.item.revision}", because, UNIT)


def _reassign(deed: Deed, before: Status) -> None:
    item, former = deed.item, deed.item.unit_id
    unit_id = deed.force.unit_id(deed.to_unit or "")
    if unit_id == former:
        raise Refused("接办单位就是现在的责任单位，不必转办")
    due = working_due(deed.session, deed.force, item, deed.new_due or item.due, deed.day)
    _void_extension(deed, "事项已转办")
    item.unit_id, item.assignee_person_id = unit_id, None
    item.acknowledged_at = item.reported_at = None
    item.reported_by = None
    item.assigned_at, item.assigned_by = deed.at, deed.by.person_id
    deed.new_version(due, DueReason.REASSIGNED, judges=True)
    codes = deed.force.unit_codes
    deed.facts |= {"former_unit": codes[former], "unit": codes[unit_id]}
    _tell_assigned(deed)
    if before is not Status.REGISTERED:
        why = f"该事项已转由{deed.force.plan.unit(codes[unit_id]).name_on(deed.day)}办理：{deed.comment}"
        deed.tell(NoticeKind.WITHDRAWN, f"item/{item.id}/moved/v{item.due_version}", why, LIAISON, former)


def _suspend(deed: Deed, before: Status) -> None:
    try:
        reason = SuspensionReason(deed.reason or "")
    except ValueError:
        raise BadInput(f"暂缓事由“{deed.reason}”无法识别，可用：{suspension_reasons()}") from None
    deed.item.resumes_to, deed.item.paused_on = before, deed.day
    deed.end_ladder()
    because = f"因{reason.label}暂缓办理，恢复时另行通知：{deed.comment}"
    deed.tell(NoticeKind.DUE_CHANGED, f"item/{deed.item.id}/suspend/r{deed.item.revision}", because, LIAISON)


def _resume(deed: Deed, before: Status) -> None:
    item, calendar = deed.item, deed.force.calendar
    paused = item.paused_on or deed.day
    left = max(calendar.count(paused, item.due), 1)
    due = working_due(deed.session, deed.force, item, deed.new_due or calendar.add(deed.day, left), deed.day)
    deed.new_version(due, DueReason.RESUMED, judges=True)
    item.paused_on = None
    deed.tell(NoticeKind.DUE_CHANGED, f"item/{item.id}/resume/v{item.due_version}", f"恢复办理，期限为 {due}", UNIT)


def _withdraw(deed: Deed, before: Status) -> None:
    deed.end_ladder()
    _void_extension(deed, "事项已撤销")
    item = deed.item
    if before is not Status.REGISTERED:
        deed.tell(NoticeKind.WITHDRAWN, f"item/{item.id}/withdrawn", f"该事项已撤销：{deed.comment}", LIAISON)
    parts = select(Item).where(col(Item.parent_id) == item.id, col(Item.status).in_(list(OPEN_STATUSES)))
    for part in deed.session.scalars(parts):
        part.status, part.sweep_on = Status.WITHDRAWN, None
        part.revision += 1
        deed.facts.setdefault("sub_items", []).append(part.id)


def _close(deed: Deed, before: Status) -> None:
    deed.item.closed_at = deed.at


def _archive(deed: Deed, before: Status) -> None:
    """Nothing but the status changes."""


EFFECTS: Mapping[Action, Callable[[Deed, Status], None]] = {
    Action.ASSIGN: _assign,
    Action.ACKNOWLEDGE: _acknowledge,
    Action.REPORT_PROGRESS: _report_progress,
    Action.REPORT_COMPLETION: _report_completion,
    Action.VERIFY: _verify,
    Action.RETURN_FOR_REWORK: _return,
    Action.REQUEST_EXTENSION: _request_extension,
    Action.APPROVE_EXTENSION: _approve_extension,
    Action.REJECT_EXTENSION: _reject_extension,
    Action.DISPUTE: _dispute,
    Action.ACCEPT_DISPUTE: _accept_dispute,
    Action.REJECT_DISPUTE: _reject_dispute,
    Action.REASSIGN: _reassign,
    Action.SUSPEND: _suspend,
    Action.RESUME: _resume,
    Action.WITHDRAW: _withdraw,
    Action.CLOSE: _close,
    Action.ARCHIVE: _archive,
}
