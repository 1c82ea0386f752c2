"""Bands of values for a map: a few, equally wide, with round borders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

MOST = 5
"""Bands that a reader tells apart by their colour."""

_ROUND = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bands:
    """Bands of the width `step`: each from its lower border, which belongs to it, to the next. `first` counts steps."""

    step: Fraction
    first: int
    many: int

    def of(self, value: Fraction) -> int:
        """Return in which band `value` lies, counted from 0; what lies beyond an end belongs to the band there."""
        return min(max(value // self.step - self.first, 0), self.many - 1)

    def borders(self) -> Iterator[tuple[Fraction, Fraction]]:
        """Give the lower and the upper border of each."""
        for place in range(self.first, self.first + self.many):
            yield place * self.step, (place + 1) * self.step


def bands(values: Sequence[Fraction], *, finest: Fraction, limit: Fraction | None = None, most: int = MOST) -> Bands:
    """Return the bands that hold all of `values`, at most `most`, of the smallest round width that does.

    Widths are 1, 2 or 5 times `finest`, or ten, a hundred … times that. A value that reaches `limit` lies in the band
    below it. Raises ValueError when there are no values.
    """
    low, high = min(values), max(values)
    widths = (finest * figure * 10**power for power in count() for figure in _ROUND)
    return next(found for width in widths if (found := _of_width(width, low, high, limit)).many <= most)


def _of_width(width: Fraction, low: Fraction, high: Fraction, limit: Fraction | None) -> Bands:
    last = high // width
    if limit is not None:
        last = min(last, -(-limit // width) - 1)
    first = min(low // width, last)
    return Bands(width, first, last - first + 1)
