"""The nightly proof: every running case holds the notice it has earned, and the chain is whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import CalendarNotPublished
from config.terms import RUNNING_REQUESTS, RUNNING_STATUSES
from database import chain
from models import Item, ReportingRequest
from supervision import in_force
from supervision.escalation import Ladder, Wait, earned, next_step
from supervision.in_force import InForce
from supervision.ledger import notices, rungs
from supervision.ledger.rungs import Subject


@dataclass(frozen=True)
class Audit:
    """What the proof looked at, by kind, and everything it found wrong, in words."""

    as_of: date
    checked: Mapping[str, int]
    findings: tuple[str, ...]


def audit(session: Session, force: InForce, *, as_of: date) -> Audit:
    """Prove from the data alone that nothing was missed by the close of `as_of`; nothing is changed.

    For every running item and request: the highest rung it has earned, given what was delivered, is held; and the
    cached day of the next sweep is not later than the day on which something is due. Then the audit chain.
    """
    ladders = in_force.ladders(session, force.plan_id)
    findings: list[str] = []
    items = rungs.subjects_of_items(session, force, col(Item.status).in_(list(RUNNING_STATUSES)))
    requests = rungs.subjects_of_requests(session, force, col(ReportingRequest.state).in_(list(RUNNING_REQUESTS)))
    counts = {
        "items": _prove(items, _sweeps(session, Item, force), force, ladders, as_of, findings),
        "requests": _prove(requests, _sweeps(session, ReportingRequest, force), force, ladders, as_of, findings),
    }
    broken = chain.verify(session, force.tenant_id)
    findings += [link.why for link in broken]
    return Audit(as_of, counts, tuple(findings))


def _sweeps(session: Session, table: type[Item] | type[ReportingRequest], force: InForce) -> Mapping[int, date | None]:
    statement = select(col(table.id), col(table.sweep_on)).where(col(table.plan_id) == force.plan_id)
    return {number or 0: day for number, day in session.execute(statement).tuples()}


def _prove(
    subjects: Iterable[Subject],
    sweeps: Mapping[int, date | None],
    force: InForce,
    ladders: Mapping[int, Ladder],
    as_of: date,
    findings: list[str],
) -> int:
    looked_at = 0
    for subject in subjects:
        looked_at += 1
        name = f"{notices.subject_key(subject.item_id, subject.request_id)}“{subject.title}”"
        ladder = rungs.ladder_of(subject, ladders)
        try:
            if missing := _missing(subject, ladder, force, as_of):
                findings.append(f"{name}：{missing}")
            if late := _asleep(subject, ladder, force, as_of, sweeps.get(subject.number)):
                findings.append(f"{name}：{late}")
        except CalendarNotPublished as gap:
            findings.append(f"{name}：{gap}")
    return looked_at


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
