"""Whatever people and mornings do to an item in whatever order, what is kept about it agrees with itself."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

from builders import CHIEF, CLERK, DUE, HEAD, LEADER, LIAISON, OTHER_UNIT, UNIT, Office, on_sqlite
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from config.errors import DubanError
from config.terms import RUNNING_STATUSES, Action, Decision, Level, PaperState, Role, Status
from database import reading
from models import Extension, Item, Notice, Paper
from supervision import cycle
from supervision.workflow import PAUSED, permitted

A, S = Action, Status
ENDED = frozenset({S.COMPLETED, S.CLOSED, S.ARCHIVED, S.WITHDRAWN})

PEOPLE = (LIAISON, HEAD, "kjj.liaison", CLERK, CHIEF, LEADER)
UNITS = st.sampled_from([OTHER_UNIT, UNIT])
ANY_ACT = st.tuples(st.sampled_from(list(Action)), st.sampled_from(PEOPLE), st.integers(0, 40), UNITS)
PERMITTED_ACT = st.tuples(st.integers(0, 99), st.integers(0, 40), UNITS)
"""Of what the table permits at that moment the one at this place, by somebody who may."""
DAYS_PASS = st.integers(1, 6)
MORNINGS = st.sampled_from(["morning", "reached", "signed"])
STEPS = st.lists(st.one_of(PERMITTED_ACT, PERMITTED_ACT, ANY_ACT, DAYS_PASS, MORNINGS), max_size=40)


def do(office: Office, number: int, step: Any, today: Any) -> Any:
    """Do one step and return the day it is afterwards; what is refused is simply not done."""
    try:
        if isinstance(step, int):
            return today + timedelta(days=step)
        if step == "morning":
            office.escalate(today.isoformat())
        elif step == "reached":
            _reach(office, number, today.isoformat())
        elif step == "signed":
            _sign(office, number, today.isoformat())
        else:
            action, by = _permitted(office, number, step[0]) if len(step) == 3 else step[:2]
            words = {"comment": "理由", "to_unit": step[-1], "reason": "upstream"}
            due = None if step[-2] == 0 else today + timedelta(days=step[-2])
            office.act(number, action, by=by, when=today.isoformat(), date=due, **words)
    except DubanError:
        pass
    return today


def _permitted(office: Office, number: int, place: int) -> tuple[Action, str]:
    item = office.item(number)
    unit = office.force.unit_codes[item.unit_id]
    capacities = ((f"{unit}.liaison", Role.LIAISON), (CLERK, Role.OFFICE), (LEADER, Role.LEADER))
    possible = [(action, login) for login, role in capacities for action in permitted(item.status, [role])]
    return possible[place % len(possible)] if possible else (A.ARCHIVE, CLERK)


def _reach(office: Office, number: int, when: str) -> None:
    unit = office.force.unit_codes[office.item(number).unit_id]
    waiting = [
        n for n in office.notices(number) if n.issued_at and not n.delivered_at and not n.cancelled_at and n.rung
    ]
    for notice in waiting:
        office.reach(number, Level(notice.kind.value), f"{when} 16:00", login=f"{unit}.liaison")


def _sign(office: Office, number: int, when: str) -> None:
    with reading(office.database) as session:
        drafts = select(col(Paper.id)).join(Notice, col(Notice.id) == col(Paper.notice_id))
        found = session.scalars(
            drafts.where(col(Notice.item_id) == number, col(Paper.state) == PaperState.DRAFTED)
        ).all()
    for paper in found:
        office.review(paper or 0, when=f"{when} 14:00")
        office.sign(paper or 0, when=f"{when} 15:00")


@on_sqlite
@given(STEPS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_about_an_item_agrees_with_itself_whatever_was_done(office: Office, steps: list[Any]) -> None:
    number, today = office.an_item(), DUE - timedelta(days=14)
    for step in steps:
        today = do(office, number, step, today)
        agrees(office, number)
    tomorrow = today + timedelta(days=1)
    office.escalate(tomorrow.isoformat())
    findings = cycle.audit_supervision(office.database, "", as_of=tomorrow).findings
    assert [each for each in findings if each.startswith(f"item/{number}“") or not each.startswith("item/")] == []


def agrees(office: Office, number: int) -> None:
    item = office.item(number)
    dates_agree(office, item)
    status_agrees(office, item)
    ladder_agrees(office, item)


def dates_agree(office: Office, item: Item) -> None:
    """The dates of the item are an index into its due-date versions."""
    versions = office.versions(item.id or 0)
    assert [version.version for version in versions] == list(range(1, len(versions) + 1))
    assert item.due_version == len(versions)
    assert item.due == versions[-1].due
    assert item.original_due == versions[0].due == DUE
    judging = [version.due for version in versions if version.judges]
    assert item.judged_due == judging[-1]
    for version in versions:
        assert office.force.calendar.is_working(version.due)


def status_agrees(office: Office, item: Item) -> None:
    events = [line for line in office.history(item.id or 0) if "to" in line.data and line.action in list(Action)]
    moves = [line for line in events if line.action != "assign" or "from" in line.data]
    assert item.revision == 1 + len([line for line in moves if "from" in line.data])
    if moves:
        assert item.status == moves[-1].data["to"]
    for before, after in pairwise(moves):
        assert before.data["to"] == after.data["from"]
    assert (item.resumes_to is not None) is (item.status in PAUSED)
    assert (item.paused_on is not None) is (item.status is S.SUSPENDED)
    finished = {line.data["to"] for line in moves} & {S.COMPLETED}
    assert (item.completed_at is not None) is bool(finished)
    if item.completed_at:
        assert item.completed_at == item.reported_at
    with reading(office.database) as session:
        waiting = session.scalars(
            select(Extension).where(col(Extension.item_id) == item.id, col(Extension.decision) == Decision.PENDING)
        ).all()
    assert len(waiting) <= (item.status not in ENDED | {S.REGISTERED})


def ladder_agrees(office: Office, item: Item) -> None:
    rungs = [notice for notice in office.notices(item.id or 0) if notice.rung is not None]
    keys = [(notice.due_version, notice.rung) for notice in rungs]
    assert len(keys) == len(set(keys))
    standing = [notice for notice in rungs if notice.cancelled_at is None]
    on_their_way = [notice for notice in standing if notice.delivered_at is None and notice.issued_at is not None]
    if item.status not in RUNNING_STATUSES:
        assert item.sweep_on is None
    if item.status not in RUNNING_STATUSES | {S.DISPUTED}:
        assert [notice for notice in standing if notice.issued_at is None] == []
        assert all(_signed(office, notice) for notice in on_their_way)
    for notice in standing:
        assert notice.due_version == item.due_version or notice.delivered_at or _signed(office, notice)
        if notice.due_version == item.due_version:
            assert notice.unit_id == item.unit_id
    levels = [notice.kind.value for notice in standing if notice.due_version == item.due_version and notice.issued_at]
    assert item.rung is None or item.rung.value in levels


def _signed(office: Office, notice: Notice) -> bool:
    with reading(office.database) as session:
        state = session.scalars(select(col(Paper.state)).where(col(Paper.notice_id) == notice.id)).one_or_none()
    return state in {PaperState.ISSUED, PaperState.SERVED, PaperState.RECEIPTED}
