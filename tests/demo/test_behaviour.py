from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from config.plan import Plan
from demo.behaviour import Character, Habit, characters
from demo.lots import Lots

WEAKNESS = st.decimals(0, 1, places=3)


def test_districts_and_other_units_are_spread_from_strongest_to_weakest(hangzhou: Plan) -> None:
    cast = characters(hangzhou, Lots())
    assert set(cast) == {unit.code for unit in hangzhou.units}
    districts = {unit.code for unit in hangzhou.districts}
    for codes in (districts, set(cast) - districts):
        field = [cast[code] for code in codes]
        assert min(each.weakness for each in field) == 0
        assert max(each.weakness for each in field) == 1
        assert max(each.strength for each in field) > 1 > min(each.strength for each in field)


@given(WEAKNESS, WEAKNESS)
def test_the_weaker_unit_is_late_silent_returned_and_extended_more_often(one: Decimal, other: Decimal) -> None:
    stronger, weaker = Character(min(one, other)), Character(max(one, other))
    for habit in set(Habit) - {Habit.PROMPT}:
        assert 0 <= stronger.share(habit) <= weaker.share(habit)
    assert sum(weaker.share(habit) for habit in set(Habit) - {Habit.PROMPT}) < 1


def test_most_of_what_the_strongest_does_is_prompt_and_the_weakest_has_every_habit() -> None:
    strongest, weakest = Character(Decimal(0)), Character(Decimal(1))
    drawn = [strongest.habit(Lots(), number) for number in range(500)]
    assert drawn.count(Habit.PROMPT) > 450
    assert {weakest.habit(Lots(), number) for number in range(500)} == set(Habit)
