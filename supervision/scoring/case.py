"""What an assessment is calculated from: the scheme, and for each district its figures and its conduct.

Values as they were given, checked by `reading`; nothing is computed here but the scheduled share. A member
unit is assessed as a "district" under a scheme without targets.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from supervision.exact import exact
from supervision.indicators import Figure, Measure, PointRule
from supervision.periods import Period, quarter_of

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Span:
    """The days from the plan's start to its end, both included; its quarters are those it touches."""

    start: date
    end: date

    def covers(self, quarter: Period) -> bool:
        """Return whether the plan touches `quarter`."""
        return quarter_of(self.start) <= quarter <= quarter_of(self.end)

    def elapsed(self, quarter: Period) -> int:
        """Return the number of the plan's quarters through `quarter`, itself included."""
        first = quarter_of(self.start)
        months = (quarter.year - first.year) * MONTHS_A_YEAR + quarter.month - first.month
        return months // quarter.months + 1

    @property
    def quarters(self) -> int:
        """Return the number of the plan's quarters."""
        return self.elapsed(quarter_of(self.end))


class ComponentCode(StrEnum):
    """What a total is made of."""

    TARGETS = "targets"
    KEY_TASKS = "key_tasks"
    REPORTING = "reporting"
    SUPERVISION = "supervision"


@dataclass(frozen=True, slots=True)
class Item:
    """An indicator in a scheme. `rule` None: the scheme's; `trajectory` empty: linear over the plan."""

    code: str
    weight: Decimal
    measure: Measure
    rule: PointRule | None = None
    trajectory: tuple[tuple[Period, Decimal], ...] = ()

    def scheduled(self, span: Span, quarter: Period) -> Fraction:
        """Return s, the share of the plan scheduled by the end of `quarter`.

        Linear between the quarters listed; 0 at the eve of the first quarter, 1 at the end of the last one
        unless that one is listed. Source: docs/scoring.md, A line.
        """
        knots = [(0, Fraction(0)), *((span.elapsed(when), exact(share)) for when, share in self.trajectory)]
        if knots[-1][0] < span.quarters:
            knots.append((span.quarters, Fraction(1)))
        now = span.elapsed(quarter)
        (since, low), (until, high) = next(pair for pair in pairwise(knots) if now <= pair[1][0])
        return low + (high - low) * Fraction(now - since, until - since)


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the total with its weight in points; only `targets` has items."""

    code: ComponentCode
    weight: Decimal
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade (等次) and the rounded total from which it is given."""

    at_least: Decimal
    name: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """The rules of an assessment, frozen before the period that they score.

    `cap` serves the rule `capped`; `min_coverage` and `yellow_from` are shares; `adjustment_limit` and
    `max_total` are points; grades stand from the highest down, the last from 0.
    """

    rule: PointRule
    cap: Decimal
    min_coverage: Decimal
    adjustment_limit: Decimal
    max_total: Decimal | None
    yellow_from: Decimal
    components: tuple[Component, ...]
    grades: tuple[Grade, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Return the items of the targets, in scheme order; none for member units."""
        return next((part.items for part in self.components if part.code is ComponentCode.TARGETS), ())

    def rule_of(self, item: Item) -> PointRule:
        """Return the rule that scores `item`: its own goes before the scheme's."""
        return item.rule or self.rule


@dataclass(frozen=True, slots=True)
class DueItem:
    """An assigned item of the assessment: its due date in force, and the day its completion was reported."""

    due: date
    completed: date | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A reporting request: filed late, returned so many times, or missing."""

    late: bool = False
    returned: int = 0
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Supervision:
    """How many papers of supervision on items were issued: 督办单 and 通报."""

    supervision_notices: int = 0
    circulars: int = 0


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points added or taken away (加减分), with the reason."""

    points: Decimal
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class District:
    """One that is assessed. `figures` stand in the order of the scheme's items."""

    code: str
    name: str
    group: str | None
    figures: tuple[Figure, ...]
    items_due: tuple[DueItem, ...] = ()
    requests: tuple[Request, ...] = ()
    supervision: Supervision = Supervision()
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """Everything one assessment is calculated from; the same case gives the same bytes."""

    span: Span
    quarter: Period
    as_of: date
    scheme: Scheme
    districts: tuple[District, ...]
