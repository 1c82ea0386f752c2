"""The first day of the packaged plan, a thousand items at once: with two processes, and with processes that die."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cycle.days import FIRST_TICK, Installation
from processes.lives import killed_after, together
from processes.undisturbed_day import Undisturbed, live_undisturbed

pytestmark = pytest.mark.processes

DAY_OF_ISSUE = date(2021, 12, 29)


@pytest.fixture
def first_day(server_of_processes: None, supervised_url: str, tmp_path: Path) -> Undisturbed:
    """The day of the plan's issue, undisturbed."""
    return live_undisturbed(Installation(supervised_url, tmp_path / "var"), DAY_OF_ISSUE, tmp_path)


def test_two_copies_or_killed_ones_leave_what_one_undisturbed_leaves(first_day: Undisturbed) -> None:
    assert sum(first_day.state["item"].values()) > 1000
    with first_day.copy() as day:
        courses = together(replace(day, ticks=[FIRST_TICK]))
        assert first_day.differences(day) == []
    handed_over = [name for course in courses for name in course.handed_over]
    assert len(handed_over) == len(set(handed_over)) == len(first_day.course.handed_over)
    chance = random.Random(first_day.kind)
    with first_day.copy() as day:
        for _ in range(2):
            killed_after(day, chance.uniform(0, first_day.seconds))
        assert first_day.lived_again(day) == []
