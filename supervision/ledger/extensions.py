"""延期: asked for by the unit up to the due moment, answered by a second person; the original date stays."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Integer, bindparam, select
from sqlmodel import Session, col

from config.errors import BadInput, Refused
from config.terms import Decision, DueReason, NoticeKind, Status
from models import Extension, Item
from supervision.deadlines import on_time
from supervision.ledger.deed import UNIT, Deed


def pending(session: Session, item: Item) -> Extension | None:
    """Return the extension request that waits for an answer, if there is one."""
    return session.scalars(_PENDING, {"plan": item.plan_id, "item": item.id}).one_or_none()


_PENDING = select(Extension).where(
    col(Extension.plan_id) == bindparam("plan", type_=Integer),
    col(Extension.item_id) == bindparam("item", type_=Integer),
    col(Extension.decision) == Decision.PENDING,
)


def refuse_request(session: Session, item: Item, at: datetime) -> None:
    """Raise Refused when an extension can no longer be asked for at that instant, or one waits for its answer."""
    if not on_time(at, item.judged_due):
        raise Refused(f"期限（{item.judged_due}）已过，不能再申请延期；延期须在到期前提出")
    if pending(session, item) is not None:
        raise Refused("已有一份延期申请待批，请等待答复")


def request_extension(deed: Deed, before: Status) -> None:
    """Ask for a later date, through 23:59:59 Asia/Shanghai of the date that judges; one request at a time."""
    item = deed.item
    refuse_request(deed.session, item, deed.at)
    asked = _later(deed, deed.act.date)
    deed.session.add(
        Extension(
            tenant_id=item.tenant_id,
            plan_id=item.plan_id,
            item_id=item.id or 0,
            asked_due=asked,
            reason=deed.act.comment,
            requested_by=deed.act.by.person_id or 0,
            requested_at=deed.at,
        )
    )
    deed.facts |= {"asked_due": asked.isoformat()}


def approve_extension(deed: Deed, before: Status) -> None:
    """Grant the date asked for, or another; it judges from now on, and the ladder starts anew."""
    extension = _asked(deed)
    due = _later(deed, deed.act.date or extension.asked_due)
    _answer(deed, extension, Decision.APPROVED, deed.act.comment)
    deed.new_version(due, DueReason.EXTENDED, judges=True)
    deed.tell(NoticeKind.EXTENSION_DECIDED, f"extension/{extension.id}", f"同意延期至 {due}", UNIT)


def reject_extension(deed: Deed, before: Status) -> None:
    """Refuse it: the ladder has run on and runs on."""
    extension = _asked(deed)
    _answer(deed, extension, Decision.REJECTED, deed.act.comment)
    because = f"不同意延期，期限仍为 {deed.item.due}：{deed.act.comment}"
    deed.tell(NoticeKind.EXTENSION_DECIDED, f"extension/{extension.id}", because, UNIT)


def void_extension(deed: Deed, why: str) -> None:
    """Answer a request that has lost its object."""
    extension = pending(deed.session, deed.item)
    if extension is not None:
        _answer(deed, extension, Decision.REJECTED, why)
        deed.facts["extension"] = why


def settle_extension(deed: Deed) -> None:
    """Void a request that the completion has overtaken.

    Raises Refused when the completion is late by the present date: then the answer decides whether it was.
    """
    extension, reported_at = pending(deed.session, deed.item), deed.item.reported_at
    if extension is not None and reported_at is not None and not on_time(reported_at, deed.item.judged_due):
        raise Refused(f"该事项有一份延期至 {extension.asked_due} 的申请待批，关系到是否逾期，请先答复再核验")
    void_extension(deed, "已在期限内报请办结")


def _asked(deed: Deed) -> Extension:
    extension = pending(deed.session, deed.item)
    if extension is None:
        raise Refused("该事项没有待批的延期申请")
    return extension


def _later(deed: Deed, wanted: date | None) -> date:
    if wanted is None:
        raise BadInput("必须写明新的期限（--date，如 2022-07-29）")
    due = deed.due_on(wanted)
    present = max(deed.item.due, deed.item.judged_due)
    if due <= present:
        raise BadInput(f"新期限 {due} 应晚于现期限 {present}")
    return due


def _answer(deed: Deed, extension: Extension, decision: Decision, comment: str) -> None:
    extension.decision, extension.comment = decision, comment
    extension.decided_by, extension.decided_at = deed.act.by.person_id, deed.at
