"""Climbing the ladder: one sweep over what may be due a rung, in batches of bounded size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import CalendarNotPublished
from config.terms import Level, NoticeKind
from database import chain
from models import Form, Item, Notice, ReportingRequest
from supervision import in_force
from supervision.escalation import Case, Issue, Issued, Ladder, Step, Wait, next_step
from supervision.in_force import InForce
from supervision.ledger import notices
from supervision.ledger.items import audience_of
from supervision.ledger.notices import Draft
from supervision.queries.people import Recipient, flow, unit_people

ESCALATOR = flow("escalate_overdue")
BATCH = 1000
"""Subjects per transaction: what a crash can undo, and what others wait for."""


@dataclass(frozen=True)
class Subject:
    """An item or a reporting request whose ladder may climb."""

    item_id: int | None
    request_id: int | None
    unit_id: int
    title: str
    case: Case
    version: int
    ladder_id: int
    urgent: bool = False
    assignee_person_id: int | None = None
    is_part: bool = False

    @property
    def number(self) -> int:
        """Return its number among its kind."""
        return self.item_id or self.request_id or 0


@dataclass(frozen=True)
class Swept:
    """What one batch did. `last` is the highest number looked at; None when nothing was left."""

    made: tuple[Draft, ...]
    failures: tuple[str, ...]
    last: int | None


_Mark = tuple[Level | None, date | None]
"""What is noted on a subject: the highest rung issued, and the day of the next look."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """What is due to every subject whose case stands like this one."""

    issue: Issue | None
    mark: _Mark


def sweep_items(session: Session, force: InForce, *, as_of: date, at: datetime, after: int = 0) -> Swept:
    """Climb the ladder for the next batch of items numbered above `after`.

    Key: item, due-date version and rung; so run twice, late or beside another it makes the same notices.
    """
    chain.lock(session, force.tenant_id)
    return _sweep(session, force, _due_items(session, force, as_of, after), Item, as_of, at)


def sweep_requests(session: Session, force: InForce, *, as_of: date, at: datetime, after: int = 0) -> Swept:
    """Climb the ladder for the next batch of reporting requests numbered above `after`; keyed as items are."""
    chain.lock(session, force.tenant_id)
    return _sweep(session, force, _due_requests(session, force, as_of, after), ReportingRequest, as_of, at)


def _sweep(
    session: Session,
    force: InForce,
    subjects: Sequence[Subject],
    table: type[Item] | type[ReportingRequest],
    as_of: date,
    at: datetime,
) -> Swept:
    if not subjects:
        return Swept((), (), None)
    audience = cache(partial(audience_of, unit_people(session, force.tenant_id, on=day_of(at))))
    ladders = in_force.ladders(session, force)
    seen: dict[tuple[Case, int, bool], _Looked] = {}  # after an outage thousands of cases stand alike
    drafts, marks, failures = [], dict[_Mark, list[int]](), []
    for subject in subjects:
        alike = subject.case, subject.ladder_id, subject.is_part
        try:
            looked = seen.get(alike) or seen.setdefault(
                alike, _look(subject, ladder_of(subject, ladders), force, as_of)
            )
        except CalendarNotPublished as gap:
            failures.append(f"{notices.subject_key(subject.item_id, subject.request_id)}：{gap}")
            continue
        looked = seen[alike]
        marks.setdefault(looked.mark, []).append(subject.number)
        drafts += [_draft(subject, looked.issue, audience)] if looked.issue else []
    made = notices.make(session, force, drafts, at=at)
    _mark(session, table, marks)
    chain.append(session, force.tenant_id, [_event(force, draft, at) for draft in made])
    return Swept(tuple(made), tuple(failures), subjects[-1].number)


def ladder_of(subject: Subject, ladders: Mapping[int, Ladder]) -> Ladder:
    """Return the ladder the case was opened under; inside a unit nothing climbs to a paper of the office."""
    ladder = ladders[subject.ladder_id]
    return replace(ladder, rungs=tuple(r for r in ladder.rungs if not r.signed)) if subject.is_part else ladder


def _look(subject: Subject, ladder: Ladder, force: InForce, as_of: date) -> _Looked:
    """Return the rung that is due, if any, and what to note on the subject; a function of its case and ladder."""
    case = subject.case
    step: Step = next_step(case, ladder, as_of=as_of, calendar=force.calendar)
    issue = step if isinstance(step, Issue) else None
    if issue is not None:
        rung = issue.rung
        case = replace(case, issued=(*case.issued, Issued(rung.offset, None if rung.signed else as_of, None)))
        step = next_step(case, ladder, as_of=as_of, calendar=force.calendar)
    highest = max((i.offset for i in case.issued if i.issued_on), default=None)
    level = ladder.at(highest).level if highest is not None else None
    return _Looked(issue, (level, step.until if isinstance(step, Wait) else None))


def _mark(session: Session, table: type[Item] | type[ReportingRequest], marks: Mapping[_Mark, Sequence[int]]) -> None:
    """Note what was found, in one statement for all that stand alike."""
    session.flush()
    connection = session.connection()
    for (rung, sweep_on), numbers in marks.items():
        for start in range(0, len(numbers), notices.KEYS_PER_QUERY):
            part = col(table.id).in_(numbers[start : start + notices.KEYS_PER_QUERY])
            connection.execute(update(table).where(part).values(rung=rung, sweep_on=sweep_on))


def _draft(subject: Subject, step: Issue, audience: Callable[..., tuple[Recipient, ...]]) -> Draft:
    rung = step.rung
    return Draft(
        key=notices.rung_key(subject.item_id, subject.request_id, version=subject.version, offset=rung.offset),
        kind=NoticeKind(rung.level.value),
        unit_id=subject.unit_id,
        because=f"“{subject.title}”{step.because}",
        recipients=audience(subject.unit_id, subject.assignee_person_id, rung.audience),
        item_id=subject.item_id,
        request_id=subject.request_id,
        due_version=subject.version,
        rung=rung.offset,
        due=subject.case.due,
        urgent=subject.urgent,
        signed=rung.signed,
    )


def _event(force: InForce, draft: Draft, at: datetime) -> chain.Entry:
    action = f"draft_{draft.kind.value}" if draft.signed else draft.kind.value
    return chain.Entry(
        action, at, ESCALATOR.login, plan_id=force.plan_id, item_id=draft.item_id, request_id=draft.request_id,
        data={"key": draft.key, "because": draft.because, "to": [r.login for r in draft.recipients]},
    )  # fmt: skip


def _due_items(session: Session, force: InForce, as_of: date, after: int) -> list[Subject]:
    return subjects_of_items(session, force, col(Item.sweep_on) <= as_of, _number(Item.id) > after, limit=BATCH)


def subjects_of_items(
    session: Session, force: InForce, *chosen: ColumnElement[bool], limit: int | None = None
) -> list[Subject]:
    """Return the chosen items, by number, with the rungs that their present due-date version holds."""
    of_plan = col(Item.plan_id) == force.plan_id
    statement = select(*_ITEM).where(of_plan, *chosen).order_by(_number(Item.id)).limit(limit)
    return _of_rows(session, session.execute(statement).all())


def subject_of_item(session: Session, item: Item) -> Subject:
    """Return the item with the rungs that its present due-date version holds."""
    return _of_rows(session, [item])[0]


def _number(column: int | None) -> ColumnElement[int | None]:
    """Return the number as something that no index is of.

    Else both databases walk along the primary key through everything that is open, for the sake of the order; the
    index of what is due is the way, and what it finds is soon sorted.
    """
    return col(column) + 0


_ITEM = tuple(
    col(column)
    for column in (
        Item.id, Item.unit_id, Item.title, Item.due, Item.clock_started_on, Item.retrospective, Item.due_version,
        Item.ladder_id, Item.urgent, Item.assignee_person_id, Item.parent_id,
    )
)  # fmt: skip
"""What the ladder looks at: no more is read, for many are."""


def _of_rows(session: Session, rows: Sequence[Any]) -> list[Subject]:
    held = dict(_held(session, Notice.item_id, [row.id or 0 for row in rows]))
    return [_item(row, held.get((row.id or 0, row.due_version), ())) for row in rows]


def _item(row: Any, issued: tuple[Issued, ...]) -> Subject:
    return Subject(
        item_id=row.id,
        request_id=None,
        unit_id=row.unit_id,
        title=row.title,
        case=Case(row.due, row.clock_started_on, issued, row.retrospective),
        version=row.due_version,
        ladder_id=row.ladder_id,
        urgent=row.urgent,
        assignee_person_id=row.assignee_person_id,
        is_part=row.parent_id is not None,
    )


def _due_requests(session: Session, force: InForce, as_of: date, after: int) -> list[Subject]:
    due = col(ReportingRequest.sweep_on) <= as_of, _number(ReportingRequest.id) > after
    return subjects_of_requests(session, force, *due, limit=BATCH)


def subjects_of_requests(
    session: Session, force: InForce, *chosen: ColumnElement[bool], limit: int | None = None
) -> list[Subject]:
    """Return the chosen reporting requests, by number, with the rungs that their present version holds."""
    statement = (
        select(ReportingRequest, col(Form.title))
        .join(Form, col(Form.id) == col(ReportingRequest.form_id))
        .where(col(ReportingRequest.plan_id) == force.plan_id, *chosen)
        .order_by(_number(ReportingRequest.id))
        .limit(limit)
    )
    rows = session.execute(statement).tuples().all()
    held = dict(_held(session, Notice.request_id, [row.id or 0 for row, _ in rows]))
    return [_request(row, title, held.get((row.id or 0, row.due_version), ())) for row, title in rows]


def _request(row: ReportingRequest, title: str, issued: tuple[Issued, ...]) -> Subject:
    return Subject(
        item_id=None,
        request_id=row.id,
        unit_id=row.unit_id,
        title=f"{title}（{row.period}）",
        case=Case(row.due, row.clock_started_on, issued),
        version=row.due_version,
        ladder_id=row.ladder_id,
    )


def _held(
    session: Session, column: Any, numbers: Sequence[int]
) -> Iterator[tuple[tuple[int, int], tuple[Issued, ...]]]:
    """Yield the rungs issued by (subject, due-date version); a cancelled notice is none."""
    found: dict[tuple[int, int], list[Issued]] = {}
    for start in range(0, len(numbers), notices.KEYS_PER_QUERY):
        part = numbers[start : start + notices.KEYS_PER_QUERY]
        for number, version, rung, issued, delivered in session.execute(_rungs_of(column, part)):
            found.setdefault((number, version), []).append(
                Issued(rung, day_of(issued) if issued else None, day_of(delivered) if delivered else None)
            )
    yield from ((key, tuple(rungs)) for key, rungs in found.items())


def _rungs_of(column: Any, numbers: Sequence[int]) -> Select[Any]:
    return select(
        column, col(Notice.due_version), col(Notice.rung), col(Notice.issued_at), col(Notice.delivered_at)
    ).where(column.in_(numbers), col(Notice.rung).is_not(None), col(Notice.cancelled_at).is_(None))
