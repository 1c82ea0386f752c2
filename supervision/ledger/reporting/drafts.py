"""Drafts of a form: what a unit types before it files, and the head's word on it. Nothing here leaves the unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Conflict, Refused
from config.terms import RequestState, Role
from database import chain
from models import FormDraft, ReportingRequest
from supervision.in_force import InForce
from supervision.ladder import Audience
from supervision.ledger.reporting.asking import GIVE_BACK, no_longer_asked, tell_head
from supervision.ledger.reporting.rows import entry, in_role, record, request_row
from supervision.queries.people import UNIT_ROLES, Actor, Recipient, recipients, unit_people

Typed = Mapping[str, Mapping[str, str]]
"""What was typed, by line (indicator/area): the texts `value` and `note` as they stand in the fields."""

_FILABLE = frozenset({RequestState.OPEN, RequestState.RETURNED, RequestState.FILED})


def draft_of(session: Session, request: ReportingRequest) -> FormDraft | None:
    """Return the unit's draft, None when nothing has been typed since the last filing."""
    return session.scalars(
        select(FormDraft).where(col(FormDraft.plan_id) == request.plan_id, col(FormDraft.request_id) == request.id)
    ).one_or_none()


def save_draft(
    session: Session, force: InForce, request_id: int, typed: Typed, *, by: Actor, at: datetime, revision: int
) -> FormDraft:
    """Keep what was typed. `revision` is that of the draft the person saw, 0 for none.

    A draft that waited for the head's word does not any more: what the head sees is what was asked about.
    Raises Conflict when somebody else of the unit has saved since, Refused for other people and when nothing can be
    filed any more.
    """
    chain.lock(session, force.tenant_id)
    request = request_row(session, force, request_id, None)
    _own(request, by)
    if request.state not in _FILABLE:
        raise Refused(f"该报送任务现为“{request.state.label}”，不能再填报")
    draft = draft_of(session, request)
    if (draft.revision if draft else 0) != revision:
        raise Conflict("本单位另一位同事刚保存了这份草稿，您的修改没有保存，请核对后再保存")
    if draft is None:
        draft = FormDraft(
            tenant_id=force.tenant_id, plan_id=force.plan_id, request_id=request_id, cells={},
            saved_by_person_id=by.person_id or 0, saved_at=at, revision=0,
        )  # fmt: skip
    if draft.asked_at is not None:
        no_longer_asked(session, force, request_id, at=at)
    draft.cells = _plain(typed)
    draft.saved_by_person_id, draft.saved_at = by.person_id or 0, at
    draft.asked_by_person_id = draft.asked_at = None
    draft.revision += 1
    session.add(draft)
    session.flush()
    return draft


def ask_head(session: Session, force: InForce, request_id: int, *, by: Actor, at: datetime) -> tuple[Recipient, ...]:
    """Put the saved draft before the unit's head, tell them by mail, and return who is asked.

    Raises Refused when there is no draft or no head, and when nothing can be filed any more.
    """
    chain.lock(session, force.tenant_id)
    request, draft = _drafted(session, force, request_id)
    holding = _own(request, by)
    if request.state not in _FILABLE:
        raise Refused(f"该报送任务现为“{request.state.label}”，不能再送审")
    people = unit_people(session, force.tenant_id, on=day_of(at))
    heads = recipients(people, request.unit_id, (Audience.UNIT_HEAD,))
    if not heads:
        raise Refused("本单位现在没有分管负责人，不必送审，请核对后直接报送")
    draft.asked_by_person_id, draft.asked_at, draft.comment = by.person_id, at, None
    draft.revision += 1
    record(session, force, entry(force, request, "ask_head", by=by, at=at, acting_for=holding))
    tell_head(session, force, request, draft, heads, by=by, at=at)
    return heads


def give_back(session: Session, force: InForce, request_id: int, *, comment: str, by: Actor, at: datetime) -> None:
    """Give the draft back (退回修改). Raises Refused for anybody but the head, BadInput without a word."""
    chain.lock(session, force.tenant_id)
    request, draft = _drafted(session, force, request_id)
    holding = in_role(by, {Role.UNIT_HEAD}, request.unit_id)
    if holding is None:
        raise Refused("退回修改由本单位分管负责人办理")
    if not comment.strip():
        raise BadInput("请写明需要修改什么")
    draft.asked_by_person_id = draft.asked_at = None
    draft.comment = comment.strip()
    draft.revision += 1
    no_longer_asked(session, force, request_id, at=at)
    link = entry(force, request, GIVE_BACK, by=by, at=at, acting_for=holding.owner, comment=comment.strip())
    record(session, force, link)


def refuse_without_head(session: Session, force: InForce, unit_id: int, *, by: Actor) -> None:
    """Raise Refused when figures would leave a unit that has a head by other hands than the head's."""
    people = unit_people(session, force.tenant_id, on=force.today)
    if not by.holding({Role.UNIT_HEAD}, unit_id) and (unit_id, Role.UNIT_HEAD) in people:
        raise Refused("报送须经本单位分管负责人确认，请先送分管负责人")


def forget_question(session: Session, force: InForce, request: ReportingRequest, *, at: datetime) -> None:
    """Ask the head no longer: figures were filed, whether from this draft or past it, or the window is closed."""
    about = col(FormDraft.plan_id) == request.plan_id, col(FormDraft.request_id) == request.id
    session.execute(update(FormDraft).where(*about).values(asked_by_person_id=None, asked_at=None))
    no_longer_asked(session, force, request.id or 0, at=at)


def drop_draft(session: Session, request_id: int) -> None:
    """Forget the draft: it has been filed."""
    session.execute(delete(FormDraft).where(col(FormDraft.request_id) == request_id))


def _drafted(session: Session, force: InForce, request_id: int) -> tuple[ReportingRequest, FormDraft]:
    request = request_row(session, force, request_id, None)
    draft = draft_of(session, request)
    if draft is None:
        raise Refused("还没有草稿，请先填写并保存")
    return request, draft


def _own(request: ReportingRequest, by: Actor) -> str | None:
    """Return for whom `by` acts. Raises Refused for anybody but the unit's people."""
    holding = in_role(by, UNIT_ROLES, request.unit_id)
    if holding is None:
        raise Refused("填报由本单位的联络员或分管负责人办理")
    return holding.owner


def _plain(typed: Typed) -> dict[str, Any]:
    """Return what was typed without the lines that hold nothing."""
    return {
        key: {"value": line.get("value", ""), "note": line.get("note", "")}
        for key, line in typed.items()
        if line.get("value") or line.get("note")
    }
