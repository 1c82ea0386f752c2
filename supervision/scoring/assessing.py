"""From a case to its result: totals, grades, ranks. Exact throughout, rounded once.

Source: docs/scoring.md, Weights, points, total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from supervision.exact import exact, half_up, total_of
from supervision.robustness import Performance, Weighting, rank_intervals
from supervision.scoring.case import Case, ComponentCode, District, Scheme
from supervision.scoring.components import components_of
from supervision.scoring.conduct import credits_of
from supervision.scoring.digests import input_digest, scheme_hash
from supervision.scoring.result import TOTAL_PLACES, Credit, DistrictScore, Gauge, Result
from supervision.scoring.targets import Readings, coverage, read_figures
from supervision.workdays import Workdays

_NOTHING = Fraction(0)


def assess(case: Case, *, calendar: Workdays) -> Result:
    """Return the assessment of `case`; the order of its rows changes nothing.

    `calendar` counts the working days by which a completion is late; CalendarNotPublished is raised when a
    year that this needs is not published.
    """
    gauges, readings = read_figures(case)
    credits = credits_of(case, calendar=calendar)
    scores = [
        _score(case.scheme, district, gauges, row, tuple(credits[item] for item in district.items_due))
        for district, row in zip(case.districts, readings, strict=True)
    ]
    return Result(
        quarter=case.quarter,
        districts=tuple(sorted(_ranked(case.scheme, scores), key=_place)),
        scheme_hash=scheme_hash(case.scheme),
        input_digest=input_digest(case),
    )


def _place(score: DistrictScore) -> tuple[bool, int, str]:
    """Return what the list is sorted by: rank, then code; the unranked last."""
    return (not score.ranked, score.rank or 0, score.code)


def _score(
    scheme: Scheme,
    district: District,
    gauges: Sequence[Gauge],
    readings: Readings,
    credits: tuple[Credit, ...],
) -> DistrictScore:
    """Return a district's score, its ranks still open."""
    components = components_of(scheme, district, gauges, readings, credits)
    adjustments = _net(district, limit=exact(scheme.adjustment_limit))
    total = _total(scheme, total_of(part.points for part in components) + adjustments)
    covered = coverage(gauges, readings)
    ranked = covered >= exact(scheme.min_coverage)
    return DistrictScore(
        code=district.code,
        name=district.name,
        group=district.group,
        total=total,
        rank=None,
        group_rank=None,
        grade=_grade(scheme, total) if ranked else scheme.grades[-1].name,
        coverage=covered,
        ranked=ranked,
        rank_interval=None,
        components=components,
        adjustments=adjustments,
    )


def _net(district: District, *, limit: Fraction) -> Fraction:
    """Return the sum of the adjustments, clipped to ±limit."""
    net = total_of(exact(adjustment.points) for adjustment in district.adjustments)
    return max(-limit, min(limit, net))


def _total(scheme: Scheme, points: Fraction) -> Decimal:
    """Return the total: not below 0, not above max_total, then rounded half up to two decimals."""
    total = max(points, _NOTHING)
    if scheme.max_total is not None:
        total = min(total, exact(scheme.max_total))
    return Decimal(half_up(total, TOTAL_PLACES))


def _grade(scheme: Scheme, total: Decimal) -> str:
    """Return the first grade that the rounded total reaches; the last one begins at 0."""
    return next(grade.name for grade in scheme.grades if total >= grade.at_least)


def _ranked(scheme: Scheme, scores: Sequence[DistrictScore]) -> list[DistrictScore]:
    """Return the scores with their ranks and intervals; those with too little reported keep none."""
    contenders = [score for score in scores if score.ranked]
    ranks = competition_ranks([score.total for score in contenders])
    peers = _group_ranks(contenders)
    intervals = rank_intervals([_performance(score) for score in contenders], ranks, weighting=_weighting(scheme))
    settled = (
        replace(score, rank=rank, group_rank=peer, rank_interval=interval)
        for score, rank, peer, interval in zip(contenders, ranks, peers, intervals, strict=True)
    )
    return [*settled, *(score for score in scores if not score.ranked)]


def competition_ranks(totals: Sequence[Decimal]) -> list[int]:
    """Return each total's rank, the highest first; equals share a rank and the next one is skipped (1, 1, 3)."""
    first: dict[Decimal, int] = {}
    for place, total in enumerate(sorted(totals, reverse=True), start=1):
        first.setdefault(total, place)
    return [first[total] for total in totals]


def _group_ranks(scores: Sequence[DistrictScore]) -> list[int]:
    """Return each score's rank within its peer group; those without a group are one group."""
    groups: dict[str | None, list[Decimal]] = {}
    for score in scores:
        groups.setdefault(score.group, []).append(score.total)
    ranks = {group: dict(zip(totals, competition_ranks(totals), strict=True)) for group, totals in groups.items()}
    return [ranks[score.group][score.total] for score in scores]


def _performance(score: DistrictScore) -> Performance:
    lines = (line for part in score.components for line in part.lines)
    return Performance(
        item_shares=[line.share for line in lines],
        component_shares=[part.share for part in score.components],
        adjustments=score.adjustments,
    )


def _weighting(scheme: Scheme) -> Weighting:
    codes = [part.code for part in scheme.components]
    return Weighting(
        items=[exact(item.weight) for item in scheme.items],
        components=[exact(part.weight) for part in scheme.components],
        targets=codes.index(ComponentCode.TARGETS) if ComponentCode.TARGETS in codes else None,
        max_total=None if scheme.max_total is None else exact(scheme.max_total),
    )
