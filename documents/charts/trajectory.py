"""The trajectory of one indicator: what was reported, the scheduled way to the target, the pace that it still takes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from documents.charts.canvas import FAINT, INK, SMALL, Canvas
from documents.charts.chart import Chart, Grid
from supervision.analysis.outlook import IndicatorOutlook
from supervision.periods import Period

_HEIGHT, _LEFT, _TOP, _FOOT = 78.0, 22.0, 6.0, 14.0
_REPORTED, _SCHEDULED, _REQUIRED = "#0072b2", "#555555", "#d55e00"


def trajectory(
    outlook: IndicatorOutlook, observed: Sequence[tuple[Period, Decimal]], *, end: Period, baseline: Decimal | None,
    start: Period, simulated: bool,
) -> Chart:  # fmt: skip
    """Return the chart of one place's indicator. `observed` are its figures by quarter, the earliest first.

    The scheduled way runs evenly from `baseline` (none: from nothing) at the beginning of `start` to the target at the
    end of `end`; the required one from the newest figure. Without a target there is only what was reported.
    """
    drawing = _Drawing(outlook, tuple(observed), start, end, baseline)
    return Chart(
        code="trajectory",
        title=f"{outlook.unit_name}{outlook.topic.title}进展",
        alternative=f"折线图。{outlook.words}",
        grid=drawing.grid,
        height=_HEIGHT,
        draw=drawing.on,
        note="灰色点线为均匀推进的序时进度；橙色虚线为从现在起每季度须增加的进度。",
        simulated=simulated,
    )


class _Drawing:
    """The lines of one indicator."""

    def __init__(
        self, outlook: IndicatorOutlook, observed: tuple[tuple[Period, Decimal], ...], start: Period, end: Period,
        baseline: Decimal | None,
    ) -> None:  # fmt: skip
        self.outlook = outlook
        self.observed = observed
        self.quarters = _quarters(start, end)
        self.baseline = baseline or Decimal(0)

    @property
    def grid(self) -> Grid:
        """Return the data of the drawing."""
        known = dict(self.observed)
        rows = []
        for place, quarter in enumerate(self.quarters, start=1):
            reported = self.outlook.topic.amount(known[quarter]) if quarter in known else "—"
            rows.append((quarter.in_words, reported, self._scheduled(place)))
        return Grid(("季度", "报送数", "序时进度"), tuple(rows))

    def _scheduled(self, place: int) -> str:
        if self.outlook.target is None:
            return "—"
        way = self.baseline + (self.outlook.target - self.baseline) * place / len(self.quarters)
        return self.outlook.topic.amount(way.quantize(Decimal("0.1")))

    def on(self, canvas: Canvas) -> None:
        """Draw on `canvas`."""
        axes = canvas.axes(_LEFT, _TOP, canvas.width - _LEFT - 8, _HEIGHT - _TOP - _FOOT)
        last, target = len(self.quarters), self.outlook.target
        axes.set_xlim(0, last + 0.3)
        values = [float(value) for _, value in self.observed] + [float(self.baseline)]
        values += [] if target is None else [float(target)]
        low, high = min(0.0, *values), max(values) or 1.0
        axes.set_ylim(low, high * 1.12)
        for step in range(5):
            level = low + (high - low) * step / 4
            axes.axhline(level, color=FAINT, linewidth=0.4, zorder=0)
            axes.text(-0.1, level, f"{level:,.6g}", fontsize=SMALL, color=INK, ha="right", va="center")
        for place, quarter in enumerate(self.quarters, start=1):
            if place % max(1, last // 6) == 0 or place == last:
                axes.text(
                    place, low - (high - low) * 0.05, str(quarter), fontsize=SMALL, color=INK, ha="center", va="top"
                )
        if target is not None:
            axes.plot((0, last), (float(self.baseline), float(target)), ":", color=_SCHEDULED, linewidth=1.2)
            axes.plot(last, float(target), "D", color=_SCHEDULED, markersize=5)
            axes.text(last, float(target), f"目标 {self.outlook.topic.amount(target)} ", fontsize=SMALL, color=INK,
                      ha="right", va="bottom")  # fmt: skip
        places = {quarter: place for place, quarter in enumerate(self.quarters, start=1)}
        points = [(places[quarter], float(value)) for quarter, value in self.observed if quarter in places]
        if points:
            axes.plot(*zip(*points, strict=True), "o-", color=_REPORTED, linewidth=1.6, markersize=4)
        if points and target is not None and points[-1][0] < last and points[-1][1] < float(target):
            axes.plot((points[-1][0], last), (points[-1][1], float(target)), "--", color=_REQUIRED, linewidth=1.2)


def _quarters(start: Period, end: Period) -> tuple[Period, ...]:
    found = [start]
    while found[-1].last < end.last:
        month = found[-1].month + start.months
        year = found[-1].year + (month > 12)
        found.append(Period(year, month - 12 if month > 12 else month, start.months))
    return tuple(found)
