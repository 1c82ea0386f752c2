"""How probable something is by chance alone: the distributions that the analysis compares with.

Tails of sums are decimals of 50 digits, the same on every machine; the quantile of Student's t is floating point, good
to twelve digits, and used for intervals only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

_HALVINGS = 200
_DIGITS = 50


def tail(chances: Sequence[Fraction], least: int) -> Decimal:
    """Return the probability that at least `least` of independent events happen, whose chances are given.

    Poisson binomial, to 50 digits. 1 for `least` of 0 or less, 0 for more than there are events.
    """
    if least <= 0:
        return Decimal(1)
    if least > len(chances):
        return Decimal(0)
    with localcontext(prec=_DIGITS):
        counts = [Decimal(1), *[Decimal(0)] * (least - 1)]  # the chance that exactly 0, 1, … have happened so far
        for fraction in chances:
            chance = Decimal(fraction.numerator) / fraction.denominator
            for number in range(least - 1, 0, -1):
                counts[number] += (counts[number - 1] - counts[number]) * chance
            counts[0] -= counts[0] * chance
        return max(1 - sum(counts, Decimal(0)), Decimal(0))


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
