"""The release calendar: when a period's data are due to be published, and as what: provisional, final, revised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from config.errors import Refused
from config.plan.schema.statistics import Release
from config.terms import Cadence, ReleaseStatus
from supervision.deadlines import due_date, read_due_rule
from supervision.periods import Period, periods
from supervision.workdays import Workdays


@dataclass(frozen=True, slots=True)
class Planned:
    """The dates of one release for one period; `provisional` is None where there is only a final one."""

    release: Release
    period: Period
    provisional: date | None
    final: date

    @property
    def first(self) -> date:
        """The day of the first release."""
        return self.provisional or self.final

    def owed(self, *, as_of: date) -> ReleaseStatus | None:
        """Return what ought to have been published by the close of `as_of`; None before the first release."""
        if as_of >= self.final:
            return ReleaseStatus.FINAL
        return ReleaseStatus.PROVISIONAL if self.provisional is not None and as_of >= self.provisional else None


def planned(release: Release, period: Period, *, calendar: Workdays) -> Planned:
    """Return when `release` is due for `period`; a day off moves forward.

    Raises CalendarNotPublished for a year without an arrangement. Source: statistics.yaml, releases.
    """
    final = due_date(read_due_rule(release.final), period, calendar).day
    if release.provisional is None:
        return Planned(release, period, None, final)
    return Planned(release, period, due_date(read_due_rule(release.provisional), period, calendar).day, final)


def periods_of(release: Release, *, start: date, as_of: date) -> tuple[Period, ...]:
    """Return the periods of `release` that have ended by `as_of`, from the one that `start` lies in."""
    if as_of < start:
        return ()
    return tuple(p for p in periods(Cadence(release.frequency), start=start, end=as_of) if p.last <= as_of)


def next_status(plan: Planned, published: Sequence[ReleaseStatus], *, on: date) -> ReleaseStatus:
    """Return what a release on the day `on` is, after those `published` so far in order.

    Provisional before the final date, also when a provisional one is published again; final from that day on;
    revised after a final one. Raises Refused before the period has ended, and before the final date where the
    calendar knows no provisional release: what was announced for a day is not published before it.
    """
    if on <= plan.period.last:
        raise Refused(f"{plan.period.in_words}到 {plan.period.last} 才结束，不能在 {on} 发布")
    if any(status in {ReleaseStatus.FINAL, ReleaseStatus.REVISED} for status in published):
        return ReleaseStatus.REVISED
    if on >= plan.final:
        return ReleaseStatus.FINAL
    if plan.provisional is None:
        raise Refused(f"{plan.release.title}按日历 {plan.final} 发布，不能在 {on} 提前发布")
    if on < plan.provisional:
        raise Refused(f"{plan.release.title}的初步数按日历 {plan.provisional} 发布，不能在 {on} 提前发布")
    return ReleaseStatus.PROVISIONAL
