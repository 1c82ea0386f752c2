"""How probable something is by chance alone: the distributions that the analysis compares with.

Tails of sums are exact; the quantile of Student's t is floating point, good to twelve digits, and used for
intervals only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

_HALVINGS = 200
_NONE, _ALL = Fraction(0), Fraction(1)


def tail(chances: Sequence[Fraction], least: int) -> Fraction:
    """Return the probability that at least `least` of independent events happen, whose chances are given.

    Exact (Poisson binomial). 1 for `least` of 0 or less, 0 for more than there are events.
    """
    if least <= 0:
        return _ALL
    counts = [_ALL, *[_NONE] * (least - 1)]  # the chance that exactly 0, 1, … least - 1 have happened so far
    for chance in chances:
        for number in range(least - 1, 0, -1):
            counts[number] = counts[number] * (1 - chance) + counts[number - 1] * chance
        counts[0] *= 1 - chance
    return 1 - sum(counts, _NONE)


def student_quantile(share: float, degrees: int) -> float:
    """Return t below which Student's t with `degrees` degrees of freedom (1 or more) lies with probability `share`.

    `share` from 0.5 to below 1.
    """
    low, high = 0.0, 1.0
    while student_below(high, degrees) < share:
        high *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if student_below(middle, degrees) < share else (low, middle)
    return high


def student_below(t: float, degrees: int) -> float:
    """Return the probability that Student's t with whole `degrees` lies below `t`, which is 0 or more.

    The finite sums for whole degrees of freedom, in θ = arctan(t / √degrees). Source: Abramowitz and Stegun 26.7.3–4.
    """
    angle = math.atan(t / math.sqrt(degrees))
    cosine, sine = math.cos(angle), math.sin(angle)
    if degrees % 2 == 0:
        return 0.5 + 0.5 * sine * _powers(cosine, degrees - 2, first=1)
    within = angle + sine * cosine * _powers(cosine, degrees - 3, first=2) if degrees > 1 else angle
    return 0.5 + within / math.pi


def _powers(cosine: float, highest: int, *, first: int) -> float:
    """Return 1 + f/(f+1)·cos² + f(f+2)/((f+1)(f+3))·cos⁴ + … up to the power `highest`."""
    total = term = 1.0
    for power in range(2, highest + 1, 2):
        factor = first + power - 2
        term *= factor / (factor + 1) * cosine**2
        total += term
    return total
