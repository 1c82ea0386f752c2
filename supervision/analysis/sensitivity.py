"""What-if, second half: what would move a district up one rank, indicator by indicator.

Points are linear in the share, so the figure that is needed follows from the gap to the total above. It is rounded
to one that can be filed, and then the calculator itself confirms that it lifts the district, and that one unit less
does not. Where nothing the line can earn suffices, that is said. Source: docs/analysis.md, One rank up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from config.errors import BadInput
from supervision.analysis.inverse import figure_for, fullest_share, furthest, is_lower_better
from supervision.analysis.levers import Lever, LeverState, UnitLevers
from supervision.analysis.series import Topic, Topics, topic_of
from supervision.exact import exact, total_of
from supervision.indicators import LineStatus, MeasureType, PointRule
from supervision.scoring import assess
from supervision.scoring.case import Case, District
from supervision.scoring.reading import RATINGS
from supervision.scoring.result import DistrictScore, Line, Result
from supervision.workdays import Workdays

HALF_A_UNIT = Fraction(1, 200)
"""A total is rounded half up to 0.01, so it reaches another from half a hundredth below."""

Standing = tuple[Decimal, int]
"""A total and its rank."""


@dataclass(frozen=True)
class _Trial:
    """One district with one figure changed at a time, everything else as it is.

    `goal` is the lowest total above the district's own: who reaches it moves up at least one rank.
    """

    case: Case
    result: Result
    calendar: Workdays
    own: DistrictScore
    goal: Decimal
    tried: dict[tuple[int, Decimal], Standing] = field(default_factory=dict)

    def standing(self, place: int, number: Decimal) -> Standing:
        """Return total and rank with `number` as the figure (or rating) of the item at `place`, by the calculator."""
        if (place, number) not in self.tried:
            self.tried[place, number] = self._calculated(place, number)
        return self.tried[place, number]

    def lifts(self, place: int, number: Decimal) -> bool:
        """Return whether that figure moves the district up."""
        return self.standing(place, number)[1] < (self.own.rank or 0)

    def _calculated(self, place: int, number: Decimal) -> Standing:
        """Calculate only the districts on which the answer depends; the totals of the others stay as they are."""
        item = self.case.scheme.items[place]
        moves_others = self.case.scheme.rule_of(item) is PointRule.BEST_TAKES_FULL
        districts = tuple(
            _with(each, place, number, rubric=item.measure.measure_type is MeasureType.RUBRIC)
            if each.code == self.own.code
            else each
            for each in self.case.districts
            if moves_others or each.code == self.own.code or each.code in self._leaders
        )
        again = assess(replace(self.case, districts=districts), calendar=self.calendar)
        mine = next(each for each in again.districts if each.code == self.own.code)
        others = again.districts if moves_others else self.result.districts
        better = sum(each.ranked and each.total > mine.total for each in others if each.code != self.own.code)
        return mine.total, 1 + better

    @cached_property
    def _leaders(self) -> frozenset[str]:
        """Return the districts with the best figures under best_takes_full: every share is measured by them."""
        found = set()
        for place, item in enumerate(self.case.scheme.items):
            if self.case.scheme.rule_of(item) is PointRule.BEST_TAKES_FULL:
                lines = {score.code: _lines(score)[place] for score in self.result.districts}
                values = {
                    code: line.figure.value
                    for code, line in lines.items()
                    if line.reading.status is LineStatus.OK and line.figure.value is not None
                }
                found.update(sorted(values, key=values.__getitem__)[-1:])
        return frozenset(found)


def _with(district: District, place: int, number: Decimal, *, rubric: bool) -> District:
    figures = list(district.figures)
    figures[place] = replace(figures[place], rating=number) if rubric else replace(figures[place], value=number)
    return replace(district, figures=tuple(figures))


def _lines(score: DistrictScore) -> tuple[Line, ...]:
    return tuple(line for part in score.components for line in part.lines)


def one_rank_up(case: Case, result: Result, unit: str, *, topics: Topics, calendar: Workdays) -> UnitLevers:
    """Return for every indicator the smallest change of its figure that moves `unit` up, or why none does.

    `result` is that of `case`. The change is one of this indicator alone, all else unchanged, the other districts'
    figures included. Reaching the total above is enough: equals share a rank. Raises BadInput for a unit that the
    case does not have.
    """
    own = next((district for district in result.districts if district.code == unit), None)
    if own is None:
        raise BadInput(f"考核数据里没有单位 {unit}")
    above = [each for each in result.districts if each.ranked and own.ranked and each.total > own.total]
    if own.rank is None or not above:
        return UnitLevers(own.code, own.name, own.rank, own.total, None, (), ())
    goal = min(each.total for each in above)
    trial = _Trial(case, result, calendar, own, goal)
    levers = tuple(_lever(trial, place, line, topic_of(topics, line.code)) for place, line in enumerate(_lines(own)))
    return UnitLevers(
        own.code, own.name, own.rank, own.total, goal, tuple(each.name for each in above if each.total == goal), levers
    )  # fmt: skip


def _lever(trial: _Trial, place: int, line: Line, topic: Topic) -> Lever:
    if line.share is None:
        return Lever(topic, LeverState.NOT_APPLICABLE)
    if line.gauge.item.measure.measure_type is MeasureType.RUBRIC:
        return _rating(trial, place, line, topic)
    before, ladder = line.figure.value, _Ladder(topic, is_lower_better(line))
    last = ladder.rung(exact(furthest(line, topic)))
    if before is not None and ladder.rung(exact(before), worse=True) >= last:
        return Lever(topic, LeverState.FULL, before)
    wanted = min(_share_wanted(trial, line), fullest_share(line))
    guess = min(ladder.rung(figure_for(line, wanted, topic)), last)

    def lifts(rung: int) -> bool:
        return trial.lifts(place, ladder.number(rung))

    if not lifts(guess) and not lifts(last):
        number = ladder.number(last)
        return Lever(topic, LeverState.CANNOT, before, number, *trial.standing(place, number))
    known = None if before is None else ladder.rung(exact(before), worse=True)
    number = ladder.number(_lowest(lifts, guess if lifts(guess) else last, known))
    return Lever(topic, LeverState.LIFTS, before, number, *trial.standing(place, number))


def _share_wanted(trial: _Trial, line: Line) -> Fraction:
    """Return the share of the line with which the district's total just rounds up to the goal."""
    points = total_of(part.points for part in trial.own.components) + trial.own.adjustments
    return (line.share or Fraction(0)) + (exact(trial.goal) - HALF_A_UNIT - points) / line.weight


def _rating(trial: _Trial, place: int, line: Line, topic: Topic) -> Lever:
    """Return the lowest rating that lifts the district: the office gives 0, 0.5 or 1."""
    before = line.figure.rating
    higher = [rating for rating in RATINGS if rating > (before or 0)]
    if not higher:
        return Lever(topic, LeverState.FULL, before, is_rating=True)
    found = next((rating for rating in higher if trial.lifts(place, rating)), None)
    state, rating = (LeverState.CANNOT, higher[-1]) if found is None else (LeverState.LIFTS, found)
    return Lever(topic, state, before, rating, *trial.standing(place, rating), is_rating=True)


@dataclass(frozen=True, slots=True)
class _Ladder:
    """The figures that can be filed, as whole numbers of which a greater one is never worth less."""

    topic: Topic
    lower_is_better: bool

    def rung(self, number: Fraction, *, worse: bool = False) -> int:
        """Return the nearest rung that is not worth less than `number`; with `worse` not more."""
        units = number / exact(self.topic.quantum) * (-1 if self.lower_is_better else 1)
        return floor(units) if worse else ceil(units)

    def number(self, rung: int) -> Decimal:
        """Return the figure at a rung."""
        return Decimal(-rung if self.lower_is_better else rung).scaleb(-self.topic.decimals)


def _lowest(lifts: Callable[[int], bool], high: int, known: int | None) -> int:
    """Return the lowest rung that lifts; `high` does, `known` (where the figure is now) does not.

    Steps down from `high`, twice as far each time, then halves: one step when the formula was right.
    """
    stride = 1
    low = high - stride
    while (known is None or low > known) and lifts(low):
        high, stride = low, stride * 2
        low = high - stride
    if known is not None:
        low = max(low, known)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if lifts(middle) else (middle, high)
    return high
