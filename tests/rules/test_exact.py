"""Exact numbers: sums that do not depend on their order, one rounding, one notation."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.exact import between, divided, exact, half_up, in_whole_units, plain, scaled, total_of, weighted

decimals = st.decimals(-(10**12), 10**12, places=6, allow_nan=False)
fractions = st.fractions(max_denominator=1000)


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        (Fraction(1, 200), 2, "0.01"),
        (Fraction(1, 200) - Fraction(1, 10**40), 2, "0.00"),
        (Fraction(-1, 200), 2, "-0.01"),
        (Fraction(-1, 201), 2, "0.00"),
        (Fraction(2, 3), 6, "0.666667"),
        (Fraction(9999999, 10**7), 6, "1.000000"),
        (Fraction(10**30), 2, f"{10**30}.00"),
        (Fraction(0), 6, "0.000000"),
    ],
)
def test_an_exact_half_is_rounded_away_from_zero(number: Fraction, places: int, text: str) -> None:
    assert half_up(number, places) == text


@given(decimals, st.integers(1, 5))
def test_rounding_agrees_with_decimals_own_half_up(number: Decimal, places: int) -> None:
    expected = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=60))
    assert Decimal(half_up(exact(number), places)) == expected


@given(st.lists(fractions))
def test_a_total_is_the_sum_whatever_the_order(parts: list[Fraction]) -> None:
    assert total_of(parts) == total_of(reversed(parts)) == sum(parts, Fraction(0))


@given(st.lists(st.tuples(st.integers(0, 50), fractions)))
def test_a_weighted_total_is_the_sum_of_the_products(parts: list[tuple[int, Fraction]]) -> None:
    assert weighted(parts) == sum((weight * part for weight, part in parts), Fraction(0))


@given(decimals, decimals, fractions)
def test_the_shortcuts_are_the_formulas(one: Decimal, other: Decimal, share: Fraction) -> None:
    assert scaled(one, share) == exact(one) * share
    assert between(one, other, share) == exact(one) + (exact(other) - exact(one)) * share
    if share:
        assert divided(one, share) == exact(one) / share


@given(st.lists(decimals, min_size=1, max_size=6))
def test_whole_units_keep_the_proportions(numbers: list[Decimal]) -> None:
    units = in_whole_units(numbers)
    assert all(
        exact(number) * unit_b == exact(other) * unit_a
        for number, unit_a in zip(numbers, units, strict=True)
        for other, unit_b in zip(numbers, units, strict=True)
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [("1.50", "1.5"), ("1E+2", "100"), ("100", "100"), ("-0", "0"), ("0.000", "0"), ("1E-7", "0.0000001")],
)
def test_a_number_has_one_notation(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**29), max_value=10**29))
def test_the_notation_loses_nothing(number: Decimal) -> None:
    assert Decimal(plain(number)) == number
