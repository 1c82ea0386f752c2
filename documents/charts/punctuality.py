"""How punctually units reported: on time, late, not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from documents.charts.canvas import INK, SMALL, Canvas
from documents.charts.chart import Chart, Grid, in_parts
from documents.charts.labels import legend, name_size, names_width
from documents.charts.wording import Look, percent
from supervision.collection.verdicts import Rate
from supervision.periods import Period

MOST = 36
"""Units on one drawing."""

_HEAD, _LINE, _FOOT = 5.0, 5.4, 7.0
_RATES = 50.0
_COLUMNS = (9.0, 19.0, 34.0, 49.0)

_ON_TIME, _LATE, _MISSING = Look("#56b4e9"), Look("#e69f00", "////"), Look("white", "....")


@dataclass(frozen=True, slots=True)
class UnitRate:
    """How one unit reported over the whole time that the chart is about."""

    name: str
    rate: Rate


def punctuality(rates: Sequence[UnitRate], quarter: Period, *, who: str, simulated: bool) -> tuple[Chart, ...]:
    """Return the on-time rates of the units from which anything was expected; nothing when there are none."""
    expected = [each for each in rates if each.rate.expected]
    return tuple(
        Chart(
            code=f"reporting{ending}",
            title=f"{quarter.in_words}{who}数据报送情况{part}",
            alternative=_in_words(some, who),
            grid=_grid(some),
            height=_HEAD + _LINE * len(some) + _FOOT,
            draw=_Drawing(tuple(some)).on,
            note="自年初累计；及时率为按期报送数与应报数之比，完整率为已报数与应报数之比。",
            simulated=simulated,
        )
        for ending, part, some in in_parts(expected, MOST)
        if some
    )


def _grid(some: Sequence[UnitRate]) -> Grid:
    columns = ("单位", "应报", "已报", "按期", "退回", "完整率", "及时率")
    rows = (
        (
            each.name,
            *map(str, (each.rate.expected, each.rate.received, each.rate.on_time, each.rate.returned)),
            percent(each.rate.completeness),
            percent(each.rate.timeliness),
        )
        for each in some
    )
    return Grid(columns, tuple(rows))


def _in_words(some: Sequence[UnitRate], who: str) -> str:
    told = "；".join(
        f"{each.name}应报{each.rate.expected}期次，按期{each.rate.on_time}期次，及时率{percent(each.rate.timeliness)}"
        for each in some
    )
    return f"横条图，{len(some)}个{who}按期、迟报、未报的比例：{told}。"


class _Drawing:
    """The bars of `some`."""

    def __init__(self, some: tuple[UnitRate, ...]) -> None:
        self.some = some

    def on(self, canvas: Canvas) -> None:
        """Draw on `canvas`."""
        label = names_width([each.name for each in self.some])
        tall, wide = _LINE * len(self.some), canvas.width - label - _RATES
        axes = canvas.axes(label, _HEAD, wide, tall)
        axes.set_xlim(0, 1)
        axes.set_ylim(len(self.some) - 0.5, -0.5)
        canvas.write(label, _HEAD / 2, "占应报期次的比例", SMALL)
        for text, right in zip(("应报", "按期", "及时率", "完整率"), _COLUMNS, strict=True):
            canvas.write(label + wide + right, _HEAD / 2, text, SMALL, ha="right")
        for place, each in enumerate(self.some):
            top = _HEAD + _LINE * (place + 0.5)
            canvas.write(label - 2, top, each.name, name_size(each.name), ha="right")
            self._bar(axes, place, each.rate)
            counts, shares = (each.rate.expected, each.rate.on_time), (each.rate.timeliness, each.rate.completeness)
            for text, right in zip((*map(str, counts), *map(percent, shares)), _COLUMNS, strict=True):
                canvas.write(label + wide + right, top, text, SMALL, ha="right")
        legend(canvas, label, _HEAD + tall + _FOOT / 2 + 0.5, [("按期", _ON_TIME), ("迟报", _LATE), ("未报", _MISSING)])

    def _bar(self, axes: Axes, place: int, rate: Rate) -> None:
        start = 0
        late, missing = rate.received - rate.on_time, rate.expected - rate.received
        for count, look in ((rate.on_time, _ON_TIME), (late, _LATE), (missing, _MISSING)):
            if count:
                axes.barh(
                    place, count / rate.expected, left=start / rate.expected, height=0.64,
                    color=look.colour, hatch=look.hatch, edgecolor=INK, linewidth=0.5,
                )  # fmt: skip
            start += count
