"""What made-up people do with an item on a day. Pure: the item as it stands goes in, at most one act comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from config.terms import Action, Level, Status
from demo import words
from demo.behaviour import Habit
from demo.lots import Lots
from supervision.workdays import Workdays

Span = tuple[int, int]
"""The least and the most of something, both included."""

SIGNED_FOR_AFTER: Span = (0, 3)
"""Working days from the assignment to the receipt; like all that follows, made up to look like an office."""
DONE_BEFORE_DUE: Span = (0, 5)
HASTY_BEFORE_DUE: Span = (4, 7)
LATE_BY: Span = (1, 3)
REWORKED_AFTER: Span = (1, 3)
ASKED_BEFORE_DUE = 4
ASKS_FOR = 8
"""Working days of an extension."""
REPORTS_PROGRESS_BEFORE_DUE = 10
REPORTS_PROGRESS = Decimal("0.3")
ANSWERS_WHEN_PRESSED = Decimal("0.5")
"""How likely it is on any day that a silent unit that has been pressed hard enough does something."""
STUBBORN = Decimal("0.06")
"""Share of silent units that wait for the 通报 itself."""

VERIFIED_AFTER: Span = (1, 3)
RETURNED_AFTER = 1
REWORK_DAYS = 5
"""Working days that the office gives for a second attempt."""
CLOSED_AFTER: Span = (6, 12)
CLOSED = Decimal("0.85")
EXTENDS = Decimal("0.7")
RESUMED_AFTER = 10
DECIDES_TODAY = Decimal("0.5")

_PRESSING = (Level.URGE, Level.SUPERVISION_NOTICE, Level.CIRCULAR)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item as it stands in the morning. `unit` is a code; `since` is when its due-date version began.

    `period_ends`: the last day that is reported on; None where the item reports on no period. `assignee` is the login
    of who has a sub-item; `parent` its number.
    """

    id: int
    occurrence: str
    title: str
    unit: str
    status: Status
    period_ends: date | None
    due: date
    version: int
    since: date
    rung: Level | None = None
    reported_on: date | None = None
    completed_on: date | None = None
    paused_on: date | None = None
    asked_on: date | None = None
    """The day of the extension request that waits for an answer."""
    is_of_plan: bool = True
    parent: int | None = None
    assignee: str | None = None
    waits_for_parts: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody is about to do to an item. Who it is, and whether it is permitted, is asked elsewhere."""

    action: Action
    comment: str = ""
    date: date | None = None
    problems: str = ""
    next_steps: str = ""
    reason: str | None = None
    to_unit: str | None = None
    recorded_from: str | None = None


@dataclass(frozen=True)
class Day:
    """What a wish depends on beside the item: the day, the calendar, and the lots.

    `levels` are those of the ladder; `last_due` is the last due date that an item of the plan can be given.
    """

    as_of: date
    calendar: Workdays
    lots: Lots
    levels: tuple[Level, ...]
    last_due: date

    def after(self, start: date, span: Span, *names: object) -> date:
        """Return the working day that lies a drawn number of working days after `start`."""
        return self.calendar.add(start, self.lots.between(*span, *names))

    def before(self, end: date, span: Span, *names: object) -> date:
        """Return the working day that lies a drawn number of working days before `end`."""
        days = self.lots.between(*span, *names)
        return self.calendar.add(end, -days) if days else end

    def words(self, texts: tuple[str, ...], *names: object) -> str:
        """Return one of `texts`, marked as made up."""
        return words.one_of(texts, self.lots, *names)


def unit_wish(item: OpenItem, habit: Habit, day: Day) -> Wish | None:
    """Return what the responsible unit does to the item today, if anything."""
    if item.status in {Status.ASSIGNED, Status.RETURNED}:
        return Wish(Action.ACKNOWLEDGE) if _signs(item, habit, day) else None
    if item.status is not Status.ACKNOWLEDGED or item.waits_for_parts:
        return None
    if _finishes(item, habit, day):
        return Wish(Action.REPORT_COMPLETION, day.words(words.COMPLETIONS, item.occurrence, item.version))
    if habit is Habit.EXTENDED and item.version == 1 and _is_before_due(ASKED_BEFORE_DUE, item, day):
        asked = day.calendar.add(item.due, ASKS_FOR)
        comment = day.words(words.EXTENSIONS, item.occurrence)
        return Wish(Action.REQUEST_EXTENSION, comment, date=asked) if asked <= day.last_due else None
    if _is_before_due(REPORTS_PROGRESS_BEFORE_DUE, item, day):
        return _progress(item, day) if day.lots.chosen(REPORTS_PROGRESS, "progress", item.occurrence) else None
    return None


def _signs(item: OpenItem, habit: Habit, day: Day) -> bool:
    if habit is Habit.SILENT and item.version == 1:
        return item.rung in _PRESSING
    return day.as_of >= min(day.after(item.since, SIGNED_FOR_AFTER, "signs", item.occurrence, item.version), item.due)


def _is_before_due(days: int, item: OpenItem, day: Day) -> bool:
    return day.as_of == day.calendar.add(item.due, -days)


def _finishes(item: OpenItem, habit: Habit, day: Day) -> bool:
    if habit is Habit.SILENT and item.version == 1:
        return _gives_in(item, day)
    return day.as_of >= max(_finish(item, habit, day), earliest_finish(item, day))


def _finish(item: OpenItem, habit: Habit, day: Day) -> date:
    names = "finishes", item.occurrence, item.version
    if habit is Habit.LATE and item.version == 1:
        return day.after(item.due, LATE_BY, *names)
    if habit is Habit.RETURNED:
        if item.version == 1:
            return day.before(item.due, HASTY_BEFORE_DUE, *names)
        return day.after(item.since, REWORKED_AFTER, *names)
    return day.before(item.due, DONE_BEFORE_DUE, *names)


def earliest_finish(item: OpenItem, day: Day) -> date:
    """Return the first day on which there is something to report: nobody reports on a period that is not over."""
    if item.period_ends is None or item.due <= item.period_ends:
        return item.since
    return day.calendar.add(item.period_ends, 1)


def _gives_in(item: OpenItem, day: Day) -> bool:
    """Return whether a silent unit moves today: once the notice it waits for is out, and then when it suits it."""
    stubborn = day.lots.chosen(STUBBORN, "stubborn", item.occurrence)
    wanted = Level.CIRCULAR if stubborn else Level.SUPERVISION_NOTICE
    if item.parent is not None:
        wanted = Level.URGE  # inside a unit nothing graver comes
    order = list(Level)
    enough = min(order.index(wanted), max(order.index(level) for level in day.levels))
    pressed = item.rung is not None and order.index(item.rung) >= enough
    return pressed and day.lots.chosen(ANSWERS_WHEN_PRESSED, "gives in", item.occurrence, day.as_of)


def _progress(item: OpenItem, day: Day) -> Wish:
    return Wish(
        Action.REPORT_PROGRESS,
        day.words(words.PROGRESS, item.occurrence),
        problems=day.words(words.PROBLEMS, item.occurrence),
        next_steps=day.words(words.NEXT_STEPS, item.occurrence),
    )


def office_wish(item: OpenItem, habit: Habit, day: Day, *, is_district: bool) -> Wish | None:
    """Return what the office does to the item today, if anything. A dispute is accepted of a municipal unit only."""
    if item.asked_on is not None and item.asked_on < day.as_of:
        return _answer_extension(item, day)
    if item.status is Status.COMPLETION_REPORTED and item.reported_on is not None:
        return _judge(item, item.reported_on, habit, day)
    if item.status is Status.COMPLETED and item.completed_on is not None:
        due = day.after(item.completed_on, CLOSED_AFTER, "closes", item.occurrence)
        closes = day.as_of >= due and day.lots.chosen(CLOSED, "closed", item.occurrence)
        return Wish(Action.CLOSE) if closes else None
    if item.status is Status.SUSPENDED and item.paused_on is not None:
        return Wish(Action.RESUME) if day.as_of >= day.calendar.add(item.paused_on, RESUMED_AFTER) else None
    if item.status is Status.DISPUTED and day.lots.chosen(DECIDES_TODAY, "dispute", item.occurrence, day.as_of):
        if is_district:
            return Wish(Action.REJECT_DISPUTE, f"该事项属地办理，责任明确，请抓紧落实{words.MADE_UP}")
        return Wish(Action.ACCEPT_DISPUTE, f"确与职责不符{words.MADE_UP}")
    return None


def _answer_extension(item: OpenItem, day: Day) -> Wish:
    if day.lots.chosen(EXTENDS, "extends", item.occurrence):
        return Wish(Action.APPROVE_EXTENSION, day.words(words.CONSENTS, item.occurrence))
    return Wish(Action.REJECT_EXTENSION, day.words(words.REFUSALS, item.occurrence))


def _judge(item: OpenItem, reported_on: date, habit: Habit, day: Day) -> Wish | None:
    """Return the office's verdict on a completion report: a hasty first one comes back."""
    again = day.calendar.add(day.as_of, REWORK_DAYS)
    if habit is Habit.RETURNED and item.version == 1 and again <= day.last_due:
        if day.as_of < day.calendar.add(reported_on, RETURNED_AFTER):
            return None
        return Wish(Action.RETURN_FOR_REWORK, day.words(words.RETURNS, item.occurrence), date=again)
    if day.as_of < day.after(reported_on, VERIFIED_AFTER, "verifies", item.occurrence, item.version):
        return None
    return Wish(Action.VERIFY, day.words(words.VERIFIED, item.occurrence))
