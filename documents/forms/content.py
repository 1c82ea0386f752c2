"""What the workbook of a form holds, gathered from the plan and the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session

from config.terms import FigureState, SubmissionState
from documents.forms.definition import Definition, Key, Line, define
from documents.forms.schedule import expected_by, scheduled_by
from supervision.collection.checks import Filing
from supervision.collection.filing import FiledCell
from supervision.collection.values import BLANK, Value
from supervision.in_force import InForce
from supervision.periods import Period
from supervision.queries.form_filings import FiledVersion, form_filing
from supervision.queries.targets import targets_as_known


@dataclass(frozen=True, slots=True)
class FormLine:
    """One line with what is known of it: all numbers in the indicator's unit of measure, None where there is none.

    `expected` is what is scheduled by the end of the period's quarter. `previous` is the last number before the
    period, from `previous_period`. `whole`: the number that stands for the set this is a part of, when another form
    holds it. `value` and `note` are what the input cells begin with.
    """

    line: Line
    target: Decimal | None
    expected: Decimal | None
    previous: Decimal | None
    previous_period: Period | None
    whole: Decimal | None
    value: Value
    note: str


@dataclass(frozen=True)
class FormContent:
    """A form ready to be written. `last`: the version filed last, None when there is none. `synthetic`: 模拟数据."""

    definition: Definition
    opens: date
    due: date
    closes: date
    made_at: datetime
    lines: tuple[FormLine, ...]
    last: FiledVersion | None
    synthetic: bool

    @property
    def returned(self) -> FiledVersion | None:
        """Return the version that was returned and waits for a better one."""
        return self.last if self.last is not None and self.last.state is SubmissionState.RETURNED else None

    @property
    def prefilled(self) -> int:
        """Return how many lines begin with a number or 不适用."""
        return sum(1 for line in self.lines if line.value.state is not FigureState.BLANK)


def form_content(session: Session, force: InForce, *, form: str, unit: str, period: str, at: datetime) -> FormContent:
    """Return the unit's form for the period with everything that is known at `at`.

    What was filed before comes back as it was filed; before that, a number that stands in another form for the same
    period and area. Raises UnknownName or BadInput for names that do not fit together.
    """
    definition = define(force.plan, form=form, unit=unit, period=period)
    filing = form_filing(session, force, form=definition.form, unit=definition.unit, period=definition.period)
    aims = _aims(session, force, definition, at)
    filed = filing.last.cells if filing.last is not None else None
    return FormContent(
        definition=definition,
        opens=filing.opens,
        due=filing.due,
        closes=filing.closes,
        made_at=at,
        lines=tuple(_line(definition, line, aims, filing.beside, filed) for line in definition.lines),
        last=filing.last,
        synthetic=force.demonstrated_until is not None,
    )


Aim = tuple[Decimal | None, Decimal | None]
"""Target and what is expected by now."""


def _aims(session: Session, force: InForce, definition: Definition, at: datetime) -> Mapping[Key, Aim]:
    """Return the aims of the lines: the districts' own, or the city's where the form is about the city."""
    plan, form = force.plan, definition.form
    asked = {code: plan.indicator(code) for code in form.indicators}
    shares = {code: scheduled_by(plan, indicator, definition.period) for code, indicator in asked.items()}
    known = targets_as_known(session, force, known_at=at) if form.areas != "city" else {}
    found: dict[Key, Aim] = {}
    for line in definition.lines:
        indicator = asked[line.code]
        if form.areas == "city":
            target, baseline = indicator.target, plan.baseline(indicator.code)
        elif line.key in known:
            target, baseline = known[line.key].target, known[line.key].baseline
        else:
            continue
        found[line.key] = target, expected_by(indicator, shares[line.code], target=target, baseline=baseline)
    return found


def _line(
    definition: Definition,
    line: Line,
    aims: Mapping[Key, Aim],
    beside: Filing,
    filed: Mapping[Key, tuple[Value, str]] | None,
) -> FormLine:
    code, area = line.key
    target, expected = aims.get(line.key, (None, None))
    before = beside.before(FiledCell(code, area, BLANK, "", ""))
    part_of = definition.plan.indicator(code).subset_of
    elsewhere = part_of is not None and part_of not in definition.form.indicators
    if filed is None:
        number = beside.now(code, area)
        value, note = (BLANK if number is None else Value(FigureState.NUMBER, number)), ""
    else:
        value, note = filed.get(line.key, (BLANK, ""))
    return FormLine(
        line=line,
        target=target,
        expected=expected,
        previous=before.number if before else None,
        previous_period=before.period if before else None,
        whole=beside.now(part_of, area) if part_of is not None and elsewhere else None,
        value=value,
        note=note,
    )
