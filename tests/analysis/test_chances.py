"""Tails of sums are exact, quantiles agree with the printed tables."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervision.analysis.chances import student_below, student_quantile, tail

TABLE = [(1, 6.314), (2, 2.920), (3, 2.353), (4, 2.132), (5, 2.015), (10, 1.812), (29, 1.699), (30, 1.697)]
"""The 95 % points of Student's t as textbooks print them."""


@pytest.mark.parametrize(("degrees", "expected"), TABLE)
def test_the_quantiles_are_those_of_the_tables(degrees: int, expected: float) -> None:
    assert round(student_quantile(0.95, degrees), 3) == expected


@given(st.floats(0.5, 0.999), st.integers(1, 60))
def test_a_quantile_cuts_off_its_share(share: float, degrees: int) -> None:
    assert abs(student_below(student_quantile(share, degrees), degrees) - share) < 1e-9


@settings(max_examples=40)
@given(st.lists(st.fractions(0, 1), max_size=5), st.integers(-1, 8))
def test_a_tail_is_the_sum_over_all_outcomes(chances: list[Fraction], least: int) -> None:
    outcomes = product((0, 1), repeat=len(chances))
    expected = sum(
        (
            prod((p if hit else 1 - p for p, hit in zip(chances, outcome, strict=True)), start=Fraction(1))
            for outcome in outcomes
            if sum(outcome) >= least
        ),
        Fraction(0),
    )
    assert abs(Fraction(tail(chances, least)) - expected) < Fraction(1, 10**45)
