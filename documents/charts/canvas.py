"""The sheet a chart is drawn on: measured in millimetres, in one Chinese font, the same bytes each time."""

from __future__ import annotations

import re
import threading
from collections.abc import Container
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontPath, FontProperties, get_font
from matplotlib.text import Text
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from config.errors import FontsMissing
from documents.charts.chart import MADE_UP, Chart
from documents.fonts import PACKAGES, Face

WIDTH = 156.0
"""Millimetres: the text of an official page (GB/T 9704-2012, 5.2)."""

DOTS_PER_INCH = 240
"""Fine enough for print, and an eighth of a megabyte a chart."""

SIZE = 8.5
"""Points of ordinary text in a chart, a little smaller than what stands in the tables around it."""

SMALL, LARGE = 7.5, 11.0

INK, FAINT = "#1a1a1a", "#b8b8b8"

_INCH = 25.4
_TITLE, _MARK, _NOTE, _EDGE = 9.0, 5.0, 5.0, 1.0

_LOOK = {"svg.hashsalt": "duban", "svg.fonttype": "path", "hatch.linewidth": 0.6, "axes.unicode_minus": False}

_PATH, _TAIL = re.compile(rb' d="[^"]*"'), re.compile(rb"(\.[0-9]{2})[0-9]+")
"""The lines of a drawing, and what of their numbers is finer than a hundredth of a point: a third of the bytes."""

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
        """Return a frame of that place and size in millimetres of the drawing, without ticks and edges."""
        bottom = self.height - self.top - top - height
        box = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(box)
        axes.set_xticks([])
        axes.set_yticks([])
        for edge in axes.spines.values():
            edge.set_visible(False)
        return axes

    def write(self, left: float, top: float, text: str, size: float = SIZE, **manner: Any) -> None:
        """Write `text` at a place of the drawing, in millimetres; `manner` as matplotlib names it."""
        x, y = left / self.width, 1 - (self.top + top) / self.height
        self.figure.text(x, y, text, fontsize=size, **{"color": INK, "va": "center", **manner})


@dataclass(frozen=True, slots=True)
class Prints:
    """One drawing in its three forms: `png` and `svg` stand alone, `bare` is the PNG for a paper whose caption says
    the title.
    """

    png: bytes
    bare: bytes
    svg: bytes


def prints(chart: Chart, face: Face) -> Prints:
    """Return the chart, drawn once, in all its forms; the same bytes each time.

    Raises GlyphMissing when `face` has no glyph for a character.
    """
    with _DRAWING, style.context(["default", _LOOK]):
        figure = _drawn(chart, face)
        image = _image(figure)
        return Prints(_png(chart, image), _png(chart, _untitled(image)), _svg(chart, figure))


def svg(chart: Chart, face: Face) -> bytes:
    """Return the chart as SVG alone, for a page; its letters are outlines. Raises GlyphMissing as `prints` does."""
    with _DRAWING, style.context(["default", _LOOK]):
        return _svg(chart, _drawn(chart, face))


def _image(figure: Figure) -> Image.Image:
    data = BytesIO()
    figure.savefig(data, format="rgba", dpi=DOTS_PER_INCH)
    size = int(figure.bbox.width), int(figure.bbox.height)
    return Image.frombytes("RGBA", size, data.getvalue()).convert("RGB")


def _untitled(image: Image.Image) -> Image.Image:
    return image.crop((0, int(_TITLE / _INCH * DOTS_PER_INCH), image.width, image.height))


def _png(chart: Chart, image: Image.Image) -> bytes:
    about = PngInfo()
    about.add_itxt("Title", chart.title)
    about.add_itxt("Description", chart.alternative)
    data = BytesIO()
    image.save(data, "png", pnginfo=about, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return data.getvalue()


def _svg(chart: Chart, figure: Figure) -> bytes:
    about = {"Date": None, "Creator": "duban", "Title": chart.title, "Description": chart.alternative}
    data = BytesIO()
    figure.savefig(data, format="svg", metadata=about)
    return _PATH.sub(lambda found: _TAIL.sub(rb"\1", found[0]), data.getvalue())


def _drawn(chart: Chart, face: Face) -> Figure:
    head = _TITLE + (_MARK if chart.simulated else _EDGE)
    foot = _NOTE if chart.note else _EDGE
    height = head + chart.height + foot
    figure = Figure(figsize=(WIDTH / _INCH, height / _INCH), dpi=DOTS_PER_INCH, facecolor="white")
    canvas = Canvas(figure, face, WIDTH, height, head)
    canvas.write(WIDTH / 2, _TITLE / 2 - head, chart.title, LARGE, ha="center")
    if chart.simulated:
        boxed = {"boxstyle": "square,pad=0.25", "facecolor": "white", "edgecolor": INK, "linewidth": 0.6}
        canvas.write(WIDTH - 2, -_MARK / 2, MADE_UP, SMALL, ha="right", bbox=boxed)
    if chart.note:
        canvas.write(1, chart.height + foot / 2, chart.note, SMALL)
    chart.draw(canvas)
    _set_in(figure, face)
    return figure


def _set_in(figure: Figure, face: Face) -> None:
    """Set every text in `face`, read literally. Raises GlyphMissing for the first character it lacks.

    Axes write no labels of their own here: what they wrote while drawing would escape the check.
    """
    path = FontPath(str(face.path), face.index)
    known = get_font(path).get_charmap().keys()
    for text in figure.findobj(Text):
        text.set_fontproperties(FontProperties(fname=path, size=text.get_fontsize()))
        text.set_parse_math(False)
        _require(text.get_text(), known, face)


def _require(text: str, known: Container[int], face: Face) -> None:
    for character in text:
        if ord(character) not in known and not character.isspace():
            raise GlyphMissing(
                f"字体 {face.family} 没有“{character}”（U+{ord(character):04X}），图表不能完整显示；"
                f"请安装字形更全的字体（Debian/Ubuntu：apt install {PACKAGES}）后重试"
            )
