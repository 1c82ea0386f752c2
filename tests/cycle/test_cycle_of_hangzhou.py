"""The twelve key tasks of the packaged plan as supervised workflows, on each kind of database."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from cycle.days import force_of
from sqlalchemy import select
from sqlmodel import Session, col

from config.plan import Plan
from config.terms import Responsibility, Status
from database import Database, chain, reading
from models import DueDate, Event, Item, KeyTask, Unit
from supervision import cycle
from supervision.in_force import InForce

A_DAY = date(2022, 7, 1)


@pytest.fixture
def made(supervised: Database) -> Database:
    """The plan's database after each of the twelve has run once."""
    for number in range(1, 13):
        cycle.supervise_key_task(supervised, "", number, as_of=A_DAY)
    return supervised


def items_of(session: Session, number: int) -> list[tuple[Item, str]]:
    """Return the items of a key task with their unit's name."""
    statement = (
        select(Item, col(Unit.name))
        .join(KeyTask, col(KeyTask.id) == col(Item.key_task_id))
        .join(Unit, col(Unit.id) == col(Item.unit_id))
        .where(col(KeyTask.number) == number)
    )
    return list(session.execute(statement).tuples())


def test_every_key_task_is_supervised_as_the_plan_says(made: Database, hangzhou: Plan) -> None:
    force = force_of(made)
    with reading(made) as session:
        for task in hangzhou.key_tasks:
            items = items_of(session, task.number)
            assert {item.occurrence.partition("/")[0] for item, _ in items} == {m.code for m in task.measures}
            for measure in task.measures:
                of_measure = [(item, unit) for item, unit in items if item.occurrence.startswith(f"{measure.code}/")]
                called = [unit.name for unit in hangzhou.units_of(measure.code, on=A_DAY)]
                assert Counter(unit for _, unit in of_measure) == {
                    name: len({item.period for item, _ in of_measure}) for name in called
                }
                leads = {unit for item, unit in of_measure if item.role is Responsibility.LEAD}
                assert leads == {called[0]}
            _dated_and_recorded(session, force, [item for item, _ in items])


def _dated_and_recorded(session: Session, force: InForce, items: list[Item]) -> None:
    """Check that each item is due on a working day, and that its history begins with its assignment."""
    assert items
    numbers = [item.id for item in items]
    versions = session.scalars(select(DueDate).where(col(DueDate.item_id).in_(numbers))).all()
    assert Counter(each.item_id for each in versions) == dict.fromkeys(numbers, 1)
    first = {each.item_id: each.due for each in versions}
    events = select(col(Event.item_id), col(Event.action)).where(col(Event.item_id).in_(numbers))
    history = dict(session.execute(events).tuples().all())
    for item in items:
        assert force.calendar.is_working(item.due)
        assert item.due == item.original_due == item.judged_due == first[item.id or 0]
        past = item.due < force.plan.issued
        assert item.retrospective is past
        assert item.status is (Status.REGISTERED if past else Status.ASSIGNED)
        assert history[item.id] == ("register" if past else "assign")


def test_the_twelve_and_the_safeguards_are_the_whole_plan(made: Database) -> None:
    cycle.supervise_safeguards(made, "", as_of=A_DAY)
    assert set(cycle.supervise_plan(made, "", as_of=A_DAY).created.values()) == {0}


def test_no_key_task_makes_anything_twice(made: Database) -> None:
    for number in range(1, 13):
        assert set(cycle.supervise_key_task(made, "", number, as_of=A_DAY).created.values()) == {0}
    force = force_of(made)
    with reading(made) as session:
        assert chain.verify(session, force.tenant_id) == []
