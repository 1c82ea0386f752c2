"""The map of the districts: total scores, progress against the schedule, single indicators, overdue items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from starlette.responses import Response

from config.clock import day_ends
from config.errors import UnknownName
from config.plan import Plan
from config.terms import AssessmentState, Population
from documents.charts import map_subjects
from documents.charts.boundaries import source
from documents.charts.map import map_of
from documents.charts.subject import Subject
from documents.scoring.run import read_run
from supervision import in_force
from supervision.queries import publication
from supervision.queries.assessment_page import run_seen
from supervision.queries.leaders import overdue_by_district
from supervision.scoring.result import Result
from web import inputs
from web.pictures import picture
from web.routing import Pages
from web.rules import EVERYBODY
from web.visit import Visit, Visiting

pages = Pages()

_WHO = Population.DISTRICTS.label


@pages.show("/map", EVERYBODY)
def map_page(visit: Visiting) -> Response:
    """Show one of the maps, with its table; which one is part of the address."""
    found = list(_subjects(visit))
    code = inputs.text(visit.request.query_params, "subject")
    subject = _named(found, code) if code or found else None
    return visit.page("overview/map.html", subjects=found, subject=subject, source=source())


@pages.show("/map/{subject}.svg", EVERYBODY)
def map_picture(visit: Visiting, subject: str) -> Response:
    """Draw it. Raises UnknownName for a subject that there is not, or of which nothing can be drawn."""
    found = map_of(_named(list(_subjects(visit)), subject))
    if not found:
        raise UnknownName("这些单位没有可用的行政区边界，画不了地图，数据请看“区划地图”页面上的表")
    return picture(visit, found[0])


def _named(found: list[Subject], code: str) -> Subject:
    """Return the subject of that code, the first one when none is asked for."""
    subject = next((each for each in found if code in {"", each.code}), None)
    if subject is None:
        raise UnknownName("没有这个主题的地图，请在“区划地图”页面上另选")
    return subject


@dataclass(frozen=True)
class _Assessed:
    """An assessment of the districts, with the plan as it was known on the day of the freeze."""

    result: Result
    plan: Plan
    state: AssessmentState
    simulated: bool

    @property
    def published(self) -> bool:
        """Return whether everybody may see all of it."""
        return self.state is AssessmentState.PUBLISHED

    def based(self, subject: Subject) -> Subject:
        """Return the subject with a word on where its figures come from."""
        return replace(subject, basis=f"按{self.result.quarter.in_words}考核结果（{self.state.label}）")


def _subjects(visit: Visit) -> Iterator[Subject]:
    """Give what can be shown to this person: drafts, and what is overdue, to who oversees alone.

    Total scores are those of the last published assessment, for everybody; they bind.
    """
    newest = _newest(visit, published=not visit.sight.everything)
    published = newest if newest is None or newest.published else _newest(visit, published=True)
    if newest is not None:
        yield from map(newest.based, map_subjects.progress(newest.result, who=_WHO, simulated=newest.simulated))
    if published is not None:
        yield published.based(map_subjects.score(published.result, who=_WHO, simulated=published.simulated))
    if visit.sight.everything:
        yield _overdue(visit)
    if newest is not None:
        found = map_subjects.indicators(newest.result, newest.plan, who=_WHO, simulated=newest.simulated)
        yield from map(newest.based, found)


def _newest(visit: Visit, *, published: bool) -> _Assessed | None:
    """Return the newest assessment of the districts, of the published ones alone if so; None before the first."""
    for line in publication.runs(visit.session, visit.force):
        is_published = line.state is AssessmentState.PUBLISHED
        if line.population is Population.DISTRICTS and (is_published or not published):
            run = run_seen(visit.session, visit.force, visit.sight, line.id)
            read = read_run(run.case, run.result, calendar=visit.force.calendar)
            then = in_force.as_known(visit.session, visit.force, known_at=day_ends(read.case.as_of))
            return _Assessed(read.result, then.plan, line.state, run.synthetic)
    return None


def _overdue(visit: Visit) -> Subject:
    day = visit.force.today
    names = {unit.code: unit.name_on(day) for unit in visit.force.plan.districts}
    counts = overdue_by_district(visit.session, visit.force, visit.sight, as_of=day)
    return map_subjects.overdue(counts, names, day, who=_WHO, simulated=visit.simulated)
