"""Two processes at once on one database do together what one does alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cycle.days import FIRST_TICK
from processes.lives import together, undisturbed
from processes.undisturbed_day import Undisturbed, broken_links

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]


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
