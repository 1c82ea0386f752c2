"""Due dates: what a plan's compact rule means for a period, and whether a moment is before or after it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from config.clock import day_ends
from config.errors import PlanError
from config.plan.due import DueKind, DueRule, parse
from config.terms import Cadence
from supervision.periods import Period, day_in_words, periods
from supervision.workdays import Workdays, at_most_days

RUN_ON_DAYS = 60
"""Calendar days after the plan's end by which the last feedback may fall due. Source: office ruling."""


class Direction(StrEnum):
    """Where a due date goes from a day off: back, forward, or nowhere because working days were counted."""

    BACK = "back"
    FORWARD = "forward"
    COUNTED = "counted"


_DIRECTIONS: dict[DueKind, Direction] = {"day": Direction.FORWARD, "workday": Direction.COUNTED}

_CLAUSES = {
    Direction.BACK: "办公室裁定：“…底前”和指定日期的期限逢休息日提前到最近的工作日",
    Direction.FORWARD: "《民法典》第二百零三条：按日确定的期限逢休息日顺延",
    Direction.COUNTED: "办公室裁定：按当月工作日计数，调休上班日计入，节假日不计入",
}


def read_due_rule(text: str) -> DueRule:
    """Return the rule that `text` states in the grammar of `config.plan.due`.

    Raises PlanError for anything else, and for a day that some month does not have.
    """
    try:
        return parse(text)
    except ValueError as error:
        raise PlanError(str(error)) from error


def nominal_date(rule: DueRule, period: Period) -> date:
    """Return the day that `rule` names for `period`, before any calendar is asked.

    For a working-day rule: the first day of the month in which it counts.
    Raises PlanError when `rule` names a month that is not in `period`.
    """
    if rule.on is not None:
        return rule.on
    if rule.kind == "month_end":
        end = date(period.year, rule.month, monthrange(period.year, rule.month)[1])
        if end not in period or period.last.year != period.year:
            raise PlanError(
                f"周期 {period} 内没有唯一的 {rule.month} 月，期限不能写 month_end {rule.month:02}，请改用 on 加日期"
            )
        return end
    if rule.kind == "period_end":
        return period.last
    first = period.month_after(rule.months).first
    return first.replace(day=rule.day) if rule.kind == "day" else first


@dataclass(frozen=True, slots=True)
class DueDate:
    """A due date that explains itself: `day` is what counts, `nominal` what the rule names, `clause` why."""

    day: date
    nominal: date
    direction: Direction
    rule: DueRule
    period: Period
    clause: str

    @property
    def moved(self) -> bool:
        """Whether the day named was a day off, so that the due date is another."""
        return self.direction is not Direction.COUNTED and self.day != self.nominal

    @property
    def because(self) -> str:
        """How the due date came about, in one sentence."""
        day, nominal = day_in_words(self.day), day_in_words(self.nominal)
        if self.direction is Direction.COUNTED:
            return f"{self.nominal.year}年{self.nominal.month}月第{self.rule.day}个工作日是{day}"
        if not self.moved:
            return f"{day}是工作日，期限不变"
        return f"{nominal}是休息日，{'提前' if self.direction is Direction.BACK else '顺延'}到{day}"


def due_date(rule: DueRule, period: Period, calendar: Workdays) -> DueDate:
    """Return the due date of `rule` for `period`: always a working day.

    Ends of periods and fixed dates (…底前) move back from a day off, days of a month move forward.
    Raises PlanError as `nominal_date` does, CalendarNotPublished for a year without an arrangement.
    """
    nominal = nominal_date(rule, period)
    direction = _DIRECTIONS.get(rule.kind, Direction.BACK)
    if direction is Direction.BACK:
        day = calendar.on_or_before(nominal)
    elif direction is Direction.FORWARD:
        day = calendar.on_or_after(nominal)
    else:
        day = calendar.add(calendar.on_or_after(nominal), rule.day - 1)
    return DueDate(day, nominal, direction, rule, period, _CLAUSES[direction])


@dataclass(frozen=True, order=True, slots=True)
class Occurrence:
    """One time that something recurring is due: for which period, and on which day by its rule."""

    period: Period
    nominal: date


def occurrences(
    cadence: Cadence, rule: DueRule, *, start: date, end: date, as_of: date, run_on_days: int = RUN_ON_DAYS
) -> tuple[Occurrence, ...]:
    """Return the occurrences whose period has begun by the close of `as_of`, in order of their periods.

    The periods are those that the plan, from `start` through `end`, touches; none begins before the plan.
    Raises PlanError, whatever `as_of`, when any of them would fall due outside the plan: a fixed date before
    `start`, or a day more than `run_on_days` after `end`; and when a fixed date is given for what recurs.
    """
    if rule.on is not None and (cadence is not Cadence.ONCE or rule.on < start):
        reason = "早于计划开始" if cadence is Cadence.ONCE else f"只有一天，不能用于{cadence.label}的事项"
        raise PlanError(f"期限 on {rule.on} {reason}，请改正")
    everything = [Occurrence(each, nominal_date(rule, each)) for each in periods(cadence, start=start, end=end)]
    for each in everything:
        if each.nominal > end + timedelta(days=run_on_days):
            raise PlanError(f"{each.period} 的期限 {each.nominal} 超出计划结束后 {run_on_days} 日，请改正期限规则")
    return tuple(each for each in everything if max(each.period.first, start) <= as_of)


def due_moment(due: date) -> datetime:
    """Return the first instant that is too late: the midnight in Shanghai with which `due` ends."""
    return day_ends(due)


def on_time(at: datetime, due: date) -> bool:
    """Return whether the aware instant `at` is on time: through 23:59:59.999999 Asia/Shanghai of `due`."""
    return at < due_moment(due)


def is_overdue(due: date, *, as_of: date) -> bool:
    """Return whether something open is overdue on `as_of`; on `due` itself it is not.

    For an instant ask `on_time`.
    """
    return as_of > due


def comes_within(due: date, working_days: int, *, as_of: date, calendar: Workdays) -> bool:
    """Return whether `as_of` has reached the day that lies `working_days` working days before `due`.

    True from that day on; with 0 working days, from `due` itself. The calendar is asked only when the number
    of days in between does not tell already. Raises CalendarNotPublished when it matters and is not known.
    """
    days = (due - as_of).days
    if days <= working_days:
        return True
    if not working_days or days > at_most_days(working_days):
        return False
    return calendar.add(as_of, working_days) >= due


class Light(StrEnum):
    """The light of an item (绿 黄 红 蓝). Its names and meanings are data of the plan."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    BLUE = "blue"


def light(due: date, *, as_of: date, due_soon_days: int, calendar: Workdays) -> Light:
    """Return the light of an open item at the close of `as_of`; a completed one is blue.

    Green until `due_soon_days` working days before `due`, yellow from that day through `due`, red after it.
    Raises CalendarNotPublished for a year without an official arrangement, but only when that decides.
    Source: ladder.yaml, due_soon_days.
    """
    if is_overdue(due, as_of=as_of):
        return Light.RED
    soon = comes_within(due, due_soon_days, as_of=as_of, calendar=calendar)
    return Light.YELLOW if soon else Light.GREEN
