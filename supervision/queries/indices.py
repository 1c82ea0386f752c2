"""What a composite index is computed from: series and confirmed figures, as known on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from config.clock import day_ends
from config.errors import UnknownName
from config.plan.schema.statistics import Index, IndexComponent
from config.terms import Cadence, FigureState
from supervision.in_force import InForce
from supervision.indices.composite import CompositeIndex, Values, composite
from supervision.periods import Period, parse_period, periods
from supervision.queries.figures import KnownFigure, figures_as_known
from supervision.queries.series import Place, Point, area_named, areas_of, points

Figures = Mapping[tuple[str, str, str], KnownFigure]


def composites(
    session: Session, force: InForce, code: str, period: Period, *, as_of: date, area: str | None = None
) -> tuple[CompositeIndex, ...]:
    """Return the index of `period` for `area` (default: each of its areas), as known at the close of `as_of`.

    The base period is read as of the same day. Raises UnknownName for an index or area that is not there, and for a
    period that is none of the index's.
    """
    index = force.plan.statistics.index_of(code)
    areas = areas_of(force, index)
    (own,) = periods(Cadence(index.frequency), start=period.first, end=period.first)
    if own != period:
        raise UnknownName(f"“{period}”不是指数 {code} 的周期，应写成 {own} 的形式")
    area = None if area is None else area_named(force, index, area)
    known = _Known(
        force,
        index,
        figures_as_known(session, force, known_at=day_ends(as_of)),
        points(session, force, {c.series for c in index.components if c.series}, as_of=as_of),
    )
    base = parse_period(index.base_period)
    return tuple(
        composite(
            index, area=name, period=str(period), base=known.values(name, base), current=known.values(name, period)
        )
        for name in areas
        if area in (None, name)
    )


class _Known:
    """The figures and series of one index as they were known."""

    def __init__(self, force: InForce, index: Index, figures: Figures, series: Mapping[Place, Point]) -> None:
        self.force, self.index, self.figures, self.series = force, index, figures, series

    def values(self, area: str, period: Period) -> Values:
        """Return the components' values in one area and period; None for what is not known."""
        return {component.code: self._value(component, area, period) for component in self.index.components}

    def _value(self, component: IndexComponent, area: str, period: Period) -> Decimal | None:
        if component.series is not None:
            point = self.series.get((component.series, area, str(period)))
            return point.value if point else None
        code = component.indicator or ""
        value = self._figure(code, area, period)
        if not component.increments or value is None or period.previous.last < self.force.plan.start:
            return value
        before = self._figure(code, area, period.previous)
        return None if before is None else value - before

    def _figure(self, code: str, area: str, period: Period) -> Decimal | None:
        """Return the confirmed figure at the end of `period`, of a district or of the whole city.

        The city's own figure stands under the unit that files it; where nobody does, an additive indicator's is the
        sum of the districts, if all of them have one.
        """
        districts = [unit.code for unit in self.force.plan.districts]
        here = [unit.code for unit in self.force.plan.districts if unit.name == area]
        if here:
            return self._filed(code, here[0], period, ("self", "districts"))
        for form in self.force.plan.forms:
            if form.areas == "city" and code in form.indicators:
                return self._filed(code, self.force.plan.unit(form.reporters[0]).code, period, ("city",))
        if not self.force.plan.indicator(code).additive:
            return None
        parts = [self._filed(code, unit, period, ("self", "districts")) for unit in districts]
        return None if None in parts else sum((part for part in parts if part is not None), Decimal(0))

    def _filed(self, code: str, unit: str, period: Period, areas: tuple[str, ...]) -> Decimal | None:
        """Return the figure of the form's period that ends when `period` does."""
        for form in self.force.plan.forms:
            if form.areas in areas and code in form.indicators:
                own = periods(Cadence(form.frequency), start=period.first, end=period.last)[-1]
                found = self.figures.get((code, unit, str(own))) if own.last == period.last else None
                return found.value if found is not None and found.state is FigureState.NUMBER else None
        return None
