"""Generating the items that the plan's measures call for by a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import DubanError
from config.plan import KeyTask, Measure, Safeguard
from config.terms import Cadence, Responsibility
from database import chain
from models import KeyTask as KeyTaskRow
from models import Measure as MeasureRow
from supervision.deadlines import Occurrence, due_date, occurrences, read_due_rule
from supervision.in_force import InForce
from supervision.ledger.items import NewItem, known_occurrences, put_items
from supervision.queries.people import flow

GENERATOR = flow("supervise_key_task")


@dataclass(frozen=True)
class Generated:
    """What one run made, and what it could not make, in words."""

    items: int
    retrospective: int
    failures: tuple[str, ...]


def generate(session: Session, force: InForce, matter: KeyTask | Safeguard, *, as_of: date, at: datetime) -> Generated:
    """Make every occurrence of the matter's measures whose period has begun by `as_of` and that is not there.

    Key: measure, period and unit. Before the plan is issued there is nothing to make. An occurrence whose due date
    needs a calendar year that is not published is reported in `failures`; the others are made.
    """
    chain.lock(session, force.tenant_id)
    if as_of < force.plan.issued:
        return Generated(0, 0, ())
    tasks = _numbers(session, force)
    failures: list[str] = []
    new: list[NewItem] = []
    for measure in matter.measures:
        new += _of_measure(session, force, tasks, measure, as_of, failures)
    made = put_items(session, force, new, by=GENERATOR, at=at)
    past = sum(item.retrospective for _, item in made)
    return Generated(len(made) - past, past, tuple(failures))


def _numbers(session: Session, force: InForce) -> Mapping[str, tuple[int, int | None]]:
    """Return (measure, key task) numbers by measure code."""
    statement = (
        select(col(MeasureRow.code), col(MeasureRow.id), col(KeyTaskRow.id))
        .outerjoin(KeyTaskRow, col(KeyTaskRow.id) == MeasureRow.key_task_id)
        .where(col(MeasureRow.plan_id) == force.plan_id)
    )
    return {code: (measure or 0, task) for code, measure, task in session.execute(statement)}


def _of_measure(
    session: Session,
    force: InForce,
    tasks: Mapping[str, tuple[int, int | None]],
    measure: Measure,
    as_of: date,
    failures: list[str],
) -> list[NewItem]:
    plan = force.plan
    rule = read_due_rule(measure.due)
    due = occurrences(
        Cadence(measure.cadence), rule, start=plan.start, end=plan.end, as_of=as_of,
        run_on_days=plan.feedback_grace_days,
    )  # fmt: skip
    units = {unit.code: force.unit_ids[unit.code] for unit in plan.units_of(measure.code, on=as_of)}
    wanted = {(o, code): f"{measure.code}/{o.period}/{code}" for o in due for code in units}
    known = known_occurrences(session, force.plan_id, list(wanted.values()))
    missing = [(o, code, key) for (o, code), key in wanted.items() if key not in known]
    dates = _due_dates(force, measure, (o for o, _, _ in missing), failures)
    leads = next(iter(units), None)
    return [
        NewItem(
            occurrence=key,
            title=measure.title,
            unit_id=units[code],
            role=Responsibility.LEAD if code == leads else Responsibility.SUPPORTING,
            period=str(occurrence.period),
            due=dates[occurrence][0],
            measure_id=tasks[measure.code][0],
            key_task_id=tasks[measure.code][1],
            retrospective=dates[occurrence][0] < plan.issued,
            because=dates[occurrence][1],
        )
        for occurrence, code, key in missing
        if occurrence in dates
    ]


def _due_dates(
    force: InForce, measure: Measure, wanted: Iterable[Occurrence], failures: list[str]
) -> dict[Occurrence, tuple[date, str]]:
    """Return due date and reason by occurrence; what cannot be computed goes to `failures` once."""
    rule = read_due_rule(measure.due)
    found: dict[Occurrence, tuple[date, str]] = {}
    for occurrence in dict.fromkeys(wanted):
        try:
            due = due_date(rule, occurrence.period, force.calendar)
        except DubanError as error:
            failures.append(f"{measure.code}（{occurrence.period}）：{error}")
            continue
        words = f"{measure.clause}：{occurrence.period.in_words}“{measure.title}”，{due.because}"
        found[occurrence] = (due.day, words)
    return found
