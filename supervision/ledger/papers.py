"""督办单 and 通报: drafted by the ladder, then 审核 → 签发 (a second person) → 送达 → 回执."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Refused, UnknownName
from config.terms import Level, PaperState, Role
from database import chain
from models import Item, Notice, Paper, Person, ReportingRequest
from supervision import in_force
from supervision.in_force import InForce
from supervision.ledger import notices
from supervision.ledger.items import audience_of
from supervision.ledger.waking import wake
from supervision.numbering import document_number
from supervision.queries.people import Actor, unit_people


def review(session: Session, force: InForce, paper_id: int, *, by: Actor, at: datetime) -> None:
    """Pass the draft on for signature (审核). Only the office; the signer will have to be somebody else.

    Raises Refused for another role, or when the paper is not a draft any more.
    """
    chain.lock(session, force.tenant_id)
    paper = _paper(session, force, paper_id)
    _expect(paper, PaperState.DRAFTED, "审核")
    _require(by, frozenset({Role.OFFICE}), "审核")
    paper.state, paper.reviewed_by, paper.reviewed_at = PaperState.REVIEWED, by.person_id, at
    _record(session, force, paper, "review_paper", by, at)


def sign(session: Session, force: InForce, paper_id: int, *, by: Actor, at: datetime) -> str:
    """Sign the paper (签发): it gets its number, goes into the outbox, and its rung counts as issued.

    Numbers run per kind and year without gaps; returned is the whole 文号, like 杭小微办督〔2022〕3号.
    Raises Refused for the reviewer, for the addressed unit's own people, or when it has not been reviewed.
    """
    chain.lock(session, force.tenant_id)
    paper = _paper(session, force, paper_id)
    _expect(paper, PaperState.REVIEWED, "签发")
    _require(by, frozenset({Role.OFFICE, Role.LEADER}), "签发")
    notice = session.get_one(Notice, paper.notice_id)
    if paper.reviewed_by == by.person_id:
        raise Refused("签发人不能是审核人，请由另一人签发")
    if notice.unit_id in by.unit_ids:
        raise Refused("签发对象是您所在单位，须由外单位人员或领导小组领导签发")
    paper.state, paper.issued_by, paper.issued_at = PaperState.ISSUED, by.person_id, at
    paper.year = day_of(at).year
    paper.number = _next_number(session, force, paper.level, paper.year)
    notice.issued_at = at
    _put_out(session, force, notice, at)
    number = document_number(force.plan.office.word, paper.level, paper.year, paper.number)
    _record(session, force, paper, "sign_paper", by, at, number=number)
    return number


def serve(session: Session, force: InForce, paper_id: int, *, by: Actor, at: datetime, how: str) -> None:
    """Record that the paper was handed over (送达) in person, by phone or on paper; `how` says so.

    Raises Refused before it is signed, BadInput without `how`.
    """
    chain.lock(session, force.tenant_id)
    paper = _paper(session, force, paper_id)
    _expect(paper, PaperState.ISSUED, "登记送达")
    _require(by, frozenset({Role.OFFICE}), "登记送达")
    if not how.strip():
        raise BadInput("登记送达必须写明方式（--how，如“当面送交办公室签收”）")
    paper.state, paper.served_at = PaperState.SERVED, at
    notice = session.get_one(Notice, paper.notice_id)
    notice.delivered_at = notice.delivered_at or at
    wake(session, notice, at)
    _record(session, force, paper, "serve_paper", by, at, how=how)


def receipt(session: Session, force: InForce, paper_id: int, *, by: Actor, at: datetime) -> None:
    """Record the unit's receipt (回执), given by its own people or taken by the office.

    Raises Refused before it has been served.
    """
    chain.lock(session, force.tenant_id)
    paper = _paper(session, force, paper_id)
    _expect(paper, PaperState.SERVED, "登记回执")
    notice = session.get_one(Notice, paper.notice_id)
    if notice.unit_id not in by.unit_ids:
        _require(by, frozenset({Role.OFFICE}), "登记回执")
    paper.state, paper.receipted_at = PaperState.RECEIPTED, at
    _record(session, force, paper, "receipt_paper", by, at)


def _put_out(session: Session, force: InForce, notice: Notice, at: datetime) -> None:
    """Give the signed notice its recipients, and note the rung on its subject."""
    subject = _subject(session, notice)
    subject.rung = Level(notice.kind.value)
    ladder = in_force.ladders(session, force.plan_id)[subject.ladder_id]
    people = unit_people(session, force.tenant_id, on=day_of(at))
    audience = ladder.at(notice.rung or 0).audience
    chosen = audience_of(people, notice.unit_id, None, audience)
    notices.deliver_to(session, force, notice.id or 0, chosen, at=at)


def _subject(session: Session, notice: Notice) -> Item | ReportingRequest:
    if notice.item_id is not None:
        return session.get_one(Item, notice.item_id)
    return session.get_one(ReportingRequest, notice.request_id)


def _paper(session: Session, force: InForce, number: int) -> Paper:
    found = session.scalars(
        select(Paper).where(col(Paper.plan_id) == force.plan_id, col(Paper.id) == number)
    ).one_or_none()
    if found is None:
        raise UnknownName(f"没有编号为 {number} 的文书；请用 duban paper list 查看")
    return found


def _expect(paper: Paper, state: PaperState, label: str) -> None:
    if paper.state is not state:
        raise Refused(f"该文书现为“{paper.state.label}”，不能“{label}”；“{label}”须在“{state.label}”之后")


def _require(by: Actor, roles: frozenset[Role], label: str) -> None:
    if not any(by.holds(role) for role in roles):
        raise Refused(f"“{label}”由{'、'.join(sorted(role.label for role in roles))}办理")


def _next_number(session: Session, force: InForce, level: Level, year: int) -> int:
    highest = select(func.max(Paper.number)).where(
        col(Paper.plan_id) == force.plan_id, col(Paper.level) == level, col(Paper.year) == year
    )
    return (session.scalars(highest).one() or 0) + 1


def _record(session: Session, force: InForce, paper: Paper, action: str, by: Actor, at: datetime, **facts: str) -> None:
    paper.revision += 1
    notice = session.get_one(Notice, paper.notice_id)
    name = session.get_one(Person, by.person_id).name if by.person_id else by.login
    entry = chain.Entry(
        action, at, by.login, plan_id=force.plan_id, item_id=notice.item_id, request_id=notice.request_id,
        data={"paper": paper.id, "name": name, **facts},
    )  # fmt: skip
    chain.append(session, force.tenant_id, [entry])
    session.flush()
