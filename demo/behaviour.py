"""How made-up units behave: each has a character, and each thing it is to do draws a habit from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from config.plan import Plan
from demo.lots import Lots


class Habit(StrEnum):
    """How a unit deals with one item or one reporting request."""

    PROMPT = "prompt"
    """Done before the due date."""
    LATE = "late"
    """Done a few days after it."""
    SILENT = "silent"
    """Not even signed for until somebody presses."""
    RETURNED = "returned"
    """Done in time, and badly: it comes back once."""
    EXTENDED = "extended"
    """More time is asked for."""


WORST: Mapping[Habit, Decimal] = {
    Habit.LATE: Decimal("0.28"),
    Habit.SILENT: Decimal("0.06"),
    Habit.RETURNED: Decimal("0.08"),
    Habit.EXTENDED: Decimal("0.05"),
}
"""Shares of each habit in the weakest unit; what is left is prompt."""

BEST: Mapping[Habit, Decimal] = {
    Habit.LATE: Decimal("0.01"),
    Habit.SILENT: Decimal(0),
    Habit.RETURNED: Decimal("0.02"),
    Habit.EXTENDED: Decimal("0.01"),
}
"""Shares of each habit in the strongest unit."""

STRONGEST, WEAKEST = Decimal("1.12"), Decimal("0.74")
"""What a unit reaches of what is expected of it."""


@dataclass(frozen=True)
class Character:
    """A unit's place between the strongest (0) and the weakest (1) of its kind."""

    weakness: Decimal

    @property
    def strength(self) -> Decimal:
        """Return what the unit reaches of what is expected of it; 1: exactly that."""
        return STRONGEST + (WEAKEST - STRONGEST) * self.weakness

    def share(self, habit: Habit) -> Decimal:
        """Return the share of `habit` other than prompt. Only the last third of the field is really bad."""
        return BEST[habit] + (WORST[habit] - BEST[habit]) * self.weakness**2

    def habit(self, lots: Lots, *names: object) -> Habit:
        """Return the habit that the thing of these names draws."""
        lot, reached = lots.share("habit", *names), Decimal(0)
        for habit in WORST:
            reached += self.share(habit)
            if lot < reached:
                return habit
        return Habit.PROMPT


def characters(plan: Plan, lots: Lots) -> Mapping[str, Character]:
    """Return the character of every unit of the plan by code, spread evenly over districts and over the others."""
    districts = [unit.code for unit in plan.districts]
    others = [unit.code for unit in plan.units if unit.code not in districts]
    return {
        code: Character(_place(place, len(codes)))
        for codes in (districts, others)
        for place, code in enumerate(lots.shuffled(codes, "character"))
    }


def _place(place: int, of: int) -> Decimal:
    share = Fraction(place, of - 1) if of > 1 else Fraction(0)
    return Decimal(share.numerator) / Decimal(share.denominator)
