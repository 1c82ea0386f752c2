"""What is expected of an indicator by the end of a period, as the assessment will expect it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from config.errors import UnknownName
from config.plan import Indicator, Plan, SchemeItem
from config.terms import Population
from supervision.exact import half_up, plain
from supervision.indicators import Figure, Measure, MeasureType, expected_of
from supervision.periods import Period, parse_quarter, quarter_of
from supervision.scoring.case import Item, Span

PLACES = 2
"""Decimals that an expected number is shown with: it is no figure, only something to hold one's own against."""


def scheduled_by(plan: Plan, indicator: Indicator, period: Period) -> Fraction | None:
    """Return the share scheduled by the end of the quarter in which `period` ends; None outside the plan.

    By the trajectory of the districts' scheme in force where it lists the indicator, else linear over the plan.
    Source: docs/scoring.md, A line.
    """
    quarter, span = quarter_of(period.last), Span(plan.start, plan.end)
    if not span.covers(quarter):
        return None
    listed = _listed(plan, indicator, quarter)
    steps = (listed.trajectory or ()) if listed is not None else ()
    trajectory = tuple((parse_quarter(when), share) for when, share in steps)
    return Item(indicator.code, Decimal(1), _measure(indicator), trajectory=trajectory).scheduled(span, quarter)


def expected_by(
    indicator: Indicator, scheduled: Fraction | None, *, target: Decimal | None, baseline: Decimal | None
) -> Decimal | None:
    """Return E for the scheduled share, with two decimals; None where nothing is expected."""
    if target is None or scheduled is None:
        return None
    expected = expected_of(_measure(indicator), Figure(target=target, baseline=baseline), scheduled=scheduled)
    return None if expected is None else Decimal(plain(Decimal(half_up(expected, PLACES))))


def _measure(indicator: Indicator) -> Measure:
    return Measure(MeasureType(indicator.measure_type))


def _listed(plan: Plan, indicator: Indicator, quarter: Period) -> SchemeItem | None:
    try:
        scheme = plan.scheme(Population.DISTRICTS.value, quarter=str(quarter))
    except UnknownName:
        return None
    items = (item for component in scheme.components for item in component.items)
    return next((item for item in items if item.code == indicator.code), None)
