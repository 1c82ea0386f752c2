"""One target of a plan, as it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Target:
    """One target: what the plan promises to reach.

    `name` is put together from the words around the number; `text` is the wording. `target` is None for the three
    kinds that name no number. `by` is the day by which it is to be reached, where the sentence says so. `at` is the
    offset of the number in the text that was read. `doubts` are to be confirmed by a person, in Chinese.
    """

    name: str
    measure_type: str
    target: Decimal | None
    unit_of_measure: str | None
    text: str
    comparator: str | None
    at: int
    by: date | None = None
    reference: str | None = None
    part_of_last: bool = False
    bare: bool = False
    flow: bool = False
    doubts: tuple[str, ...] = ()

    @property
    def strict(self) -> bool:
        """Return whether reaching exactly the target falls short of the wording."""
        return self.comparator in (">", "<")
