"""Which filings stand behind a correction: form, period and unit of every figure that a later vintage takes otherwise.

A run's input names figures by unit and indicator alone; whoever has to check a correction looks for the filed form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_ends, day_of
from models import Assessment, Event, Figure, Form, ReportingRequest, Submission
from supervision import in_force
from supervision.analysis.correction import Effect, InputChange, effect_of_correction
from supervision.in_force import InForce
from supervision.periods import Period, day_in_words, parse_period, parse_quarter, quarters_to_date
from supervision.queries.case import reporting_period
from supervision.queries.figure_series import topics_of
from supervision.queries.publication import lineage
from supervision.queries.reporting import figures_as_known
from supervision.scoring import read_case

REPORTING = "requests"
"""Subject of a filing that changed how reporting is judged, and no figure."""

_SUBMIT, _ASSESS = "submit", "assess"
"""What filing a form and making a run are called in the chain."""

_FILED = frozenset({"value", "rating", "reference", "not_applicable"})
"""What of an indicator's input comes from filed forms. Target and baseline do not."""


@dataclass(frozen=True, slots=True)
class CorrectedFiling:
    """One thing that a later vintage takes otherwise, with the request (报送任务) that it was filed for.

    `subject` is the indicator's code, or `requests` for a form that was recorded afterwards with its day (代录) and
    changed how the unit's reporting is judged. `unit` is whose score it enters, `filed_by` who filed it: codes.
    `before` and `after` are texts with the unit of measure, empty for nothing.
    """

    request: int
    form: str
    period: Period
    filed_by: str
    unit: str
    subject: str
    key: str
    before: str
    after: str

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return {each.name: getattr(self, each.name) for each in fields(self)} | {"period": str(self.period)}


@dataclass(frozen=True)
class Correction:
    """What a run corrects: the run before it, what became of everybody, and the filings that it takes otherwise."""

    before: Assessment
    effect: Effect
    filings: tuple[CorrectedFiling, ...]


def correction_of(session: Session, force: InForce, run: Assessment) -> Correction | None:
    """Return what the run changed against the one that it corrects; None for a run that corrects nothing.

    Both are calculated again, by the calendar of today.
    """
    past = lineage(session, run)
    if not past:
        return None
    before, after = read_case(past[-1].case), read_case(run.case)
    topics = topics_of(in_force.as_known(session, force, known_at=day_ends(_judging_day(run))).plan)
    effect = effect_of_correction(before, after, calendar=force.calendar, topics=topics)
    inputs = {each.change.code: each.inputs for each in effect.units}
    return Correction(past[-1], effect, corrected_filings(session, force, past[-1], run, inputs))


def corrected_filings(
    session: Session, force: InForce, before: Assessment, after: Assessment,
    inputs: Mapping[str, tuple[InputChange, ...]],
) -> tuple[CorrectedFiling, ...]:  # fmt: skip
    """Return the filings behind `inputs`, what differs between two vintages by unit code, in the order of `inputs`.

    A figure that is no longer known is looked up where it was known. Inputs that nobody filed (targets, points,
    papers, items) have no filing and are left out. The same two runs give the same filings for ever.
    """
    force = in_force.as_known(session, force, known_at=day_ends(_judging_day(after)))
    numbers = _figures(session, force, (before.as_of, after.as_of), parse_quarter(after.quarter))
    figures = {
        (unit, change): numbers[place]
        for unit, changes in inputs.items()
        for change in changes
        if (place := _place(force, after, unit, change)) is not None and place in numbers
    }
    sources = _filed_for(session, force, figures.values())
    found: list[CorrectedFiling] = []
    for unit, changes in inputs.items():
        known = [(change, figures[unit, change]) for change in changes if (unit, change) in figures]
        found += [_filing(force, sources[number], unit, change) for change, number in known]
        if any(change.subject == REPORTING for change in changes):
            found += _recorded(session, force, before, after, unit)
    return tuple(found)


def _place(force: InForce, run: Assessment, unit: str, change: InputChange) -> tuple[str, str, str] | None:
    """Return under which indicator, unit and period the input was filed; None when it comes from no form."""
    if change.key not in _FILED:
        return None
    period = reporting_period(force, force.plan.indicator(change.subject), parse_quarter(run.quarter))
    if period is None:
        return None
    return change.subject, unit, str(period.year_before if change.key == "reference" else period)


def _figures(
    session: Session, force: InForce, days: tuple[date, date], quarter: Period
) -> Mapping[tuple[str, str, str], int]:
    """Return the number of the figure known on the later of the days by its place, else on the earlier."""
    found: dict[tuple[str, str, str], int] = {}
    for day in sorted(days):
        known = figures_as_known(session, force, known_at=day_ends(day), through=quarter)
        found |= {place: figure.figure_id for place, figure in known.items()}
    return found


_Source = tuple[ReportingRequest, str]
"""A request with the title of its form."""


def _filed_for(session: Session, force: InForce, figures: Collection[int]) -> Mapping[int, _Source]:
    statement = (
        select(col(Figure.id), ReportingRequest, col(Form.title))
        .join(Submission, col(Submission.id) == col(Figure.submission_id))
        .join(ReportingRequest, col(ReportingRequest.id) == col(Submission.request_id))
        .join(Form, col(Form.id) == col(ReportingRequest.form_id))
        .where(col(Figure.plan_id) == force.plan_id, col(Figure.id).in_(figures))
    )
    return {number or 0: (request, title) for number, request, title in session.execute(statement).tuples()}


def _filing(force: InForce, source: _Source, unit: str, change: InputChange) -> CorrectedFiling:
    request, title = source
    return CorrectedFiling(
        request.id or 0, title, parse_period(request.period), force.unit_codes[request.unit_id], unit,
        change.subject, change.key, change.before, change.after,
    )  # fmt: skip


def _recorded(
    session: Session, force: InForce, before: Assessment, after: Assessment, unit: str
) -> Iterator[CorrectedFiling]:
    """Give what was recorded of the unit between the two runs as filed by the day that judges conduct."""
    quarter = parse_quarter(after.quarter)
    year = quarters_to_date(quarter)[0].first, quarter.last
    first, last = (_place_in_chain(session, run) for run in (before, after))
    statement = (
        select(ReportingRequest, col(Form.title), col(Event.at), col(Event.data))
        .join(ReportingRequest, col(ReportingRequest.id) == col(Event.request_id))
        .join(Form, col(Form.id) == col(ReportingRequest.form_id))
        .where(
            col(Event.plan_id) == force.plan_id, col(Event.action) == _SUBMIT,
            col(Event.at) < day_ends(_judging_day(after)),
            col(Event.seq) > first, col(Event.seq) < last,
            col(ReportingRequest.unit_id) == force.unit_ids[unit],
        )
        .order_by(col(Event.seq))
    )  # fmt: skip
    for request, title, at, data in session.execute(statement).tuples():
        period = parse_period(request.period)
        if not year[0] <= period.last <= year[1]:
            continue
        source = data.get("recorded_from")
        told = f"{day_in_words(day_of(at))}报送{f'（代录：{source}）' if source else ''}"
        yield CorrectedFiling(
            request.id or 0, title, period, unit, unit, REPORTING, "filed", "", told
        )  # fmt: skip


def _judging_day(run: Assessment) -> date:
    return date.fromisoformat(run.case["as_of"])


def _place_in_chain(session: Session, run: Assessment) -> int:
    """Return where the run stands in the chain: what was recorded before it has a lower number."""
    statement = select(col(Event.seq)).where(
        col(Event.plan_id) == run.plan_id, col(Event.action) == _ASSESS,
        col(Event.data)["assessment"].as_integer() == run.id,
    )  # fmt: skip
    return session.scalars(statement.order_by(col(Event.seq)).limit(1)).one_or_none() or 0
