"""The database itself keeps tenants and plans apart and makes every generator's key unique."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import UniqueConstraint, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

import models
from config.terms import (
    Cadence,
    Channel,
    Decision,
    DueReason,
    Level,
    MatterKind,
    NoticeKind,
    Responsibility,
    Role,
    Status,
    UnitKind,
)
from database import Database, writing

AT = datetime(2022, 1, 4, 1, 0, tzinfo=UTC)
DAY = date(2022, 7, 20)
OURS, THEIRS = 1, 2
"""Two tenants, and their plans, units, persons, ladders and items: all of a tenant have its number."""
FREE = 50
"""A number that no row has."""


def a_measure(of: int) -> models.Measure:
    return models.Measure(
        id=of, tenant_id=of, plan_id=of, code="M01-01", title="举措", cadence=Cadence.QUARTERLY,
        due_rule="day 20 month +1", clause="三（一）1", sort_order=1,
    )  # fmt: skip


def an_item(of: int, **changes: Any) -> models.Item:
    values: dict[str, Any] = {
        "tenant_id": of, "plan_id": of, "occurrence": f"M01-01/2022Q2/{of}", "source": MatterKind.PLAN,
        "measure_id": of, "unit_id": of, "role": Responsibility.LEAD, "period": "2022Q2", "title": "举措",
        "status": Status.ASSIGNED, "original_due": DAY, "due": DAY, "judged_due": DAY, "clock_started_on": DAY,
        "ladder_id": of,
    }  # fmt: skip
    return models.Item(**values | changes)


def a_notice(of: int, **changes: Any) -> models.Notice:
    values: dict[str, Any] = {
        "tenant_id": of, "plan_id": of, "key": "item/1/v1/+1", "kind": NoticeKind.URGE, "item_id": of,
        "unit_id": of, "due_version": 1, "because": "逾期", "not_before": AT, "created_at": AT,
    }  # fmt: skip
    return models.Notice(**values | changes)


def a_due_date(of: int, **changes: Any) -> models.DueDate:
    values: dict[str, Any] = {
        "tenant_id": of, "plan_id": of, "item_id": of, "version": 1, "due": DAY, "judges": True,
        "reason": DueReason.ASSIGNED, "set_at": AT,
    }  # fmt: skip
    return models.DueDate(**values | changes)


def a_paper(of: int, **changes: Any) -> models.Paper:
    values: dict[str, Any] = {"tenant_id": of, "plan_id": of, "notice_id": of, "level": Level.CIRCULAR}
    return models.Paper(**values | changes)


def a_progress_report(of: int, **changes: Any) -> models.ProgressReport:
    values: dict[str, Any] = {
        "tenant_id": of, "plan_id": of, "item_id": of, "progress": "过半", "reported_by": of, "reported_at": AT,
    }  # fmt: skip
    return models.ProgressReport(**values | changes)


def an_extension(of: int, **changes: Any) -> models.Extension:
    values: dict[str, Any] = {
        "tenant_id": of, "plan_id": of, "item_id": of, "asked_due": DAY, "reason": "理由", "requested_by": of,
        "requested_at": AT,
    }  # fmt: skip
    return models.Extension(**values | changes)


def put_tenant(session: Session, of: int) -> None:
    for row in (
        models.Tenant(id=of, code=f"city{of}", name=f"第{of}市"),
        models.Plan(id=of, tenant_id=of, code="plan", title="计划", starts=DAY, ends=DAY, issued=DAY),
        models.Unit(id=of, tenant_id=of, code="u", name="单位", kind=UnitKind.MUNICIPAL, sort_order=1),
        models.Person(id=of, tenant_id=of, login="p", name="某人"),
        models.Ladder(id=of, tenant_id=of, plan_id=of, digest="x", content={}),
        a_measure(of),
        an_item(of, id=of),
        a_notice(of, id=of),
    ):
        session.add(row)
        session.flush()


@pytest.fixture
def two(database: Database) -> Database:
    with writing(database) as session:
        put_tenant(session, OURS)
        put_tenant(session, THEIRS)
    return database


def refused(database: Database, row: SQLModel, why: str, number: int = FREE) -> bool:
    """Return whether the database refuses the row for that reason."""
    try:
        put(database, row, number)
    except IntegrityError as error:
        return why in str(error.orig).lower()
    return False


def put(database: Database, row: SQLModel, number: int = FREE) -> None:
    """Put a copy of the row under a number that is free."""
    with writing(database) as session:
        session.execute(insert(type(row)), [dict(row) | {"id": number}])


STAYING = (
    an_item(OURS, occurrence="x"),
    a_notice(OURS, key="x"),
    a_due_date(OURS),
    a_paper(OURS),
    a_progress_report(OURS),
    an_extension(OURS),
)


def test_a_row_that_stays_in_its_plan_is_accepted(two: Database) -> None:
    for row in STAYING:
        put(two, row)


POINTING_OUT = (
    an_item(OURS, occurrence="x", measure_id=THEIRS),
    an_item(OURS, occurrence="x", unit_id=THEIRS),
    an_item(OURS, occurrence="x", ladder_id=THEIRS),
    an_item(OURS, occurrence="x", parent_id=THEIRS),
    an_item(OURS, occurrence="x", assignee_person_id=THEIRS),
    an_item(OURS, occurrence="x", plan_id=THEIRS),
    an_item(OURS, occurrence="x", tenant_id=THEIRS),
    a_notice(OURS, key="x", item_id=THEIRS),
    a_notice(OURS, key="x", unit_id=THEIRS),
    a_due_date(OURS, item_id=THEIRS),
    a_paper(OURS, notice_id=THEIRS),
    a_progress_report(OURS, item_id=THEIRS),
    an_extension(OURS, item_id=THEIRS),
    models.Appointment(tenant_id=OURS, person_id=OURS, unit_id=THEIRS, role=Role.LIAISON, since=DAY),
    models.Appointment(tenant_id=OURS, person_id=THEIRS, unit_id=OURS, role=Role.LIAISON, since=DAY),
    models.Delegation(tenant_id=OURS, from_person_id=OURS, to_person_id=THEIRS, since=DAY, until=DAY, reason="x"),
    models.TaskUnit(tenant_id=OURS, plan_id=OURS, key_task_id=THEIRS, unit_id=OURS, responsibility=Responsibility.LEAD),
    models.Plan(tenant_id=9, code="x", title="x", starts=DAY, ends=DAY, issued=DAY),
)


def test_a_row_that_points_out_of_its_plan_is_refused(two: Database) -> None:
    assert [row for row in POINTING_OUT if not refused(two, row, "foreign key")] == []


OF_A_KNOWN_KEY = (
    an_item(OURS),
    a_notice(OURS),
    models.Unit(tenant_id=OURS, code="u", name="另一单位", kind=UnitKind.MUNICIPAL, sort_order=1),
    models.Person(tenant_id=OURS, login="p", name="另一人"),
    models.Ladder(tenant_id=OURS, plan_id=OURS, digest="x", content={}),
    models.Plan(tenant_id=OURS, code="plan", title="x", starts=DAY, ends=DAY, issued=DAY),
)


def test_a_second_row_of_a_key_is_refused(two: Database) -> None:
    assert [row for row in OF_A_KNOWN_KEY if not refused(two, row, "unique")] == []


FACTS = (
    a_due_date(OURS),
    a_paper(OURS),
    an_extension(OURS),
    models.Event(tenant_id=OURS, seq=1, at=AT, actor="a", action="b", data={}, previous_hash="", hash=""),
    models.CalendarYear(tenant_id=OURS, year=2027, arrangement={}, loaded_at=AT),
    models.Delivery(
        tenant_id=OURS, plan_id=OURS, notice_id=OURS, person_id=OURS, channel=Channel.EMAIL, next_try_at=AT
    ),
)


def test_the_same_fact_cannot_be_kept_twice(two: Database) -> None:
    for row in FACTS:
        put(two, row)
    assert [row for row in FACTS if not refused(two, row, "unique", FREE + 1)] == []


def test_an_extension_that_was_answered_makes_room_for_another(two: Database) -> None:
    put(two, an_extension(OURS, decision=Decision.REJECTED))
    put(two, an_extension(OURS, decision=Decision.APPROVED), FREE + 1)
    put(two, an_extension(OURS), FREE + 2)


def test_two_papers_cannot_share_a_number_of_a_series_in_a_year_in_whatever_plan(two: Database) -> None:
    first = {"series": "甲办督", "year": 2022, "number": 1}
    put(two, models.Plan(tenant_id=OURS, code="next", title="x", starts=DAY, ends=DAY, issued=DAY))
    put(two, models.Ladder(tenant_id=OURS, plan_id=FREE, digest="x", content={}))
    put(two, a_measure(OURS).model_copy(update={"plan_id": FREE}))
    put(two, an_item(OURS, plan_id=FREE, measure_id=FREE, ladder_id=FREE))
    put(two, a_notice(OURS, plan_id=FREE, item_id=FREE))
    put(two, a_paper(OURS, **first))
    of_next_plan = {"plan_id": FREE, "notice_id": FREE}
    assert refused(two, a_paper(OURS, **of_next_plan, **first), "unique", FREE + 1)
    put(two, a_paper(THEIRS, **first), FREE + 1)
    put(two, a_paper(OURS, **of_next_plan, **first | {"series": "甲办函"}), FREE + 2)


def test_a_number_without_its_series_or_year_is_refused(two: Database) -> None:
    for missing in ("series", "year", "number"):
        given = {"series": "甲办督", "year": 2022, "number": 1} | {missing: None}
        assert refused(two, a_paper(OURS, **given), "check"), missing


def test_what_others_refer_to_cannot_be_removed(two: Database) -> None:
    with pytest.raises(IntegrityError), writing(two) as session:
        session.delete(session.get_one(models.Item, OURS))


def test_every_table_of_a_plan_leads_its_keys_with_the_plan() -> None:
    astray = [
        f"{table.name}: {[column.name for column in constraint.columns]}"
        for table in SQLModel.metadata.sorted_tables
        if "plan_id" in table.columns and table.name not in {"event", "sign_in"}  # a tenant's, and only name a plan
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
        if next(iter(constraint.columns)).name not in {"plan_id", "tenant_id"}
    ]
    assert astray == []


def test_every_table_belongs_to_a_tenant() -> None:
    of_nobody = [
        table.name
        for table in SQLModel.metadata.sorted_tables
        if "tenant_id" not in table.columns and table.name != "tenant"
    ]
    assert of_nobody == []
