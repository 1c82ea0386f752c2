"""Reading what the analysis looks at: the case of a quarter, the figures of all periods, the years of the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_ends
from config.errors import BadInput, Refused, UnknownName
from config.terms import Population
from models import Assessment
from supervision import in_force
from supervision.analysis.final import FinalCase, final_case
from supervision.analysis.flags import Flag
from supervision.analysis.irregularities import irregularities
from supervision.analysis.outlook import IndicatorOutlook
from supervision.analysis.projecting import PROJECTED, outlook_of
from supervision.in_force import InForce
from supervision.indicators import MeasureType
from supervision.periods import Period, quarter_of
from supervision.queries.case import freeze_date, gather
from supervision.queries.figure_series import series_as_known, series_at, topics_of
from supervision.queries.targets import targets_as_known
from supervision.scoring import Case, Result, assess, read_case

_QUARTERS_A_YEAR = 4


@dataclass(frozen=True)
class Assessed:
    """A quarter's case and result. `vintage` is that of the stored run they come from; None: calculated for this.

    `known_on`: the day whose knowledge of figures it rests on, later than the case's own day for a correction.
    """

    case: Case
    result: Result
    vintage: int | None
    known_on: date


def assessed(
    session: Session, force: InForce, quarter: Period, population: Population, *, as_of: date | None = None
) -> Assessed:
    """Return the newest stored run of the quarter, of `as_of` when it is given; else what a run would be.

    Nothing is stored. Without `as_of` what is known on the freeze date is taken, or today when that is earlier.
    Raises BadInput for a quarter outside the plan, Refused before it has ended and for a day still to come.
    """
    _refuse_outside(force, quarter)
    found = next((run for run in runs_of(session, force, quarter, population) if as_of in (None, run.as_of)), None)
    if found is not None:
        return of_run(found, force)
    day = as_of or min(freeze_date(force, quarter, population), force.today)
    if day <= quarter.last:
        raise Refused(f"{quarter.in_words}到 {quarter.last} 才结束，不能以 {day} 所知的数据分析")
    if day > force.today:
        raise Refused(f"{day} 还没有到（今天是 {force.today}），不能以那一天所知分析；请核对 --as-of")
    case = read_case(gather(session, force, quarter, population, as_of=day).case)
    return Assessed(case, assess(case, calendar=force.calendar), None, day)


def _refuse_outside(force: InForce, quarter: Period) -> None:
    if quarter.last < force.plan.start or quarter.first > force.plan.end:
        raise BadInput(f"{quarter} 不在计划期（{force.plan.start} 至 {force.plan.end}）内")


def runs_of(session: Session, force: InForce, quarter: Period, population: Population) -> Sequence[Assessment]:
    """Return the stored runs of the quarter, the newest first."""
    statement = select(Assessment).where(
        col(Assessment.plan_id) == force.plan_id,
        col(Assessment.quarter) == str(quarter),
        col(Assessment.population) == population,
    )
    return session.scalars(statement.order_by(col(Assessment.vintage).desc())).all()


def of_run(run: Assessment, force: InForce) -> Assessed:
    """Return a stored run's case and result, calculated again from its input: exact, where the stored text is not."""
    case = read_case(run.case)
    return Assessed(case, assess(case, calendar=force.calendar), run.vintage, run.as_of)


def flags_of(session: Session, force: InForce, found: Assessed, population: Population) -> tuple[Flag, ...]:
    """Return the irregularities of an assessed quarter, by the thresholds in force on its day.

    What an earlier run was calculated from is what was known on the day of the previous quarter's newest run, or on
    its freeze date when there is none.
    """
    quarter, as_of = found.case.quarter, found.known_on
    force = in_force.as_known(session, force, known_at=day_ends(as_of))
    before = _frozen_on(session, force, quarter.previous, population)
    since = before if before is not None and before < as_of else None
    series = series_as_known(session, force, quarter, population, as_of=as_of, since=since)
    return irregularities(
        found.result, series, topics=topics_of(force.plan), rules=force.plan.assessment.irregularities
    )  # fmt: skip


def _frozen_on(session: Session, force: InForce, quarter: Period, population: Population) -> date | None:
    """Return the day whose knowledge the quarter was assessed by; None for one that was not to be assessed."""
    runs = runs_of(session, force, quarter, population)
    if runs:
        return runs[0].as_of
    try:
        return freeze_date(force, quarter, population)
    except UnknownName:
        return None


def outlooks(session: Session, force: InForce, found: Assessed) -> Iterator[IndicatorOutlook]:
    """Give the outlook of every district and indicator that grows towards a target, as known on the run's day.

    In official order, then by indicator; also where nothing has been reported yet, as long as there is a target.
    """
    quarter, as_of = found.case.quarter, found.known_on
    force = in_force.as_known(session, force, known_at=day_ends(as_of))
    series = series_as_known(session, force, quarter, Population.DISTRICTS, as_of=as_of)
    known = {(each.unit, each.topic.code): each for each in series}
    targets = targets_as_known(session, force, known_at=day_ends(as_of))
    end, rule = quarter_of(force.plan.end), force.plan.assessment.outlook
    growing = [each for each in force.plan.indicators if MeasureType(each.measure_type) in PROJECTED]
    for unit in force.plan.districts:
        for indicator in growing:
            one = known.get((unit.code, indicator.code))
            if one is None and (indicator.code, unit.code) in targets:
                one = series_at(force, unit.code, indicator.code, (), targets, as_of=as_of)
            if one is not None:
                outlook = outlook_of(one, quarter=quarter, end=end, rule=rule)
                if outlook is not None:
                    yield outlook


def final(session: Session, force: InForce, population: Population, *, as_of: date | None = None) -> FinalCase:
    """Return the case of the final assessment of the plan, by the ruling of the scheme of its last quarter.

    Without `as_of` as known on the freeze date of the last quarter. Conduct is that of every year of which some
    quarter had a scheme in force. Raises Refused before the plan has ended.
    """
    last = quarter_of(force.plan.end)
    day = as_of or freeze_date(force, last, population)
    if force.today <= last.last or day <= last.last:
        raise Refused(f"计划到 {last.last} 才结束，此后才能作期末考核")
    rule = force.plan.scheme(population.value, quarter=str(last)).final
    earlier, quarter = [], last
    while rule is not None and rule.conduct == "whole_plan":
        for _ in range(_QUARTERS_A_YEAR):
            quarter = quarter.previous
        if quarter.last < force.plan.start or _frozen_on(session, force, quarter, population) is None:
            break
        earlier.append(read_case(gather(session, force, quarter, population, as_of=day).case))
    return final_case(
        read_case(gather(session, force, last, population, as_of=day).case), earlier, rule=rule
    )  # fmt: skip


def vintages(
    session: Session, force: InForce, quarter: Period, population: Population, *, before: int | None, after: int | None
) -> tuple[Assessment, Assessment]:
    """Return two stored runs of the quarter: `after`, by default the newest, and `before`.

    By default that is the one which `after` says it corrects, else the vintage before it. Raises BadInput for a
    vintage that is not there, and when there are no two.
    """
    _refuse_outside(force, quarter)
    runs = {run.vintage: run for run in runs_of(session, force, quarter, population)}
    if len(runs) < 2:
        raise BadInput(f"{quarter.in_words}只存有 {len(runs)} 版考核，没有可比较的两版")
    later = max(runs) if after is None else after
    if before is None:
        earlier = runs[later].corrects if later in runs else None
        before = earlier or max((each for each in runs if each < later), default=later - 1)
    for number in (before, later):
        if number not in runs:
            raise BadInput(f"{quarter.in_words}没有第 {number} 版考核，现有：{'、'.join(map(str, sorted(runs)))}")
    if before == later:
        raise BadInput(f"两个版次相同（第 {later} 版），没有可比较的")
    return runs[before], runs[later]
