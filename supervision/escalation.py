"""The ladder of reminder and escalation: what a case is due next, and why.

A case is one due-date version of an item or a reporting request whose clock is running. It climbs one rung at a
time and never unwarned: each rung after the due date waits until the one before it has been delivered to the
unit, and then for as many working days as lie between the two. The unit never pays for an outage of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from config.errors import BadInput, CalendarNotPublished
from supervision.deadlines import comes_within
from supervision.ladder import Audience, Ladder, Rung, read_ladder
from supervision.periods import day_in_words
from supervision.workdays import Workdays, at_most_days

__all__ = [
    "Audience",
    "Case",
    "Finished",
    "Issue",
    "Issued",
    "Ladder",
    "Rung",
    "Step",
    "Wait",
    "earned",
    "next_step",
    "read_ladder",
]

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Issued:
    """A notice that the case holds, by the offset of its rung.

    `issued_on` is None while a draft waits for signature; `delivered_on` is None until it has reached the
    unit that is now responsible.
    """

    offset: int
    issued_on: date | None
    delivered_on: date | None

    def __post_init__(self) -> None:
        if self.issued_on is None and self.delivered_on is not None:
            raise BadInput(f"偏移 {self.offset} 的文书尚未签发，却已登记送达，请核对")

    @property
    def warned_on(self) -> date | None:
        """The day on which the unit was warned by it: the delivery, but never before the issue."""
        if self.issued_on is None or self.delivered_on is None:
            return None
        return max(self.issued_on, self.delivered_on)


@dataclass(frozen=True, slots=True)
class Case:
    """One due-date version with its clock running, and the notices made for this version.

    `started_on` is the day the version began (the assignment). `retrospective`: it was due before the plan
    was issued.
    """

    due: date
    started_on: date
    issued: tuple[Issued, ...] = ()
    retrospective: bool = False

    @property
    def highest(self) -> Issued | None:
        """The notice held for the highest rung, signed or not."""
        return max(self.issued, key=lambda notice: notice.offset, default=None)

    def holding(self, rung: Rung) -> Issued | None:
        """Return the notice held for `rung`, signed or not."""
        return next((notice for notice in self.issued if notice.offset == rung.offset), None)


@dataclass(frozen=True, slots=True)
class Issue:
    """The rung is due now: issue its notice, or draft it when a person is to sign it."""

    rung: Rung
    because: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is due before `until`: ask again on that day. None: ask again when what is missing has happened."""

    until: date | None
    because: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Nothing will be due any more for this version."""

    because: str


Step = Issue | Wait | Finished


def next_step(case: Case, ladder: Ladder, *, as_of: date, calendar: Workdays) -> Step:
    """Return what `case` is due on `as_of`: at most one rung, and by its conditions at most one a day.

    A rung before the due date is due from its day through the due date. It lapses when that day precedes
    `started_on`, and when a later one has come: after an outage only the most urgent goes out.
    A rung after the due date is due when `offset` working days have passed since the due date and, but for
    the first, its distance from the rung before it has passed since that one was delivered.
    A year ahead that is not published blocks nothing: `until` is then the earliest day possible.
    Raises CalendarNotPublished when the year of `as_of`, or one gone by, is needed and not known.
    """
    if case.retrospective:
        return Finished("到期日早于计划印发日，属补录事项，不发提醒和催办")
    if as_of < case.started_on:
        return Wait(case.started_on, f"自{day_in_words(case.started_on)}起计")
    if as_of <= case.due:
        return _before_due(case, ladder, as_of, calendar)
    return _after_due(case, ladder, as_of, calendar)


def earned(case: Case, ladder: Ladder, *, as_of: date, calendar: Workdays) -> Rung | None:
    """Return the highest rung that `case` must hold by the close of `as_of`, given what was delivered.

    For the audit: counted from the bottom, rung by rung, so that one left out below another shows as well.
    A case that does not hold it (a draft counts) has been missed. None: nothing is owed yet.
    """
    if case.retrospective or as_of < case.started_on:
        return None
    if as_of <= case.due:
        come = _latest_come(case.due, ladder, as_of, calendar)
        return come if come and not _precedes_start(come, case, calendar) else None
    owed: Rung | None = None
    since, offset = case.due, 0
    for rung in ladder.after_due:
        if calendar.count(since + _ONE_DAY, as_of) < rung.offset - offset:
            break
        owed, notice = rung, case.holding(rung)
        if notice is None or notice.warned_on is None:
            break
        since, offset = notice.warned_on, rung.offset
    return owed


def _before_due(case: Case, ladder: Ladder, as_of: date, calendar: Workdays) -> Step:
    due = day_in_words(case.due)
    come = _latest_come(case.due, ladder, as_of, calendar)
    passed = come is not None and (case.highest is not None and case.highest.offset >= come.offset)
    if come and not passed and not _precedes_start(come, case, calendar):
        return Issue(come, f"距到期日{due}不超过{-come.offset}个工作日，应发{come.level.label}")
    following = next(rung for rung in ladder.rungs if come is None or rung.offset > come.offset)
    side = "前" if following.offset < 0 else "后"
    return Wait(
        _earliest(case.due, following.offset, as_of, calendar),
        f"到期日{due}{side}{abs(following.offset)}个工作日，下一级是{following.level.label}",
    )


def _after_due(case: Case, ladder: Ladder, as_of: date, calendar: Workdays) -> Step:
    last = case.highest if case.highest and case.highest.offset > 0 else None
    if last is None:
        return _climb(case, ladder.after_due[0], None, f"到期日{day_in_words(case.due)}已过", as_of, calendar)
    held, rung = ladder.at(last.offset).level.label, ladder.above(last.offset)
    if last.issued_on is None:
        return Wait(None, f"{held}已拟稿待签发，签发并送达之前不再升级")
    if rung is None:
        return Finished(f"{held}已发出，是最后一级")
    if last.warned_on is None:
        return Wait(None, f"{held}尚未送达责任单位，送达之前不发{rung.level.label}")
    return _climb(case, rung, last, f"{held}已于{day_in_words(last.warned_on)}送达", as_of, calendar)


def _climb(case: Case, rung: Rung, last: Issued | None, since: str, as_of: date, calendar: Workdays) -> Issue | Wait:
    """Issue `rung` when every clock has run out: from the due date, and from the delivery of `last`."""
    clocks = [(case.due, rung.offset)]
    if last is not None and last.warned_on is not None:
        clocks.append((last.warned_on, rung.offset - last.offset))
    days = clocks[-1][1]
    running = [clock for clock in clocks if calendar.count(clock[0] + _ONE_DAY, as_of) < clock[1]]
    if not running:
        return Issue(rung, f"{since}，满{days}个工作日仍未完成，应发{rung.level.label}")
    until = max(_earliest(start, number, as_of, calendar) for start, number in running)
    return Wait(until, f"{since}，满{days}个工作日仍未完成的，发{rung.level.label}")


def _latest_come(due: date, ladder: Ladder, as_of: date, calendar: Workdays) -> Rung | None:
    """Return the last rung before `due` whose day has come, as far as the calendar can prove it."""
    for rung in reversed(ladder.before_due):
        if _has_come(rung, due, as_of, calendar, if_unknown=False):
            return rung
    return None


def _precedes_start(rung: Rung, case: Case, calendar: Workdays) -> bool:
    """Return whether the day of `rung` lies before the version began, or may do so."""
    return _has_come(rung, case.due, case.started_on - _ONE_DAY, calendar, if_unknown=True)


def _has_come(rung: Rung, due: date, as_of: date, calendar: Workdays, *, if_unknown: bool) -> bool:
    """Return whether the day of `rung` has come; while a year ahead leaves that open, `if_unknown`.

    Both callers err towards silence: a reminder may come late or not at all, but never wrongly.
    """
    try:
        return comes_within(due, -rung.offset, as_of=as_of, calendar=calendar)
    except CalendarNotPublished as gap:
        if gap.year <= as_of.year:
            raise
        return if_unknown


def _earliest(start: date, working_days: int, as_of: date, calendar: Workdays) -> date:
    """Return the day after `as_of` that lies so many working days from `start`, or else the earliest it can be."""
    try:
        day = calendar.add(start, working_days)
    except CalendarNotPublished:
        days = working_days if working_days > 0 else -at_most_days(-working_days)
        day = start + timedelta(days=days)
    return max(day, as_of + _ONE_DAY)
