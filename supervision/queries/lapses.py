"""What of a unit was late or returned: by how many working days, and what was done about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from config.clock import day_of
from config.terms import Action, NoticeKind
from database.remembered import remembered
from models import Event, Notice
from supervision.in_force import InForce
from supervision.queries.record import JudgedItem, JudgedRequest, Outcome, Record
from supervision.queries.reporting import REQUESTS_PER_QUERY, RETURN

_A_DAY = timedelta(days=1)
_STEPS = (NoticeKind.URGE, NoticeKind.SUPERVISION_NOTICE, NoticeKind.CIRCULAR)
_TOO_LATE = (Outcome.A_LITTLE_LATE, Outcome.LATE, Outcome.OPEN)


@dataclass(frozen=True, slots=True)
class Lapse:
    """An item or a request that was late, or returned, or both.

    `due` is the date that judges. `done` is the day of completion or of the first filing, None for not yet.
    `days_late` are working days until then, or until the day asked for; 0 for what was only returned, None for a
    request that can no longer be filed. `returns` are day and words of each return, `steps` the notices that went out.
    """

    item: JudgedItem | None
    request: JudgedRequest | None
    due: date
    done: date | None
    days_late: int | None
    returns: tuple[tuple[date, str], ...]
    steps: tuple[tuple[NoticeKind, date], ...]


def lapses(session: Session, force: InForce, unit: str, record: Record) -> Sequence[Lapse]:
    """Return what of the record was late or returned, the newest due date first."""
    question = force.plan_id, "lapses", force.unit_id(unit), record.as_of
    return remembered(session, force.tenant_id, question, lambda: _lapses(session, force, record))


def _lapses(session: Session, force: InForce, record: Record) -> list[Lapse]:
    items = {each.item.id: each for year in record.years for each in year.year.items}
    asked = {each.request.id: each for year in record.years for each in year.year.requests}
    returned = _returns(session, col(Event.item_id), Action.RETURN_FOR_REWORK.value, items)
    sent_back = _returns(session, col(Event.request_id), RETURN, asked)
    late = {number for number, each in items.items() if each.outcome in _TOO_LATE}
    bad = {n for n, each in asked.items() if each.counted and (each.counted.late or each.counted.missing)}
    steps = _steps(session, force, col(Notice.item_id), late | returned.keys())
    steps_on_requests = _steps(session, force, col(Notice.request_id), bad | sent_back.keys())
    opened = _first_dates(session, (n for n in bad | sent_back.keys() if asked[n].request.versions > 1))
    found = [
        _of_item(items[number], returned.get(number, ()), steps.get(number, ())) for number in late | returned.keys()
    ]
    for number in bad | sent_back.keys():
        due = opened.get(number, asked[number].request.case.due)
        found.append(
            _of_request(
                force, asked[number], due, sent_back.get(number, ()), steps_on_requests.get(number, ()), record.as_of
            )
        )
    return sorted(found, key=lambda each: (each.due, each.item is not None, _number(each)), reverse=True)


def _number(lapse: Lapse) -> int:
    return lapse.item.item.id if lapse.item else lapse.request.request.id if lapse.request else 0


def _of_item(
    judged: JudgedItem, returns: Iterable[tuple[date, str]], steps: Iterable[tuple[NoticeKind, date]]
) -> Lapse:
    item = judged.item
    return Lapse(judged, None, item.due, item.completed, judged.days_late, tuple(returns), tuple(steps))


def _of_request(
    force: InForce, judged: JudgedRequest, due: date, returns: Iterable[tuple[date, str]],
    steps: Iterable[tuple[NoticeKind, date]], as_of: date,
) -> Lapse:  # fmt: skip
    done, counted = judged.first_filed, judged.counted
    days: int | None = 0
    if counted and counted.late:
        until = done or as_of
        days = None if done is None and counted.missing else force.calendar.count(due + _A_DAY, until)
    return Lapse(None, judged, due, done, days, tuple(returns), tuple(steps))


def _returns(
    session: Session, about: Mapped[int | None], action: str, numbers: Iterable[int]
) -> Mapping[int, list[tuple[date, str]]]:
    """Return day and words of each return by item or request, the oldest first."""
    found: dict[int, list[tuple[date, str]]] = {}
    for some in _in_parts(numbers):
        statement = select(about, col(Event.at), col(Event.data)).where(about.in_(some), col(Event.action) == action)
        for number, at, data in session.execute(statement.order_by(col(Event.seq))).tuples():
            found.setdefault(number or 0, []).append((day_of(at), str(data.get("comment") or "")))
    return found


def _steps(
    session: Session, force: InForce, about: Mapped[int | None], numbers: Iterable[int]
) -> Mapping[int, list[tuple[NoticeKind, date]]]:
    """Return the notices that went out about an item or request, with their days. A draft has gone nowhere."""
    found: dict[int, list[tuple[NoticeKind, date]]] = {}
    for some in _in_parts(numbers):
        statement = select(about, col(Notice.kind), col(Notice.issued_at)).where(
            col(Notice.plan_id) == force.plan_id, about.in_(some), col(Notice.kind).in_(_STEPS),
            col(Notice.cancelled_at).is_(None), col(Notice.issued_at).is_not(None),
        )  # fmt: skip
        for number, kind, issued in session.execute(statement.order_by(col(Notice.id))).tuples():
            if issued is not None:
                found.setdefault(number or 0, []).append((kind, day_of(issued)))
    return found


def _first_dates(session: Session, numbers: Iterable[int]) -> Mapping[int, date]:
    """Return the date with which each request was opened: a return has given it another since."""
    found: dict[int, date] = {}
    for some in _in_parts(numbers):
        statement = select(col(Event.request_id), col(Event.data)).where(
            col(Event.request_id).in_(some), col(Event.action) == "open_request"
        )
        for number, data in session.execute(statement).tuples():
            found[number or 0] = date.fromisoformat(data["due"])
    return found


def _in_parts(numbers: Iterable[int]) -> list[list[int]]:
    ordered = sorted(numbers)
    return [ordered[start : start + REQUESTS_PER_QUERY] for start in range(0, len(ordered), REQUESTS_PER_QUERY)]
