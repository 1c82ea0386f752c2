"""佐证材料 of an item or a reporting request: who handed in which file, and that nothing classified is in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import BadInput, Refused
from config.terms import Role, Status
from database import chain
from models import Evidence, Item, ReportingRequest
from supervision.in_force import InForce
from supervision.queries.people import UNIT_ROLES, Actor, Holding, acting_for

_NO_MORE = frozenset({Status.ARCHIVED, Status.WITHDRAWN})


def may_add(subject: Item | ReportingRequest, by: Actor) -> bool:
    """Return whether `by` may hand in files: the unit's people, the assignee and the office, until all is over."""
    if isinstance(subject, Item) and subject.status in _NO_MORE:
        return False
    return bool(_held(subject, by)) or _is_assignee(subject, by)


def refuse_stranger(subject: Item | ReportingRequest, by: Actor) -> None:
    """Raise Refused, with the reason, for whom `may_add` says no: before a file of theirs is looked at."""
    if not _held(subject, by) and not _is_assignee(subject, by):
        raise Refused("佐证材料由责任单位的人员或领导小组办公室上传")
    if isinstance(subject, Item) and subject.status in _NO_MORE:
        raise Refused(f"该事项现为“{subject.status.label}”，不再收佐证材料")


def _held(subject: Item | ReportingRequest, by: Actor) -> tuple[Holding, ...]:
    return by.holding(UNIT_ROLES, subject.unit_id) or by.holding({Role.OFFICE})


def _is_assignee(subject: Item | ReportingRequest, by: Actor) -> bool:
    return isinstance(subject, Item) and subject.assignee_person_id == by.person_id is not None


def add_evidence(
    session: Session,
    force: InForce,
    subject: Item | ReportingRequest,
    *,
    file_name: str,
    media_type: str,
    size: int,
    sha256: str,
    declared: bool,
    by: Actor,
    at: datetime,
) -> int:
    """Record a file that has been kept; return its number, the old one when the subject has the same file already.

    `declared`: the person has declared that nothing classified is in it. Raises BadInput without that, Refused for
    anybody but the unit's people, the assignee and the office, and for an item that is archived or withdrawn.
    """
    chain.lock(session, force.tenant_id)
    if not declared:
        raise BadInput("请先勾选“所传材料不涉及国家秘密、工作秘密”，涉密材料不得上传")
    refuse_stranger(subject, by)
    held = _held(subject, by)
    is_item = isinstance(subject, Item)
    about = col(Evidence.item_id) == subject.id if is_item else col(Evidence.request_id) == subject.id
    same = col(Evidence.plan_id) == force.plan_id, about, col(Evidence.sha256) == sha256
    known = session.scalars(select(col(Evidence.id)).where(*same)).first()
    if known is not None:
        return known
    row = Evidence(
        tenant_id=force.tenant_id, plan_id=force.plan_id, item_id=subject.id if is_item else None,
        request_id=None if is_item else subject.id, file_name=file_name, media_type=media_type, size=size,
        sha256=sha256, added_by=by.person_id or 0, added_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    entry = chain.Entry(
        "add_evidence", at, by.login, plan_id=force.plan_id, acting_for=acting_for(held) if held else None,
        item_id=row.item_id, request_id=row.request_id, data={"file": file_name, "sha256": sha256, "size": size},
    )  # fmt: skip
    chain.append(session, force.tenant_id, [entry])
    return row.id or 0
