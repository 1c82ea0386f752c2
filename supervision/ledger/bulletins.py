"""The bulletin (考核通报) of a published result as a paper: drafted by the office, and its copies to the units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, Refused, UnknownName
from config.terms import AssessmentState, Level, NoticeKind
from database import chain
from models import Assessment, Notice, Paper, PaperCopy
from supervision.in_force import InForce
from supervision.ledger import notices, publication
from supervision.ledger.capacity import OFFICE, capacity
from supervision.queries.items import unit_name
from supervision.queries.papers import DRAFT, bulletin_of
from supervision.queries.people import UNIT_ROLES, Actor, acting_for, recipients, unit_people
from supervision.queries.publication import called


def draft(session: Session, force: InForce, assessment_id: int, *, by: Actor, at: datetime) -> int:
    """Draft the bulletin of a published result (拟稿); return the number of the paper.

    Raises Refused for anybody but the office, for a result that is not published, one that a newer vintage replaces,
    and when it has a bulletin already.
    """
    chain.lock(session, force.tenant_id)
    run = publication.run_of(session, force, assessment_id)
    owner = capacity(by, OFFICE, "起草通报")
    if run.state is not AssessmentState.PUBLISHED:
        raise Refused(f"该考核结果现为“{run.state.label}”，发布之后才能起草通报")
    publication.refuse_replaced(session, run)
    if known := bulletin_of(session, run):
        raise Refused(f"该考核结果的通报已起草（文书 {known.id}，{known.state.label}），不必重复")
    paper = Paper(
        tenant_id=force.tenant_id, plan_id=force.plan_id, assessment_id=assessment_id, level=Level.CIRCULAR,
        drafted_by=by.person_id, drafted_at=at,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    publication.record(session, force, run, DRAFT, by, at, owner, paper=paper.id)
    return paper.id or 0


def put_out(session: Session, force: InForce, paper: Paper, number: str, *, at: datetime) -> None:
    """Give every assessed unit its copy of the bulletin that was signed, and a notice of it.

    Key of a notice: run and unit.
    """
    run = session.get_one(Assessment, paper.assessment_id)
    people = unit_people(session, force.tenant_id, on=day_of(at))
    drafts = [
        notices.Draft(
            key=_key(run, unit), kind=NoticeKind.BULLETIN, unit_id=unit, because=f"{called(run)}结果的通报（{number}）",
            recipients=recipients(people, unit, publication.UNIT),
        )
        for unit in publication.assessed(session, run)
    ]  # fmt: skip
    notices.make(session, force, drafts, at=at)
    keys = [draft.key for draft in drafts]
    made = select(col(Notice.id)).where(col(Notice.plan_id) == run.plan_id, col(Notice.key).in_(keys))
    scope = {"tenant_id": run.tenant_id, "plan_id": run.plan_id, "paper_id": paper.id}
    rows = [{**scope, "notice_id": notice} for notice in session.scalars(made.order_by(col(Notice.id)))]
    session.execute(insert(PaperCopy), rows)


def serve_copy(session: Session, force: InForce, paper: Paper, unit: str | None, *, at: datetime) -> str:
    """Record that the unit was given its copy; return the unit's code.

    Raises BadInput without a unit, UnknownName for one that has no copy, Refused when it has been served.
    """
    if unit is None:
        raise BadInput("考核通报发给多个单位，请写明是哪个单位的（--unit）")
    _, notice = _copy(session, force, paper, force.unit_id(unit))
    if notice.delivered_at is not None:
        raise Refused(f"考核通报已送达{_name(force, notice)}，“登记送达”已经办过，不必重复")
    notice.delivered_at = at
    return force.unit_codes[notice.unit_id]


def receipt_copy(
    session: Session, force: InForce, paper: Paper, unit: str | None, *, by: Actor, at: datetime
) -> tuple[str | None, str]:
    """Record a unit's receipt for its copy; return for whom it was done, and the unit's code.

    Raises BadInput without a unit where `by` is not of just one, UnknownName for one that has no copy, Refused for
    another unit's people, before the copy was served, and when there is a receipt.
    """
    unit_id = force.unit_id(unit) if unit is not None else _own_unit(session, paper, by)
    copy, notice = _copy(session, force, paper, unit_id)
    own = by.holding(UNIT_ROLES, unit_id)
    owner = acting_for(own) if own else capacity(by, OFFICE, "登记回执")
    if notice.delivered_at is None:
        raise Refused(f"考核通报还没有送达{_name(force, notice)}，“登记回执”须在“送达”之后")
    if copy.receipted_at is not None:
        raise Refused(f"{_name(force, notice)}的回执已经登记，不必重复")
    copy.receipted_at = at
    return owner, force.unit_codes[unit_id]


def _own_unit(session: Session, paper: Paper, by: Actor) -> int:
    held = {each.unit_id for each in by.holding(UNIT_ROLES)}
    own = [notice.unit_id for _, notice in _copies(session, paper) if notice.unit_id in held]
    if len(own) != 1:
        raise BadInput("考核通报发给多个单位，请写明是哪个单位的（--unit）")
    return own[0]


def _copy(session: Session, force: InForce, paper: Paper, unit_id: int) -> tuple[PaperCopy, Notice]:
    found = next((each for each in _copies(session, paper) if each[1].unit_id == unit_id), None)
    if found is None:
        raise UnknownName(f"这份考核通报没有发给{unit_name(force, unit_id, force.today)}，请核对单位")
    return found


def _name(force: InForce, notice: Notice) -> str:
    return unit_name(force, notice.unit_id, force.today)


def _copies(session: Session, paper: Paper) -> Sequence[tuple[PaperCopy, Notice]]:
    """Return the copies with their notices, as they are now, in the order of the units."""
    statement = (
        select(PaperCopy, Notice)
        .join(Notice, col(Notice.id) == col(PaperCopy.notice_id))
        .where(col(PaperCopy.plan_id) == paper.plan_id, col(PaperCopy.paper_id) == paper.id)
        .order_by(col(PaperCopy.id))
    )
    return session.execute(statement.execution_options(populate_existing=True)).tuples().all()


def _key(run: Assessment, unit: int) -> str:
    return f"assessment/{run.id}/bulletin/{unit}"
