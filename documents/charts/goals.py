"""Progress against the schedule (序时进度), goal by goal, from the sums of the districts' figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from matplotlib.axes import Axes

from documents.charts.canvas import FAINT, INK, SIZE, SMALL, Canvas
from documents.charts.chart import Chart, Grid, in_parts
from documents.charts.labels import legend, name_size
from documents.charts.progress import Progress
from documents.charts.wording import LIGHTS, Look, percent
from supervision.exact import plain
from supervision.indicators import FigureLight
from supervision.periods import Period

MOST = 30
"""Indicators on one drawing."""

_HEAD, _LINE, _GOAL, _FOOT = 6.0, 5.4, 6.0, 7.0
_LABEL, _BARS, _GAP = 48.0, 40.0, 2.5
_FITS = 17
_FURTHEST = Fraction(13, 10)
"""Share of the target at which the scale ends; what lies beyond ends there with its number beside it."""


def goals(
    found: Sequence[Progress], titles: Mapping[int, str], quarter: Period, *, simulated: bool
) -> tuple[Chart, ...]:
    """Return the progress of what can be added up, by goal; nothing when nothing can. `titles` are the goals'."""
    summed = [each for each in found if each.attained is not None and each.scheduled is not None]
    return tuple(
        Chart(
            code=f"progress{ending}",
            title=f"{quarter.in_words}目标任务完成进度与序时进度{part}",
            alternative=_in_words(some),
            grid=_grid(some, titles),
            height=_height(some),
            draw=_Drawing(tuple(some), titles).on,
            note="由各单位已报数据合计；粗竖线为序时进度。方括号内为计入与全部单位数，未写的为全部计入。",
            simulated=simulated,
        )
        for ending, part, some in in_parts(summed, MOST)
        if some
    )


def _height(some: Sequence[Progress]) -> float:
    return _HEAD + _LINE * len(some) + _GOAL * len({each.goal for each in some}) + _FOOT


def _grid(some: Sequence[Progress], titles: Mapping[int, str]) -> Grid:
    columns = ("工作目标", "指标", "计量单位", "实际", "目标", "完成进度", "序时进度", "完成率", "已报", "应报")
    rows = []
    for each in some:
        rows.append(
            (
                titles[each.goal],
                each.name,
                each.unit_of_measure,
                _number(each.value),
                _number(each.target),
                percent(each.attained),
                percent(each.scheduled),
                percent(each.attainment),
                str(each.counted),
                str(each.applicable),
            )
        )
    return Grid(columns, tuple(rows))


def _in_words(some: Sequence[Progress]) -> str:
    told = "；".join(f"{each.name}{percent(each.attained)}，序时进度{percent(each.scheduled)}" for each in some)
    return f"横条图，{len(some)}项指标占总目标的完成进度，旁标序时进度：{told}。"


class _Drawing:
    """The bars of `some`, under the titles of their goals."""

    def __init__(self, some: tuple[Progress, ...], titles: Mapping[int, str]) -> None:
        self.some = some
        self.titles = titles
        self.height = _height(some)

    def on(self, canvas: Canvas) -> None:
        """Draw on `canvas`."""
        tall = self.height
        axes = canvas.axes(_LABEL, 0, _BARS, tall)
        axes.set_xlim(0, float(_FURTHEST))
        axes.set_ylim(tall, 0)
        canvas.write(_LABEL, _HEAD / 2, "占总目标的百分比", SMALL)
        canvas.write(_LABEL + _BARS + _GAP, _HEAD / 2, "完成进度（序时进度）", SMALL)
        canvas.write(canvas.width - 1, _HEAD / 2, "实际/目标", SMALL, ha="right")
        top = _HEAD
        for goal, members in groupby(self.some, key=lambda each: each.goal):
            canvas.write(1, top + _GOAL / 2 + 0.4, f"目标{goal}　{self.titles[goal]}", SIZE)
            top += _GOAL
            for each in members:
                self._bar(axes, top + _LINE / 2, each)
                self._words(canvas, top + _LINE / 2, each)
                top += _LINE
        told = [(f"{LIGHTS[light].mark} {LIGHTS[light].word}", Look(LIGHTS[light].colour)) for light in _SHOWN]
        legend(canvas, _LABEL, top + _FOOT / 2 + 0.5, told)

    def _bar(self, axes: Axes, middle: float, each: Progress) -> None:
        length = max(min(each.attained or Fraction(0), _FURTHEST), Fraction(0))
        scheduled = float(min(each.scheduled or Fraction(0), _FURTHEST))
        colour = LIGHTS[each.light].colour
        axes.plot((1, 1), (middle - _LINE / 2, middle + _LINE / 2), color=FAINT, linewidth=0.5)
        axes.barh(middle, float(length), _LINE * 0.6, color=colour, edgecolor=INK, linewidth=0.5)
        axes.plot((scheduled, scheduled), (middle - _LINE * 0.45, middle + _LINE * 0.45), color=INK, linewidth=1.6)

    def _words(self, canvas: Canvas, middle: float, each: Progress) -> None:
        size = name_size(each.name, _FITS) * SMALL / SIZE
        canvas.write(_LABEL - 1.5, middle, each.name, size, ha="right")
        part = "" if each.counted == len(each.lines) else f"［{each.counted}/{len(each.lines)}］"
        text = f"{LIGHTS[each.light].mark} {percent(each.attained)}（{percent(each.scheduled)}）{part}"
        canvas.write(_LABEL + _BARS + _GAP, middle, text, SMALL)
        canvas.write(canvas.width - 1, middle, _amounts(each), SMALL, ha="right")


_SHOWN = (FigureLight.GREEN, FigureLight.YELLOW, FigureLight.RED)


def _amounts(each: Progress) -> str:
    return f"{_number(each.value)}/{_number(each.target)}{each.unit_of_measure}"


def _number(number: Decimal | None) -> str:
    return "—" if number is None else plain(number)
