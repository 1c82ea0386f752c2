"""How each act takes effect on its item: one function per act, called after the table has permitted it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlmodel import col

from config.errors import BadInput, Refused
from config.terms import OPEN_STATUSES, Action, DueReason, NoticeKind, Status
from models import Item, ProgressReport
from supervision.ledger import detours, extensions
from supervision.ledger.deed import UNIT, Deed


def _assign(deed: Deed, before: Status) -> None:
    item, wanted = deed.item, deed.act.date or deed.item.due
    if wanted > item.due and item.parent_id is None and item.unit_id in deed.act.by.unit_ids:
        raise Refused("为您所在单位自己的事项另定更晚的期限，须由外单位人员或领导小组领导交办")
    deed.new_version(deed.due_on(wanted), DueReason.ASSIGNED, judges=True)
    item.assigned_at, item.assigned_by = deed.at, deed.act.by.person_id
    detours.tell_assigned(deed)


def _acknowledge(deed: Deed, before: Status) -> None:
    deed.item.acknowledged_at = deed.at


def _report_progress(deed: Deed, before: Status) -> None:
    _report(deed, completion=False)


def _report_completion(deed: Deed, before: Status) -> None:
    """Stop clock and ladder: how long the office takes to verify costs the unit nothing."""
    item = deed.item
    parts = select(col(Item.id)).where(
        col(Item.plan_id) == item.plan_id, col(Item.parent_id) == item.id, col(Item.status).in_(list(OPEN_STATUSES))
    )
    if waiting := deed.session.scalars(parts.order_by(col(Item.id))).all():
        raise Refused(f"还有 {len(waiting)} 个子事项未办结（编号 {'、'.join(map(str, waiting))}），不能报请办结")
    _report(deed, completion=True)
    item.reported_at, item.reported_by = deed.at, deed.act.by.person_id
    deed.end_ladder()


def _report(deed: Deed, *, completion: bool) -> None:
    item, act = deed.item, deed.act
    report = ProgressReport(
        tenant_id=item.tenant_id,
        plan_id=item.plan_id,
        item_id=item.id or 0,
        progress=act.comment,
        problems=act.problems,
        next_steps=act.next_steps,
        reports_completion=completion,
        reported_by=act.by.person_id or 0,
        reported_at=act.at,
        recorded_from=act.source,
    )
    deed.session.add(report)


def _verify(deed: Deed, before: Status) -> None:
    """Date the completion by the report that is verified."""
    extensions.settle_extension(deed)
    deed.item.completed_at = deed.item.reported_at


def _return(deed: Deed, before: Status) -> None:
    """Start the whole ladder again on a new date, by which nobody is judged."""
    item, wanted = deed.item, deed.act.date
    if wanted is None:
        raise BadInput("“退回”必须写明新的期限（--date，如 2022-07-29）")
    deed.new_version(deed.due_on(wanted), DueReason.RETURNED, judges=False)
    item.reported_at = item.reported_by = None
    deed.tell(NoticeKind.RETURN, f"return/v{item.due_version}", f"退回意见：{deed.act.comment}", UNIT)


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
    Action.REQUEST_EXTENSION: extensions.request_extension,
    Action.APPROVE_EXTENSION: extensions.approve_extension,
    Action.REJECT_EXTENSION: extensions.reject_extension,
    Action.DISPUTE: detours.dispute,
    Action.ACCEPT_DISPUTE: detours.accept_dispute,
    Action.REJECT_DISPUTE: detours.reject_dispute,
    Action.REASSIGN: detours.reassign,
    Action.SUSPEND: detours.suspend,
    Action.RESUME: detours.resume,
    Action.WITHDRAW: detours.withdraw,
    Action.CLOSE: _close,
    Action.ARCHIVE: _archive,
}
