"""Vintages: what was known of a value on a day, and how it has been revised since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from config.terms import ReleaseStatus, ValueMark


@dataclass(frozen=True, slots=True)
class Vintage:
    """One vintage of one value: series x area x period.

    `known_from` is the day of its release, or of its recording where the release is not dated; `number` counts the
    recordings. `value` or `growth` (同比 in % as published) may be None, not both.
    """

    number: int
    known_from: date
    value: Decimal | None
    growth: Decimal | None
    mark: ValueMark
    status: ReleaseStatus

    @property
    def content(self) -> tuple[Decimal | None, Decimal | None, ValueMark]:
        """What makes two vintages the same fact; an exact zero more behind the point makes no difference."""
        return self.value, self.growth, self.mark


def in_order(vintages: Sequence[Vintage]) -> tuple[Vintage, ...]:
    """Return the vintages as they became known: by day, on the same day as they were recorded."""
    return tuple(sorted(vintages, key=lambda vintage: (vintage.known_from, vintage.number)))


def known_on(vintages: Sequence[Vintage], day: date) -> Vintage | None:
    """Return the vintage that held at the close of `day`; None when nothing was known yet."""
    known = [vintage for vintage in in_order(vintages) if vintage.known_from <= day]
    return known[-1] if known else None


@dataclass(frozen=True, slots=True)
class Revision:
    """A vintage beside the one that it replaced; `by` is None for the first and where one has no number."""

    vintage: Vintage
    before: Vintage | None
    by: Decimal | None


def revisions(vintages: Sequence[Vintage]) -> tuple[Revision, ...]:
    """Return every vintage in order with what it changed."""
    found: list[Revision] = []
    before: Vintage | None = None
    for vintage in in_order(vintages):
        both = before is not None and before.value is not None and vintage.value is not None
        by = (vintage.value or Decimal(0)) - (before.value or Decimal(0)) if both and before is not None else None
        found.append(Revision(vintage, before, by))
        before = vintage
    return tuple(found)


def status_of(
    vintages: Sequence[Vintage],
    *,
    value: Decimal | None,
    known_from: date,
    final_on: date | None,
) -> ReleaseStatus:
    """Return the status that the release calendar gives to a `value` released on `known_from`.

    Before the day of the final release (`final_on`; None: there is only one) it is provisional, from that day on
    final; a value that differs from a final one before it is revised.
    Source: statistics.yaml, releases.
    """
    if final_on is not None and known_from < final_on:
        return ReleaseStatus.PROVISIONAL
    earlier = known_on(vintages, known_from)
    settled = earlier is not None and earlier.status is not ReleaseStatus.PROVISIONAL
    return ReleaseStatus.REVISED if settled and earlier is not None and earlier.value != value else ReleaseStatus.FINAL
