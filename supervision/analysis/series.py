"""What the analysis looks at: indicators as they are counted, and the figures of one place in the order of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from supervision.exact import exact, half_up, plain
from supervision.indicators import PERCENT, MeasureType
from supervision.periods import Period

SHOWN_PLACES = 2


@dataclass(frozen=True, slots=True)
class Topic:
    """An indicator as papers write it: its name, its unit of measure, and with how many decimals it is filed."""

    code: str
    name: str = ""
    unit_of_measure: str = ""
    decimals: int = 0

    @property
    def title(self) -> str:
        """Return the code with the name."""
        return f"{self.code} {self.name}".strip()

    @property
    def quantum(self) -> Decimal:
        """Return the smallest difference between two figures, in the unit of measure."""
        return Decimal(1).scaleb(-self.decimals)

    @property
    def is_percent(self) -> bool:
        """Return whether the figure is a percentage."""
        return self.unit_of_measure == PERCENT

    @property
    def is_count(self) -> bool:
        """Return whether whole things are counted, so that pure chance moves a gain by about its square root."""
        return self.decimals == 0 and not self.is_percent

    def amount(self, number: Decimal | Fraction) -> str:
        """Return `number` with the unit of measure; what has more decimals than are filed is rounded half up."""
        if isinstance(number, Decimal):
            return f"{plain(number)}{self.unit_of_measure}"
        return f"{plain(Decimal(half_up(number, max(self.decimals, SHOWN_PLACES))))}{self.unit_of_measure}"

    def rounded(self, number: Fraction, *, up: bool) -> Decimal:
        """Return the nearest figure that can be filed and is not below `number`, or with `up` false not above it."""
        units = number * 10**self.decimals
        whole = -(-units.numerator // units.denominator) if up else units.numerator // units.denominator
        return Decimal(whole).scaleb(-self.decimals)


Topics = Mapping[str, Topic]
"""By the code of the indicator."""


def topic_of(topics: Topics, code: str) -> Topic:
    """Return the indicator of that code; for one that nobody has described, its bare code, counted in wholes."""
    return topics.get(code) or Topic(code)


@dataclass(frozen=True, slots=True)
class Observation:
    """The figure of one period as it is known now.

    `filed_on` is the day this version was filed, `due` the last day on which that was on time; None: not known.
    `frozen` is what an earlier run was calculated from, None where none was, or nothing was known then. `note` is
    the unit's own explanation.
    """

    period: Period
    value: Decimal
    filed_on: date | None = None
    due: date | None = None
    frozen: Decimal | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What was gained from one observation to the next, `periods` periods later."""

    before: Observation
    after: Observation
    periods: int

    @property
    def gain(self) -> Decimal:
        """Return the gain; below 0 for a loss."""
        return self.after.value - self.before.value

    @property
    def rate(self) -> Fraction:
        """Return the gain per period."""
        return exact(self.gain) / self.periods


@dataclass(frozen=True)
class Series:
    """The figures of one indicator in one place, in the order of their periods, all of one length.

    Periods without a number (未报, 不适用) have no observation. `target` and `baseline` are the place's own.
    `filed_by` names the unit that reports for the place; None: the place itself. `never_falls`: a cumulative figure
    that only an error makes smaller.
    """

    unit: str
    unit_name: str
    topic: Topic
    measure_type: MeasureType
    observations: tuple[Observation, ...]
    target: Decimal | None = None
    baseline: Decimal | None = None
    plan: tuple[Period, Period] | None = None
    """The first and the last period of the plan, of the same length; None: not known."""
    filed_by: str | None = None
    never_falls: bool = False

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Return what was gained between the observations."""
        pairs = pairwise(self.observations)
        return tuple(Step(before, after, distance(before.period, after.period)) for before, after in pairs)

    @cached_property
    def scheduled_step(self) -> Fraction | None:
        """Return what a linear schedule adds in each period; None without a target, or for a stock a baseline."""
        start = self.start
        if self.target is None or start is None or self.plan is None:
            return None
        return (exact(self.target) - exact(start)) / (distance(*self.plan) + 1)

    @property
    def start(self) -> Decimal | None:
        """Return the figure at the eve of the plan: 0 for what is cumulated, the baseline of a stock, else None."""
        if self.measure_type is MeasureType.CUMULATIVE:
            return Decimal(0)
        return self.baseline if self.measure_type is MeasureType.STOCK else None

    def within(self, quarter: Period) -> tuple[Step, ...]:
        """Return the steps whose later period ends in `quarter`."""
        return tuple(step for step in self.steps if step.after.period.last in quarter)


def distance(before: Period, after: Period) -> int:
    """Return how many periods of their common length `after` comes after `before`."""
    months = (after.year - before.year) * 12 + after.month - before.month
    return months // after.months


def percent(share: Fraction | Decimal) -> str:
    """Return a share as a percentage with two decimals at most, with the minus of papers."""
    number = share if isinstance(share, Fraction) else exact(share)
    return f"{plain(Decimal(half_up(number * 100, SHOWN_PLACES)))}%".replace("-", "−")
