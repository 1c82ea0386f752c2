"""What happens once in a while: on which day of a quarter, and to whom. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from config.plan import KeyTask, Plan
from config.plan import Unit as PlanUnit
from config.terms import MatterKind, Status
from demo.conduct import Day, OpenItem, earliest_finish
from supervision.periods import Period, quarter_of


class Incident(StrEnum):
    """Something out of the ordinary."""

    INSTRUCTION = "instruction"
    MEETING = "meeting"
    TASK_FORCE = "task_force"
    RECORDED = "recorded"
    WRONG_UNIT = "wrong_unit"
    UNWILLING_DISTRICT = "unwilling_district"
    BROKEN_DOWN = "broken_down"
    SUSPENDED = "suspended"
    AWAY = "away"
    REASSIGNED = "reassigned"
    WITHDRAWN = "withdrawn"


OF_THE_QUARTER: Mapping[int, Incident] = {
    3: Incident.AWAY,
    6: Incident.INSTRUCTION,
    9: Incident.WRONG_UNIT,
    11: Incident.RECORDED,
    20: Incident.BROKEN_DOWN,
    22: Incident.MEETING,
    25: Incident.UNWILLING_DISTRICT,
    28: Incident.SUSPENDED,
    34: Incident.REASSIGNED,
    37: Incident.TASK_FORCE,
    43: Incident.WITHDRAWN,
}
"""By the number of the working day in its quarter; clear of the days on which figures are frozen."""

MATTERS: Mapping[Incident, MatterKind] = {
    Incident.INSTRUCTION: MatterKind.INSTRUCTION,
    Incident.MEETING: MatterKind.MEETING,
    Incident.TASK_FORCE: MatterKind.TASK_FORCE,
}

FAR_OFF = 12
"""Working days that an item must have left for something to happen to it."""
NEARLY_DUE = 6
ROOM_TO_RESUME = timedelta(days=60)
MATTER_DAYS = 18
"""Working days given for a matter from outside the plan."""
MATTER_UNITS = 3

_UNFINISHED = frozenset({Status.ASSIGNED, Status.ACKNOWLEDGED})


def incident_of(day: Day) -> Incident | None:
    """Return what happens out of the ordinary on the day, if anything."""
    number = day.calendar.count(quarter_of(day.as_of).first, day.as_of)
    return OF_THE_QUARTER.get(number)


def struck(incident: Incident, items: Iterable[OpenItem], plan: Plan, day: Day) -> OpenItem | None:
    """Return the item to which the incident happens: one that it can happen to, by lot; None when there is none."""
    fits = _FITS.get(incident)
    if fits is None:
        return None
    chosen = {item.occurrence: item for item in items if _is_plain(item) and fits(_Look(item, plan, day))}
    first = day.lots.shuffled(chosen, incident, day.as_of)[:1]
    return chosen[first[0]] if first else None


def others_responsible(item: OpenItem, plan: Plan, day: Day) -> tuple[PlanUnit, ...]:
    """Return the units other than districts that answer for the item's key task beside its own unit."""
    matter, _ = plan.measure(item.occurrence.split("/")[0])
    names = (matter.lead, *matter.supporting)
    return tuple(unit for unit in map(plan.unit, names) if unit.code != item.unit)


@dataclass(frozen=True)
class _Look:
    item: OpenItem
    plan: Plan
    day: Day

    @property
    def of_district(self) -> bool:
        return self.plan.unit(self.item.unit).kind == "district"

    @property
    def far_off(self) -> bool:
        return self.item.due >= self.day.calendar.add(self.day.as_of, FAR_OFF)

    @property
    def nearly_due(self) -> bool:
        soon = self.day.calendar.add(self.day.as_of, NEARLY_DUE)
        return earliest_finish(self.item, self.day) <= self.day.as_of <= self.item.due <= soon

    @property
    def signed_for(self) -> bool:
        return self.item.status is Status.ACKNOWLEDGED

    @property
    def can_move(self) -> bool:
        return self.far_off and not self.of_district and bool(others_responsible(self.item, self.plan, self.day))


def _is_plain(item: OpenItem) -> bool:
    """Return whether nothing out of the ordinary has happened to the item yet."""
    ordinary = item.is_of_plan and item.parent is None and item.version == 1 and not item.waits_for_parts
    return ordinary and item.status in _UNFINISHED and item.asked_on is None


_FITS: Mapping[Incident, Callable[[_Look], bool]] = {
    Incident.RECORDED: lambda look: look.signed_for and look.nearly_due,
    Incident.WRONG_UNIT: lambda look: look.can_move,
    Incident.UNWILLING_DISTRICT: lambda look: look.far_off and look.of_district,
    Incident.BROKEN_DOWN: lambda look: look.signed_for and look.far_off,
    Incident.SUSPENDED: lambda look: look.far_off and look.item.due + ROOM_TO_RESUME <= look.day.last_due,
    Incident.REASSIGNED: lambda look: look.can_move,
    Incident.WITHDRAWN: lambda look: look.far_off and not look.of_district,
}


def matter_of(plan: Plan, day: Day) -> tuple[KeyTask, tuple[PlanUnit, ...]]:
    """Return the key task that a matter from outside the plan is about, and the units that get it: the lead first."""
    numbers = day.lots.shuffled((str(task.number) for task in plan.key_tasks), "matter", day.as_of)
    task = plan.key_task(int(numbers[0]))
    names = (task.lead, *task.supporting)[:MATTER_UNITS]
    return task, tuple(plan.unit(name) for name in names)


def absent_and_deputy(plan: Plan, quarter: Period, day: Day) -> tuple[PlanUnit, PlanUnit]:
    """Return the unit whose liaison is away in the quarter, and the unit of the same kind whose liaison stands in."""
    absent, *others = (
        plan.unit(code) for code in day.lots.shuffled((unit.code for unit in plan.units), "away", quarter)
    )
    return absent, next((unit for unit in others if unit.kind == absent.kind), absent)
