from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from demo.lots import Lots

NAMES = st.lists(st.text(max_size=5), max_size=3)


@given(st.integers(), NAMES)
def test_a_share_lies_between_zero_and_one_and_is_drawn_the_same_again(seed: int, names: list[str]) -> None:
    share = Lots(seed).share(*names)
    assert 0 <= share < 1
    assert Lots(seed).share(*names) == share


@given(st.integers(), st.integers(-50, 50), st.integers(0, 50), NAMES)
def test_a_number_lies_between_its_bounds(seed: int, low: int, width: int, names: list[str]) -> None:
    assert low <= Lots(seed).between(low, low + width, *names) <= low + width


@given(st.lists(st.text(max_size=4), unique=True))
def test_shuffling_keeps_everybody_and_does_not_depend_on_the_order_they_come_in(each: list[str]) -> None:
    shuffled = Lots().shuffled(each, "x")
    assert sorted(shuffled) == sorted(each)
    assert Lots().shuffled(reversed(each), "x") == shuffled


def test_about_as_many_are_chosen_as_the_share_says() -> None:
    chosen = sum(Lots().chosen(Decimal("0.3"), "coin", number) for number in range(2000))
    assert 500 < chosen < 700


def test_another_seed_draws_other_lots() -> None:
    assert [Lots(1).share(n) for n in range(5)] != [Lots(2).share(n) for n in range(5)]


def test_names_that_only_look_alike_when_joined_are_not_the_same() -> None:
    assert Lots().share("a", "bc") != Lots().share("ab", "c")
