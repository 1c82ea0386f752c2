"""Generating the items that the plan's measures call for by a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import DubanError
from config.plan import KeyTask, Measure, Plan, Safeguard
from config.terms import Cadence, Responsibility
from database import chain
from models import Item, PlanVersion
from models import Measure as MeasureRow
from supervision.deadlines import Occurrence, due_date, occurrences, read_due_rule
from supervision.in_force import InForce
from supervision.ledger.items import NewItem, put_items
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

    Key: measure, period and unit; a group stands for whoever was a member while the period ran and the measure could
    still be done, so that a late run makes the same items. Before the plan is issued there is nothing to make; what
    was due before the plan called for it is recorded only. An occurrence whose due date needs a calendar year that is
    not published is reported in `failures`; the others are made.
    """
    if as_of < force.plan.issued:
        return Generated(0, 0, ())
    chain.lock(session, force.tenant_id)
    numbers = _numbers(session, force, matter)
    known = _known(session, force, [measure for measure, _ in numbers.values()])
    failures: list[str] = []
    new: list[NewItem] = []
    for measure in matter.measures:
        missing = [wanted for wanted in _called_for(force.plan, measure, as_of) if wanted[2] not in known]
        new += _new_items(force, measure, numbers[measure.code], missing, failures)
    new = _past_recorded(session, force, new, as_of)
    made = put_items(session, force, new, by=GENERATOR, at=at)
    past = sum(item.retrospective for _, item in made)
    return Generated(len(made) - past, past, tuple(failures))


_Wanted = tuple[Occurrence, str, str]
"""An occurrence, a unit's code, and the key of the item that the two make."""


def _numbers(session: Session, force: InForce, matter: KeyTask | Safeguard) -> Mapping[str, tuple[int, int | None]]:
    """Return (measure, key task) numbers by measure code."""
    codes = [measure.code for measure in matter.measures]
    statement = select(col(MeasureRow.code), col(MeasureRow.id), col(MeasureRow.key_task_id)).where(
        col(MeasureRow.plan_id) == force.plan_id, col(MeasureRow.code).in_(codes)
    )
    return {code: (measure or 0, task) for code, measure, task in session.execute(statement)}


def _known(session: Session, force: InForce, measures: Sequence[int]) -> set[str]:
    statement = select(col(Item.occurrence)).where(
        col(Item.plan_id) == force.plan_id, col(Item.measure_id).in_(measures)
    )
    return set(session.scalars(statement))


def _called_for(plan: Plan, measure: Measure, as_of: date) -> list[_Wanted]:
    """Return what the measure calls for by `as_of`: each period begun, for each responsible unit, the lead first."""
    begun = occurrences(
        Cadence(measure.cadence), read_due_rule(measure.due), start=plan.start, end=plan.end, as_of=as_of,
        run_on_days=plan.feedback_grace_days,
    )  # fmt: skip
    return [
        (each, unit, f"{measure.code}/{each.period}/{unit}")
        for each in begun
        for unit in _responsible(plan, measure, each, as_of)
    ]


def _responsible(plan: Plan, measure: Measure, occurrence: Occurrence, as_of: date) -> Sequence[str]:
    """Return the codes of the units that had the measure on some day of the occurrence, the lead first."""
    first = max(occurrence.period.first, plan.issued)
    last = min(occurrence.period.last, occurrence.nominal, as_of)
    changes = {m.start for group in plan.groups for m in group.memberships if first < m.start <= last}
    units = (unit.code for day in (first, *sorted(changes)) for unit in plan.units_of(measure.code, on=day))
    return tuple(dict.fromkeys(units))


def _new_items(
    force: InForce,
    measure: Measure,
    numbers: tuple[int, int | None],
    missing: Sequence[_Wanted],
    failures: list[str],
) -> list[NewItem]:
    plan = force.plan
    dates = _due_dates(force, measure, (each for each, _, _ in missing), failures)
    lead = plan.units_of(measure.code, on=plan.issued)[0].code
    return [
        NewItem(
            occurrence=key,
            title=measure.title,
            unit_id=force.unit_ids[unit],
            role=Responsibility.LEAD if unit == lead else Responsibility.SUPPORTING,
            period=str(each.period),
            due=dates[each][0],
            measure_id=numbers[0],
            key_task_id=numbers[1],
            because=dates[each][1],
        )
        for each, unit, key in missing
        if each in dates
    ]


def _past_recorded(session: Session, force: InForce, new: Sequence[NewItem], as_of: date) -> list[NewItem]:
    """Return the items, marked retrospective when they were due before the plan, as issued or as changed, had them."""
    late = any(force.plan.issued <= item.due < as_of for item in new)
    since = _added_since(session, force, as_of) if late else {}
    return [replace(item, retrospective=item.due < since.get(item.occurrence, force.plan.issued)) for item in new]


def _added_since(session: Session, force: InForce, as_of: date) -> Mapping[str, date]:
    """Return by key the day on which a later version of the plan first called for it, if the first did not."""
    statement = select(col(PlanVersion.content), col(PlanVersion.loaded_at)).where(
        col(PlanVersion.plan_id) == force.plan_id
    )
    versions = session.execute(statement.order_by(col(PlanVersion.number))).tuples().all()
    since: dict[str, date] = {}
    for content, loaded_at in versions if len(versions) > 1 else ():
        plan = Plan.model_validate(content, context={"stored": True})
        measures = (measure for matter in plan.matters for measure in matter.measures)
        day = day_of(loaded_at) if since else plan.issued
        for _, _, key in (wanted for measure in measures for wanted in _called_for(plan, measure, as_of)):
            since.setdefault(key, day)
    return since


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
