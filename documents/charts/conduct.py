"""How a unit conducted itself from quarter to quarter: items completed in time beside reports filed in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from matplotlib.axes import Axes

from documents.charts.canvas import FAINT, INK, SMALL, Canvas
from documents.charts.chart import Chart, Grid
from documents.charts.labels import legend
from documents.charts.wording import Look, percent, whole_percent
from supervision.periods import Period

_LEFT, _HEAD, _TALL, _FOOT = 14.0, 6.0, 52.0, 15.0
_BAR = 0.36
_ROOM = 1.14
"""Height of the scale in parts of the whole, so that a number stands above a full bar."""

_ITEMS, _REPORTS = ("按期办结率", Look("#56b4e9")), ("报送及时率", Look("#e69f00", "////"))


@dataclass(frozen=True, slots=True)
class QuarterRates:
    """The two rates of a quarter, each as numerator and denominator; a denominator of 0 is nothing expected."""

    quarter: Period
    items: tuple[int, int]
    reports: tuple[int, int]


def conduct(rates: Sequence[QuarterRates], *, who: str, simulated: bool) -> Chart:
    """Return the chart of one unit, a pair of bars for each quarter, the earliest first."""
    return Chart(
        code="rates",
        title=f"{who}各季度按期办结率和报送及时率",
        alternative=_in_words(rates, who),
        grid=Grid(("季度", _ITEMS[0], _REPORTS[0]), tuple(_row(each) for each in rates)),
        height=_HEAD + _TALL + _FOOT,
        draw=_Drawing(tuple(rates)).on,
        note="柱上的数字为百分比（不足1的部分舍去）；“—”为该季度没有应办结的事项或者应报的报表。",
        simulated=simulated,
    )


def _row(rates: QuarterRates) -> tuple[str, ...]:
    return rates.quarter.in_words, _told(rates.items), _told(rates.reports)


def _told(counts: tuple[int, int]) -> str:
    share = _share(counts)
    return "—" if share is None else f"{percent(share)}（{counts[0]}/{counts[1]}）"


def _share(counts: tuple[int, int]) -> Fraction | None:
    return Fraction(*counts) if counts[1] else None


def _in_words(rates: Sequence[QuarterRates], who: str) -> str:
    told = (f"{quarter}{_ITEMS[0]}{items}，{_REPORTS[0]}{reports}" for quarter, items, reports in map(_row, rates))
    return f"柱状图，{who}{len(rates)}个季度的两个比率：{'；'.join(told)}。"


class _Drawing:
    """The bars of `rates`."""

    def __init__(self, rates: tuple[QuarterRates, ...]) -> None:
        self.rates = rates

    def on(self, canvas: Canvas) -> None:
        """Draw on `canvas`."""
        axes = canvas.axes(_LEFT, _HEAD, canvas.width - _LEFT - 3, _TALL)
        axes.set_xlim(-0.5, max(len(self.rates), 4) - 0.5)
        axes.set_ylim(0, _ROOM)
        for level in range(0, 101, 25):
            axes.axhline(level / 100, color=FAINT, linewidth=0.4, zorder=0)
            canvas.write(_LEFT - 2, _HEAD + _TALL * (1 - level / 100 / _ROOM), f"{level}%", SMALL, ha="right")
        for place, each in enumerate(self.rates):
            self._bar(axes, place - _BAR / 2, each.items, _ITEMS[1])
            self._bar(axes, place + _BAR / 2, each.reports, _REPORTS[1])
            axes.text(place, -0.03, str(each.quarter), fontsize=SMALL, color=INK, ha="center", va="top")
        legend(canvas, _LEFT, _HEAD + _TALL + _FOOT - 4, [_ITEMS, _REPORTS])

    def _bar(self, axes: Axes, place: float, counts: tuple[int, int], look: Look) -> None:
        share = _share(counts)
        axes.bar(
            place, float(share or 0), width=_BAR, color=look.colour, hatch=look.hatch, edgecolor=INK, linewidth=0.5
        )
        told = "—" if share is None else whole_percent(share)
        axes.text(place, float(share or 0) + 0.02, told, fontsize=SMALL, color=INK, ha="center", va="bottom")
