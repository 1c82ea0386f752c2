"""The figures of a made-up city: what is true of every indicator, area and period. Pure, and the same for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property

from config.plan import Indicator, Plan
from demo.behaviour import Character
from demo.lots import Lots
from demo.paths import PATHS, Spot
from supervision.apportion import district_targets
from supervision.indicators import MeasureType
from supervision.periods import Period

NOISE = Decimal("0.16")
"""How far areas of the same strength may lie apart in one indicator."""
MONTHLY_NOISE = Decimal("0.5")
"""How far one month's growth may lie from another's."""
CORRECTION = Decimal("0.72")
"""What is left of the one cumulative figure that is corrected downwards, half-way through the plan."""

PERCENT, WHOLE = "%", Decimal(100)
_ONE, _HALF = Decimal(1), Decimal("0.5")
_YEAR = 12

Place = tuple[str, str]
"""An indicator and an area, as codes."""


@dataclass(frozen=True)
class Figures:
    """What is true in the city. An area is a district's code, or any other unit's: then the whole city is meant."""

    plan: Plan
    lots: Lots
    characters: Mapping[str, Character]

    @cached_property
    def targets(self) -> Mapping[Place, tuple[Decimal, Decimal | None]]:
        """Return target and baseline of every indicator that is apportioned, by district."""
        return {(line.indicator, line.district): (line.target, line.baseline) for line in district_targets(self.plan)}

    @cached_property
    def districts(self) -> tuple[str, ...]:
        """Return the codes of the districts in official order."""
        return tuple(unit.code for unit in self.plan.districts)

    @cached_property
    def zero(self) -> Place | None:
        """Return the one place where nothing ever happens: its figure is an explicit zero."""
        return self._one_place("zero", lambda each: each.measure_type == MeasureType.CUMULATIVE.value, whole=False)

    @cached_property
    def corrected(self) -> Place | None:
        """Return the one place whose cumulative figure is corrected downwards, with an explanation."""
        return self._one_place("corrected", lambda each: each.cumulative_never_falls, whole=True)

    @cached_property
    def not_applicable(self) -> Place | None:
        """Return the one place where a district says that the indicator does not apply to it."""
        return self._one_place("not applicable", lambda each: True, whole=False)

    def _one_place(self, name: str, fits: Callable[[Indicator], bool], *, whole: bool) -> Place | None:
        """Return a place that a district reports itself; one that others are a part of only when `whole`."""
        wholes = {indicator.subset_of for indicator in self.plan.indicators}
        places = [
            f"{code} {district}"
            for code, district in self.targets
            if (each := self.plan.indicator(code)).reported_by is None and fits(each) and (whole or code not in wholes)
        ]
        if not places:
            return None
        code, district = self.lots.shuffled(places, name)[0].split()
        return code, district

    def value(self, indicator: Indicator, area: str, period: Period) -> Decimal:
        """Return the figure at the end of `period`, with as many decimals as the indicator may have.

        Where the districts add up, the city's figure is their sum to the last digit.
        """
        if area in self.districts:
            return self._of_district(indicator, area, period)
        parts = [code for code in self.districts if (indicator.code, code) in self.targets]
        if not parts:
            baseline = self.plan.baseline(indicator.code)
            return self._figure(indicator, area, period, indicator.target, baseline, _ONE)
        figures = [self._of_district(indicator, code, period) for code in parts]
        total = sum(figures, Decimal(0))
        return total if indicator.additive else _rounded(indicator, total / len(figures))

    def _of_district(self, indicator: Indicator, district: str, period: Period) -> Decimal:
        place = indicator.code, district
        if place in {self.zero, self.not_applicable}:
            return Decimal(0)
        target, baseline = self.targets.get(place, (indicator.target, None))
        figure = self._figure(indicator, district, period, target, baseline, self.characters[district].strength)
        if place == self.corrected and self._elapsed(period) >= _HALF:
            figure = _rounded(indicator, figure * CORRECTION)
        if indicator.subset_of is None:
            return figure
        return min(figure, self._of_district(self.plan.indicator(indicator.subset_of), district, period))

    def _figure(
        self,
        indicator: Indicator,
        area: str,
        period: Period,
        target: Decimal | None,
        baseline: Decimal | None,
        strength: Decimal,
    ) -> Decimal:
        spot = Spot(
            target=target or Decimal(0),
            baseline=baseline,
            level=strength * (_ONE - NOISE / 2 + NOISE * self.lots.share("level", indicator.code, area)),
            elapsed=self._elapsed(period),
            grown=self._grown(indicator, area, period),
            lot=self.lots.share("spot", indicator.code, area, period),
            in_percent=indicator.unit_of_measure == PERCENT,
        )
        figure = PATHS[MeasureType(indicator.measure_type)](spot)
        return _rounded(indicator, min(figure, WHOLE) if spot.in_percent else figure)

    def _elapsed(self, period: Period) -> Decimal:
        """Return the share of the plan's months that have passed at the end of `period`."""
        return Decimal(self._months(period)) / Decimal(self._months(self._whole))

    def _grown(self, indicator: Indicator, area: str, period: Period) -> Decimal:
        """Return the share of the target that has come about, month by month: it never falls."""
        months = range(1, self._months(period) + 1)
        lots = sum((self.lots.share("month", indicator.code, area, month) for month in months), Decimal(0))
        grown = len(months) * (_ONE - MONTHLY_NOISE / 2) + MONTHLY_NOISE * lots
        return grown / self._months(self._whole)

    @cached_property
    def _whole(self) -> Period:
        return Period(self.plan.end.year, self.plan.end.month, 1)

    def _months(self, period: Period) -> int:
        """Return the number of months from the plan's first through the last of `period`."""
        start = self.plan.start
        return (period.last.year - start.year) * _YEAR + period.last.month - start.month + 1


def _rounded(indicator: Indicator, figure: Decimal) -> Decimal:
    return figure.quantize(Decimal(1).scaleb(-indicator.decimals), rounding=ROUND_FLOOR)
