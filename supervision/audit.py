"""The nightly proof: every running case holds the notice it has earned, and the chain is whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_ends, moment
from config.errors import CalendarNotPublished
from config.terms import RUNNING_REQUESTS, RUNNING_STATUSES, NoticeKind
from database import chain
from models import Delivery, Event, Item, Notice, ReportingRequest
from supervision import in_force
from supervision.escalation import Audience, Ladder, Wait, earned, next_step
from supervision.in_force import InForce
from supervision.ledger import notices, rungs
from supervision.ledger.rungs import Subject
from supervision.workflow import MOVES, Back

_UNIT = frozenset({Audience.LIAISON, Audience.UNIT_HEAD})


@dataclass(frozen=True)
class Audit:
    """What the proof looked at, by kind, and everything it found wrong, in words."""

    as_of: date
    checked: Mapping[str, int]
    findings: tuple[str, ...]


def audit(session: Session, force: InForce, *, as_of: date) -> Audit:
    """Prove from the data alone that nothing was missed by the close of `as_of`; nothing is changed.

    For every running item and request: the highest rung it has earned, given what was delivered, is held; and the
    cached day of the next sweep is not later than the day on which something is due. No rung was issued to a unit
    where nobody could get it. Then the audit chain.
    """
    ladders = in_force.ladders(session, force)
    items = rungs.subjects_of_items(session, force, col(Item.status).in_(list(RUNNING_STATUSES)))
    requests = rungs.subjects_of_requests(session, force, col(ReportingRequest.state).in_(list(RUNNING_REQUESTS)))
    sweeps = {"items": _sweeps(session, Item, force), "requests": _sweeps(session, ReportingRequest, force)}
    resumed = _resumed(session, force, as_of)
    findings = [
        *_prove([each for each in items if each.number not in resumed], sweeps["items"], force, ladders, as_of),
        *_prove(requests, sweeps["requests"], force, ladders, as_of),
        *_to_nobody(session, force, ladders),
        *(link.why for link in chain.verify(session, force.tenant_id)),
    ]
    return Audit(as_of, {"items": len(items), "requests": len(requests)}, tuple(findings))


def _resumed(session: Session, force: InForce, as_of: date) -> set[int | None]:
    """Return the items whose clock runs again since this day's sweep: they are looked at by the next one."""
    back = [move.action.value for move in MOVES if move.to is Back.BEFORE]
    statement = select(col(Event.item_id)).where(
        col(Event.plan_id) == force.plan_id,
        col(Event.action).in_(back),
        col(Event.at) >= moment(as_of, time.min),
        col(Event.at) < day_ends(as_of),
    )
    return set(session.scalars(statement))


def _sweeps(session: Session, table: type[Item] | type[ReportingRequest], force: InForce) -> Mapping[int, date | None]:
    statement = select(col(table.id), col(table.sweep_on)).where(col(table.plan_id) == force.plan_id)
    return {number or 0: day for number, day in session.execute(statement).tuples()}


def _prove(
    subjects: Iterable[Subject],
    sweeps: Mapping[int, date | None],
    force: InForce,
    ladders: Mapping[int, Ladder],
    as_of: date,
) -> Iterator[str]:
    for subject in subjects:
        name = f"{notices.subject_key(subject.item_id, subject.request_id)}“{subject.title}”"
        ladder = rungs.ladder_of(subject, ladders)
        try:
            if missing := _missing(subject, ladder, force, as_of):
                yield f"{name}：{missing}"
            if late := _asleep(subject, ladder, force, as_of, sweeps.get(subject.number)):
                yield f"{name}：{late}"
        except CalendarNotPublished as gap:
            yield f"{name}：{gap}"


def _to_nobody(session: Session, force: InForce, ladders: Mapping[int, Ladder]) -> Iterator[str]:
    """Yield the rungs that wait for a delivery which cannot come, because the unit has nobody to get it."""
    of_unit = select(col(Delivery.id)).where(col(Delivery.notice_id) == col(Notice.id), col(Delivery.of_unit))
    meant = {NoticeKind(r.level.value) for each in ladders.values() for r in each.rungs if _UNIT & {*r.audience}}
    statement = select(Notice).where(
        col(Notice.plan_id) == force.plan_id,
        col(Notice.rung).is_not(None),
        col(Notice.kind).in_(meant),
        col(Notice.issued_at).is_not(None),
        col(Notice.delivered_at).is_(None),
        col(Notice.cancelled_at).is_(None),
        ~of_unit.exists(),
    )
    for notice in session.scalars(statement.order_by(col(Notice.id))):
        unit = force.unit_names[notice.unit_id]
        yield f"{notice.key}：{notice.kind.label}已发出，而{unit}没有可送达的人，请任命联络员后当面送达"


def _missing(subject: Subject, ladder: Ladder, force: InForce, as_of: date) -> str | None:
    if subject.case.started_on >= as_of:
        return None  # opened after the morning's sweep: it is looked at tomorrow
    rung = earned(subject.case, ladder, as_of=as_of, calendar=force.calendar)
    if rung is None or subject.case.holding(rung) is not None:
        return None
    return f"应持有{rung.level.label}（到期日 {subject.case.due}），而没有"


def _asleep(subject: Subject, ladder: Ladder, force: InForce, as_of: date, sweep_on: date | None) -> str | None:
    step = next_step(subject.case, ladder, as_of=as_of, calendar=force.calendar)
    if not isinstance(step, Wait) or step.until is None:
        return None
    if sweep_on is None or sweep_on > step.until:
        return f"应在 {step.until} 再查，登记为 {sweep_on or '不查'}"
    return None
