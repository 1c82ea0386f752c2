"""The files of a plan folder as far as they could be read, and what checks ask of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from config.plan.files import Loc, Reading
from config.plan.problems import Problem
from config.plan.published import PublishedFile
from config.plan.schema.assessment import AssessmentFile
from config.plan.schema.forms import FormsFile
from config.plan.schema.head import HeadFile
from config.plan.schema.indicators import Indicator, IndicatorsFile
from config.plan.schema.ladder import LadderFile
from config.plan.schema.rulings import RulingsFile
from config.plan.schema.statistics import StatisticsFile
from config.plan.schema.tasks import KeyTask, Measure, Safeguard, TasksFile
from config.plan.schema.units import Group, Unit, UnitsFile


@dataclass(frozen=True)
class Folder:
    """The files of a plan. Look-ups are empty where a file cannot be read, so that checks go on without it."""

    head: Reading[HeadFile]
    units: Reading[UnitsFile]
    indicators: Reading[IndicatorsFile]
    tasks: Reading[TasksFile]
    forms: Reading[FormsFile]
    ladder: Reading[LadderFile]
    assessment: Reading[AssessmentFile]
    rulings: Reading[RulingsFile]
    statistics: Reading[StatisticsFile]
    published: Reading[PublishedFile]

    @property
    def readings(self) -> tuple[Reading[Any], ...]:
        """Return the files in the order in which problems are listed."""
        goals = (self.head, self.units, self.indicators, self.tasks)
        rest = (self.forms, self.ladder, self.assessment, self.rulings)
        return (*goals, *rest, self.statistics, self.published)

    def units_by_name(self) -> dict[str, Unit]:
        """Return the units that could be read, by name."""
        return {unit.name: unit for unit in self.units.content.units} if self.units.content else {}

    def groups_by_name(self) -> dict[str, Group]:
        """Return the groups that could be read, by name."""
        return {group.name: group for group in self.units.content.groups} if self.units.content else {}

    def indicators_by_code(self) -> dict[str, Indicator]:
        """Return the indicators that could be read, by code."""
        content = self.indicators.content
        return {indicator.code: indicator for indicator in content.indicators} if content else {}

    def members(self, group: str) -> frozenset[str]:
        """Return the names of all units that ever belong to `group`."""
        found = self.groups_by_name().get(group)
        return frozenset(name for m in found.memberships for name in m.units) if found else frozenset()


Matter = KeyTask | Safeguard


def placed_matters(folder: Folder) -> list[tuple[Loc, Matter]]:
    """Return the key tasks, then the safeguards, each with its place in tasks.yaml."""
    content = folder.tasks.content
    if content is None:
        return []
    tasks: list[tuple[Loc, Matter]] = [(("key_tasks", i), task) for i, task in enumerate(content.key_tasks)]
    return tasks + [(("safeguards", i), safeguard) for i, safeguard in enumerate(content.safeguards)]


def placed_measures(folder: Folder) -> Iterator[tuple[Loc, Matter, Measure]]:
    """Yield every measure with its place in tasks.yaml and what it belongs to."""
    for loc, matter in placed_matters(folder):
        for j, measure in enumerate(matter.measures):
            yield (*loc, "measures", j), matter, measure


def error(reading: Reading[Any], loc: Loc, message: str) -> Problem:
    """Return an error at `loc` of the file."""
    return Problem(reading.name, reading.line(loc), message)


def warning(reading: Reading[Any], loc: Loc, message: str) -> Problem:
    """Return a warning at `loc` of the file: the plan loads, but somebody should decide."""
    return Problem(reading.name, reading.line(loc), message, "warning")


def unknown(name: object, known: Iterable[str], of: Reading[Any], what: str) -> str | None:
    """Return what to say when `name` is not among the `known` names that the file `of` gives, else None.

    None also when `of` is unreadable, or when `name` stands in an entry of it that had to be set aside: its own
    problem has been told already.
    """
    names = list(known)
    if name in names or of.content is None or (not of.whole and name in of.declared):
        return None
    close = get_close_matches(str(name), names, n=1)
    hint = f"，是否为“{close[0]}”" if close else ""
    return f"{what}“{name}”不在 {of.name} 中{hint}，请核对"


def repeated(reading: Reading[Any], values: Iterable[tuple[Loc, object]], what: str) -> Iterator[Problem]:
    """Yield an error for every value that stands a second time, naming the line of the first."""
    first: dict[object, Loc] = {}
    for loc, value in values:
        if value in first:
            line = reading.line(first[value])
            yield error(reading, loc, f"{what}“{value}”重复，第 {line} 行已有，请只留一个或改名")
        else:
            first[value] = loc
