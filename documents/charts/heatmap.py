"""Attainment of every indicator by every district: a light, a mark and a number in each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from documents.charts.canvas import FAINT, INK, SIZE, SMALL, Canvas
from documents.charts.chart import Chart, Grid, in_parts
from documents.charts.labels import legend, name_size
from documents.charts.wording import LIGHTS, Look, percent, whole_percent
from supervision.indicators import FigureLight
from supervision.scoring.result import ComponentScore, DistrictScore, Line, Result

MOST = 16
"""Districts on one drawing: with more the numbers could not be read."""

_LABEL, _HEAD, _CELL, _FOOT = 55.0, 17.0, 6.4, 8.0
_LEGEND = 42.0
_FITS = 17
"""Characters of an indicator's name at full size."""

_WIDEST = 1.0
"""Millimetres that a cell's text takes for each point of its size: a mark and three digits, with a little air."""

_OVER = 1000
"""Percent from which a cell says only that it is more."""


def heatmap(result: Result, names: Mapping[str, str], *, who: str, simulated: bool) -> tuple[Chart, ...]:
    """Return attainment by indicator (rows) and district (columns, in rank order), one chart for every 16 districts.

    `names` are the indicators' by code. Without targets there is nothing to show, and no chart.
    """
    scored = [score for score in result.districts if _lines(score)]
    return tuple(
        Chart(
            code=f"attainment{ending}",
            title=f"{result.quarter.in_words}{who}各项指标完成率{part}",
            alternative=_in_words(scores, names, who),
            grid=_grid(scores, names),
            height=_HEAD + _CELL * len(_lines(scores[0])) + _FOOT,
            draw=_Drawing(tuple(scores), names).on,
            note="数字为实际值与应达值之比（%，不足1的部分舍去）；各单位按位次从左到右排列。",
            simulated=simulated,
        )
        for ending, part, scores in in_parts(scored, MOST)
        if scores
    )


def _lines(score: DistrictScore) -> tuple[Line, ...]:
    parts: tuple[ComponentScore, ...] = score.components
    return next((part.lines for part in parts if part.lines), ())


def _grid(scores: Sequence[DistrictScore], names: Mapping[str, str]) -> Grid:
    rows = []
    for place, line in enumerate(_lines(scores[0])):
        cells = (_in_word(_lines(score)[place]) for score in scores)
        rows.append((line.code, names[line.code], *cells))
    return Grid(("编号", "指标", *(score.name for score in scores)), tuple(rows))


def _in_word(line: Line) -> str:
    """Return what a table says of one cell: 未报, 不适用, or the attainment and its light."""
    word = LIGHTS[line.light].word
    return word if line.reading.attainment is None else f"{percent(line.reading.attainment)}（{word}）"


def _in_words(scores: Sequence[DistrictScore], names: Mapping[str, str], who: str) -> str:
    counts = []
    for score in scores:
        lights = sorted((line.light for line in _lines(score)), key=list(LIGHTS).index)
        told = "、".join(f"{LIGHTS[light].word}{len(list(found))}项" for light, found in groupby(lights))
        counts.append(f"{score.name}{told}")
    return f"色块图，{len(_lines(scores[0]))}项指标在{len(scores)}个{who}的完成率：{'；'.join(counts)}。"


class _Drawing:
    """The cells of `scores`."""

    def __init__(self, scores: tuple[DistrictScore, ...], names: Mapping[str, str]) -> None:
        self.scores = scores
        self.names = names

    def on(self, canvas: Canvas) -> None:
        """Draw on `canvas`."""
        lines = _lines(self.scores[0])
        wide, tall = canvas.width - _LABEL, _CELL * len(lines)
        axes = canvas.axes(_LABEL, _HEAD, wide, tall)
        axes.set_xlim(0, len(self.scores))
        axes.set_ylim(len(lines), 0)
        cells = [
            (place, row, line) for place, score in enumerate(self.scores) for row, line in enumerate(_lines(score))
        ]
        squares = [Rectangle((place, row), 1, 1) for place, row, _ in cells]
        colours = [LIGHTS[line.light].colour for _, _, line in cells]
        axes.add_collection(PatchCollection(squares, facecolors=colours, edgecolors=FAINT, linewidths=0.5))
        size = min(SMALL, wide / len(self.scores) / _WIDEST)
        for place, row, line in cells:
            axes.text(place + 0.5, row + 0.5, _cell(line), fontsize=size, color=INK, ha="center", va="center")
        for place, score in enumerate(self.scores):
            self._name(canvas, score, _LABEL + wide * (place + 0.5) / len(self.scores))
        for row, line in enumerate(lines):
            name = self.names[line.code]
            top = _HEAD + _CELL * (row + 0.5)
            canvas.write(1, top, line.code, SMALL)
            canvas.write(_LABEL - 1.5, top, name, name_size(name, _FITS) * SMALL / SIZE, ha="right")
        told = [(f"{look.mark} {look.word}", Look(look.colour)) for look in LIGHTS.values()]
        legend(canvas, _LEGEND, _HEAD + tall + _FOOT / 2 + 0.5, told)

    def _name(self, canvas: Canvas, score: DistrictScore, left: float) -> None:
        """Write a district's name from top to bottom above its column, at most five characters."""
        size = SIZE if len(score.name) <= _STACKED else SIZE * _STACKED / len(score.name)
        canvas.write(left, _HEAD - 1, "\n".join(score.name), size, ha="center", va="bottom", linespacing=1.05)


_STACKED = 4
"""Characters of a district's name at full size, one above the other."""


def _cell(line: Line) -> str:
    look = LIGHTS[line.light]
    if line.reading.attainment is None:
        return "未报" if line.light is FigureLight.GREY else look.mark
    share = line.reading.attainment
    return f"{look.mark}>{_OVER}" if share * 100 > _OVER else f"{look.mark}{whole_percent(share)}"
