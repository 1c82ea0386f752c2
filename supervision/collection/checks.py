"""The checks that a plan asks of filed figures: one function each; whether a hit refuses or asks why is the plan's."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache

from config.plan import FigureCheck, Form, Indicator, Plan
from config.plan.schema.forms import CheckCode
from supervision.collection.filing import Cells, FiledCell, Problem
from supervision.exact import plain
from supervision.indicators import PERCENT, RATIOS, WHOLE, MeasureType
from supervision.periods import Period

MAY_BE_NEGATIVE = frozenset({MeasureType.AVERAGE_GROWTH, MeasureType.RELATIVE})
"""Rates of growth."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A number that stands in another submission, filed or confirmed. `area` is a unit's code."""

    indicator: str
    area: str
    period: Period
    number: Decimal


@dataclass(frozen=True)
class Filing:
    """What is checked: the cells of a form for a period, beside every number that stands elsewhere."""

    plan: Plan
    form: Form
    period: Period
    cells: Cells
    standing: tuple[Standing, ...]

    @cached_property
    def numbers(self) -> tuple[tuple[Indicator, FiledCell, Decimal], ...]:
        """Return the cells that hold a number, with their indicator."""
        return tuple(
            (self.plan.indicator(cell.indicator), cell, cell.value.number)
            for cell in self.cells.values()
            if cell.value.number is not None
        )

    @cached_property
    def by_indicator(self) -> Mapping[str, list[FiledCell]]:
        """Return the cells of each indicator."""
        found: dict[str, list[FiledCell]] = {}
        for cell in self.cells.values():
            found.setdefault(cell.indicator, []).append(cell)
        return found

    @cached_property
    def _series(self) -> Mapping[tuple[str, str], list[Standing]]:
        found: dict[tuple[str, str], list[Standing]] = {}
        for each in sorted(self.standing, key=lambda each: _end(each.period)):
            found.setdefault((each.indicator, each.area), []).append(each)
        return found

    @cached_property
    def areas_elsewhere(self) -> Mapping[str, list[str]]:
        """Return by indicator the areas that have a number in another submission."""
        found: dict[str, list[str]] = {}
        for code, area in self._series:
            found.setdefault(code, []).append(area)
        return found

    def before(self, cell: FiledCell) -> Standing | None:
        """Return the number of the last period before this one that has one."""
        series, end = self._series.get((cell.indicator, cell.area), ()), _end(self.period)
        return next((each for each in reversed(series) if _end(each.period) < end), None)

    def after(self, cell: FiledCell) -> Standing | None:
        """Return the number of the first period after this one that has one: then this is a correction."""
        series, end = self._series.get((cell.indicator, cell.area), ()), _end(self.period)
        return next((each for each in series if _end(each.period) > end), None)

    def now(self, indicator: str, area: str) -> Decimal | None:
        """Return the number at the end of this period: from this submission where it asks for it, else as it stands."""
        if (indicator, area) in self.cells:
            return self.cells[indicator, area].value.number
        series, end = self._series.get((indicator, area), ()), _end(self.period)
        return next((each.number for each in series if _end(each.period) == end), None)


@lru_cache(maxsize=1000)
def _end(period: Period) -> date:
    """Return the last day of a period; a hundred thousand numbers share a handful of periods."""
    return period.last


Hits = Iterator[tuple[FiledCell, str]]


def problems_of(
    plan: Plan, form: Form, period: Period, cells: Cells, standing: Iterable[Standing] = ()
) -> list[Problem]:
    """Return what the plan's checks find in `cells`, by check in the plan's order, then by cell.

    A check that asks for an explanation is content with any note beside the figure.
    """
    filing = Filing(plan, form, period, cells, tuple(standing))
    found = []
    for check in plan.reporting.checks:
        for cell, message in CHECKS[check.code](filing, check) if _applies(plan, form, check.code) else ():
            if check.action == "refuse":
                found.append(Problem(cell.where, f"{message}，请改正"))
            elif not cell.note:
                found.append(Problem(cell.where, f"{message}，属实的请在备注中说明原因"))
    return found


def _applies(plan: Plan, form: Form, code: CheckCode) -> bool:
    """Return whether the form is under the check.

    The agreement of city and districts is asked of whoever files for the whole city, also when it is the districts'
    own form that lists the check: no single district can answer for the sum.
    """
    if code != "city_total":
        return code in form.checks
    others = (each for each in plan.forms if code in each.checks and set(each.indicators) & set(form.indicators))
    return form.areas != "self" and any(True for _ in others)


def _decimals(filing: Filing, check: FigureCheck) -> Hits:
    for indicator, cell, number in filing.numbers:
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > indicator.decimals:
            most = f"最多 {indicator.decimals} 位小数" if indicator.decimals else "只能是整数"
            yield cell, f"{plain(number)} 的小数位数过多，{indicator.code} {most}"


def _ratio_range(filing: Filing, check: FigureCheck) -> Hits:
    for indicator, cell, number in filing.numbers:
        is_ratio = MeasureType(indicator.measure_type) in RATIOS and indicator.unit_of_measure == PERCENT
        if is_ratio and not 0 <= number <= WHOLE:
            yield cell, f"{plain(number)}% 超出 0 至 100 的范围"


def _not_negative(filing: Filing, check: FigureCheck) -> Hits:
    for indicator, cell, number in filing.numbers:
        if number < 0 and MeasureType(indicator.measure_type) not in MAY_BE_NEGATIVE:
            yield cell, f"{plain(number)} 为负数"


def _subset(filing: Filing, check: FigureCheck) -> Hits:
    for part in filing.plan.indicators:
        if part.subset_of is None:
            continue
        either = [cell for code in (part.code, part.subset_of) for cell in filing.by_indicator.get(code, ())]
        for area in dict.fromkeys(cell.area for cell in either):
            of_part, of_set = filing.now(part.code, area), filing.now(part.subset_of, area)
            if of_part is None or of_set is None or of_part <= of_set:
                continue
            mine = [filing.cells[key] for key in ((part.code, area), (part.subset_of, area)) if key in filing.cells]
            message = f"{part.code}（{plain(of_part)}）大于其所属的 {part.subset_of}（{plain(of_set)}）"
            if len(mine) > 1:
                yield mine[0], message
            elif not mine[0].note:  # the other number is somebody else's, and may be the wrong one
                yield mine[0], f"{message}，其中之一由另表报送，确认无误的请写备注"


def _never_falls(filing: Filing, check: FigureCheck) -> Hits:
    for indicator, cell, number in filing.numbers:
        if not indicator.cumulative_never_falls:
            continue
        before, after = filing.before(cell), filing.after(cell)
        if before is not None and number < before.number:
            yield cell, f"累计数 {plain(number)} 小于 {before.period} 的 {plain(before.number)}"
        if after is not None and number > after.number:
            yield cell, f"累计数 {plain(number)} 大于此后 {after.period} 已报的 {plain(after.number)}"


def _jump(filing: Filing, check: FigureCheck) -> Hits:
    times = check.threshold or Decimal(0)
    for _, cell, number in filing.numbers:
        before = filing.before(cell)
        if before is not None and before.number > 0 and number > times * before.number:
            yield cell, f"{plain(number)} 超过 {before.period} 的 {plain(before.number)} 的 {plain(times)} 倍"


def _city_total(filing: Filing, check: FigureCheck) -> Hits:
    districts = {unit.code: None for unit in filing.plan.districts}
    for code in filing.form.indicators:
        mine = filing.by_indicator[code]
        city = filing.now(code, mine[0].area) if filing.form.areas == "city" else _of_city(filing, code, districts)
        parts = [filing.now(code, district) for district in districts]
        numbers = [number for number in parts if number is not None]
        if not filing.plan.indicator(code).additive or city is None or len(numbers) < len(districts):
            continue
        total = sum(numbers, Decimal(0))
        if abs(total - city) > (check.threshold or Decimal(0)) * abs(city):
            cell = next((each for each in mine if not each.note), mine[0])
            yield cell, f"{code} 各区、县（市）合计 {plain(total)}，与全市数 {plain(city)} 不一致"


def _of_city(filing: Filing, code: str, districts: Container[str]) -> Decimal | None:
    """Return the city's own figure: the one that stands under no district."""
    areas = {area for area in filing.areas_elsewhere.get(code, ()) if area not in districts}
    found = (filing.now(code, area) for area in sorted(areas))
    return next((number for number in found if number is not None), None)


CHECKS: Mapping[CheckCode, Callable[[Filing, FigureCheck], Hits]] = {
    "decimals": _decimals,
    "ratio_range": _ratio_range,
    "not_negative": _not_negative,
    "subset": _subset,
    "never_falls": _never_falls,
    "jump": _jump,
    "city_total": _city_total,
}
