"""Reporting requests and filings."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import ConfigDict, Field

from config.terms import RequestState, SubmissionState
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


class FormLineShape(Shape):
    """One line of a form with what is known of it. Numbers are exact, in the indicator's unit of measure."""

    indicator: str
    area: str = Field(description="区、县（市）；报表不分区县的为空")
    name: str
    unit_of_measure: str
    target: str | None
    expected: str | None = Field(description="到本期末的序时目标")
    previous: str | None
    value: str = Field(description="预填的数值，写法与报送相同；没有的为空")
    note: str


class VersionShape(Shape):
    """One filed version."""

    number: int
    state: SubmissionState
    filed_by: str
    filed_at: dt.datetime
    late: bool
    file_name: str
    recorded_from: str | None
    decided_by: str | None
    decided_at: dt.datetime | None
    comment: str | None


class RequestDetail(RequestShape):
    """A request with its form, prefilled, and its filed versions, the newest first."""

    revision: int
    draft_revision: int = Field(description="草稿的版本，没有草稿为 0；保存草稿时原样送回")
    asks_head: bool = Field(description="草稿正等待本单位分管负责人确认")
    lines: list[FormLineShape]
    versions: list[VersionShape]


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
    source: Short | None = Field(default=None, description="代录来源，只由办公室填写")


class DraftGiven(Shape):
    """What a unit has filled in so far."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"rows": [{"indicator": "T06", "value": "12"}], "revision": 0}]},
    )

    rows: Annotated[list[RowGiven], Field(min_length=1, max_length=20_000)]
    revision: Annotated[int, Field(ge=0, le=2**31 - 1)] = Field(description="所见草稿的版本，没有草稿为 0")
    ask_head: bool = Field(default=False, description="检查没有问题的，随即送本单位分管负责人确认")


class CellProblem(Shape):
    """What is wrong with one row."""

    where: str
    message: str


class DraftKept(Shape):
    """That the draft is kept, and what the checks find in it. With problems the head is not asked."""

    request: int
    revision: int
    asks_head: bool
    problems: list[CellProblem]


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
