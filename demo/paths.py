"""How a made-up figure moves through the plan: one path for each way an indicator is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from supervision.indicators import MeasureType

STOCK_AT_START, STOCK_GROWTH = Decimal("0.82"), Decimal("0.22")
"""Of a stock whose baseline nobody has established: the share of the target there is at first, and what is added."""
SHORT_OF_WHOLE = Decimal("0.05")
"""What the weaker may fall short of a rate that is to be reached exactly."""
GROWTH_RATE, RATE_OF_INTEREST, HOUSEHOLDS = Decimal(14), Decimal("4.8"), Decimal(100_000)
"""Around these lie figures for which the plan has no number."""

WOBBLE = Decimal("0.04")
"""How far a level moves from period to period."""

_ONE, _HALF = Decimal(1), Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Spot:
    """One indicator in one area at one time.

    `level`: what the area reaches of what is expected, 1: exactly that. `elapsed` and `grown`: the shares of the
    plan's time that have passed, and of what grows month by month that has come about. `lot`: between 0 and 1.
    """

    target: Decimal
    baseline: Decimal | None
    level: Decimal
    elapsed: Decimal
    grown: Decimal
    lot: Decimal
    in_percent: bool


Path = Callable[[Spot], Decimal]


def _cumulative(spot: Spot) -> Decimal:
    return spot.target * spot.level * spot.grown


def _stock(spot: Spot) -> Decimal:
    if spot.baseline is not None:
        return spot.baseline + (spot.target - spot.baseline) * spot.elapsed * spot.level
    return spot.target * spot.level * (STOCK_AT_START + STOCK_GROWTH * spot.elapsed)


def _around_target(spot: Spot) -> Decimal:
    return spot.target * spot.level * _wobbled(spot)


def _below_target(spot: Spot) -> Decimal:
    return spot.target / (spot.level * _wobbled(spot))


def _wobbled(spot: Spot) -> Decimal:
    return _ONE - WOBBLE / 2 + WOBBLE * spot.lot


def _exactly(spot: Spot) -> Decimal:
    return spot.target if spot.level >= _ONE else spot.target * (_ONE - SHORT_OF_WHOLE * spot.lot)


def _rate_of_growth(spot: Spot) -> Decimal:
    return GROWTH_RATE * spot.level + spot.lot


def _more_and_more(spot: Spot) -> Decimal:
    return HOUSEHOLDS * spot.level * (_ONE + spot.elapsed)


def _rated(spot: Spot) -> Decimal:
    """Return what the office's rating goes by: a rate of interest where percent are asked for, else the rating."""
    if spot.in_percent:
        return RATE_OF_INTEREST - spot.elapsed
    return _ONE if spot.level >= _ONE else _HALF


PATHS: Mapping[MeasureType, Path] = {
    MeasureType.CUMULATIVE: _cumulative,
    MeasureType.STOCK: _stock,
    MeasureType.ANNUAL_STOCK: _around_target,
    MeasureType.AVERAGE_GROWTH: _around_target,
    MeasureType.FLOOR_RATIO: _around_target,
    MeasureType.CEILING_RATIO: _below_target,
    MeasureType.EXACT_RATE: _exactly,
    MeasureType.RELATIVE: _rate_of_growth,
    MeasureType.DIRECTION: _more_and_more,
    MeasureType.RUBRIC: _rated,
}
