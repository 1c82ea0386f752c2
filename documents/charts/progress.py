"""How far the districts have come together with an indicator: the sum of their figures against their targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from config.plan import Plan
from supervision.exact import exact
from supervision.indicators import Figure, FigureLight, LineStatus, Measure, Reading, light_of, read
from supervision.scoring.result import Line, Result


@dataclass(frozen=True, slots=True)
class Progress:
    """One indicator over all the districts that reported it.

    `lines` are those of all districts by name, in rank order. `figure` and `reading` are the sums over the
    `counted` ones, None for an indicator whose figures cannot be added up, or that nobody has reported.
    """

    code: str
    name: str
    goal: int
    unit_of_measure: str
    measure: Measure
    yellow_from: Fraction
    lines: tuple[tuple[str, Line], ...]
    figure: Figure | None
    reading: Reading | None

    @property
    def counted(self) -> int:
        """Return how many districts have reported a figure that counts."""
        return sum(line.reading.status is LineStatus.OK for _, line in self.lines)

    @property
    def applicable(self) -> int:
        """Return how many districts owe a figure."""
        return sum(line.reading.status is not LineStatus.NOT_APPLICABLE for _, line in self.lines)

    @property
    def light(self) -> FigureLight | None:
        """Return the light of the sum; None where there is none."""
        if self.figure is None or self.reading is None:
            return None
        return light_of(self.measure, self.figure, self.reading, yellow_from=self.yellow_from)

    @property
    def value(self) -> Decimal | None:
        """Return the sum of the figures."""
        return self.figure.value if self.figure is not None else None

    @property
    def target(self) -> Decimal | None:
        """Return the sum of the targets of those who reported."""
        return self.figure.target if self.figure is not None else None

    @property
    def attainment(self) -> Fraction | None:
        """Return the sum ÷ what was expected of it by now."""
        return self.reading.attainment if self.reading is not None else None

    @property
    def attained(self) -> Fraction | None:
        """Return value ÷ target of the whole plan, both summed."""
        return exact(self.value) / exact(self.target) if self.value is not None and self.target else None

    @property
    def scheduled(self) -> Fraction | None:
        """Return what was to be reached by now as a share of the target (序时进度)."""
        if self.reading is None or self.reading.expected is None or not self.target:
            return None
        return self.reading.expected / exact(self.target)


def progress(result: Result, plan: Plan) -> tuple[Progress, ...]:
    """Return every indicator of the targets in the order of the scheme; nothing for a scheme without targets.

    A sum is over districts that reported alone, value, target and baseline alike, so that a missing figure neither
    lowers nor raises what the others have attained. Raises UnknownName for an indicator that the plan has lost.
    """
    found = [(score.name, line) for score in result.districts for part in score.components for line in part.lines]
    by_code: dict[str, list[tuple[str, Line]]] = {}
    for name, line in found:
        by_code.setdefault(line.code, []).append((name, line))
    return tuple(_progress(plan, code, tuple(lines)) for code, lines in by_code.items())


def _progress(plan: Plan, code: str, lines: tuple[tuple[str, Line], ...]) -> Progress:
    indicator, gauge = plan.indicator(code), lines[0][1].gauge
    figures = [line.figure for _, line in lines if line.reading.status is LineStatus.OK]
    figure = _sum(figures) if indicator.additive and figures else None
    return Progress(
        code, indicator.name, indicator.goal, indicator.unit_of_measure, gauge.item.measure, gauge.yellow_from,
        lines, figure, read(gauge.item.measure, figure, scheduled=gauge.scheduled) if figure else None,
    )  # fmt: skip


def _sum(figures: Sequence[Figure]) -> Figure:
    return Figure(
        target=_added([figure.target for figure in figures]),
        value=_added([figure.value for figure in figures]),
        baseline=_added([figure.baseline for figure in figures]),
        reference=_added([figure.reference for figure in figures]),
    )


def _added(numbers: Sequence[Decimal | None]) -> Decimal | None:
    """Return the sum; None when one is not known, because then the sum is not known either."""
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if len(known) == len(numbers) else None
