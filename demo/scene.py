"""One day on which made-up people act: what they have in front of them, and when they do what they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal

from sqlmodel import Session

from config.clock import moment
from demo.behaviour import Character, Habit
from demo.conduct import Day, OpenItem
from demo.figures import Figures
from demo.filing import Request
from demo.staff import Staff
from supervision.in_force import InForce

FIRST_THING, MORNING, EVENING = time(9, 30), time(10), time(16)
MINUTES = 340
"""From MORNING on: how long people are at it."""

Doing = Callable[[datetime], object]
"""One act of somebody, at an instant."""


@dataclass(frozen=True)
class World:
    """What stays the same from day to day: the plan in force, who its units are, and what is true in the city."""

    force: InForce
    characters: Mapping[str, Character]
    figures: Figures

    def habit(self, unit: str, *names: object) -> Habit:
        """Return the habit that a thing of the unit draws; a unit that nobody knows behaves like the middling ones."""
        return self.characters.get(unit, _MIDDLING).habit(self.figures.lots, *names)

    def habit_of(self, what: OpenItem | Request) -> Habit:
        """Return how the unit deals with the item or request."""
        names = (what.occurrence,) if isinstance(what, OpenItem) else what.names
        return self.habit(what.unit, *names)


_MIDDLING = Character(Decimal("0.5"))


@dataclass
class Scene:
    """One day in one transaction. What people mean to do is noted first, and done in the order of the clock."""

    session: Session
    world: World
    day: Day
    staff: Staff
    _diary: list[tuple[datetime, int, Doing]] = field(default_factory=list)

    @property
    def force(self) -> InForce:
        """Return the plan in force."""
        return self.world.force

    def note(self, doing: Doing, *names: object) -> None:
        """Note something to be done in the course of the day, at a minute that depends on `names`."""
        minutes = self.day.lots.between(0, MINUTES, "minute", self.day.as_of, *names)
        at = moment(self.day.as_of, MORNING) + timedelta(minutes=minutes)
        self._diary.append((at, len(self._diary), doing))

    def play(self) -> int:
        """Do what is noted, in order, and forget it; return how much that was."""
        acts = sorted(self._diary, key=lambda noted: noted[:2])
        self._diary.clear()
        for at, _, doing in acts:
            doing(at)
        return len(acts)
