"""Weighted means of exact numbers; the geometric one as exactly as it can be printed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction

_DIGITS = 60
"""Significant digits in which roots are drawn."""

_SAME_TO = Decimal(1).scaleb(-40)
_SHORT = Decimal(1).scaleb(-20)
"""A root that agrees to 40 places with a number of at most 20 places is that number."""

Parts = Sequence[tuple[Fraction, Fraction]]
"""(weight, number) pairs; weights are above 0 and need not sum to anything."""


def arithmetic_mean(parts: Parts) -> Fraction:
    """Return the exact weighted mean. Raises ZeroDivisionError for nothing."""
    return sum((weight * number for weight, number in parts), Fraction(0)) / sum(weight for weight, _ in parts)


def geometric_mean(parts: Parts) -> Fraction:
    """Return the weighted geometric mean of numbers that are not negative; 0 when one of them is 0.

    Exact where the result is a decimal of up to 20 places (so that a half is rounded as a half), else to 40 places.
    Raises ZeroDivisionError for nothing.
    """
    numbers = {number for _, number in parts}
    if len(numbers) == 1:
        return numbers.pop()
    if 0 in numbers:
        return Fraction(0)
    total = sum(weight for weight, _ in parts)
    with localcontext(Context(prec=_DIGITS)):
        logarithm = sum((decimal(weight / total) * decimal(number).ln() for weight, number in parts), Decimal(0))
        root = logarithm.exp()
        short = root.quantize(_SHORT)
        return Fraction(short if abs(short - root) < _SAME_TO else root)


def square_root(number: Fraction) -> Fraction:
    """Return the square root of a number that is not negative, as exactly as `geometric_mean`."""
    if number == 0:
        return number
    return geometric_mean(((Fraction(1), number), (Fraction(1), Fraction(1))))


def decimal(number: Fraction) -> Decimal:
    """Return `number` in the precision of the decimal context in force."""
    return Decimal(number.numerator) / Decimal(number.denominator)
