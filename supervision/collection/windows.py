"""Which reporting requests there are, and when each opens, is due and closes: three different dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from config.errors import CalendarNotPublished, UnknownName
from config.plan import Form, Plan
from config.plan import Unit as PlanUnit
from config.terms import Cadence
from supervision.deadlines import DueDate, due_date, nominal_date, read_due_rule
from supervision.periods import Period, day_in_words, parse_period, periods
from supervision.workdays import Workdays

_EXAMPLES = {
    Cadence.MONTHLY: "2022-07",
    Cadence.QUARTERLY: "2022Q3",
    Cadence.HALF_YEARLY: "2022H1",
    Cadence.YEARLY: "2022",
}


@dataclass(frozen=True, slots=True)
class Window:
    """When a period of a form can be filed: from `opens` through `closes`, on time through `due.day`."""

    period: Period
    opens: date
    due: DueDate
    closes: date

    @property
    def in_words(self) -> str:
        """The three dates as a notice says them."""
        opens, due, closes = (day_in_words(day) for day in (self.opens, self.due.day, self.closes))
        return f"{opens}开放，{due}截止，{closes}关闭"


@dataclass(frozen=True, slots=True)
class ExpectedRequest:
    """A request that ought to exist: one form, one reporting unit, one period."""

    form: Form
    unit: PlanUnit
    window: Window


@dataclass(frozen=True, slots=True)
class Expected:
    """The requests that ought to exist, and what could not be decided, in words."""

    requests: tuple[ExpectedRequest, ...]
    failures: tuple[str, ...]


def opening(form: Form, period: Period) -> date:
    """Return the day on which the form opens for `period`; a day off is no obstacle to that."""
    return nominal_date(read_due_rule(form.opens), period)


def window(form: Form, period: Period, calendar: Workdays) -> Window:
    """Return the window of `period`.

    Only the due date moves from a day off, as deadlines do: the other two oblige nobody to work, and a closing
    that moved could run into the freeze of the assessment. It never closes before it is due.
    Raises CalendarNotPublished when the due date lies in a year without an arrangement.
    """
    due = due_date(read_due_rule(form.due), period, calendar)
    closes = nominal_date(read_due_rule(form.closes), period)
    return Window(period, opening(form, period), due, max(closes, due.day))


def form_periods(plan: Plan, form: Form) -> tuple[Period, ...]:
    """Return the periods of the plan that the form reports on, in order."""
    return periods(Cadence(form.frequency), start=plan.start, end=plan.end)


def reporters(plan: Plan, form: Form, period: Period) -> tuple[PlanUnit, ...]:
    """Return the units that file the form for `period`, in official order.

    A group is expanded by its register on the day the window opens: who then belongs to it can report.
    """
    groups = {group.name for group in plan.groups}
    on = opening(form, period)
    codes: set[str] = set()
    for name in form.reporters:
        codes |= {unit.code for unit in (plan.members(name, on=on) if name in groups else (plan.unit(name),))}
    return tuple(unit for unit in plan.units if unit.code in codes)


def expected_requests(plan: Plan, calendar: Workdays, *, as_of: date) -> Expected:
    """Return the requests whose window has opened by `as_of`, by form, period and official order of units.

    What was due before the plan was issued is retrospective: nobody could know, so nobody is asked. A period whose
    due date lies in a year without an arrangement is reported in `failures`; the others are there.
    """
    found: list[ExpectedRequest] = []
    failures: list[str] = []
    for form in plan.forms if as_of >= plan.issued else ():
        for period in form_periods(plan, form):
            if opening(form, period) > as_of:
                break
            try:
                dates = window(form, period, calendar)
            except CalendarNotPublished as gap:
                failures.append(f"{form.code}（{period}）：{gap}")
                continue
            if dates.due.day >= plan.issued:
                found += [ExpectedRequest(form, unit, dates) for unit in reporters(plan, form, period)]
    return Expected(tuple(found), tuple(failures))


def read_form(plan: Plan, code: str) -> Form:
    """Return the form of that code. Raises UnknownName, naming those there are."""
    for form in plan.forms:
        if form.code == code:
            return form
    raise UnknownName(f"没有报表“{code}”；现有：{'、'.join(form.code for form in plan.forms)}")


def read_period(plan: Plan, form: Form, text: str) -> Period:
    """Return the period of the form that `text` names.

    Raises BadInput for nonsense, UnknownName for a period that the form or the plan does not have.
    """
    period, known = parse_period(text), form_periods(plan, form)
    if period not in known:
        cadence = Cadence(form.frequency)
        example = "" if period.months == known[0].months else f"，周期写成 {_EXAMPLES[cadence]} 的样子"
        raise UnknownName(f"报表 {form.code} {cadence.label}报一次{example}，从 {known[0]} 到 {known[-1]}，没有 {text}")
    return period


def read_reporter(plan: Plan, form: Form, period: Period, name: str) -> PlanUnit:
    """Return the reporting unit of that name or code.

    Raises UnknownName for a unit that the plan does not have, or that does not file this form.
    """
    unit, known = plan.unit(name), reporters(plan, form, period)
    if unit.code not in {each.code for each in known}:
        names = "、".join(each.name for each in known)
        raise UnknownName(f"报表 {form.code} 不由{unit.name}报送；报送单位：{names}")
    return unit
