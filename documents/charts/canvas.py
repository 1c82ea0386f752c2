"""The sheet a chart is drawn on: measured in millimetres, in one Chinese font, the same bytes each time."""

from __future__ import annotations

import threading
from collections.abc import Container
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontPath, FontProperties, get_font
from matplotlib.text import Text

from config.errors import FontsMissing
from documents.charts.chart import MADE_UP, Chart
from documents.fonts import PACKAGES, Face

WIDTH = 156.0
"""Millimetres: the text of an official page (GB/T 9704-2012, 5.2)."""

DOTS_PER_INCH = 240
"""Fine enough for print, and an eighth of a megabyte a chart."""

SIZE = 7.5
"""Points of ordinary text in a chart, a little smaller than what stands in the tables around it."""

SMALL, LARGE = 6.0, 10.5

INK, FAINT = "#1a1a1a", "#b8b8b8"

_INCH = 25.4
_TITLE, _NOTE, _EDGE = 9.0, 5.0, 1.0

_LOOK = {"svg.hashsalt": "duban", "svg.fonttype": "path", "hatch.linewidth": 0.6, "axes.unicode_minus": False}

_DRAWING = threading.Lock()
"""matplotlib keeps its settings and its fonts for the whole process: one drawing at a time."""


class GlyphMissing(FontsMissing):
    """The font has no glyph for a character: a chart with a hole in a name is not to be printed."""


@dataclass(frozen=True)
class Canvas:
    """A figure under construction. `top` is where the drawing begins, below the title; y grows downwards."""

    figure: Figure
    face: Face
    width: float
    height: float
    top: float

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Return a bare frame of that place and size, in millimetres of the drawing."""
        bottom = self.height - self.top - top - height
        box = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(box)
        axes.tick_params(length=0, pad=2, labelsize=SIZE, colors=INK)
        for edge in axes.spines.values():
            edge.set_visible(False)
        return axes

    def write(self, left: float, top: float, text: str, size: float = SIZE, **manner: Any) -> None:
        """Write `text` at a place of the drawing, in millimetres; `manner` as matplotlib names it."""
        x, y = left / self.width, 1 - (self.top + top) / self.height
        self.figure.text(x, y, text, fontsize=size, **{"color": INK, "va": "center", **manner})


def png(chart: Chart, face: Face, *, titled: bool = True) -> bytes:
    """Return the chart as PNG, the same bytes each time; without its title where a caption says it.

    Raises GlyphMissing when `face` has no glyph for a character.
    """
    return _saved(chart, face, titled, "png", {"Software": None})


def svg(chart: Chart, face: Face, *, titled: bool = True) -> bytes:
    """Return the same drawing as SVG, its letters as outlines. Raises GlyphMissing as `png` does."""
    return _saved(chart, face, titled, "svg", {"Date": None, "Creator": "duban"})


def _saved(chart: Chart, face: Face, titled: bool, kind: str, about: dict[str, str | None]) -> bytes:
    data = BytesIO()
    with _DRAWING, style.context(["default", _LOOK]):
        figure = _drawn(chart, face, titled)
        described = {**about, "Title": chart.title, "Description": chart.alternative}
        figure.savefig(data, format=kind, dpi=DOTS_PER_INCH, metadata=described)
    return data.getvalue()


def _drawn(chart: Chart, face: Face, titled: bool) -> Figure:
    head = _TITLE if titled else (_NOTE if chart.simulated else _EDGE)
    foot = _NOTE if chart.note else _EDGE
    height = head + chart.height + foot
    figure = Figure(figsize=(WIDTH / _INCH, height / _INCH), dpi=DOTS_PER_INCH, facecolor="white")
    FigureCanvasAgg(figure)
    canvas = Canvas(figure, face, WIDTH, height, head)
    if titled:
        canvas.write(WIDTH / 2, _NOTE - head, chart.title, LARGE, ha="center")
    if chart.simulated:
        boxed = {"boxstyle": "square,pad=0.25", "facecolor": "white", "edgecolor": INK, "linewidth": 0.6}
        canvas.write(WIDTH - 2, _NOTE / 2 + 0.3 - head, MADE_UP, SMALL, ha="right", bbox=boxed)
    if chart.note:
        canvas.write(1, chart.height + foot / 2, chart.note, SMALL)
    chart.draw(canvas)
    _set_in(figure, face)
    return figure


def _set_in(figure: Figure, face: Face) -> None:
    """Set every text in `face`, read literally. Raises GlyphMissing for the first character it lacks."""
    path = FontPath(str(face.path), face.index)
    for text in figure.findobj(Text):
        text.set_fontproperties(FontProperties(fname=path, size=text.get_fontsize()))
        text.set_parse_math(False)
    known = get_font(path).get_charmap().keys()
    _require(figure, known, face)
    figure.draw_without_rendering()
    _require(figure, known, face)  # once more: only now do the ticks hold their labels


def _require(figure: Figure, known: Container[int], face: Face) -> None:
    for text in figure.findobj(Text):
        for character in text.get_text():
            if ord(character) not in known and not character.isspace():
                raise GlyphMissing(
                    f"字体 {face.family} 没有“{character}”（U+{ord(character):04X}），图表不能完整显示；"
                    f"请安装字形更全的字体（Debian/Ubuntu：apt install {PACKAGES}）后重试"
                )
