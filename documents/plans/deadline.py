"""A deadline as a plan words it, and the years that a wording without one can mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Deadline:
    """When something is due: `cadence`, and `due` in the grammar of due rules (None where no rule says it exactly).

    `on` is the day of a deadline met once. `text` is the wording, `start` its offset in the text that was read.
    `doubt` says, in Chinese, what a person should confirm; empty when the wording is exact.
    """

    cadence: str
    due: str | None
    text: str
    start: int
    on: date | None = None
    doubt: str = ""


@dataclass(frozen=True)
class Years:
    """The years that a wording without one can mean: the plan's first and last, and the day of issue."""

    start: date | None = None
    end: date | None = None
    issued: date | None = None

    @property
    def only(self) -> int | None:
        """Return the year of a plan that runs for one year."""
        return self.end.year if self.start and self.end and self.start.year == self.end.year else None
