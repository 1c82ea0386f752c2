"""Checks across the files of a plan folder. Each finds all it can, also beside entries that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from config.plan.checks import bases, dates, forms, indicators, ladder, schemes, statistics, tasks, units
from config.plan.checks.folder import Folder
from config.plan.problems import Problem

__all__ = ["Folder", "cross_check"]

Check = Callable[[Folder], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    units.goals,
    units.series,
    units.names,
    units.registers,
    units.papers,
    units.posts,
    indicators.references,
    indicators.subsets,
    indicators.wordings,
    tasks.numbering,
    tasks.responsible_units,
    tasks.wording,
    tasks.measure_units,
    dates.measures,
    dates.windows,
    forms.references,
    forms.owners,
    forms.asked_once,
    forms.closed_before_freeze,
    ladder.rungs,
    ladder.lights,
    schemes.schemes,
    schemes.items,
    bases.bases,
    bases.baselines,
    bases.rulings,
    statistics.references,
    statistics.returns,
    statistics.composites,
    statistics.calendar,
    statistics.published,
)


def cross_check(folder: Folder) -> list[Problem]:
    """Return what the files contradict in one another."""
    return [problem for check in CHECKS for problem in check(folder)]
