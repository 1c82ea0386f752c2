"""Reporting requests and filings."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field

from config.terms import RequestState
from web.api.shapes.base import Name, Revision, Shape, Short, Text


class RequestShape(Shape):
    """One reporting request."""

    id: int
    form: str
    title: str
    unit: str
    period: str
    opens: dt.date
    due: dt.date
    closes: dt.date
    state: RequestState
    late: bool
    returned: int


class RequestList(Shape):
    """Reporting requests by due date."""

    requests: list[RequestShape]


class RowGiven(Shape):
    """One line of a form. `value` is written as on the form: a number, 不适用, or nothing."""

    indicator: Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")]
    value: Name = ""
    note: Short = ""
    area: Name = ""


class SubmissionGiven(Shape):
    """A filled form."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"rows": [{"indicator": "T06", "value": "12", "note": ""}]}]},
    )

    rows: Annotated[list[RowGiven], Field(min_length=1, max_length=20_000)]


class SubmissionDone(Shape):
    """What became of a filing."""

    request: int
    state: str
    version: int
    late: bool
    figures: int


class DecisionGiven(Shape):
    """A decision on a filing."""

    comment: Text = ""
    due: dt.date | None = Field(default=None, description="退回后的重报期限")
    revision: Revision | None = None


class RequestDecided(Shape):
    """How the request stands after the decision."""

    request: int
    state: RequestState
    version: int
    due: dt.date
    revision: int
