"""A day killed at any moment and run again, or run by two processes at once, leaves what an undisturbed day leaves."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from cycle.days import FIRST_TICK
from processes.lives import killed_after, killed_at, sample, together, undisturbed
from processes.runner import (
    AFTER_COMMIT,
    AFTER_SENDING,
    BEFORE_COMMIT,
    BEFORE_DRAFT,
    BEFORE_MAIL,
    BEFORE_SENDING,
    Moment,
)
from processes.undisturbed_day import Undisturbed, broken_links

pytestmark = pytest.mark.processes

SEED = 20211229
COMMITS_TRIED = {"sqlite": 1000, "postgresql": 8}
"""How many of the commits are tried: on SQLite all of them."""

MAILS_TRIED = {"sqlite": 8, "postgresql": 2}


def moments(day: Undisturbed, *places: str) -> list[Moment]:
    """Return the moments that the undisturbed day passes at these places."""
    return [moment for moment in day.course.moments if moment.place in places]


def disturbed_by(the_day: Undisturbed, death: Moment) -> list[str]:
    """Return what is different when the process dies at `death` and the day is run again."""
    with the_day.copy() as day:
        killed_at(day, death)
        return [f"killed {death}: {line}" for line in the_day.lived_again(day)]


def test_everything_happens_on_the_day_that_is_disturbed(the_day: Undisturbed) -> None:
    made = {row for row in the_day.state["notice"] if f"created_at={the_day.as_of}" in row}
    for level in ("assign", "request_opened", "remind", "warn", "urge", "supervision_notice", "circular"):
        assert any(f"kind={level}, " in row for row in made), level
    assert any("action=close_window" in row for row in the_day.state["event"])
    assert the_day.course.passed[BEFORE_COMMIT] > 10
    assert the_day.course.passed[BEFORE_MAIL] > 10
    assert the_day.course.findings == ()


def test_a_day_killed_at_any_commit_and_run_again_ends_as_if_undisturbed(the_day: Undisturbed) -> None:
    tried = sample(moments(the_day, BEFORE_COMMIT, AFTER_COMMIT), COMMITS_TRIED[the_day.kind], SEED)
    assert len(tried) >= 8
    assert [line for death in tried for line in disturbed_by(the_day, death)] == []


def test_a_day_killed_while_mail_leaves_and_run_again_ends_as_if_undisturbed(the_day: Undisturbed) -> None:
    tried = moments(the_day, BEFORE_SENDING, AFTER_SENDING)
    tried += sample(moments(the_day, BEFORE_DRAFT, BEFORE_MAIL), MAILS_TRIED[the_day.kind], SEED)
    assert len(tried) >= 4
    assert [line for death in tried for line in disturbed_by(the_day, death)] == []


@pytest.mark.parametrize("seed", range(2))
def test_a_day_killed_again_and_again_from_outside_ends_as_if_undisturbed(the_day: Undisturbed, seed: int) -> None:
    chance = random.Random(seed)
    with the_day.copy() as day:
        for _ in range(3):
            killed_after(day, chance.uniform(0, the_day.seconds))
        assert the_day.lived_again(day) == []


def test_a_day_run_twice_changes_nothing_twice(the_day: Undisturbed) -> None:
    with the_day.copy() as day:
        undisturbed(day)
        again = undisturbed(day)
        assert the_day.differences(day) == []
        assert again.handed_over == ()


@pytest.mark.parametrize("attempt", range(3))
def test_two_copies_at_once_leave_the_state_of_one_and_nobody_gets_two_mails(
    the_day: Undisturbed, attempt: int
) -> None:
    with the_day.copy() as day:
        courses = together(replace(day, ticks=[FIRST_TICK]))  # both at nine: neither may take the other for dead
        assert broken_links(day) == []
        assert undisturbed(day).handed_over == ()
        assert the_day.differences(day) == []
    handed_over = [name for course in courses for name in course.handed_over]
    assert len(handed_over) == len(set(handed_over)) == len(the_day.course.handed_over)
