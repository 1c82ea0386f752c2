"""The plain functions of the cycle: what flows wrap and one-shot commands call.

Each computes what ought to exist by `as_of` and adds what is missing, in transactions of bounded size. Late, twice or
beside another copy of itself it leaves the same rows. A failure of one case is collected, the others are finished and
committed, and then it fails loudly with the list (Incomplete).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from config import clock
from config.errors import BadInput, DubanError, Refused
from config.plan import KeyTask, Safeguard
from config.terms import Level, Population
from database import Database, reading, writing
from supervision import in_force
from supervision.audit import Audit, audit
from supervision.in_force import InForce
from supervision.ledger import assessments, occurrences, reporting, rungs
from supervision.ledger.notices import Draft
from supervision.ledger.rungs import Swept
from supervision.periods import parse_quarter
from supervision.queries.case import freeze_date

MORNING: Mapping[str, time] = {
    "supervise": time(8, 35),
    "collect": time(8, 40),
    "escalate": time(8, 45),
    "assess": time(9, 0),
}
"""The moment at which a run for another day than today is taken to have happened. Source: config/schedule.yaml."""

_LEVELS = frozenset(level.value for level in Level)


@dataclass(frozen=True)
class NoticeLine:
    """A rung that was reached: who is told what about which item or request."""

    key: str
    level: str
    item: int | None
    request: int | None
    recipients: tuple[str, ...]
    due: date | None

    def as_json(self) -> dict[str, Any]:
        """Return the line as the commands print it."""
        due = self.due.isoformat() if self.due else None
        return {
            "key": self.key,
            "level": self.level,
            "item": self.item,
            "request": self.request,
            "recipients": list(self.recipients),
            "due": due,
        }


@dataclass(frozen=True)
class Made:
    """What a run added: counts by kind, and the rungs reached."""

    as_of: date
    created: Mapping[str, int] = field(default_factory=dict)
    notices: tuple[NoticeLine, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what the commands print."""
        return {
            "as_of": self.as_of.isoformat(),
            "created": dict(self.created),
            "notices": [notice.as_json() for notice in self.notices],
        }


class Incomplete(DubanError):
    """A run finished all it could and committed it; this lists what it could not do. Exit code 1.

    `failures` has them all; the text is a line that a person can read, with the first LISTED of them.
    """

    LISTED = 10

    def __init__(self, made: Made, failures: Iterable[str]) -> None:
        self.made = made
        self.failures = tuple(failures)
        unlisted = len(self.failures) - self.LISTED
        more = f"；另有 {unlisted} 项" if unlisted > 0 else ""
        listed = "；".join(self.failures[: self.LISTED])
        super().__init__(f"{len(self.failures)} 项未能处理，其余已完成：{listed}{more}")


def supervise_key_task(database: Database, plan_code: str, number: int, *, as_of: date) -> Made:
    """Make the items that key task `number` calls for by `as_of`, assigned and with their due dates.

    Raises UnknownName for a number that the plan does not have.
    """
    force = _in_force(database, plan_code)
    return _supervise(database, force, [force.plan.key_task(number)], as_of)


def supervise_safeguards(database: Database, plan_code: str, *, as_of: date) -> Made:
    """Make the items that the safeguards and the districts' implementation plans call for by `as_of`."""
    force = _in_force(database, plan_code)
    return _supervise(database, force, force.plan.safeguards, as_of)


def supervise_plan(database: Database, plan_code: str, *, as_of: date) -> Made:
    """Make the items of all key tasks and safeguards by `as_of`."""
    force = _in_force(database, plan_code)
    return _supervise(database, force, force.plan.matters, as_of)


def _supervise(database: Database, force: InForce, matters: Iterable[KeyTask | Safeguard], as_of: date) -> Made:
    at, made, past = run_moment("supervise", as_of), 0, 0
    failures: list[str] = []
    for matter in matters:
        with writing(database) as session:
            found = occurrences.generate(session, force, matter, as_of=as_of, at=at)
        made, past = made + found.items, past + found.retrospective
        failures += found.failures
    return _complete(Made(as_of, {"items": made, "retrospective": past}), failures)


def collect_figures(database: Database, plan_code: str, *, as_of: date) -> Made:
    """Open the requests whose window has begun, close those whose window has ended, chase what is missing."""
    at, force = run_moment("collect", as_of), _in_force(database, plan_code)
    with writing(database) as session:
        opened = reporting.open_requests(session, force, as_of=as_of, at=at)
    with writing(database) as session:
        closed = reporting.close_windows(session, force, as_of=as_of, at=at)
    drafts, failures = _climb(database, force, rungs.sweep_requests, as_of, at)
    created = {
        "requests": opened.requests, "confirmed": closed.confirmed, "missing": closed.missing, "notices": len(drafts),
    }  # fmt: skip
    return _complete(Made(as_of, created, _lines(drafts)), [*opened.failures, *failures])


def escalate_overdue(database: Database, plan_code: str, *, as_of: date) -> Made:
    """Climb the ladder for items and requests: what is due a rung by `as_of` and does not hold it gets it."""
    at, force = run_moment("escalate", as_of), _in_force(database, plan_code)
    drafts, failures = _climb(database, force, rungs.sweep_items, as_of, at)
    more, others = _climb(database, force, rungs.sweep_requests, as_of, at)
    return _complete(Made(as_of, {"notices": len(drafts) + len(more)}, _lines(drafts + more)), failures + others)


def audit_supervision(database: Database, plan_code: str, *, as_of: date) -> Audit:
    """Prove that nothing was missed by the close of `as_of`; nothing is changed."""
    with reading(database) as session:
        return audit(session, in_force.load(session, plan_code), as_of=as_of)


def assess(
    database: Database, plan_code: str, quarter: str, population: Population, *, as_of: date | None = None
) -> dict[str, Any]:
    """Return the stored run of the quarter in the shape of `duban score`, made first when it is not there.

    Without `as_of`: the newest run there is, else one as known on the freeze date, or today when that is earlier.
    Raises BadInput for a quarter outside the plan, Refused before the quarter has ended and for a day still to come:
    what will be known on it nobody knows yet, and a kept run could never be made again.
    """
    period = parse_quarter(quarter)
    with reading(database) as session:
        force = in_force.load(session, plan_code)
        if period.last < force.plan.start or period.first > force.plan.end:
            raise BadInput(f"{quarter} 不在计划期（{force.plan.start} 至 {force.plan.end}）内")
        found = assessments.stored(session, force, period, population, as_of=as_of)
        if found is not None:
            return found.result
        day = as_of or min(freeze_date(force, period, population), force.today)
        if day > force.today:
            raise Refused(f"{day} 还没有到（今天是 {force.today}），不能以那一天所知考核；请核对 --as-of")
    with writing(database) as session:
        force = in_force.load(session, plan_code)
        run = assessments.assess(session, force, period, population, as_of=day, at=run_moment("assess", day))
        return run.result


def _climb(
    database: Database,
    force: InForce,
    sweep: Callable[..., Swept],
    as_of: date,
    at: datetime,
) -> tuple[list[Draft], list[str]]:
    made: list[Draft] = []
    failures: list[str] = []
    after: int | None = 0
    while after is not None:
        with writing(database) as session:
            swept = sweep(session, force, as_of=as_of, at=at, after=after)
        made += swept.made
        failures += swept.failures
        after = swept.last
    return made, failures


def _in_force(database: Database, plan_code: str) -> InForce:
    with reading(database) as session:
        return in_force.load(session, plan_code)


def _lines(drafts: Iterable[Draft]) -> tuple[NoticeLine, ...]:
    return tuple(
        NoticeLine(
            draft.key, draft.kind.value, draft.item_id, draft.request_id,
            tuple(r.login for r in draft.recipients), draft.due,
        )
        for draft in drafts
        if draft.kind.value in _LEVELS
    )  # fmt: skip


def _complete(made: Made, failures: Iterable[str]) -> Made:
    listed = list(failures)
    if listed:
        raise Incomplete(made, listed)
    return made


def run_moment(run: str, as_of: date) -> datetime:
    """Return when a run for `as_of` happens: now for today, else that day at its hour of the schedule."""
    if as_of == clock.today():
        return clock.now()
    return clock.moment(as_of, MORNING[run])
