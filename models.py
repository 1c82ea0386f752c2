"""The tables. No rules, no queries.

Every row of a tenant carries `tenant_id`; every row of a plan carries `plan_id` beside it, and both lead the
unique keys. References inside a plan are composite, so that the database itself refuses a row of one plan that
points into another. Reference data comes first, then the work, the figures, the notices, and the audit.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from config.terms import (
    AssessmentState,
    Cadence,
    Channel,
    Decision,
    DeliveryStatus,
    DueReason,
    FigureState,
    Finding,
    FlowOutcome,
    Level,
    MailOutcome,
    MatterKind,
    NoticeKind,
    PaperState,
    Population,
    ReleaseStatus,
    RequestState,
    Responsibility,
    Role,
    SeriesKind,
    Status,
    SubmissionState,
    TargetState,
    UnitKind,
    ValueMark,
)
from database.columns import ExactDecimal, UtcDateTime, document, term

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _in_tenant(*columns: str) -> list[ForeignKeyConstraint]:
    """Return composite references `tenant_id, column` for columns named `<something>unit_id` or `<…>person_id`."""
    tables = {"unit": "unit", "person": "person"}
    return [
        ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"])
        for column in columns
        for suffix, table in tables.items()
        if column.removesuffix("_id").endswith(suffix)
    ]


def _in_plan(**columns: str) -> list[ForeignKeyConstraint]:
    """Return composite references `plan_id, column` to the named tables, after the one to the plan itself."""
    return [
        ForeignKeyConstraint(["tenant_id", "plan_id"], ["plan.tenant_id", "plan.id"]),
        *(
            ForeignKeyConstraint(["plan_id", column], [f"{table}.plan_id", f"{table}.id"])
            for column, table in columns.items()
        ),
    ]


class _Table(SQLModel):
    @declared_attr.directive
    def __tablename__(cls) -> str:
        """Return the class name in snake_case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class _Row(_Table):
    id: int | None = Field(default=None, primary_key=True)


class _TenantRow(_Row):
    tenant_id: int = Field(foreign_key="tenant.id")


class _PlanRow(_Row):
    tenant_id: int
    plan_id: int


# ---------------------------------------------------------------- reference data


class Tenant(_Row, table=True):
    """One leading group: a city, a county, a ministry. Nothing of it is shown to another."""

    code: str = Field(unique=True)
    name: str


class Plan(_TenantRow, table=True):
    """One action plan (行动计划) under supervision."""

    __table_args__ = (UniqueConstraint("tenant_id", "code"), UniqueConstraint("tenant_id", "id"))

    code: str
    title: str
    starts: date
    ends: date
    issued: date
    content_id: int | None = None
    """The plan version in force."""
    demonstrated_until: date | None = None
    """模拟数据: the day up to which a demonstration has played; the clock stands still there. Null: real work."""


class PlanVersion(_PlanRow, table=True):
    """The plan folder as it was loaded, whole, with the digest of its content."""

    __table_args__ = (*_in_plan(), UniqueConstraint("plan_id", "number"))

    number: int
    digest: str
    content: dict[str, Any] = Field(sa_type=document())
    loaded_at: datetime = Field(sa_type=UtcDateTime)


class Ladder(_PlanRow, table=True):
    """An escalation ladder as it was when cases were opened under it."""

    __table_args__ = (*_in_plan(), UniqueConstraint("plan_id", "digest"), UniqueConstraint("plan_id", "id"))

    digest: str
    content: dict[str, Any] = Field(sa_type=document())


class CalendarYear(_TenantRow, table=True):
    """A year's arrangement of days off that the office loaded from a file."""

    __table_args__ = (UniqueConstraint("tenant_id", "year"),)

    year: int
    arrangement: dict[str, Any] = Field(sa_type=document())
    loaded_at: datetime = Field(sa_type=UtcDateTime)


class Unit(_TenantRow, table=True):
    """An organisation (单位): municipal, central, a district, or a bureau under one of them."""

    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        UniqueConstraint("tenant_id", "name"),
        UniqueConstraint("tenant_id", "id"),
        *_in_tenant("parent_unit_id"),
    )

    code: str
    name: str
    kind: UnitKind = Field(sa_type=term(UnitKind))
    sort_order: int
    peer_group: str | None = None
    parent_unit_id: int | None = None


class Membership(_PlanRow, table=True):
    """One unit's dated membership of a named group (领导小组各成员单位, 各区县（市）政府)."""

    __table_args__ = (
        *_in_plan(),
        *_in_tenant("unit_id"),
        UniqueConstraint("plan_id", "group_name", "unit_id", "since"),
    )

    group_name: str
    unit_id: int
    since: date
    until: date | None = None
    source: str


class Person(_TenantRow, table=True):
    """A person, or a post account that stands for whoever holds the post."""

    __table_args__ = (UniqueConstraint("tenant_id", "login"), UniqueConstraint("tenant_id", "id"))

    login: str
    name: str
    email: str | None = None
    phone: str | None = None
    channels: str | None = None
    """The channels by which the person is reached, in their order, with commas between; null: the office's order."""
    active: bool = True
    synthetic: bool = False
    """模拟数据: made up for a demonstration."""


class Appointment(_TenantRow, table=True):
    """A role held from–until (任职): for a unit, or for the office and the leading group when `unit_id` is null."""

    __table_args__ = (
        *_in_tenant("person_id", "unit_id"),
        UniqueConstraint("tenant_id", "person_id", "role", "unit_id", "since"),
        Index("ix_appointment_unit_role", "tenant_id", "unit_id", "role"),
    )

    person_id: int
    unit_id: int | None = None
    role: Role = Field(sa_type=term(Role))
    since: date
    until: date | None = None


class Delegation(_TenantRow, table=True):
    """Between two dates (both inclusive) one person acts for another; both names stand in the audit."""

    __table_args__ = (
        *_in_tenant("from_person_id", "to_person_id"),
        UniqueConstraint("tenant_id", "from_person_id", "to_person_id", "since"),
    )

    from_person_id: int
    to_person_id: int
    since: date
    until: date
    reason: str


class Indicator(_PlanRow, table=True):
    """A target of the plan with its definition (口径). The whole definition stands in the plan version."""

    __table_args__ = (*_in_plan(), UniqueConstraint("plan_id", "code"), UniqueConstraint("plan_id", "id"))

    code: str
    goal: int
    name: str
    measure_type: str
    unit_of_measure: str
    target: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    sort_order: int


class DistrictTarget(_PlanRow, table=True):
    """One unit's share of an indicator's target. A later version replaces an earlier one from its date on.

    The unit confirms its share, or objects to it once; the office answers with a new version, or upholds this one.
    """

    __table_args__ = (
        *_in_plan(indicator_id="indicator"),
        *_in_tenant("unit_id"),
        UniqueConstraint("plan_id", "indicator_id", "unit_id", "version"),
    )

    indicator_id: int
    unit_id: int
    version: int
    target: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    baseline: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    base: str | None = None
    """The base by which it was split; null: given by hand, or the same as the city's."""
    source: str
    set_at: datetime = Field(sa_type=UtcDateTime)
    set_by: int | None = Field(default=None, foreign_key="person.id")
    """Null: as the plan apportions it."""
    reason: str | None = None
    """Why it was set otherwise than the plan apportions it."""
    state: TargetState = Field(default=TargetState.PROPOSED, sa_type=term(TargetState))
    """What follows from the three instants below; here for lists that look for one state."""
    confirmed_by: int | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    objected_by: int | None = Field(default=None, foreign_key="person.id")
    objected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    comment: str | None = None
    """What the unit objected."""
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer: str | None = None
    """Why the office upholds it in spite of the objection."""


class KeyTask(_PlanRow, table=True):
    """One of the plan's key tasks (重点任务)."""

    __table_args__ = (
        *_in_plan(),
        *_in_tenant("lead_unit_id"),
        UniqueConstraint("plan_id", "number"),
        UniqueConstraint("plan_id", "id"),
    )

    number: int
    title: str
    lead_unit_id: int


class TaskUnit(_PlanRow, table=True):
    """A unit's part in a key task, and the group it came in by when it is not named itself."""

    __table_args__ = (
        *_in_plan(key_task_id="key_task"),
        *_in_tenant("unit_id"),
        UniqueConstraint("plan_id", "key_task_id", "unit_id"),
    )

    key_task_id: int
    unit_id: int
    responsibility: Responsibility = Field(sa_type=term(Responsibility))
    via_group: str | None = None


class Measure(_PlanRow, table=True):
    """An action that the plan names (举措), under a key task or among the safeguards (then `key_task_id` is null)."""

    __table_args__ = (
        *_in_plan(key_task_id="key_task"),
        UniqueConstraint("plan_id", "code"),
        UniqueConstraint("plan_id", "id"),
    )

    key_task_id: int | None = None
    code: str
    title: str
    cadence: Cadence = Field(sa_type=term(Cadence))
    due_rule: str
    clause: str
    sort_order: int


class Ruling(_PlanRow, table=True):
    """What the office ruled on a contested definition: the ambiguity register."""

    __table_args__ = (*_in_plan(), UniqueConstraint("plan_id", "topic", "ruled_on"))

    topic: str
    ruling: str
    ruled_on: date
    source: str


# ---------------------------------------------------------------- the work


class Matter(_PlanRow, table=True):
    """A matter from outside the plan's measures (领导批示, 会议议定事项, 专班交办), with its source document."""

    __table_args__ = (
        *_in_plan(key_task_id="key_task"),
        UniqueConstraint("plan_id", "number"),
        UniqueConstraint("plan_id", "id"),
    )

    number: int
    kind: MatterKind = Field(sa_type=term(MatterKind))
    title: str
    content: str
    source_document: str
    received_on: date
    key_task_id: int | None = None


class Item(_PlanRow, table=True):
    """An assigned item (交办事项): one matter × one responsible unit × one occurrence.

    `due` is the date of the present due-date version, which the ladder follows; `judged_due` is the date in force
    from approved extensions, which the assessment judges by. `sweep_on` is an index: the first day on which the
    escalation sweep has to look at the item; null while only an event can change anything.

    ix_item_board and ix_item_ledger hold everything that the board counts and the ledger filters by: of 100,000 items
    no row is touched until a page of them is shown.
    """

    __table_args__ = (
        *_in_plan(
            key_task_id="key_task", measure_id="measure", matter_id="matter", parent_id="item", ladder_id="ladder"
        ),
        *_in_tenant("unit_id", "assignee_person_id"),
        UniqueConstraint("plan_id", "occurrence"),
        UniqueConstraint("plan_id", "id"),
        Index(
            "ix_item_sweep",
            "plan_id",
            "sweep_on",
            sqlite_where=text("sweep_on IS NOT NULL"),
            postgresql_where=text("sweep_on IS NOT NULL"),
        ),
        Index("ix_item_unit", "plan_id", "unit_id", "status"),
        Index(
            "ix_item_board",
            "plan_id",
            "key_task_id",
            "unit_id",
            "status",
            "due",
            "ladder_id",
            "retrospective",
            "completed_at",
        ),
        Index(
            "ix_item_ledger",
            "plan_id",
            "retrospective",
            "due",
            "status",
            "unit_id",
            "key_task_id",
            "ladder_id",
            "assignee_person_id",
            "rung",
            "source",
        ),
        Index("ix_item_status_due", "plan_id", "status", "due"),
        Index(
            "ix_item_parent",
            "parent_id",
            sqlite_where=text("parent_id IS NOT NULL"),
            postgresql_where=text("parent_id IS NOT NULL"),
        ),
    )

    occurrence: str
    """What makes the item unique: measure, period and unit; or matter and unit; or parent and ordinal."""
    source: MatterKind = Field(sa_type=term(MatterKind))
    key_task_id: int | None = None
    measure_id: int | None = None
    matter_id: int | None = None
    parent_id: int | None = None
    unit_id: int
    assignee_person_id: int | None = None
    role: Responsibility = Field(sa_type=term(Responsibility))
    period: str
    title: str
    urgent: bool = False
    retrospective: bool = False
    """Due before the plan was issued: recorded, never chased, never counted."""
    status: Status = Field(sa_type=term(Status))
    resumes_to: Status | None = Field(default=None, sa_type=term(Status))
    """The status to return to from a dispute or a suspension."""
    paused_on: date | None = None
    """The day of the suspension: what was left of the time on it is given back at the resumption."""
    original_due: date
    due: date
    judged_due: date
    due_version: int = 1
    clock_started_on: date
    """The day on which the present due-date version began: rungs before it lapse."""
    ladder_id: int
    sweep_on: date | None = None
    rung: Level | None = Field(default=None, sa_type=term(Level))
    """The highest rung issued in the present version."""
    assigned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    assigned_by: int | None = Field(default=None, foreign_key="person.id")
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The completion report that awaits verification."""
    reported_by: int | None = Field(default=None, foreign_key="person.id")
    completed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The instant of the completion report that was verified."""
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revision: int = 1
    """Grows by one with each act: two people acting on the same state collide, and the second is told."""


class DueDate(_PlanRow, table=True):
    """One version of an item's due date; the first is the original and stays for ever."""

    __table_args__ = (*_in_plan(item_id="item"), UniqueConstraint("plan_id", "item_id", "version"))

    item_id: int
    version: int
    due: date
    judges: bool
    """Whether the assessment judges by this date; false for a date that a return set."""
    reason: DueReason = Field(sa_type=term(DueReason))
    set_at: datetime = Field(sa_type=UtcDateTime)
    set_by: int | None = Field(default=None, foreign_key="person.id")


class Extension(_PlanRow, table=True):
    """A request to move a due date (延期申请) and its answer by somebody else. At most one is pending."""

    __table_args__ = (
        *_in_plan(item_id="item"),
        Index(
            "uq_extension_pending",
            "plan_id",
            "item_id",
            unique=True,
            sqlite_where=text("decision = 'pending'"),
            postgresql_where=text("decision = 'pending'"),
        ),
        Index("ix_extension_item", "plan_id", "item_id"),
    )

    item_id: int
    asked_due: date
    reason: str
    requested_by: int = Field(foreign_key="person.id")
    requested_at: datetime = Field(sa_type=UtcDateTime)
    decision: Decision = Field(default=Decision.PENDING, sa_type=term(Decision))
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    comment: str | None = None


class ProgressReport(_PlanRow, table=True):
    """Feedback on an item: 进展情况, 存在的问题, 下一步措施."""

    __table_args__ = (*_in_plan(item_id="item"), Index("ix_progress_report_item", "plan_id", "item_id"))

    item_id: int
    progress: str
    problems: str = ""
    next_steps: str = ""
    reports_completion: bool = False
    reported_by: int = Field(foreign_key="person.id")
    reported_at: datetime = Field(sa_type=UtcDateTime)
    recorded_from: str | None = None
    """代录: the phone call or paper from which the office recorded it."""


class Evidence(_PlanRow, table=True):
    """A file that supports a report or a figure (佐证材料), kept under the hash of its content."""

    __table_args__ = (
        *_in_plan(item_id="item", request_id="reporting_request"),
        Index("ix_evidence_item", "plan_id", "item_id"),
    )

    item_id: int | None = None
    request_id: int | None = None
    file_name: str
    media_type: str
    size: int
    sha256: str
    added_by: int = Field(foreign_key="person.id")
    added_at: datetime = Field(sa_type=UtcDateTime)


# ---------------------------------------------------------------- figures


class Form(_PlanRow, table=True):
    """A reporting form (报表). Its indicators, reporters and windows stand in the plan version."""

    __table_args__ = (*_in_plan(), UniqueConstraint("plan_id", "code"), UniqueConstraint("plan_id", "id"))

    code: str
    title: str
    frequency: Cadence = Field(sa_type=term(Cadence))


class ReportingRequest(_PlanRow, table=True):
    """One form × one reporting unit × one period (报送任务). Opens, due and closes are three dates."""

    __table_args__ = (
        *_in_plan(form_id="form", ladder_id="ladder"),
        *_in_tenant("unit_id"),
        UniqueConstraint("plan_id", "form_id", "unit_id", "period"),
        UniqueConstraint("plan_id", "id"),
        Index(
            "ix_request_sweep",
            "plan_id",
            "sweep_on",
            sqlite_where=text("sweep_on IS NOT NULL"),
            postgresql_where=text("sweep_on IS NOT NULL"),
        ),
        Index("ix_request_state", "plan_id", "state", "closes"),
    )

    form_id: int
    unit_id: int
    period: str
    opens: date
    due: date
    closes: date
    state: RequestState = Field(default=RequestState.OPEN, sa_type=term(RequestState))
    due_version: int = 1
    clock_started_on: date
    ladder_id: int
    sweep_on: date | None = None
    rung: Level | None = Field(default=None, sa_type=term(Level))
    late: bool = False
    """Whether the first filing came after the due date."""
    returned: int = 0
    """How often it was returned."""
    filed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The first filing."""
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revision: int = 1


class Submission(_PlanRow, table=True):
    """One filed version of a request (报送); the file's digest tells a repetition from a correction."""

    __table_args__ = (
        *_in_plan(request_id="reporting_request"),
        UniqueConstraint("plan_id", "request_id", "version"),
        UniqueConstraint("plan_id", "id"),
    )

    request_id: int
    version: int
    digest: str
    file_name: str
    state: SubmissionState = Field(default=SubmissionState.FILED, sa_type=term(SubmissionState))
    filed_by: int | None = Field(default=None, foreign_key="person.id")
    filed_at: datetime = Field(sa_type=UtcDateTime)
    late: bool = False
    recorded_from: str | None = None
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    comment: str | None = None


class Figure(_PlanRow, table=True):
    """One version of one value: indicator × area × period (数值). Nothing is overwritten.

    `unit_id` is the area the value is about, which need not be the unit that filed it.
    """

    __table_args__ = (
        *_in_plan(indicator_id="indicator", submission_id="submission"),
        *_in_tenant("unit_id"),
        UniqueConstraint("plan_id", "indicator_id", "unit_id", "period", "version"),
        Index("ix_figure_submission", "submission_id"),
    )

    indicator_id: int
    unit_id: int
    period: str
    version: int
    submission_id: int
    state: FigureState = Field(sa_type=term(FigureState))
    value: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    note: str | None = None
    filed_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


# ---------------------------------------------------------------- notices


class Notice(_PlanRow, table=True):
    """A verdict that somebody has to be told something: once per key, whatever happens.

    A rung's key holds item or request, due-date version and rung. `issued_at` is null while a paper waits for its
    signature; `delivered_at` is the first delivery to the unit now responsible.
    """

    __table_args__ = (
        *_in_plan(item_id="item", request_id="reporting_request"),
        *_in_tenant("unit_id"),
        UniqueConstraint("plan_id", "key"),
        UniqueConstraint("plan_id", "id"),
        Index("ix_notice_item", "plan_id", "item_id", "due_version"),
        Index("ix_notice_request", "plan_id", "request_id", "due_version"),
    )

    key: str
    kind: NoticeKind = Field(sa_type=term(NoticeKind))
    item_id: int | None = None
    request_id: int | None = None
    unit_id: int
    due_version: int
    rung: int | None = None
    """Working days from the due date; null for a notice that is not a rung."""
    due: date | None = None
    because: str
    """Why it was made, in words for the person who gets it."""
    urgent: bool = False
    not_before: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    issued_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Paper(_PlanRow, table=True):
    """A paper that people sign: a 督办单 or 通报 of the ladder, a 函 in their place, or the bulletin (考核通报).

    The ladder's are about a notice, drafted with it and sent to its unit. A bulletin is about an assessment, drafted
    by a person, and sent to many units: see PaperCopy.
    Numbered at signing without gaps. `series` is what stands before the year in the 文号, as in 杭小微办督: kept with
    the paper, so that a later change of the plan renames nothing, and counted over all plans of the tenant.
    """

    __table_args__ = (
        *_in_plan(notice_id="notice", assessment_id="assessment"),
        UniqueConstraint("plan_id", "id"),
        UniqueConstraint("plan_id", "notice_id"),
        UniqueConstraint("plan_id", "assessment_id"),
        UniqueConstraint("tenant_id", "series", "year", "number"),
        CheckConstraint("(series IS NULL) = (number IS NULL) AND (year IS NULL) = (number IS NULL)", name="numbered"),
        CheckConstraint("(notice_id IS NULL) <> (assessment_id IS NULL)", name="subject"),
        Index("ix_paper_state", "plan_id", "state"),
    )

    notice_id: int | None = None
    assessment_id: int | None = None
    level: Level = Field(sa_type=term(Level))
    state: PaperState = Field(default=PaperState.DRAFTED, sa_type=term(PaperState))
    series: str | None = None
    year: int | None = None
    number: int | None = None
    drafted_by: int | None = Field(default=None, foreign_key="person.id")
    """Who drafted a bulletin; null for what the ladder drafted."""
    drafted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    remark: str | None = None
    """Why it was sent back to be drafted again (退回); null again once it is reviewed."""
    reviewed_by: int | None = Field(default=None, foreign_key="person.id")
    reviewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    issued_by: int | None = Field(default=None, foreign_key="person.id")
    issued_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    served_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    receipted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revision: int = 1


class PaperCopy(_PlanRow, table=True):
    """One unit's copy of a signed bulletin. It is served (送达) when its notice is delivered; the receipt is its own.

    The bulletin itself stays `issued`: how many copies are served and receipted is counted, not stored.
    """

    __table_args__ = (
        *_in_plan(paper_id="paper", notice_id="notice"),
        UniqueConstraint("plan_id", "notice_id"),
        Index("ix_paper_copy_paper", "plan_id", "paper_id"),
    )

    paper_id: int
    notice_id: int
    receipted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Delivery(_PlanRow, table=True):
    """One notice to one person by one channel."""

    __table_args__ = (
        *_in_plan(notice_id="notice", message_id="message"),
        *_in_tenant("person_id"),
        UniqueConstraint("plan_id", "notice_id", "person_id", "channel"),
        Index(
            "ix_delivery_waiting",
            "plan_id",
            "next_try_at",
            sqlite_where=text("status IN ('created', 'temporary', 'technical', 'sending')"),
            postgresql_where=text("status IN ('created', 'temporary', 'technical', 'sending')"),
        ),
        Index("ix_delivery_message", "message_id"),
    )

    notice_id: int
    person_id: int
    channel: Channel = Field(sa_type=term(Channel))
    of_unit: bool = True
    """Whether the person belongs to the unit addressed (only then a delivery counts as a warning)."""
    status: DeliveryStatus = Field(default=DeliveryStatus.CREATED, sa_type=term(DeliveryStatus))
    attempts: int = 0
    next_try_at: datetime = Field(sa_type=UtcDateTime)
    message_id: int | None = None
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    detail: str | None = None


class Message(_PlanRow, table=True):
    """What actually travels: one paper, or the digest of a person's day, carrying one or more deliveries."""

    __table_args__ = (
        *_in_plan(),
        *_in_tenant("person_id"),
        UniqueConstraint("plan_id", "key"),
        UniqueConstraint("plan_id", "id"),
        Index("ix_message_person", "plan_id", "person_id"),
    )

    key: str
    """`digest/<person>/<day>` or `notice/<notice>/<person>`: also the source of the Message-ID.

    By another channel than e-mail the channel stands behind it.
    """
    person_id: int
    channel: Channel = Field(sa_type=term(Channel))
    subject: str
    status: DeliveryStatus = Field(sa_type=term(DeliveryStatus))
    claimed_at: datetime = Field(sa_type=UtcDateTime)
    claimed_by: str
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    detail: str | None = None


class GroupPost(_PlanRow, table=True):
    """What a robot says in a work group about the digests of one day: kinds and counts, once per robot and day.

    It reaches a group, nobody in particular, so it is no delivery and never sets `delivered_at`.
    """

    __table_args__ = (*_in_plan(), UniqueConstraint("plan_id", "key"))

    key: str
    """`<platform>/<group>/<day>`, where the group is a unit's code or `office`."""
    day: date
    text: str
    status: DeliveryStatus = Field(sa_type=term(DeliveryStatus))
    attempts: int = 0
    next_try_at: datetime = Field(sa_type=UtcDateTime)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    detail: str | None = None


class IncomingMail(_PlanRow, table=True):
    """A mail that came into the mailbox to which units answer, what became of it, and the answer to its sender."""

    __table_args__ = (
        *_in_plan(request_id="reporting_request"),
        *_in_tenant("person_id"),
        UniqueConstraint("plan_id", "key"),
        Index("ix_incoming_mail_seen", "plan_id", "seen_at"),
        Index(
            "ix_incoming_mail_waiting",
            "plan_id",
            "next_try_at",
            sqlite_where=text("next_try_at IS NOT NULL"),
            postgresql_where=text("next_try_at IS NOT NULL"),
        ),
    )

    key: str
    """SHA-256 over Message-ID, sender and files: the same mail is met once, however often it is fetched."""
    message_id: str
    sender: str
    """The address it says it is from; empty when it names none, or several."""
    subject: str
    seen_at: datetime = Field(sa_type=UtcDateTime)
    outcome: MailOutcome = Field(sa_type=term(MailOutcome))
    detail: str
    """What became of it and why, in words."""
    request_id: int | None = None
    person_id: int | None = None
    references: str = ""
    """What an answer says it belongs to (In-Reply-To and References)."""
    answer: str | None = None
    """The text of the answer; null: nobody is answered."""
    answer_status: DeliveryStatus | None = Field(default=None, sa_type=term(DeliveryStatus))
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the answer may go out; null: there is none, or it has been dealt with."""
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer_detail: str | None = None


# ---------------------------------------------------------------- assessment


class Assessment(_PlanRow, table=True):
    """One run of the assessment: frozen scheme, snapshot and result.

    A draft is opened to objections (公示) and then published by somebody else; from then on it never changes. A
    correction (更正) is a new vintage that names the one it corrects, and goes the same way.
    """

    __table_args__ = (
        *_in_plan(),
        UniqueConstraint("plan_id", "quarter", "population", "vintage"),
        UniqueConstraint("plan_id", "id"),
    )

    quarter: str
    population: Population = Field(sa_type=term(Population))
    vintage: int
    as_of: date
    state: AssessmentState = Field(default=AssessmentState.DRAFT, sa_type=term(AssessmentState))
    case: dict[str, Any] = Field(sa_type=document())
    """The calculator's whole input, so that anybody can compute it again."""
    result: dict[str, Any] = Field(sa_type=document())
    scheme_hash: str
    input_digest: str
    synthetic: bool = False
    run_at: datetime = Field(sa_type=UtcDateTime)
    corrects: int | None = None
    """The vintage that this one corrects."""
    reason: str | None = None
    """Why it was corrected."""
    opened_by: int | None = Field(default=None, foreign_key="person.id")
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    objections_until: date | None = None
    """The last day on which a unit may object."""
    published_by: int | None = Field(default=None, foreign_key="person.id")
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Score(_PlanRow, table=True):
    """One unit's total in an assessment."""

    __table_args__ = (
        *_in_plan(assessment_id="assessment"),
        *_in_tenant("unit_id"),
        UniqueConstraint("plan_id", "assessment_id", "unit_id"),
    )

    assessment_id: int
    unit_id: int
    total: Decimal = Field(sa_type=ExactDecimal)
    rank: int | None = None
    grade: str


class ScoreLine(_PlanRow, table=True):
    """One line of a score: how many points, from which figure, by which rule and clause."""

    __table_args__ = (
        *_in_plan(assessment_id="assessment"),
        *_in_tenant("unit_id"),
        UniqueConstraint("plan_id", "assessment_id", "unit_id", "component", "code"),
    )

    assessment_id: int
    unit_id: int
    component: str
    code: str
    """The indicator's code; the component's own code for a component without indicators."""
    figure_id: int | None = Field(default=None, foreign_key="figure.id")
    weight: Decimal = Field(sa_type=ExactDecimal)
    attainment: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    points: Decimal = Field(sa_type=ExactDecimal)
    status: str
    rule: str
    clause: str


class Proposal(_PlanRow):
    """What one person proposes about a unit for a quarter, and another decides."""

    quarter: str
    unit_id: int
    reason: str
    proposed_by_person_id: int
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    decision: Decision = Field(default=Decision.PENDING, sa_type=term(Decision))
    decided_by_person_id: int | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    comment: str | None = None


def _of_proposal() -> tuple[ForeignKeyConstraint | UniqueConstraint, ...]:
    return (
        *_in_plan(),
        *_in_tenant("unit_id", "proposed_by_person_id", "decided_by_person_id"),
        UniqueConstraint("plan_id", "quarter", "unit_id", "reason"),
    )


class Adjustment(Proposal, table=True):
    """Points added or taken (加减分) by a person's decision."""

    __table_args__ = _of_proposal()

    points: Decimal = Field(sa_type=ExactDecimal)


class Veto(Proposal, table=True):
    """一票否决, with evidence. The total stays as it was calculated, the grade falls."""

    __table_args__ = _of_proposal()

    evidence: str


class Objection(_PlanRow, table=True):
    """What a unit objects to in a draft under publicity (申诉), and the ruling of somebody other than the scorer."""

    __table_args__ = (
        *_in_plan(assessment_id="assessment"),
        *_in_tenant("unit_id", "raised_by_person_id", "decided_by_person_id"),
        Index(
            "uq_objection_pending",
            "plan_id",
            "assessment_id",
            "unit_id",
            "subject",
            unique=True,
            sqlite_where=text("decision = 'pending'"),
            postgresql_where=text("decision = 'pending'"),
        ),
    )

    assessment_id: int
    unit_id: int
    subject: str
    """The component or indicator objected to, by its code; empty: the result as a whole."""
    grounds: str
    raised_by_person_id: int
    raised_at: datetime = Field(sa_type=UtcDateTime)
    ruling_due: date
    decision: Decision = Field(default=Decision.PENDING, sa_type=term(Decision))
    decided_by_person_id: int | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ruling: str | None = None


class Flag(_PlanRow, table=True):
    """An irregularity that the program saw in a run: evidence for a person, never a verdict."""

    __table_args__ = (
        *_in_plan(assessment_id="assessment"),
        *_in_tenant("unit_id", "decided_by_person_id"),
        UniqueConstraint("plan_id", "assessment_id", "unit_id", "subject", "kind"),
    )

    assessment_id: int
    unit_id: int
    subject: str
    """The indicator's code; empty where several together raise the flag."""
    kind: str
    words: str
    evidence: dict[str, Any] = Field(sa_type=document())
    finding: Finding = Field(default=Finding.OPEN, sa_type=term(Finding))
    decided_by_person_id: int | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    comment: str | None = None


# ---------------------------------------------------------------- audit


class Event(_TenantRow, table=True):
    """One act of a person or a flow: the timeline of what it concerns and, by its hash, a link of the audit chain."""

    __table_args__ = (
        UniqueConstraint("tenant_id", "seq"),
        Index(
            "ix_event_item",
            "item_id",
            sqlite_where=text("item_id IS NOT NULL"),
            postgresql_where=text("item_id IS NOT NULL"),
        ),
        Index(
            "ix_event_request",
            "request_id",
            sqlite_where=text("request_id IS NOT NULL"),
            postgresql_where=text("request_id IS NOT NULL"),
        ),
    )

    seq: int
    plan_id: int | None = None
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str
    """The login of the person, or `flow:<name>`."""
    acting_for: str | None = None
    action: str
    item_id: int | None = None
    request_id: int | None = None
    data: dict[str, Any] = Field(sa_type=document())
    previous_hash: str
    hash: str


class ChainHead(_Table, table=True):
    """The last link of a tenant's audit chain. Writers of one tenant queue on this row."""

    tenant_id: int = Field(primary_key=True, foreign_key="tenant.id")
    seq: int
    hash: str


class FlowRun(_PlanRow, table=True):
    """That a flow has run: the heartbeat the nightly audit looks for."""

    __table_args__ = (*_in_plan(), Index("ix_flow_run_flow", "plan_id", "flow", "started_at"))

    flow: str
    as_of: date
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: FlowOutcome | None = Field(default=None, sa_type=term(FlowOutcome))
    detail: str = ""


# ---------------------------------------------------------------- statistics


class Series(_PlanRow, table=True):
    """A statistical series or an index of the office's own. Its definition stands in the plan version."""

    __table_args__ = (*_in_plan(), UniqueConstraint("plan_id", "code"), UniqueConstraint("plan_id", "id"))

    code: str
    name: str
    kind: SeriesKind = Field(sa_type=term(SeriesKind))
    unit_of_measure: str
    frequency: Cadence = Field(sa_type=term(Cadence))
    sort_order: int


class SeriesValue(_PlanRow, table=True):
    """One vintage of one statistical value: series x area x period. Nothing is overwritten.

    A later vintage replaces an earlier one from the day it became known; which held on a day can be told for ever.
    """

    __table_args__ = (
        *_in_plan(series_id="series"),
        *_in_tenant("recorded_by_person_id"),
        UniqueConstraint("plan_id", "series_id", "area", "period", "vintage"),
    )

    series_id: int
    area: str
    """In the publisher's words: not every area is a unit of the plan."""
    period: str
    vintage: int
    value: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    growth: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    """同比 in %, as published."""
    mark: ValueMark = Field(sa_type=term(ValueMark))
    status: ReleaseStatus = Field(sa_type=term(ReleaseStatus))
    released_on: date | None = None
    """Null: the day of its release is not known."""
    known_from: date
    """The day of its release; where that is not known, of its recording."""
    source: str
    note: str | None = None
    reason: str | None = None
    """Why it replaces a value of the same day (更正)."""
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by_person_id: int | None = None
    """Null: it came with the plan."""


class SurveyResult(_PlanRow, table=True):
    """What a sample survey found: estimates only. The answers of the respondents are never kept.

    `digest` is of the files it was worked out from, so that anybody who holds them can do it again.
    """

    __table_args__ = (
        *_in_plan(),
        *_in_tenant("recorded_by_person_id"),
        UniqueConstraint("plan_id", "survey", "period", "version"),
    )

    survey: str
    period: str
    version: int
    digest: str
    content: dict[str, Any] = Field(sa_type=document())
    synthetic: bool = False
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by_person_id: int


class DataRelease(_PlanRow, table=True):
    """Statistical data as they were released: a copy that never changes, provisional, final or revised."""

    __table_args__ = (
        *_in_plan(),
        *_in_tenant("released_by_person_id"),
        UniqueConstraint("plan_id", "code", "period", "version"),
    )

    code: str
    """The entry of the release calendar."""
    period: str
    version: int
    status: ReleaseStatus = Field(sa_type=term(ReleaseStatus))
    due: date
    """The day that the calendar named for it."""
    digest: str
    content: dict[str, Any] = Field(sa_type=document())
    synthetic: bool = False
    reason: str | None = None
    """Why what had been released was revised."""
    released_at: datetime = Field(sa_type=UtcDateTime)
    released_by_person_id: int


# ---------------------------------------------------------------- the portal


class Account(_TenantRow, table=True):
    """How a person signs in. Without one a person is known to the ledger and cannot enter the portal."""

    __table_args__ = (
        *_in_tenant("person_id"),
        UniqueConstraint("tenant_id", "person_id"),
        UniqueConstraint("tenant_id", "subject"),
    )

    person_id: int
    password_hash: str | None = None
    """Argon2id; null: signs in through the identity provider alone."""
    must_change: bool = False
    """Whether the password was set by somebody else, and has to be changed at the next sign-in."""
    password_set_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    subject: str | None = None
    """Who this is to the identity provider (OIDC `sub`)."""
    failures: int = 0
    """Wrong passwords since the last right one."""
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_sign_in_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignIn(_TenantRow, table=True):
    """One browser that somebody is signed in with, known by the digest of its cookie."""

    __table_args__ = (
        *_in_tenant("person_id"),
        UniqueConstraint("token_digest"),
        Index("ix_sign_in_person", "tenant_id", "person_id"),
    )

    person_id: int
    token_digest: str
    plan_id: int | None = Field(default=None, foreign_key="plan.id")
    """The plan looked at, where the tenant has several."""
    opened_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    """The absolute end, however busy the browser is."""
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    browser: str = ""


class AccessToken(_TenantRow, table=True):
    """A personal token for the JSON API, known by its digest; it can do what its person may, within its scopes."""

    __table_args__ = (
        *_in_tenant("person_id"),
        UniqueConstraint("token_digest"),
        UniqueConstraint("tenant_id", "person_id", "name"),
    )

    person_id: int
    name: str
    token_digest: str
    scopes: list[str] = Field(sa_type=document())
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class KeptAnswer(_TenantRow, table=True):
    """What was answered to a write that bore an idempotency key: the same key gets the same answer again."""

    __table_args__ = (*_in_tenant("person_id"), UniqueConstraint("tenant_id", "person_id", "key"))

    person_id: int
    key: str
    digest: str
    """Of method, path and body: the same key with another request is a mistake."""
    status: int
    body: dict[str, Any] = Field(sa_type=document())
    kept_at: datetime = Field(sa_type=UtcDateTime)


class CalendarLink(_TenantRow, table=True):
    """A person's calendar feed, reached by a secret link known by its digest. A new link ends the old one."""

    __table_args__ = (
        *_in_tenant("person_id"),
        UniqueConstraint("token_digest"),
        UniqueConstraint("tenant_id", "person_id"),
    )

    person_id: int
    token_digest: str
    created_at: datetime = Field(sa_type=UtcDateTime)


class SavedView(_PlanRow, table=True):
    """A filter of a list that somebody keeps under a name."""

    __table_args__ = (
        *_in_plan(),
        *_in_tenant("person_id"),
        UniqueConstraint("plan_id", "person_id", "page", "name"),
    )

    person_id: int
    page: str
    name: str
    query: str
    """The query part of the page's address."""
    saved_at: datetime = Field(sa_type=UtcDateTime)


class FormDraft(_PlanRow, table=True):
    """What a unit has typed into a reporting form and not yet filed; one per request.

    The liaison asks for the head's confirmation, and the head files it, or gives it back with a comment.
    """

    __table_args__ = (
        *_in_plan(request_id="reporting_request"),
        *_in_tenant("saved_by_person_id", "asked_by_person_id"),
        UniqueConstraint("plan_id", "request_id"),
    )

    request_id: int
    cells: dict[str, Any] = Field(sa_type=document())
    """By indicator and area: the text as it was typed."""
    saved_by_person_id: int
    saved_at: datetime = Field(sa_type=UtcDateTime)
    asked_by_person_id: int | None = None
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the head was asked to confirm; null: still being written."""
    comment: str | None = None
    """Why the head gave it back."""
    revision: int = 1
