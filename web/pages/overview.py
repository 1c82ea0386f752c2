"""一页总览 for leaders, and the charts with their tables: progress, league, ranks, timeliness, trajectories."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from starlette.responses import Response

from config.errors import UnknownName
from config.terms import Population
from documents.bulletin.facts import Facts
from documents.bulletin.gathering import facts_of
from documents.bulletin.pictures import charts
from documents.charts import map_subjects
from documents.charts.boundaries import source
from documents.charts.chart import Chart
from documents.charts.progress import Progress, progress
from documents.charts.subject import Subject
from documents.charts.timeliness import timeliness
from documents.charts.trajectory import trajectory
from supervision.analysis.outlook import IndicatorOutlook
from supervision.periods import Period, parse_quarter, quarter_of
from supervision.queries import analysis, reporting
from supervision.queries import publication as runs
from supervision.queries.assessment_page import run_seen
from supervision.queries.figure_series import series_as_known
from supervision.queries.items import board
from supervision.queries.leaders import red_items
from web.lights import light_names
from web.pictures import picture
from web.routing import Pages
from web.rules import EVERYBODY, OVERSIGHT
from web.visit import Visit, Visiting

pages = Pages()


@pages.show("/overview", OVERSIGHT)
def overview(visit: Visiting) -> Response:
    """Show on one page how the plan stands: prints on A4."""
    day = visit.force.today
    facts, number = _newest(visit)
    tasks = board(visit.session, visit.force, as_of=day)
    counts = {light: sum(task.counts.get(light, 0) for task in tasks) for light in light_names(visit.force)}
    return visit.page(
        "overview/overview.html", lights=light_names(visit.force), counts=counts, tasks=tasks, facts=facts, run=number,
        goals=_goals(visit, facts), red=red_items(visit.session, visit.force, visit.sight, as_of=day),
        charts=charts(facts) if facts else (), maps=_maps(facts), source=source(),
    )  # fmt: skip


def _maps(facts: Facts | None) -> Sequence[Subject]:
    """Return what the page shows as a map: how far the districts keep to the schedule."""
    if facts is None:
        return ()
    return map_subjects.progress(facts.result, who=facts.who, simulated=facts.run.simulated)


def _newest(visit: Visit) -> tuple[Facts | None, int]:
    """Return the newest assessment of the districts, and its number; None and 0 before the first."""
    found = [run for run in runs.runs(visit.session, visit.force) if run.population is Population.DISTRICTS]
    if not found:
        return None, 0
    run = run_seen(visit.session, visit.force, visit.sight, found[0].id)
    return facts_of(visit.session, visit.force, run), found[0].id


def _goals(visit: Visit, facts: Facts | None) -> Sequence[tuple[str, Sequence[Progress]]]:
    """Return the indicators of each goal as the districts reached them together."""
    if facts is None:
        return ()
    found = progress(facts.result, facts.plan)
    return [
        (goal.title, [each for each in found if each.goal == goal.number and each.figure is not None])
        for goal in facts.plan.goals
    ]


@pages.show("/charts/{run:int}/{code}.svg", EVERYBODY)
def chart_of_run(visit: Visiting, run: int, code: str) -> Response:
    """Draw a chart of a result, for who may see the result."""
    found = run_seen(visit.session, visit.force, visit.sight, run)
    return picture(visit, _named(charts(facts_of(visit.session, visit.force, found)), code))


def _named(found: Sequence[Chart], code: str) -> Chart:
    chart = next((chart for chart in found if chart.code == code), None)
    if chart is None:
        raise UnknownName("没有这张图，请从“进度分析”页面打开")
    return chart


@pages.show("/timeliness", OVERSIGHT)
def timeliness_page(visit: Visiting) -> Response:
    """Show how timely the units reported, by period."""
    return visit.page("overview/charts.html", title="各单位报送及时率", charts=_timeliness(visit), base="/timeliness")


@pages.show("/timeliness/{code}.svg", OVERSIGHT)
def timeliness_chart(visit: Visiting, code: str) -> Response:
    """Draw it."""
    return picture(visit, _named(_timeliness(visit), code))


def _timeliness(visit: Visit) -> tuple[Chart, ...]:
    found: dict[str, dict[str, Fraction | None]] = {}
    periods: dict[str, None] = {}
    for each in reporting.rates(visit.session, visit.force, as_of=visit.force.today):
        name = visit.force.plan.unit(each.unit).name_on(visit.force.today)
        found.setdefault(name, {})[each.period] = each.rate.timeliness
        if "Q" in each.period:
            periods[each.period] = None
    return timeliness(found, sorted(periods)[-8:], simulated=visit.simulated)


@pages.show("/progress", EVERYBODY)
async def progress_index(visit: Visiting) -> Response:
    """Lead to a district's own trajectories, or offer all districts."""
    districts = {unit.code: unit.name_on(visit.force.today) for unit in visit.force.plan.districts}
    seen = {code: name for code, name in districts.items() if visit.sight.sees_unit(visit.force.unit_ids[code])}
    if len(seen) == 1:
        return visit.done(f"/progress/{next(iter(seen))}")
    return visit.page("overview/districts.html", districts=seen)


@pages.show("/progress/{unit}", EVERYBODY)
def progress_page(visit: Visiting, unit: str) -> Response:
    """Show what a district still has to gain each quarter, indicator by indicator."""
    outlooks, quarter = _outlooks(visit, unit)
    name = visit.force.plan.unit(unit).name_on(visit.force.today)
    return visit.page("overview/progress.html", unit=unit, name=name, outlooks=outlooks, quarter=quarter)


@pages.show("/progress/{unit}/{indicator}", EVERYBODY)
def trajectory_page(visit: Visiting, unit: str, indicator: str) -> Response:
    """Show the trajectory of one indicator, drawn and as a table."""
    chart = _trajectory(visit, unit, indicator)
    return visit.page("overview/charts.html", title=chart.title, charts=(chart,), base=f"/progress/{unit}/{indicator}")


@pages.show("/progress/{unit}/{indicator}/{code}.svg", EVERYBODY)
def trajectory_chart(visit: Visiting, unit: str, indicator: str, code: str) -> Response:
    """Draw it."""
    return picture(visit, _named((_trajectory(visit, unit, indicator),), code))


def _seen(visit: Visit, unit: str) -> None:
    number = visit.force.unit_ids.get(unit)
    known = unit in {each.code for each in visit.force.plan.districts}
    if number is None or not known or not visit.sight.sees_unit(number):
        raise UnknownName("没有这个区、县（市），或者您无权查看")


def _outlooks(visit: Visit, unit: str) -> tuple[Sequence[IndicatorOutlook], Period | None]:
    """Return the outlooks as of the quarter of the newest assessment; none, and no quarter, before the first."""
    _seen(visit, unit)
    quarter = _last_quarter(visit)
    if quarter is None:
        return (), None
    found = analysis.assessed(visit.session, visit.force, quarter, Population.DISTRICTS)
    return [each for each in analysis.outlooks(visit.session, visit.force, found) if each.unit == unit], quarter


def _last_quarter(visit: Visit) -> Period | None:
    found = [run for run in runs.runs(visit.session, visit.force) if run.population is Population.DISTRICTS]
    return parse_quarter(found[0].quarter) if found else None


def _trajectory(visit: Visit, unit: str, indicator: str) -> Chart:
    outlooks, quarter = _outlooks(visit, unit)
    outlook = next((each for each in outlooks if each.topic.code == indicator), None)
    if outlook is None or quarter is None:
        raise UnknownName("该指标没有进度可画：它不是逐季累计的，没有目标，或者还没有考核过")
    series = series_as_known(visit.session, visit.force, quarter, Population.DISTRICTS, as_of=visit.force.today)
    own = next((each for each in series if each.unit == unit and each.topic.code == indicator), None)
    observed = [(each.period, each.value) for each in own.observations] if own else []
    return trajectory(
        outlook, [(period, value) for period, value in observed if period.months == quarter.months],
        start=quarter_of(visit.force.plan.start), end=quarter_of(visit.force.plan.end),
        baseline=own.baseline if own else None, simulated=visit.simulated,
    )  # fmt: skip
