"""Totals in rank order, their parts stacked, and beside each the interval in which its rank holds."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matplotlib.axes import Axes

from documents.charts.canvas import FAINT, INK, SIZE, SMALL, Canvas
from documents.charts.chart import Chart, Grid, in_parts
from documents.charts.labels import legend, name_size, names_width
from documents.charts.wording import ADDED, COMPONENT_LOOKS, COMPONENTS, DEDUCTED, UNRANKED, Look
from supervision.exact import half_up
from supervision.scoring.result import DistrictScore, Result

MOST = 36
"""Lines on one drawing: more do not fit the height of a page."""

_LINE, _HEAD, _FOOT = 5.0, 7.0, 7.0
"""Millimetres, tight enough for this chart and the next one to share a page."""

_RANK, _RANKS, _GAP = 8.0, 34.0, 6.0
_PLACES = 2


def league(result: Result, *, who: str, simulated: bool) -> tuple[Chart, ...]:
    """Return the league of totals, one chart for every 36 of those assessed; `who` is what they are called.

    Districts with too little reported come last without a rank, and their bars are pale.
    """
    return tuple(
        Chart(
            code=f"league{ending}",
            title=f"{result.quarter.in_words}{who}得分构成与位次{part}",
            alternative=_in_words(scores, who),
            grid=_grid(scores),
            height=_HEAD + _LINE * len(scores) + _FOOT,
            draw=_Drawing(tuple(scores), len(result.districts)).on,
            note="右侧横线为各项权重上下浮动20%时位次的90%区间，圆点为本次位次。",
            simulated=simulated,
        )
        for ending, part, scores in in_parts(result.districts, MOST)
    )


def _grid(scores: Sequence[DistrictScore]) -> Grid:
    codes = [component.code for component in scores[0].components] if scores else []
    columns = ("位次", "单位", *(COMPONENTS[code] for code in codes), "加减分", "总分", "位次区间")
    return Grid(
        columns,
        tuple(
            (
                str(score.rank) if score.ranked else UNRANKED,
                score.name,
                *(half_up(component.points, _PLACES) for component in score.components),
                half_up(score.adjustments, _PLACES),
                str(score.total),
                interval(score),
            )
            for score in scores
        ),
    )


def interval(score: DistrictScore) -> str:
    """Return the rank interval as papers print it, 3—5; one number when both ends are the same, a dash for none."""
    if score.rank_interval is None:
        return "—"
    low, high = score.rank_interval
    return str(low) if low == high else f"{low}—{high}"


def _in_words(scores: Sequence[DistrictScore], who: str) -> str:
    listed = "；".join(
        f"第{score.rank}位{score.name}{score.total}分，位次区间{interval(score)}"
        if score.ranked
        else f"{score.name}{UNRANKED}，{score.total}分，不排位次"
        for score in scores
    )
    return f"横条图，按位次列出{len(scores)}个{who}的总分及其构成：{listed}。"


class _Drawing:
    """The bars of `scores`, and the ranks of so many that were assessed."""

    def __init__(self, scores: tuple[DistrictScore, ...], assessed: int) -> None:
        self.scores = scores
        self.assessed = assessed

    def on(self, canvas: Canvas) -> None:
        """Draw on `canvas`."""
        tall = _LINE * len(self.scores)
        label = _RANK + names_width([score.name for score in self.scores])
        wide = canvas.width - label - _GAP - _RANKS - 2
        bars = canvas.axes(label, _HEAD, wide, tall)
        ranks = canvas.axes(label + wide + _GAP, _HEAD, _RANKS, tall)
        for axes in (bars, ranks):
            axes.set_ylim(len(self.scores) - 0.5, -0.5)
        self._labels(canvas, label)
        self._bars(bars)
        self._ranks(ranks)
        canvas.write(_RANK / 2, _HEAD / 2, "位次", SMALL, ha="center")
        canvas.write(label, _HEAD / 2, "总分（分）", SMALL)
        canvas.write(label + wide + _GAP + _RANKS / 2, 0.5, "位次区间", SMALL, ha="center")
        legend(canvas, label, _HEAD + tall + _FOOT / 2 + 0.5, self._legend())

    def _legend(self) -> list[tuple[str, Look]]:
        codes = [component.code for component in self.scores[0].components]
        entries = [(COMPONENTS[code], COMPONENT_LOOKS[code]) for code in codes]
        entries += [("加分", ADDED)] if any(score.adjustments > 0 for score in self.scores) else []
        entries += [("扣分", DEDUCTED)] if any(score.adjustments < 0 for score in self.scores) else []
        return entries

    def _labels(self, canvas: Canvas, right: float) -> None:
        for place, score in enumerate(self.scores):
            top = _HEAD + _LINE * (place + 0.5)
            canvas.write(right - 2, top, score.name, name_size(score.name), ha="right")
            canvas.write(_RANK / 2, top, str(score.rank) if score.ranked else "—", SIZE, ha="center")

    def _bars(self, axes: Axes) -> None:
        highest = max((float(max(_sum(score), _sum(score) + score.adjustments)) for score in self.scores), default=0.0)
        axes.set_xlim(0, max(highest, 1.0) * 1.13)  # room for the total behind the longest bar
        for place, score in enumerate(self.scores):
            start = Fraction(0)
            for component in score.components:
                self._bar(axes, place, start, component.points, COMPONENT_LOOKS[component.code], score.ranked)
                start += component.points
            if score.adjustments > 0:
                self._bar(axes, place, start, score.adjustments, ADDED, score.ranked)
            if score.adjustments < 0:
                self._bar(axes, place, start + score.adjustments, -score.adjustments, DEDUCTED, score.ranked)
            end = float(max(start, start + score.adjustments))
            text = str(score.total) if score.ranked else f"{score.total} {UNRANKED}"
            axes.text(end + highest * 0.012, place, text, fontsize=SIZE, color=INK, va="center")

    def _bar(self, axes: Axes, place: int, start: Fraction, size: Fraction, look: Look, ranked: bool) -> None:
        axes.barh(
            place, float(size), left=float(start), height=0.66, color=look.colour, hatch=look.hatch,
            edgecolor=INK, linewidth=0.5, alpha=1.0 if ranked else 0.45,
        )  # fmt: skip

    def _ranks(self, axes: Axes) -> None:
        axes.set_xlim(0.4, self.assessed + 0.6)
        for rank in _few(self.assessed):
            axes.axvline(rank, color=FAINT, linewidth=0.4, zorder=0)
            axes.text(rank, -0.7, str(rank), fontsize=SMALL, color=INK, ha="center", va="bottom")
        for place, score in enumerate(self.scores):
            if score.rank_interval is None or score.rank is None:
                continue
            axes.plot(score.rank_interval, (place, place), color=INK, linewidth=1.6, marker="|", markersize=5)
            axes.plot(score.rank, place, color="#d55e00", marker="o", markersize=4.5, markeredgecolor=INK, mew=0.5)


_TICKS = 7
"""Ranks that can be written side by side."""


def _sum(score: DistrictScore) -> Fraction:
    return sum((component.points for component in score.components), Fraction(0))


def _few(highest: int) -> list[int]:
    """Return the ranks to be written: the first, the last, and every so many between, as far as they fit."""
    step = next((step for step in (1, 2, 3, 5, 10, 20, 50, 100) if highest <= step * _TICKS), 1000)
    between = (rank for rank in range(step, highest, step) if rank - 1 >= step and highest - rank >= step)
    return sorted({1, *between, highest})
