"""What a paper says about one item or reporting request, as it was known at an instant.

A paper that is printed again years later says what it said when it was issued, whatever has happened since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import Refused, UnknownName
from config.numbering import document_number
from config.plan import KeyTask, Safeguard
from config.terms import Decision, NoticeKind, PaperState, Responsibility, UnitKind
from models import Extension, Form, Item, Matter, Measure, Notice, Paper, ProgressReport, ReportingRequest, Unit
from models import KeyTask as KeyTaskRow
from supervision.in_force import InForce
from supervision.periods import parse_period
from supervision.queries.items import unit_name

_STEPS = (NoticeKind.URGE, NoticeKind.SUPERVISION_NOTICE)
"""The rungs that a later paper refers to."""


@dataclass(frozen=True)
class Step:
    """A rung that went before: what, when it was issued, and its 文号 if it has one."""

    kind: NoticeKind
    issued_on: date
    number: str | None = None


@dataclass(frozen=True)
class LatestFeedback:
    """What the unit said last before the paper."""

    day: date
    progress: str
    problems: str
    next_steps: str


@dataclass(frozen=True)
class Dossier:
    """What is said of an item, or of a request (`reports`). Empty texts: nothing to say.

    `unit` is the name on the day of the paper; `kind` that of the unit, for a bureau of the one it stands under.
    `due` is the date the notice is about, `original_due` the first one, `extensions` how often it was moved since.
    """

    number: int
    reports: bool
    title: str
    period: str
    unit: str
    unit_code: str
    kind: UnitKind
    role: Responsibility | None
    task: str
    lead_unit: str
    basis: str
    content: str
    deliverable: str
    evidence: str
    original_due: date
    due: date
    closes: date | None
    extensions: int
    urgent: bool
    steps: tuple[Step, ...]
    latest: LatestFeedback | None


@dataclass(frozen=True)
class PaperFile:
    """A notice as the paper it is printed as. `day` is that of its issue; None while a signature is missing."""

    kind: NoticeKind
    state: PaperState | None
    number: str | None
    day: date | None
    made_on: date
    dossier: Dossier


def signed_paper(session: Session, force: InForce, number: int) -> PaperFile:
    """Return a 督办单 or 通报 by its number in the list.

    Raises UnknownName, and Refused for one that was cancelled: it must not be printed any more.
    """
    statement = select(Paper, Notice).join(Notice, col(Notice.id) == col(Paper.notice_id))
    row = session.execute(statement.where(col(Paper.plan_id) == force.plan_id, col(Paper.id) == number)).one_or_none()
    if row is None:
        raise UnknownName(f"没有编号为 {number} 的文书；请用 duban paper list 查看")
    paper, notice = row
    if paper.state is PaperState.CANCELLED:
        raise Refused(f"文书 {number} 已作废，不能打印：所督办的事项在签发前已有结果或换了期限")
    return _file(session, force, notice, paper, until=paper.issued_at or force.now)


def assignment(session: Session, force: InForce, number: int) -> PaperFile:
    """Return the newest 交办 of an item. Raises UnknownName, Refused for an item that was never assigned."""
    return _latest(session, force, number, NoticeKind.ASSIGN, reports=False)


def urging(session: Session, force: InForce, number: int, *, reports: bool = False) -> PaperFile:
    """Return the newest 催办 of an item, or of a request. Raises UnknownName, Refused when there was none."""
    return _latest(session, force, number, NoticeKind.URGE, reports=reports)


def _latest(session: Session, force: InForce, number: int, kind: NoticeKind, *, reports: bool) -> PaperFile:
    subject = session.get(ReportingRequest if reports else Item, number)
    if subject is None or subject.plan_id != force.plan_id:
        name, command = ("报送任务", "duban requests") if reports else ("交办事项", "duban items")
        raise UnknownName(f"没有编号为 {number} 的{name}；请用 {command} 查看")
    about = col(Notice.request_id) == number if reports else col(Notice.item_id) == number
    statement = select(Notice).where(col(Notice.plan_id) == force.plan_id, about, col(Notice.kind) == kind)
    notice = session.scalars(statement.order_by(col(Notice.id).desc()).limit(1)).first()
    if notice is None:
        raise Refused(f"{'报送任务' if reports else '事项'} {number} 还没有{kind.label}，没有{kind.label}单可以打印")
    return _file(session, force, notice, None, until=notice.issued_at or notice.created_at)


def _file(session: Session, force: InForce, notice: Notice, paper: Paper | None, *, until: datetime) -> PaperFile:
    is_issued = paper is None or paper.issued_at is not None
    return PaperFile(
        kind=notice.kind,
        state=paper.state if paper else None,
        number=number_of(paper),
        day=day_of(until) if is_issued else None,
        made_on=day_of(notice.created_at),
        dossier=_of_item(session, force, notice, until)
        if notice.item_id is not None
        else _of_request(session, force, notice, until),
    )


def number_of(paper: Paper | None) -> str | None:
    """Return the 文号 that the paper was given when it was signed; None until then, and where there is no paper."""
    if paper is None or paper.series is None or paper.year is None or paper.number is None:
        return None
    return document_number(paper.series, paper.year, paper.number)


def _of_item(session: Session, force: InForce, notice: Notice, until: datetime) -> Dossier:
    item = session.get_one(Item, notice.item_id)
    task = _task(session, force, item)
    basis, content, deliverable, evidence = _basis(session, force, item)
    lead = force.plan.unit(task.lead).name_on(day_of(until)) if task else ""
    return Dossier(
        number=item.id or 0,
        reports=False,
        title=item.title,
        period="" if item.matter_id is not None else parse_period(item.period).in_words,
        unit=unit_name(force, notice.unit_id, day_of(until)),
        unit_code=force.unit_codes[notice.unit_id],
        kind=kind_of(session, notice.unit_id),
        role=item.role,
        task=f"{task.number}.{task.title}" if isinstance(task, KeyTask) else (task.title if task else ""),
        lead_unit=lead,
        basis=basis,
        content=content,
        deliverable=deliverable,
        evidence=evidence,
        original_due=item.original_due,
        due=notice.due or item.due,
        closes=None,
        extensions=_extensions(session, item.id or 0, until),
        urgent=item.urgent,
        steps=_steps(session, force, notice, until),
        latest=_feedback(session, item.id or 0, until),
    )


def _of_request(session: Session, force: InForce, notice: Notice, until: datetime) -> Dossier:
    request = session.get_one(ReportingRequest, notice.request_id)
    form = session.get_one(Form, request.form_id)
    due = notice.due or request.due
    return Dossier(
        number=request.id or 0,
        reports=True,
        title=form.title,
        period=parse_period(request.period).in_words,
        unit=unit_name(force, notice.unit_id, day_of(until)),
        unit_code=force.unit_codes[notice.unit_id],
        kind=kind_of(session, notice.unit_id),
        role=None,
        task="",
        lead_unit="",
        basis=force.plan.form(form.code).source,
        content="",
        deliverable="",
        evidence="",
        original_due=due,
        due=due,
        closes=request.closes,
        extensions=0,
        urgent=notice.urgent,
        steps=_steps(session, force, notice, until),
        latest=None,
    )


def kind_of(session: Session, unit_id: int) -> UnitKind:
    """Return what the unit answers to; a bureau answers to what it stands under."""
    unit = session.get_one(Unit, unit_id)
    return kind_of(session, unit.parent_unit_id) if unit.parent_unit_id is not None else unit.kind


def _task(session: Session, force: InForce, item: Item) -> KeyTask | Safeguard | None:
    if item.measure_id is not None:
        return force.plan.measure(session.get_one(Measure, item.measure_id).code)[0]
    if item.key_task_id is None:
        return None
    return force.plan.key_task(session.get_one(KeyTaskRow, item.key_task_id).number)


def _basis(session: Session, force: InForce, item: Item) -> tuple[str, str, str, str]:
    """Return where the item comes from, what is asked, what is to be handed in, and what proves it."""
    if item.matter_id is not None:
        matter = session.get_one(Matter, item.matter_id)
        return f"{matter.kind.label}（{matter.source_document}）", matter.content, "", ""
    if item.measure_id is None:
        return "", "", "", ""
    measure = force.plan.measure(session.get_one(Measure, item.measure_id).code)[1]
    return f"《{force.plan.title}》{measure.clause}", "", measure.deliverable, measure.evidence


def _extensions(session: Session, item_id: int, until: datetime) -> int:
    counted = select(func.count()).where(
        col(Extension.item_id) == item_id,
        col(Extension.decision) == Decision.APPROVED,
        col(Extension.decided_at) <= until,
    )
    return session.scalars(counted).one()


def _steps(session: Session, force: InForce, notice: Notice, until: datetime) -> tuple[Step, ...]:
    """Return the rungs of the same due-date version that were issued to the same unit before this notice."""
    about = (
        col(Notice.item_id) == notice.item_id
        if notice.item_id is not None
        else col(Notice.request_id) == notice.request_id
    )
    statement = (
        select(Notice, Paper)
        .outerjoin(Paper, col(Paper.notice_id) == col(Notice.id))
        .where(
            about,
            col(Notice.unit_id) == notice.unit_id,
            col(Notice.due_version) == notice.due_version,
            col(Notice.kind).in_(_STEPS),
            col(Notice.id) != notice.id,
            col(Notice.issued_at) <= until,
        )
        .order_by(col(Notice.issued_at), col(Notice.id))
    )
    rows = session.execute(statement).tuples()
    return tuple(Step(row.kind, day_of(row.issued_at or until), number_of(paper)) for row, paper in rows)


def _feedback(session: Session, item_id: int, until: datetime) -> LatestFeedback | None:
    said = select(ProgressReport).where(
        col(ProgressReport.item_id) == item_id, col(ProgressReport.reported_at) <= until
    )
    row = session.scalars(said.order_by(col(ProgressReport.id).desc()).limit(1)).first()
    return None if row is None else LatestFeedback(day_of(row.reported_at), row.progress, row.problems, row.next_steps)
