"""How firmly a rank stands: the ranks that hold when every weight of the scheme is up to a fifth off.

Source: docs/scoring.md, The rank interval. The one place of the calculator that uses floating point: an interval is a
statement about a thousand draws, and every published figure is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

SEED = 20211229
"""The day the plan was issued: a fixed seed makes the interval reproducible."""
DRAWS = 1000
LOWEST_FACTOR, HIGHEST_FACTOR = 0.8, 1.2
PERCENTILES = (5, 95)

_UNITS = 100  # of a total, which is rounded to 0.01
_HALF_UP = 0.5 + 1e-9
# A total that lies exactly on a half comes out of floating point a hair above or below it. The run rounds it
# up, so the draws do as well.

_Floats = NDArray[np.float64]
_Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weighting:
    """The weights of a scheme in its own order; `targets` is the index of the component that has the items."""

    items: Sequence[Fraction]
    components: Sequence[Fraction]
    targets: int | None
    max_total: Fraction | None


@dataclass(frozen=True, slots=True)
class Performance:
    """What one ranked district earned, as shares in the order of the scheme; None where nothing applies.

    The share of the component with the items is worked out anew in each draw. `adjustments` are net, in points.
    """

    item_shares: Sequence[Fraction | None]
    component_shares: Sequence[Fraction | None]
    adjustments: Fraction


def rank_intervals(
    performances: Sequence[Performance], ranks: Sequence[int], *, weighting: Weighting
) -> list[tuple[int, int]]:
    """Return for each district the 5th and 95th percentile of its rank over the draws.

    A draw multiplies each item's and each component's weight by its own factor between 0.8 and 1.2, then
    shares the weights out and rounds the total as the run does. The percentile is the rank of an actual draw
    (method "nearest"), and the interval is widened where needed to contain the published rank.
    """
    if not performances:
        return []
    drawn = competition_ranks_by_row(_totals(performances, weighting))
    low, high = np.percentile(drawn, PERCENTILES, axis=0, method="nearest")
    return [(min(int(least), rank), max(int(most), rank)) for least, most, rank in zip(low, high, ranks, strict=True)]


def _totals(performances: Sequence[Performance], weighting: Weighting) -> _Integers:
    """Return the totals in hundredths: one row per draw, one column per district."""
    generator = np.random.default_rng(SEED)
    items = _perturbed(weighting.items, generator)
    components = _perturbed(weighting.components, generator)
    points = _points(performances, weighting, items, components)
    totals = np.maximum(points + _floats([each.adjustments for each in performances]), 0.0)
    if weighting.max_total is not None:
        totals = np.minimum(totals, float(weighting.max_total))
    rounded: _Integers = np.floor(totals * _UNITS + _HALF_UP).astype(np.int64)
    return rounded


def _perturbed(weights: Sequence[Fraction], generator: np.random.Generator) -> _Floats:
    """Return DRAWS rows of the weights, each moved by its own factor, with the sum they had before."""
    factors = generator.uniform(LOWEST_FACTOR, HIGHEST_FACTOR, size=(DRAWS, len(weights)))
    moved: _Floats = factors * _floats(weights)
    if weights:
        moved *= float(sum(weights)) / moved.sum(axis=1, keepdims=True)
    return moved


def _points(performances: Sequence[Performance], weighting: Weighting, items: _Floats, components: _Floats) -> _Floats:
    """Return the points of each draw and district, the weight of what does not apply shared out as in the run."""
    shape = (DRAWS, len(performances))
    earned, applicable = np.zeros(shape), np.zeros(shape)
    for index in range(len(weighting.components)):
        share: _Floats = _floats([each.component_shares[index] for each in performances])
        weight = components[:, index, np.newaxis] * ~np.isnan(share)
        if index == weighting.targets:
            share = _target_shares(performances, items)
        earned += weight * np.nan_to_num(share)
        applicable += weight
    whole = components.sum(axis=1, keepdims=True)
    points: _Floats = whole * _ratio(earned, applicable)
    return points


def _target_shares(performances: Sequence[Performance], items: _Floats) -> _Floats:
    """Return the share of the targets that each district earns in each draw."""
    shares = _floats([share for each in performances for share in each.item_shares])
    shares = shares.reshape(len(performances), -1)
    return _ratio(items @ np.nan_to_num(shares).T, items @ (~np.isnan(shares)).T.astype(np.float64))


def _ratio(above: _Floats, below: _Floats) -> _Floats:
    """Return above / below, 0 where below is 0: nothing applies there."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def _floats(numbers: Sequence[Fraction | None]) -> _Floats:
    """Return the numbers as floats; None as NaN."""
    return np.array([np.nan if number is None else float(number) for number in numbers], dtype=np.float64)


def competition_ranks_by_row(totals: _Integers) -> NDArray[Any]:
    """Return each row's competition ranks (1, 1, 3), the highest total first."""
    order = np.argsort(-totals, axis=1, kind="stable")
    falling = np.take_along_axis(totals, order, axis=1)
    places = np.broadcast_to(np.arange(1, totals.shape[1] + 1), totals.shape)
    begins = np.ones(totals.shape, dtype=bool)
    begins[:, 1:] = falling[:, 1:] != falling[:, :-1]
    shared = np.maximum.accumulate(np.where(begins, places, 0), axis=1)
    ranks = np.empty_like(shared)
    np.put_along_axis(ranks, order, shared, axis=1)
    return ranks
