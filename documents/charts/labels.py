"""Names beside a chart, and the legend below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matplotlib.patches import Rectangle

from documents.charts.canvas import INK, SIZE, SMALL, Canvas
from documents.charts.wording import Look

FITS = 10
"""Characters of a name at full size; a longer one is set smaller."""

_POINT = 25.4 / 72
_SIDE, _HIGH, _NEAR, _GAP = 5.0, 2.8, 1.2, 5.0


def name_size(name: str, fits: int = FITS) -> float:
    """Return in points how large `name` is set, so that it takes no more room than `fits` characters."""
    return SIZE * min(fits / max(len(name), 1), 1.0)


def names_width(names: Iterable[str], fits: int = FITS) -> float:
    """Return the millimetres that the widest of `names` takes, with a little air."""
    return min(max((len(name) for name in names), default=0), fits) * SIZE * _POINT + 3


def legend(canvas: Canvas, left: float, top: float, entries: Sequence[tuple[str, Look]]) -> None:
    """Write `entries` from `left` to the right at the height of `top`, in millimetres of the drawing."""
    for word, look in entries:
        y = 1 - (canvas.top + top + _HIGH / 2) / canvas.height
        square = Rectangle(
            (left / canvas.width, y), _SIDE / canvas.width, _HIGH / canvas.height, facecolor=look.colour,
            hatch=look.hatch, edgecolor=INK, linewidth=0.5, transform=canvas.figure.transFigure,
        )  # fmt: skip
        canvas.figure.add_artist(square)
        canvas.write(left + _SIDE + _NEAR, top, word, SMALL)
        left += _SIDE + _NEAR + SMALL * _POINT * len(word) + _GAP
