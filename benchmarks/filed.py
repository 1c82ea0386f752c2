"""Figures filed: a form of a hundred thousand, read, checked and stored as versions, against Core's bare insert."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlmodel import Session, col

from benchmarks.figures import Goal, Measured, Stopwatch, timed
from benchmarks.forms import FORM, number_at, plan_with_form
from config import clock
from config.plan import Plan
from database import Database, reading, upgrade, writing
from documents.forms.definition import define
from models import Figure
from supervision import in_force
from supervision.ledger import reporting
from supervision.ledger.plan import put_plan
from supervision.queries.people import actor

COUNTIES = 2900
OPENED, FILED = date(2022, 7, 1), date(2022, 7, 4)
LIAISON = "scjg.liaison"
GOALS = {"sqlite": Goal(per_second=60_000), "postgresql": Goal(per_second=25_000)}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as a unit sends it."""

    indicator: str
    area: str
    value_text: str
    cell: str
    note: str = ""
    unit_of_measure: str = ""
    unreadable: str = ""

    @property
    def label(self) -> str:
        return self.indicator


@dataclass(frozen=True)
class _Sheet:
    name: str
    rows: tuple[_Row, ...]


def measure(database: Database, kind: str, *, counties: int = COUNTIES) -> Iterator[Measured]:
    """Yield what it takes to file the form twice: the second filing makes every figure's second version."""
    plan = plan_with_form(counties)
    upgrade(database)
    with writing(database) as session:
        put_plan(session, plan, at=clock.moment(OPENED, time(8)))
    with writing(database) as session:
        reporting.open_requests(session, in_force.load(session), as_of=OPENED, at=clock.moment(OPENED, time(9)))
    for version in (1, 2):
        watch = _submitted(database, _sheet(plan, version), time(9, version))
        rows = _stored(database, version)
        raw = _bare(database, version)
        name = f"{len(rows):,} figures read, checked and stored, version {version}"
        yield Measured(name, kind, len(rows), "figures", watch.seconds, "Core insert alone", raw, goal=GOALS[kind],
                       processor=watch.processor)  # fmt: skip


def _submitted(database: Database, sheet: _Sheet, at: time) -> Stopwatch:
    with timed() as watch, writing(database) as session:
        force = in_force.load(session)
        by = actor(session, force.tenant_id, LIAISON, on=FILED)
        reporting.submit(session, force, **FORM, sheet=sheet, by=by, at=clock.moment(FILED, at))
    return watch


def _sheet(plan: Plan, version: int) -> _Sheet:
    lines = define(plan, **FORM).lines
    rows = (
        _Row(*line.key, str(number_at(place) + version), f"E{place + 5}")
        for place, line in enumerate(lines)
    )  # fmt: skip
    return _Sheet("模拟数据.xlsx", tuple(rows))


def _stored(database: Database, version: int) -> list[dict[str, Any]]:
    with reading(database) as session:
        columns = [column for column in Figure.metadata.tables["figure"].columns if column.name != "id"]
        rows = session.execute(select(*columns).where(col(Figure.version) == version))
        return [dict(row) for row in rows.mappings()]


def _bare(database: Database, version: int) -> float:
    """Return the seconds in which Core puts the same rows in again, under a version that is taken away afterwards."""
    with Session(database.engine) as session:
        rows = [row | {"version": version + 100} for row in _stored(database, version)]
        with timed() as watch:
            session.connection().execute(insert(Figure), rows)
        count = session.scalars(
            select(func.count()).select_from(Figure).where(col(Figure.version) == version + 100)
        ).one()
        session.execute(delete(Figure).where(col(Figure.version) == version + 100))
        session.rollback()
    if count != len(rows):
        raise RuntimeError(f"{count} rows instead of {len(rows)}")
    return watch.seconds
