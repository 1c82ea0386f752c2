"""After three missed weeks nothing is made twice, nothing is left out, and nobody is escalated unwarned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from cycle.business import differences, state_of
from cycle.days import Installation, whole_day, working_days
from cycle.eve import FIRST_DAY
from sqlalchemy import select
from sqlmodel import col

from config.settings import Settings
from config.terms import NoticeKind, RequestState
from database import Database, reading
from models import Form, Item, Notice, ReportingRequest

LAST_DAY_BEFORE = date(2024, 6, 17)
RETURN = date(2024, 7, 8)
"""Fifteen working days later."""

OVERDUE_ON_RETURN = (
    "K1-02/2024-06/sjj", "K1-02/2024-06/zwb", "K2-01/2024-06/sjj", "K2-01/2024-06/swj", "K2-02/2024Q2/sjj",
    "K2-02/2024Q2/swj", "K3-01/2024-06/hg", "K3-01/2024-06/swj",
)  # fmt: skip


def rungs_made_on(database: Database, day: date) -> list[tuple[str, NoticeKind]]:
    """Return (occurrence, level) of every rung about an item that was made on `day`."""
    statement = (
        select(col(Item.occurrence), col(Notice.kind), col(Notice.created_at))
        .join(Item, col(Item.id) == col(Notice.item_id))
        .where(col(Notice.rung).is_not(None))
        .order_by(col(Item.occurrence))
    )
    with reading(database) as session:
        return [(about, kind) for about, kind, at in session.execute(statement).tuples() if at.date() == day]


def away(installation: Installation, database: Database) -> None:
    """Live the days before the absence."""
    for day in working_days(database, FIRST_DAY, LAST_DAY_BEFORE):
        whole_day(database, installation.settings, day)


@pytest.fixture
def returned(harbour: Installation) -> Installation:
    """The city on the evening of the day of the return."""
    with harbour.open() as database:
        away(harbour, database)
        assert whole_day(database, harbour.settings, RETURN).findings == ()
    return harbour


def test_whatever_is_overdue_is_urged_and_goes_no_further(returned: Installation) -> None:
    with returned.open() as database:
        made = rungs_made_on(database, RETURN)
    assert [about for about, kind in made if kind is NoticeKind.URGE] == list(OVERDUE_ON_RETURN)
    assert {kind for _, kind in made} == {NoticeKind.URGE, NoticeKind.WARN}


def test_of_the_reminders_missed_only_the_most_urgent_goes_out_while_there_is_time(returned: Installation) -> None:
    with returned.open() as database:
        made = rungs_made_on(database, RETURN)
    due_today = [f"K1-01/2024-06/{unit}" for unit in ("990001", "990002", "990003", "zwb")]
    assert [about for about, kind in made if kind is NoticeKind.WARN] == due_today


def test_the_next_rung_waits_its_days_from_the_delivery_and_then_for_a_signature(returned: Installation) -> None:
    with returned.open() as database:
        for day in working_days(database, date(2024, 7, 9), date(2024, 7, 31)):
            assert whole_day(database, returned.settings, day).findings == ()
            papers = {kind for about, kind in rungs_made_on(database, day) if about in OVERDUE_ON_RETURN}
            assert papers == ({NoticeKind.SUPERVISION_NOTICE} if day == date(2024, 7, 10) else set())


def test_the_items_are_those_that_daily_runs_would_have_made(harbour: Installation) -> None:
    with harbour.copy(harbour.home.parent / "daily") as daily:
        with daily.open() as database:
            for day in working_days(database, FIRST_DAY, RETURN):
                whole_day(database, daily.settings, day, ticks=[])
            every_day = items(database)
        with harbour.open() as database:
            away(harbour, database)
            whole_day(database, harbour.settings, RETURN)
            assert items(database) == every_day


def items(database: Database) -> Sequence[tuple[object, ...]]:
    columns = (Item.occurrence, Item.unit_id, Item.role, Item.original_due, Item.due, Item.due_version)
    with reading(database) as session:
        rows = session.execute(select(*(col(column) for column in columns)).order_by(col(Item.occurrence)))
        return [tuple(row) for row in rows]


def test_a_window_that_closed_meanwhile_is_closed_and_nobody_is_chased_for_it(returned: Installation) -> None:
    about = select(ReportingRequest).join(Form, col(Form.id) == col(ReportingRequest.form_id))
    about = about.where(col(Form.code) == "points", col(ReportingRequest.period) == "2024-05")
    with returned.open() as database, reading(database) as session:
        requests = session.scalars(about).all()
        assert [request.state for request in requests] == [RequestState.MISSING] * 3
        told = select(col(Notice.kind)).where(col(Notice.request_id).in_([request.id for request in requests]))
        assert set(session.scalars(told)) == {NoticeKind.REQUEST_OPENED}


def test_the_day_of_the_return_run_again_changes_nothing(returned: Installation) -> None:
    with returned.open() as database:
        done = state_of(database, returned.home)
        whole_day(database, returned.settings, RETURN)
        assert differences(done, state_of(database, returned.home)) == []


def test_the_plan_of_hangzhou_after_three_missed_weeks(supervised: Database, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    issue, back = date(2021, 12, 29), date(2022, 1, 20)
    whole_day(supervised, settings, issue)
    assert whole_day(supervised, settings, back).findings == ()
    made = rungs_made_on(supervised, back)
    assert {kind for _, kind in made} == {NoticeKind.WARN, NoticeKind.URGE}
    with reading(supervised) as session:
        due = dict(session.execute(select(col(Item.occurrence), col(Item.due))).tuples().all())
    assert {due[about] for about, kind in made if kind is NoticeKind.URGE} == {date(2021, 12, 31)}
    assert {due[about] for about, kind in made if kind is NoticeKind.WARN} == {back}
    whole_day(supervised, settings, date(2022, 1, 21))
    assert {kind for _, kind in rungs_made_on(supervised, date(2022, 1, 21))} == {NoticeKind.URGE}
    whole_day(supervised, settings, date(2022, 1, 24))
    drafted = rungs_made_on(supervised, date(2022, 1, 24))
    assert {(due[about], kind) for about, kind in drafted} == {(date(2021, 12, 31), NoticeKind.SUPERVISION_NOTICE)}
