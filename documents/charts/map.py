"""A map: one value in each district, written on it and told by its shade; what is small stands in an inset."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import chain
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from shapely import MultiPolygon, Point, get_parts, shortest_line, union_all

from documents.charts.boundaries import boundaries, source
from documents.charts.canvas import INK, SIZE, SMALL, WIDTH, Canvas
from documents.charts.chart import Chart
from documents.charts.map_labels import Box, Label, guides
from documents.charts.map_layout import Layout, lay_out
from documents.charts.subject import Spot, Subject

_POINT = 25.4 / 72
_NARROW, _LINE = 0.6, 1.3
"""Width of a Latin letter or digit, and height of a line, in sizes of the letters."""

_ROW, _SQUARE, _GAP = 4.8, 6.0, 1.5
_BARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Kilometres that the bar of the scale may stand for."""
_BAR = 14.0
"""Millimetres that it is long at most."""

_BORDER = "#6b6b6b"


def map_of(subject: Subject) -> tuple[Chart, ...]:
    """Return the map of the districts that have boundaries; nothing when none has."""
    if not subject.drawn:
        return ()
    drawing = _Drawing(subject)
    return (
        Chart(
            code=subject.code,
            title=subject.title,
            alternative=subject.in_words,
            grid=subject.grid,
            height=drawing.layout.height,
            draw=drawing.on,
            note=source(),
            simulated=subject.simulated,
        ),
    )


def _width(text: str, size: float) -> float:
    """Return in millimetres how wide the widest line of `text` is at most."""
    lines = (sum(_NARROW if letter.isascii() else 1.0 for letter in line) for line in text.split("\n"))
    return max(lines) * size * _POINT


def _in_legend(label: str) -> str:
    return label.replace("\n", " ")


@lru_cache(maxsize=128)
def _laid_out(labels: tuple[tuple[str, str], ...], words: tuple[str, ...]) -> Layout:
    """Lay out the districts with their labels, by code. `words` are the legend's, which also takes each label that has
    no room on the map: which these are does not depend on the legend.
    """
    land = boundaries(code for code, _ in labels)
    high = 2 * _LINE * SIZE * _POINT
    sizes = {code: (_width(label, SIZE), high) for code, label in labels}
    found = lay_out(land, sizes, width=WIDTH, legend=_legend_size(words))
    if found.keyed:
        rows = (*words, *(_in_legend(label) for code, label in labels if code in found.keyed))
        found = lay_out(land, sizes, width=WIDTH, legend=_legend_size(rows))
    return found


def _legend_size(words: tuple[str, ...]) -> tuple[float, float]:
    """Return the size of a legend of those rows, the first one its head, and the scale below them."""
    wide = max(_width(words[0], SMALL) - _SQUARE - _GAP, *(_width(word, SMALL) for word in words[1:]))
    scale = _BAR + _GAP + _width(f"{_BARS[-1]}千米", SMALL)
    return max(_SQUARE + _GAP + wide, scale), _ROW * (len(words) + 1)


class _Drawing:
    """The land, its labels and the legend."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.spots: Mapping[str, Spot] = {each.code: each for each in subject.drawn}
        labels = tuple((code, each.label) for code, each in self.spots.items())
        words = (subject.measure, *(shade.word for shade in subject.shades))
        self.layout = _laid_out(labels, words)

    def on(self, canvas: Canvas) -> None:
        """Draw on `canvas`."""
        axes = canvas.axes(0, 0, canvas.width, self.layout.height)
        axes.set_xlim(0, canvas.width)
        axes.set_ylim(self.layout.height, 0)
        self._land(axes, self.layout.land)
        self._labels(canvas, axes, self.layout.labels)
        self._inset(canvas, axes)
        for number, place in enumerate(self.layout.keyed.values(), start=1):
            canvas.write(*place, str(number), SMALL, ha="center")
        self._legend(canvas, axes)

    def _land(self, axes: Axes, land: Mapping[str, MultiPolygon]) -> None:
        for code, each in land.items():
            look = self.subject.shades[self.spots[code].shade].look
            axes.add_patch(_patch(each, facecolor=look.colour, hatch=look.hatch, edgecolor=_BORDER, linewidth=0.5))
        whole = MultiPolygon(get_parts(union_all(list(land.values()))).tolist())
        axes.add_patch(_patch(whole, fill=False, linewidth=1.1))

    def _labels(self, canvas: Canvas, axes: Axes, labels: Mapping[str, Label]) -> None:
        for code, label in labels.items():
            if label.to is not None:
                line = shortest_line(Point(label.to), label.box.area).coords
                axes.plot(*zip(*line, strict=True), color=INK, linewidth=0.7, marker="o", markersize=2, markevery=[0])
            canvas.write(*label.box.middle, self.spots[code].label, SIZE, ha="center", linespacing=_LINE)

    def _inset(self, canvas: Canvas, axes: Axes) -> None:
        """Draw what is too small on the map, in a frame, and lines to it from where it lies."""
        inset = self.layout.inset
        if inset is None:
            return
        axes.add_patch(_rectangle(inset.of, fill=False))
        for guide in guides(inset.of, inset.box):
            axes.plot(*zip(*guide, strict=True), color=_BORDER, linewidth=0.5, linestyle=(0, (4, 3)))
        axes.add_patch(_rectangle(inset.box, facecolor="white"))
        self._land(axes, inset.land)
        axes.add_patch(_rectangle(inset.box, fill=False))
        self._labels(canvas, axes, inset.labels)

    def _legend(self, canvas: Canvas, axes: Axes) -> None:
        left, top = self.layout.legend.left, self.layout.legend.top + _ROW / 2
        canvas.write(left, top, self.subject.measure, SMALL)
        for shade in self.subject.shades:
            top += _ROW
            square = Box(left, top - _ROW * 0.36, _SQUARE, _ROW * 0.72)
            axes.add_patch(_rectangle(square, facecolor=shade.look.colour, hatch=shade.look.hatch, linewidth=0.5))
            canvas.write(left + _SQUARE + _GAP, top, shade.word, SMALL)
        for number, code in enumerate(self.layout.keyed, start=1):
            top += _ROW
            canvas.write(left + _SQUARE / 2, top, str(number), SMALL, ha="center")
            canvas.write(left + _SQUARE + _GAP, top, _in_legend(self.spots[code].label), SMALL)
        self._scale(canvas, axes, left, top + _ROW * 1.3)

    def _scale(self, canvas: Canvas, axes: Axes, left: float, top: float) -> None:
        """Draw how long so many kilometres are."""
        fits = [many for many in _BARS if many * self.layout.scale <= _BAR]
        right = left + max(fits, default=_BARS[0]) * self.layout.scale
        axes.plot((left, left, right, right), (top - 1, top, top, top - 1), color=INK, linewidth=0.8)
        canvas.write(right + _GAP, top - 0.5, f"{max(fits, default=_BARS[0])}千米", SMALL)


def _patch(land: MultiPolygon, **manner: Any) -> PathPatch:
    rings = chain.from_iterable((part.exterior, *part.interiors) for part in land.geoms)
    path = Path.make_compound_path(*(Path(list(ring.coords), closed=True) for ring in rings))
    return PathPatch(path, **{"edgecolor": INK, "linewidth": 0.5, "joinstyle": "round", **manner})


def _rectangle(box: Box, **manner: Any) -> Rectangle:
    return Rectangle((box.left, box.top), box.width, box.height, **{"edgecolor": INK, "linewidth": 0.8, **manner})
