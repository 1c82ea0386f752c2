"""Everything that is known of one item, as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.terms import RUNNING_STATUSES, Action, DueReason, Level, Role, Status, SuspensionReason
from models import DueDate, Evidence, Item, Matter, Measure, Person, ProgressReport
from models import KeyTask as KeyTaskRow
from supervision import in_force, workflow
from supervision.escalation import Finished, Issue, next_step
from supervision.in_force import InForce
from supervision.ledger.extensions import pending
from supervision.ledger.rungs import ladder_of, subjects_of_items
from supervision.ledger.standing import standing
from supervision.queries import items as queries
from supervision.queries.items import ItemLine, line_of, lines_of, unit_name
from supervision.queries.people import Actor
from supervision.queries.register import PersonLine, persons
from supervision.workflow import Need

_PAPER_WORDS: Mapping[str, str] = {
    "review_paper": "审核文书",
    "sign_paper": "签发文书",
    "serve_paper": "登记送达",
    "receipt_paper": "登记回执",
    "draft_supervision_notice": "拟督办单",
    "draft_circular": "拟通报",
    "register": "立项",
    "log_personal_service": "登记当面或电话送达",
    "add_evidence": "上传佐证材料",
    "send_again": "重新发送通知",
}
"""What events beside the acts and the rungs are called."""


@dataclass(frozen=True)
class Origin:
    """Where the item comes from: its clause, and what is asked."""

    task: str
    lead_unit: str
    basis: str
    content: str
    deliverable: str
    evidence: str


@dataclass(frozen=True)
class DueVersion:
    """One version of the due date."""

    version: int
    due: date
    judges: bool
    reason: DueReason
    set_at: datetime
    set_by: str


@dataclass(frozen=True)
class LadderRung:
    """One rung of the ladder of the present version: when it was issued and reached the unit, None for not yet."""

    level: Level
    offset: int
    issued_on: date | None
    delivered_on: date | None
    is_held: bool


@dataclass(frozen=True)
class Climb:
    """How far the ladder has been climbed, and in words what comes next; `until` is the earliest day, if known."""

    rungs: tuple[LadderRung, ...]
    next_words: str
    until: date | None


@dataclass(frozen=True)
class Report:
    """One report of the unit."""

    at: datetime
    by: str
    progress: str
    problems: str
    next_steps: str
    completion: bool
    recorded_from: str | None


@dataclass(frozen=True)
class Attachment:
    """One piece of evidence."""

    id: int
    file_name: str
    size: int
    sha256: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Asked:
    """An extension that waits for an answer."""

    due: date
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Happened:
    """One event of the timeline, in words. `details` are (what, text)."""

    seq: int
    at: datetime
    who: str
    acting_for: str | None
    what: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Doable:
    """One act that this person may do now; `needs` is what it must bring along."""

    action: Action
    needs: frozenset[Need]
    recorded: bool = False
    """Whether it is a unit's act that the office records (代录)."""


@dataclass(frozen=True)
class ItemPage:
    """All of it."""

    line: ItemLine
    row: Item
    origin: Origin
    people: Sequence[PersonLine]
    dues: tuple[DueVersion, ...]
    extension: Asked | None
    climb: Climb | None
    reports: tuple[Report, ...]
    evidence: tuple[Attachment, ...]
    parts: tuple[ItemLine, ...]
    timeline: tuple[Happened, ...]
    doable: tuple[Doable, ...]


def item_page(session: Session, force: InForce, item: Item, actor: Actor, *, as_of: date) -> ItemPage:
    """Return what the page of the item shows to `actor` on `as_of`."""
    names = _names(session, force)
    asked = pending(session, item)
    return ItemPage(
        line=queries.item(session, force, item.id or 0, as_of=as_of),
        row=item,
        origin=_origin(session, force, item, as_of),
        people=persons(session, force, on=as_of, unit_id=item.unit_id),
        dues=_dues(session, item, names),
        extension=None
        if asked is None
        else Asked(asked.asked_due, asked.reason, names.get(asked.requested_by, ""), asked.requested_at),
        climb=_climb(session, force, item, as_of),
        reports=_reports(session, item, names),
        evidence=_evidence(session, item, names),
        parts=_parts(session, force, item, as_of),
        timeline=_timeline(session, force, item),
        doable=doable(session, item, actor),
    )


def doable(session: Session, item: Item, actor: Actor) -> tuple[Doable, ...]:
    """Return what `actor` may do to the item now, own acts first; for the office also what it may record for the unit.

    An answer to an extension is offered only while one is asked for. Whether a second person is needed is decided when
    the act is done: then the reason is told.
    """
    if item.retrospective:
        return ()
    asked = pending(session, item) is not None
    answers = {Action.APPROVE_EXTENSION, Action.REJECT_EXTENSION}
    moves = {move.action: move for move in workflow.MOVES}
    own = workflow.permitted(item.status, standing(session, item, actor, action=Action.ASSIGN).roles)
    found = [Doable(action, moves[action].needs) for action in own if action not in answers or asked]
    if actor.holds(Role.OFFICE) and item.parent_id is None:
        recorded = workflow.permitted(item.status, {Role.LIAISON})
        found += [Doable(action, moves[action].needs, recorded=True) for action in recorded if action not in own]
    return tuple(each for each in found if each.action is not Action.REASSIGN or item.parent_id is None)


def _names(session: Session, force: InForce) -> Mapping[int, str]:
    rows = session.execute(select(col(Person.id), col(Person.name)).where(col(Person.tenant_id) == force.tenant_id))
    return {number or 0: name for number, name in rows.tuples()}


def _origin(session: Session, force: InForce, item: Item, as_of: date) -> Origin:
    if item.matter_id is not None:
        matter = session.get_one(Matter, item.matter_id)
        basis = f"{matter.kind.label}（{matter.source_document}，{matter.received_on} 收文）"
        return Origin(_task_of(session, force, item), "", basis, matter.content, "", "")
    if item.measure_id is None:
        return Origin(_task_of(session, force, item), "", "", "", "", "")
    task, measure = force.plan.measure(session.get_one(Measure, item.measure_id).code)
    lead = force.plan.unit(task.lead).name_on(as_of)
    return Origin(
        task=_task_of(session, force, item) or task.title,
        lead_unit=lead,
        basis=f"《{force.plan.title}》{measure.clause}",
        content=measure.title,
        deliverable=measure.deliverable,
        evidence=measure.evidence,
    )


def _task_of(session: Session, force: InForce, item: Item) -> str:
    if item.key_task_id is None:
        return ""
    task = force.plan.key_task(session.get_one(KeyTaskRow, item.key_task_id).number)
    return f"{task.number}. {task.title}"


def _dues(session: Session, item: Item, names: Mapping[int, str]) -> tuple[DueVersion, ...]:
    rows = session.scalars(select(DueDate).where(col(DueDate.item_id) == item.id).order_by(col(DueDate.version)))
    return tuple(
        DueVersion(row.version, row.due, row.judges, row.reason, row.set_at, names.get(row.set_by or 0, "系统"))
        for row in rows
    )


def _climb(session: Session, force: InForce, item: Item, as_of: date) -> Climb | None:
    """Return the ladder of the present version; None for what never climbs."""
    if item.retrospective or item.status is Status.REGISTERED:
        return None
    subject = subjects_of_items(session, force, col(Item.id) == item.id)[0]
    ladder = ladder_of(subject, in_force.ladders(session, force.plan_id))
    rungs = []
    for rung in ladder.rungs:
        held = subject.case.holding(rung)
        issued, delivered = (held.issued_on, held.delivered_on) if held else (None, None)
        rungs.append(LadderRung(rung.level, rung.offset, issued, delivered, held is not None))
    if item.status not in RUNNING_STATUSES:
        return Climb(tuple(rungs), _stands(item), None)
    step = next_step(subject.case, ladder, as_of=as_of, calendar=force.calendar)
    if isinstance(step, Issue):
        return Climb(tuple(rungs), f"{step.because}，将于下一次督办巡查时发出", as_of)
    return Climb(tuple(rungs), step.because, None if isinstance(step, Finished) else step.until)


def _stands(item: Item) -> str:
    if item.status is Status.COMPLETION_REPORTED:
        return "已报请办结，时限停止计算，核验期间不再提醒、催办"
    if item.status in workflow.PAUSED:
        return f"现为“{item.status.label}”，时限停止计算，有结果后继续"
    return f"现为“{item.status.label}”，不再提醒、催办"


def _reports(session: Session, item: Item, names: Mapping[int, str]) -> tuple[Report, ...]:
    rows = session.scalars(
        select(ProgressReport).where(col(ProgressReport.item_id) == item.id).order_by(col(ProgressReport.id).desc())
    )
    return tuple(
        Report(row.reported_at, names.get(row.reported_by, ""), row.progress, row.problems, row.next_steps,
               row.reports_completion, row.recorded_from)
        for row in rows
    )  # fmt: skip


def _evidence(session: Session, item: Item, names: Mapping[int, str]) -> tuple[Attachment, ...]:
    rows = session.scalars(select(Evidence).where(col(Evidence.item_id) == item.id).order_by(col(Evidence.id)))
    return tuple(
        Attachment(row.id or 0, row.file_name, row.size, row.sha256, names.get(row.added_by, ""), row.added_at)
        for row in rows
    )


def _parts(session: Session, force: InForce, item: Item, as_of: date) -> tuple[ItemLine, ...]:
    ladders = in_force.ladders(session, force.plan_id)
    rows = session.execute(lines_of(force).where(col(Item.parent_id) == item.id).order_by(col(Item.id))).tuples()
    return tuple(line_of(force, ladders, as_of, *row) for row in rows)


def _timeline(session: Session, force: InForce, item: Item) -> tuple[Happened, ...]:
    called = dict(
        session.execute(select(col(Person.login), col(Person.name)).where(col(Person.tenant_id) == force.tenant_id))
        .tuples()
        .all()
    )
    return tuple(
        Happened(
            line.seq, line.at, called.get(line.actor, "系统" if line.actor.startswith("flow:") else line.actor),
            called.get(line.acting_for or "", line.acting_for), _called(line.action), tuple(_details(force, line.data)),
        )
        for line in queries.history(session, force, item.id or 0)
    )  # fmt: skip


def _called(action: str) -> str:
    if action in _PAPER_WORDS:
        return _PAPER_WORDS[action]
    for terms in (Action, Level):
        if action in {term.value for term in terms}:
            return terms(action).label
    return action


def _details(force: InForce, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what an event kept, as (what, text), in the order in which it is read."""
    found = []
    if data.get("from") and data.get("to") and data["from"] != data["to"]:
        found.append(("状态", f"{Status(data['from']).label} → {Status(data['to']).label}"))
    words = (
        ("comment", "内容"), ("problems", "存在的问题"), ("next_steps", "下一步措施"), ("because", "事由"),
        ("source", "代录来源"), ("how", "方式"), ("number", "文号"), ("file", "文件"), ("asked_due", "申请延至"),
        ("due", "期限"), ("extension", "延期申请"),
    )  # fmt: skip
    found += [(title, str(data[key])) for key, title in words if data.get(key)]
    if data.get("reason") in {reason.value for reason in SuspensionReason}:
        found.append(("暂缓事由", SuspensionReason(data["reason"]).label))
    for key, title in (("unit", "责任单位"), ("former_unit", "原责任单位")):
        if data.get(key) in force.unit_ids:
            found.append((title, unit_name(force, force.unit_ids[data[key]], force.today)))
    return found
