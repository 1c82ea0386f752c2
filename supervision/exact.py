"""Exact arithmetic: what was written as a decimal stays exact until it is rounded once, half up.

A share of a third has no last decimal, so 28 digits are not enough to see that a total lies exactly on a
half. Everything between the input and the printed figure is therefore a Fraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm


def exact(number: Decimal) -> Fraction:
    """Return `number` as a fraction, without loss. Raises for NaN and infinities, which no reader lets in."""
    return Fraction(*number.as_integer_ratio())


def scaled(number: Decimal, factor: Fraction) -> Fraction:
    """Return number x factor, reduced once instead of twice: the calculator does this for every line."""
    top, bottom = number.as_integer_ratio()
    return Fraction(top * factor.numerator, bottom * factor.denominator)


def divided(number: Decimal, divisor: Fraction) -> Fraction:
    """Return number / divisor, reduced once instead of twice. Raises ZeroDivisionError."""
    top, bottom = number.as_integer_ratio()
    return Fraction(top * divisor.denominator, bottom * divisor.numerator)


def between(start: Decimal, end: Decimal, share: Fraction) -> Fraction:
    """Return start + (end - start) x share, reduced once."""
    from_top, from_bottom = start.as_integer_ratio()
    to_top, to_bottom = end.as_integer_ratio()
    part, whole = share.as_integer_ratio()
    top = from_top * to_bottom * (whole - part) + to_top * from_bottom * part
    return Fraction(top, from_bottom * to_bottom * whole)


def total_of(parts: Iterable[Fraction]) -> Fraction:
    """Return the exact sum; 0 of nothing."""
    return weighted((1, part) for part in parts)


def weighted(parts: Iterable[tuple[int, Fraction]]) -> Fraction:
    """Return the exact sum of the products weight x part; 0 of nothing.

    Reduced once at the end: reducing after every step takes most of the time of a large assessment.
    """
    numerator, denominator = 0, 1
    for weight, part in parts:
        top, bottom = part.as_integer_ratio()
        if denominator % bottom:
            numerator, denominator = numerator * bottom + weight * top * denominator, denominator * bottom
        else:
            numerator += weight * top * (denominator // bottom)
    return Fraction(numerator, denominator)


def in_whole_units(numbers: Sequence[Decimal]) -> tuple[int, ...]:
    """Return the numbers as multiples of the finest unit that all of them share: 0.5 and 2 become 1 and 4."""
    fractions = [exact(number) for number in numbers]
    unit = lcm(*(fraction.denominator for fraction in fractions))
    return tuple(fraction.numerator * (unit // fraction.denominator) for fraction in fractions)


def smaller(one: Fraction, other: Fraction) -> Fraction:
    """Return the smaller of two numbers; `min`, without the generality that makes comparing fractions slow."""
    return other if one.numerator * other.denominator > other.numerator * one.denominator else one


def half_up(number: Fraction, places: int) -> str:
    """Return `number` with `places` (1 or more) decimals; an exact half is rounded away from zero.

    Zero is never written with a minus sign.
    """
    return ratio_half_up(number.numerator, number.denominator, places)


def ratio_half_up(top: int, bottom: int, places: int) -> str:
    """Return top / bottom as `half_up` writes it; `bottom` is above 0, and nothing needs to be reduced."""
    scale = 10**places
    units = (2 * abs(top) * scale + bottom) // (2 * bottom)
    whole, decimals = divmod(units, scale)
    sign = "-" if top < 0 and units else ""
    return f"{sign}{whole}.{decimals:0{places}d}"


def plain_or_none(number: Decimal | None) -> str | None:
    """Return `number` as `plain` writes it; None for None."""
    return None if number is None else plain(number)


def plain(number: Decimal) -> str:
    """Return `number` without exponent, superfluous zeros or a minus before zero: one text per value."""
    text = str(number)
    if "E" in text:
        text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
