"""Made-up people at work on statistics: units file their returns, the office takes official series in and releases."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from config.clock import moment
from config.plan.schema.statistics import Release
from config.terms import Cadence, ReleaseStatus
from demo.behaviour import Habit
from demo.conduct import Span
from demo.scene import FIRST_THING, Scene
from demo.series import Return, file_name, is_official, official_file, owed, return_file
from documents.data_files import read_data_file
from supervision.indices.reading import COLUMNS, REQUIRED, Defaults, read_values
from supervision.indices.releases import Planned, day_named, planned
from supervision.ledger.releases import release
from supervision.ledger.series import File, record
from supervision.periods import Period, parse_period, periods
from supervision.queries.people import Actor
from supervision.queries.releases import releases
from supervision.queries.series import points

FILED_BEFORE_DUE: Span = (0, 3)
"""Working days; like all that follows, made up to look like an office."""
LATE_BY: Span = (1, 2)
TAKEN_IN_BEFORE: Span = (3, 6)
LOOKED_AFTER = timedelta(days=20)
"""How long after its day something is still done that could not be done on it."""


def work_on(scene: Scene) -> None:
    """Note what is done about statistics today: returns, official series, releases."""
    statistics = scene.force.plan.statistics
    for form in statistics.forms:
        for number, period in enumerate(owed(scene.force.plan, form, scene.force.calendar)):
            _file(scene, Return(form, period), number)
    for entry in statistics.releases:
        if all(code in {series.code for series in statistics.series} for code in entry.series):
            for period in _of_plan(scene, entry):
                _take_forward(scene, entry, period)


def _of_plan(scene: Scene, entry: Release) -> list[Period]:
    """Return the periods of the entry that are over and that anybody could have released."""
    plan, calendar = scene.force.plan, scene.force.calendar
    found = periods(Cadence(entry.frequency), start=plan.start, end=min(plan.end, scene.day.as_of))
    first = parse_period(entry.first_period).first if entry.first_period else plan.start
    return [
        each
        for each in found
        if each.first >= first
        and each.last < scene.day.as_of
        and planned(entry, each, calendar=calendar).first >= plan.issued
    ]


def _file(scene: Scene, what: Return, number: int) -> None:
    day, form = scene.day, what.form
    due = day_named(form.due, what.period, calendar=scene.force.calendar).day
    if not due - LOOKED_AFTER <= day.as_of <= due + LOOKED_AFTER:
        return
    unit = scene.force.plan.unit(form.reporter).code
    late = scene.world.habit(unit, "statistics", *what.names) in {Habit.LATE, Habit.SILENT}
    names = "statistics", *what.names
    on = day.after(due, LATE_BY, *names) if late else day.before(due, FILED_BEFORE_DUE, *names)
    if what.period.last < day.as_of and on <= day.as_of and _missing(scene, form.series, what.period):
        content = return_file(scene.force.plan, what, number, day.lots)
        _record(scene, content, file_name(form.title, what.period), scene.staff.liaison(unit), names)


def _take_forward(scene: Scene, entry: Release, period: Period) -> None:
    """Take in what is official in time, and release what is complete on its day."""
    plan, day = planned(entry, period, calendar=scene.force.calendar), scene.day
    if not plan.first - LOOKED_AFTER <= day.as_of <= plan.final + LOOKED_AFTER:
        return
    missing = _missing(scene, entry.series, period)
    if missing and is_official(scene.force.plan, entry):
        if day.as_of >= day.before(plan.first, TAKEN_IN_BEFORE, "taken in", entry.code, period):
            content = official_file(scene.force.plan, missing, period, day.lots)
            names = "taken in", entry.code, period
            _record(scene, content, file_name(entry.title, period), scene.staff.clerk(), names)
    elif not missing and _is_owed(scene, plan):
        _release(scene, entry, period)


def _is_owed(scene: Scene, plan: Planned) -> bool:
    """Return whether the calendar asks today for a release that has not been made."""
    due = plan.owed(as_of=scene.day.as_of)
    if due is None:
        return False
    made = releases(scene.session, scene.force, code=plan.release.code, period=str(plan.period))
    return not any(each.status in {due, ReleaseStatus.FINAL} for each in made)


def _missing(scene: Scene, codes: Collection[str], period: Period) -> list[str]:
    """Return the series of which this database held no value for the period this morning."""
    morning = moment(scene.day.as_of, FIRST_THING)
    known = points(scene.session, scene.force, codes, as_of=scene.day.as_of, recorded_before=morning)
    there = {point.series for point in known.values() if point.period == period}
    return [code for code in codes if code not in there]


def _record(scene: Scene, content: bytes, name: str, by: Actor, names: tuple[object, ...]) -> None:
    def doing(at: datetime) -> object:
        with TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_bytes(content)
            table = read_data_file(path, COLUMNS, required=REQUIRED)
        values = read_values(table, scene.force.plan, Defaults())
        return record(scene.session, scene.force, values, File(table.name, table.digest), by=by, at=at)

    scene.note(doing, *names)


def _release(scene: Scene, entry: Release, period: Period) -> None:
    by = scene.staff.colleague()
    if by is not None:  # who recorded does not release
        scene.note(
            lambda at: release(scene.session, scene.force, entry.code, period, by=by, at=at),
            "release", entry.code, period,
        )  # fmt: skip
