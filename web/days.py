"""What a person who chooses a date wants to know: which days lie so many working days ahead."""

from __future__ import annotations

from collections.abc import Sequence

from config.errors import CalendarNotPublished
from supervision.in_force import InForce

_STEPS = (3, 5, 10, 20)


def days_ahead(force: InForce, steps: Sequence[int] = _STEPS) -> str:
    """Return in words which days lie `steps` working days after today; as far as the calendar is published."""
    found = []
    for step in steps:
        try:
            found.append(f"{step} 个工作日后为 {force.calendar.add(force.today, step)}")
        except CalendarNotPublished:
            break
    return "，".join(found)
