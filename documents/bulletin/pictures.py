"""The charts of a bulletin, from its facts."""

from __future__ import annotations

from documents.bulletin.facts import Facts
from documents.charts.chart import Chart
from documents.charts.goals import goals
from documents.charts.heatmap import heatmap
from documents.charts.league import league
from documents.charts.places import places
from documents.charts.progress import progress
from documents.charts.punctuality import UnitRate, punctuality


def charts(facts: Facts) -> tuple[Chart, ...]:
    """Return every chart that the run gives rise to, in the order of the bulletin."""
    who, simulated = facts.who, facts.run.simulated
    titles = {goal.number: goal.title for goal in facts.plan.goals}
    names = {indicator.code: indicator.name for indicator in facts.plan.indicators}
    rates = [UnitRate(score.name, facts.rates[score.code]) for score in facts.scores if score.code in facts.rates]
    return (
        *league(facts.result, who=who, simulated=simulated),
        *places(facts.standings, who=who, simulated=simulated),
        *goals(progress(facts.result, facts.plan), titles, facts.quarter, simulated=simulated),
        *heatmap(facts.result, names, who=who, simulated=simulated),
        *punctuality(rates, facts.quarter, who=who, simulated=simulated),
    )
