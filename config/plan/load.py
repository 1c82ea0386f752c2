"""Loads a plan folder, or says everything that is wrong with it."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from config.errors import PlanError
from config.plan.checks import Folder, cross_check
from config.plan.files import Reading, read_file
from config.plan.model import Plan
from config.plan.problems import Problem
from config.plan.published import PUBLISHED, read_published
from config.plan.schema.assessment import AssessmentFile
from config.plan.schema.forms import FormsFile
from config.plan.schema.head import HeadFile
from config.plan.schema.indicators import IndicatorsFile
from config.plan.schema.ladder import LadderFile
from config.plan.schema.rulings import RulingsFile
from config.plan.schema.statistics import StatisticsFile
from config.plan.schema.tasks import TasksFile
from config.plan.schema.units import UnitsFile

FILES = (
    "plan.yaml",
    "units.yaml",
    "indicators.yaml",
    "tasks.yaml",
    "forms.yaml",
    "ladder.yaml",
    "assessment.yaml",
    "rulings.yaml",
)
"""The files of a plan folder; all must be there."""

STATISTICS = "statistics.yaml"

OPTIONAL_FILES = (STATISTICS, PUBLISHED)
"""Files that a plan folder need not have."""


def packaged_plan(code: str = "hangzhou-2021-2023") -> Traversable:
    """Return the plan folder of that code that comes with duban.

    Raises PlanError when there is none.
    """
    folder = files("config") / "plans" / code
    if not folder.is_dir():
        raise PlanError(f"没有预置计划“{code}”，请用 --plan 指明计划目录")
    return folder


def check_plan(folder: Path | Traversable) -> list[Problem]:
    """Return every problem of the plan in `folder`, by file and line; empty for a plan without any.

    Only problems of severity `error` stop the plan from being loaded.
    Raises PlanError when `folder` is not a directory.
    """
    return _problems(_read(folder))


def load_plan(folder: Path | Traversable) -> Plan:
    """Return the plan in `folder`.

    Raises PlanError with the first error's file, line and message, and the number of the others.
    """
    found = _read(folder)
    errors = [problem for problem in _problems(found) if problem.severity == "error"]
    if errors:
        others = f"（另有 {len(errors) - 1} 处，请用 duban plan check 查看）" if len(errors) > 1 else ""
        raise PlanError(f"{errors[0]}{others}")
    return _assembled(found)


def _read(folder: Path | Traversable) -> Folder:
    if not folder.is_dir():
        raise PlanError(f"{folder} 不是计划目录，请指向放有 {FILES[0]} 等文件的目录")
    return Folder(
        head=read_file(folder, "plan.yaml", HeadFile),
        units=read_file(folder, "units.yaml", UnitsFile),
        indicators=read_file(folder, "indicators.yaml", IndicatorsFile),
        tasks=read_file(folder, "tasks.yaml", TasksFile),
        forms=read_file(folder, "forms.yaml", FormsFile),
        ladder=read_file(folder, "ladder.yaml", LadderFile),
        assessment=read_file(folder, "assessment.yaml", AssessmentFile),
        rulings=read_file(folder, "rulings.yaml", RulingsFile),
        statistics=_statistics(folder),
        published=read_published(folder),
    )


def _statistics(folder: Path | Traversable) -> Reading[StatisticsFile]:
    if not (folder / STATISTICS).is_file():
        return Reading(STATISTICS, None, True, {}, frozenset(), ())
    return read_file(folder, STATISTICS, StatisticsFile)


def _problems(found: Folder) -> list[Problem]:
    problems = [problem for reading in found.readings for problem in reading.problems]
    problems += cross_check(found)
    order = (*FILES, *OPTIONAL_FILES)
    return sorted(set(problems), key=lambda p: (order.index(p.file), p.line, p.message))


def _assembled(found: Folder) -> Plan:
    """Put the files together; they are whole, because a problem in any of them is an error."""
    parts: dict[str, object] = {}
    for reading in (found.head, found.units, found.indicators, found.tasks, found.rulings):
        if reading.content is not None:
            parts.update({key: getattr(reading.content, key) for key in type(reading.content).model_fields})
    return Plan.model_validate(
        {
            **parts,
            "reporting": found.forms.content,
            "ladder": found.ladder.content,
            "assessment": found.assessment.content,
            "statistics": _with_values(found),
        }
    )


def _with_values(found: Folder) -> StatisticsFile:
    content, published = found.statistics.content or StatisticsFile(), found.published.content
    if published is None:
        return content
    return content.model_copy(update={"published": (*content.published, *published.values)})
