"""Assessments."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import Field

from config.terms import AssessmentState, Population
from web.api.shapes.base import Shape


class RunShape(Shape):
    """One run of an assessment on its way."""

    id: int
    quarter: str
    population: Population
    vintage: int
    as_of: dt.date
    state: AssessmentState
    corrects: int | None
    objections_until: dt.date | None
    published_at: dt.datetime | None
    current: bool


class RunList(Shape):
    """The runs, newest first."""

    assessments: list[RunShape]


class RunResult(RunShape):
    """A run with its result, in the shape of `duban score --json`."""

    result: dict[str, Any]
    vetoes: dict[str, str] = Field(description="一票否决：单位代码到理由；总分、位次不变，等次降为最低")
