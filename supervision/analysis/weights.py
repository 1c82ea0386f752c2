"""Effective against nominal weights: how much of the differences between the totals each part really makes.

The nominal weight says what a part may bring; the effective one, how far it moved the districts apart. It is the
covariance share cov(part, total) ÷ var(total) over the ranked districts: what all parts have together is exactly 1,
whether or not they go hand in hand. Below 0, a part works against the order of the totals.
Source: docs/decisions/039.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from supervision.analysis.series import Topics, percent, topic_of
from supervision.exact import exact, half_up, total_of
from supervision.scoring.case import Case, ComponentCode, Scheme
from supervision.scoring.result import PLACES, DistrictScore, Result, in_six

ADJUSTMENTS, LIMITS = "adjustments", "limits"

TITLES = {
    ComponentCode.TARGETS.value: "目标任务",
    ComponentCode.KEY_TASKS.value: "重点任务",
    ComponentCode.REPORTING.value: "数据报送",
    ComponentCode.SUPERVISION.value: "督办情况",
    ADJUSTMENTS: "加减分",
    LIMITS: "总分封顶保底",
}

FORMULA = "实际权重 = 该部分得分与总分的协方差 ÷ 总分的方差；各部分合计恰为 100%"

_NOTHING = Fraction(0)


class Balance(StrEnum):
    """What a part's effective weight says about the scheme."""

    USUAL = "usual"
    DECIDES_NOTHING = "decides_nothing"
    DOMINANT = "dominant"
    CONTRARY = "contrary"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class PartWeight:
    """One part of the total: a component, an indicator, the adjustments, or the limits of the total.

    `nominal` is its share of the scheme's weights, None for what has no weight; `effective` its covariance share,
    None where all totals are equal; `spread` the lowest and the highest points it brought, in points.
    """

    code: str
    title: str
    nominal: Fraction | None
    effective: Fraction | None
    spread: tuple[Fraction, Fraction]
    balance: Balance

    @property
    def words(self) -> str:
        """Return what the weight came to, as officials read it."""
        low, high = self.spread
        weight = "不占权重" if self.nominal is None else f"名义权重 {percent(self.nominal)}"
        if self.effective is None:
            return f"{self.title}：{weight}；各单位总分相同，无从分解"
        if self.balance is Balance.DECIDES_NOTHING:
            return f"{self.title}：{weight}，各单位得分相同（{half_up(low, 2)} 分），对位次不起作用"
        said = f"{self.title}：{weight}，造成总分差距的 {percent(self.effective)}"
        points = f"得分在 {half_up(low, 2)} 至 {half_up(high, 2)} 分之间"
        return f"{said}（{points}）{_REMARKS.get(self.balance, '')}"

    def as_json(self) -> dict[str, object]:
        """Return plain data; shares and points with six decimals, half up."""
        return {
            "code": self.code,
            "title": self.title,
            "nominal": in_six(self.nominal),
            "effective": in_six(self.effective),
            "spread": [half_up(number, PLACES) for number in self.spread],
            "balance": self.balance.value,
            "words": self.words,
        }


_REMARKS = {
    Balance.DOMINANT: "，实际作用明显大于名义权重",
    Balance.CONTRARY: "，与总分高低方向相反，缩小了差距",
}


@dataclass(frozen=True, slots=True)
class EffectiveWeights:
    """The parts of the total, and the indicators, whose shares together are those of the targets.

    `variance` is that of the totals before rounding, over `districts` ranked ones.
    """

    parts: tuple[PartWeight, ...]
    items: tuple[PartWeight, ...]
    variance: Fraction
    districts: int

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return what the office should look at: parts and indicators that decide nothing, too much, or the wrong way.

        Nothing is said where there is no difference to divide up.
        """
        odd = {Balance.DECIDES_NOTHING, Balance.DOMINANT, Balance.CONTRARY}
        return tuple(each.words for each in (*self.parts, *self.items) if each.balance in odd)

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "formula": FORMULA,
            "districts": self.districts,
            "variance": half_up(self.variance, PLACES),
            "parts": [each.as_json() for each in self.parts],
            "items": [each.as_json() for each in self.items],
            "remarks": list(self.remarks),
        }


def effective_weights(case: Case, result: Result, *, dominant: Decimal, topics: Topics) -> EffectiveWeights:
    """Return the effective weight of each component and each indicator in `result`, which is that of `case`.

    A part is dominant when its effective weight is above `dominant` times the nominal one. Adjustments, and what the
    limits of the total took or gave, are parts without a weight, listed when they are not 0 everywhere.
    Source: assessment.yaml, robustness.
    """
    scheme, ranked = case.scheme, [district for district in result.districts if district.ranked]
    totals = [_bounded(scheme, _sum(district)) for district in ranked]
    whole = total_of(exact(part.weight) for part in scheme.components)

    def weighed(code: str, title: str, weight: Decimal | None, points: Sequence[Fraction]) -> PartWeight:
        nominal = None if weight is None else exact(weight) / whole
        share = _share(points, totals)
        spread = (min(points, default=_NOTHING), max(points, default=_NOTHING))
        return PartWeight(code, title, nominal, share, spread, _balance(nominal, share, spread, exact(dominant)))

    parts = [
        weighed(part.code.value, TITLES[part.code.value], part.weight, _points(ranked, place))
        for place, part in enumerate(scheme.components)
    ]
    extras: list[tuple[str, Callable[[DistrictScore], Fraction]]] = [
        (ADJUSTMENTS, lambda district: district.adjustments),
        (LIMITS, lambda district: _bounded(scheme, _sum(district)) - _sum(district)),
    ]
    for code, of in extras:
        if any(points := [of(district) for district in ranked]):
            parts.append(weighed(code, TITLES[code], None, points))
    items = (
        weighed(item.code, topic_of(topics, item.code).title, item.weight, _line_points(ranked, place))
        for place, item in enumerate(scheme.items)
    )
    return EffectiveWeights(tuple(parts), tuple(items), _covariance(totals, totals), len(ranked))


def _sum(district: DistrictScore) -> Fraction:
    """Return the sum of the points and the adjustments, exact and without limits."""
    return total_of(part.points for part in district.components) + district.adjustments


def _bounded(scheme: Scheme, points: Fraction) -> Fraction:
    """Return the total before rounding: not below 0, not above the scheme's limit."""
    limited = points if scheme.max_total is None else min(points, exact(scheme.max_total))
    return max(limited, _NOTHING)


def _points(ranked: Sequence[DistrictScore], place: int) -> list[Fraction]:
    return [district.components[place].points for district in ranked]


def _line_points(ranked: Sequence[DistrictScore], place: int) -> list[Fraction]:
    """Return the points of one indicator; 0 where it does not apply and others took over its weight."""
    lines = ([line for part in district.components for line in part.lines] for district in ranked)
    return [row[place].points or _NOTHING for row in lines]


def _share(points: Sequence[Fraction], totals: Sequence[Fraction]) -> Fraction | None:
    variance = _covariance(totals, totals)
    return _covariance(points, totals) / variance if variance else None


def _covariance(one: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction:
    """Return the covariance over all districts (a population, not a sample); 0 for nobody."""
    if not one:
        return _NOTHING
    count = len(one)
    products = total_of(a * b for a, b in zip(one, other, strict=True))
    return products / count - (total_of(one) / count) * (total_of(other) / count)


def _balance(
    nominal: Fraction | None, share: Fraction | None, spread: tuple[Fraction, Fraction], dominant: Fraction
) -> Balance:
    if share is None:
        return Balance.UNDECIDED
    if spread[0] == spread[1]:
        return Balance.DECIDES_NOTHING
    if share < 0:
        return Balance.CONTRARY
    return Balance.DOMINANT if nominal is not None and share > dominant * nominal else Balance.USUAL
