"""The files of a plan folder as far as they could be read, and how checks report on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from config.plan.files import Loc, Reading
from config.plan.problems import Problem
from config.plan.schema.assessment import AssessmentFile
from config.plan.schema.forms import FormsFile
from config.plan.schema.head import HeadFile
from config.plan.schema.indicators import IndicatorsFile
from config.plan.schema.ladder import LadderFile
from config.plan.schema.rulings import RulingsFile
from config.plan.schema.tasks import TasksFile
from config.plan.schema.units import UnitsFile


@dataclass(frozen=True)
class Folder:
    """The eight files."""

    head: Reading[HeadFile]
    units: Reading[UnitsFile]
    indicators: Reading[IndicatorsFile]
    tasks: Reading[TasksFile]
    forms: Reading[FormsFile]
    ladder: Reading[LadderFile]
    assessment: Reading[AssessmentFile]
    rulings: Reading[RulingsFile]

    @property
    def readings(self) -> tuple[Reading[Any], ...]:
        """Return the files in the order in which problems are listed."""
        return (
            self.head,
            self.units,
            self.indicators,
            self.tasks,
            self.forms,
            self.ladder,
            self.assessment,
            self.rulings,
        )


def error(reading: Reading[Any], loc: Loc, message: str) -> Problem:
    """Return an error at `loc` of the file."""
    return Problem(reading.name, reading.line(loc), message)


def warning(reading: Reading[Any], loc: Loc, message: str) -> Problem:
    """Return a warning at `loc` of the file: the plan loads, but somebody should decide."""
    return Problem(reading.name, reading.line(loc), message, "warning")
