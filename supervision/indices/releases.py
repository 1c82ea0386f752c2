"""The release calendar: when a period's data are due to be published, and as what: provisional, final, revised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from config.errors import CalendarNotPublished, Refused
from config.plan.schema.statistics import Release
from config.terms import Cadence, ReleaseStatus
from supervision.deadlines import due_date, nominal_date, read_due_rule
from supervision.periods import Period, periods
from supervision.workdays import Workdays


@dataclass(frozen=True, slots=True)
class Planned:
    """The dates of one release for one period; `provisional` is None where there is only a final one.

    `estimated`: a date lies in a year whose days off are not published yet, and is the calendar day of the rule.
    """

    release: Release
    period: Period
    provisional: date | None
    final: date
    estimated: bool = False

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
    """Return when `release` is due for `period`; a day off moves forward. Source: statistics.yaml, releases."""
    final = day_named(release.final, period, calendar=calendar)
    provisional = None if release.provisional is None else day_named(release.provisional, period, calendar=calendar)
    estimated = final.estimated or (provisional is not None and provisional.estimated)
    return Planned(release, period, provisional.day if provisional else None, final.day, estimated)


@dataclass(frozen=True, slots=True)
class Named:
    """The day that a rule names; `estimated` while the days off of its year are not published."""

    day: date
    estimated: bool


def day_named(rule: str, period: Period, *, calendar: Workdays) -> Named:
    """Return the working day that `rule` names for `period`, the calendar day where its year is not published."""
    found = read_due_rule(rule)
    try:
        return Named(due_date(found, period, calendar).day, False)
    except CalendarNotPublished:
        return Named(nominal_date(found, period), True)


def begun(frequency: str, *, start: date, end: date, as_of: date) -> tuple[Period, ...]:
    """Return the periods of that frequency, from `start` to `end`, that have begun by `as_of`."""
    last = min(end, as_of)
    return periods(Cadence(frequency), start=start, end=last) if start <= last else ()


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
