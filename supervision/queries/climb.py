"""How far an item's ladder has been climbed, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from config.errors import CalendarNotPublished
from config.terms import RUNNING_STATUSES, Level, Status
from models import Item
from supervision import in_force, workflow
from supervision.escalation import Finished, Issue, next_step
from supervision.in_force import InForce
from supervision.ledger.rungs import ladder_of, subject_of_item

_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class LadderRung:
    """One rung of the ladder of the present version: when it was issued and reached the unit, None for not yet.

    `day` is when it comes at the earliest, by the due date alone; None while the clock stands, and for a year
    without a calendar.
    """

    level: Level
    offset: int
    day: date | None
    issued_on: date | None
    delivered_on: date | None
    is_held: bool


@dataclass(frozen=True)
class Climb:
    """How far the ladder has been climbed, and in words what comes next; `until` is the earliest day, if known."""

    rungs: tuple[LadderRung, ...]
    next_words: str
    until: date | None


def climb(session: Session, force: InForce, item: Item, *, as_of: date) -> Climb | None:
    """Return the ladder of the present version; None for what never climbs."""
    if item.retrospective or item.status is Status.REGISTERED:
        return None
    subject = subject_of_item(session, item)
    ladder = ladder_of(subject, in_force.ladders(session, force))
    rungs = []
    for rung in ladder.rungs:
        held = subject.case.holding(rung)
        issued, delivered = (held.issued_on, held.delivered_on) if held else (None, None)
        rungs.append(
            LadderRung(rung.level, rung.offset, _comes(force, item, rung.offset), issued, delivered, held is not None)
        )
    if item.status not in RUNNING_STATUSES:
        return Climb(tuple(rungs), _stands(item), None)
    step = next_step(subject.case, ladder, as_of=as_of, calendar=force.calendar)
    if isinstance(step, Issue):
        return Climb(tuple(rungs), f"{step.because}，将于下一次督办巡查时发出", as_of)
    return Climb(tuple(rungs), step.because, None if isinstance(step, Finished) else step.until)


def _comes(force: InForce, item: Item, offset: int) -> date | None:
    if item.status not in RUNNING_STATUSES:
        return None
    try:
        return force.calendar.add(item.due, offset)
    except CalendarNotPublished:
        return None


def _stands(item: Item) -> str:
    if item.status is Status.COMPLETION_REPORTED:
        return "已报请办结，时限停止计算，核验期间不再提醒、催办"
    if item.status in workflow.PAUSED:
        return f"现为“{item.status.label}”，时限停止计算，有结果后继续"
    return f"现为“{item.status.label}”，不再提醒、催办"


def working_days_left(force: InForce, item: Item, *, as_of: date) -> int | None:
    """Return how many working days after `as_of` lie up to the due date; below 0: how many lie after it, to `as_of`.

    0 on the due date, and where only days off lie between. None while the clock stands and without a calendar.
    """
    if item.retrospective or item.status not in RUNNING_STATUSES:
        return None
    try:
        if item.due >= as_of:
            return force.calendar.count(as_of + _A_DAY, item.due) if item.due > as_of else 0
        return -force.calendar.count(item.due + _A_DAY, as_of)
    except CalendarNotPublished:
        return None
