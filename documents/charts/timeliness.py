"""Timeliness of feedback and reports: a share in each cell, unit by period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from documents.charts.canvas import FAINT, INK, SMALL, Canvas
from documents.charts.chart import Chart, Grid, in_parts
from documents.charts.labels import name_size, names_width
from documents.charts.wording import percent, whole_percent

MOST = 32
"""Units on one drawing."""

_HEAD, _CELL, _FOOT = 8.0, 6.0, 3.0
_SCALE = ("#e8946a", "#f5c27a", "#f5e27a", "#c5e3a6", "#8fd3b6")
"""From nothing in time to everything in time; the number stands in each cell."""

Rates = Mapping[str, Mapping[str, Fraction | None]]
"""By unit and period the share that came in time; None: nothing was expected."""


def timeliness(rates: Rates, periods: Sequence[str], *, simulated: bool) -> tuple[Chart, ...]:
    """Return the heatmap of the units (rows) over the periods (columns), one chart for every 32 units."""
    units = [unit for unit in rates if any(rates[unit].get(period) is not None for period in periods)]
    return tuple(
        Chart(
            code=f"timeliness{ending}",
            title=f"各单位报送及时率{part}",
            alternative=f"色块图，{len(part_units)}个单位在{len(periods)}个周期按时报送的比例，数据见表。",
            grid=_grid(rates, part_units, periods),
            height=_HEAD + _CELL * len(part_units) + _FOOT,
            draw=_Drawing(rates, tuple(part_units), tuple(periods)).on,
            note="数字为按时报送的比例（%，不足1的部分舍去）；空白为该周期没有报送任务。",
            simulated=simulated,
        )
        for ending, part, part_units in in_parts(units, MOST)
        if part_units
    )


def _grid(rates: Rates, units: Sequence[str], periods: Sequence[str]) -> Grid:
    rows = ((unit, *(percent(rates[unit].get(period)) for period in periods)) for unit in units)
    return Grid(("单位", *periods), tuple(rows))


class _Drawing:
    """The cells."""

    def __init__(self, rates: Rates, units: tuple[str, ...], periods: tuple[str, ...]) -> None:
        self.rates = rates
        self.units = units
        self.periods = periods

    def on(self, canvas: Canvas) -> None:
        """Draw on `canvas`."""
        left = names_width(self.units) + 3
        wide, tall = canvas.width - left - 2, _CELL * len(self.units)
        axes = canvas.axes(left, _HEAD, wide, tall)
        axes.set_xlim(0, len(self.periods))
        axes.set_ylim(len(self.units), 0)
        cells = [
            (column, row, share)
            for row, unit in enumerate(self.units)
            for column, period in enumerate(self.periods)
            if (share := self.rates[unit].get(period)) is not None
        ]
        colours = [_SCALE[min(int(share * len(_SCALE)), len(_SCALE) - 1)] for _, _, share in cells]
        squares = [Rectangle((column, row), 1, 1) for column, row, _ in cells]
        axes.add_collection(PatchCollection(squares, facecolors=colours, edgecolors=FAINT, linewidths=0.5))
        for column, row, share in cells:
            axes.text(
                column + 0.5, row + 0.5, whole_percent(share), fontsize=SMALL, color=INK, ha="center", va="center"
            )
        for column, period in enumerate(self.periods):
            canvas.write(left + wide * (column + 0.5) / len(self.periods), _HEAD - 3, period, SMALL, ha="center")
        for row, unit in enumerate(self.units):
            canvas.write(left - 2, _HEAD + _CELL * (row + 0.5), unit, name_size(unit), ha="right")
