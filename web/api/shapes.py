"""What the API takes and gives: the shapes of its OpenAPI description, each with an example."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from config.terms import Action, AssessmentState, Level, MatterKind, Population, RequestState, Responsibility, Status
from supervision.deadlines import Light

Text = Annotated[str, Field(max_length=20_000, pattern=r"^[^\x00]*$")]
Short = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]


class Shape(BaseModel):
    """Everything the API speaks of."""

    model_config = ConfigDict(extra="forbid")


class Problem(Shape):
    """Why something was not done: a code that stays the same, and a line for people."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"error": "refused", "message": "该事项尚未签收，请先签收"}]}
    )

    error: str = Field(description="unauthorized、forbidden、not_found、bad_input、refused、conflict 或 unavailable")
    message: str


class Me(Shape):
    """Who the token stands for."""

    login: str
    name: str
    plan: str
    today: dt.date = Field(description="计划所在的日期；演示数据停在某一天")
    simulated: bool = Field(description="是否模拟数据")
    roles: list[str]
    units: list[str]


class ItemShape(Shape):
    """One item as it stands today."""

    id: int
    source: MatterKind
    key_task: int | None
    measure: str | None
    title: str
    unit: str
    role: Responsibility
    period: str
    status: Status
    original_due: dt.date
    due: dt.date
    completed: dt.datetime | None
    light: Light | None
    rung: Level | None
    parent: int | None
    retrospective: bool
    revision: int


class ItemList(Shape):
    """One page of items."""

    items: list[ItemShape]
    total: int
    page: int
    pages: int


class ItemDetail(ItemShape):
    """An item with what the caller may do to it now."""

    basis: str
    next_step: str | None
    actions: list[Action]


class Event(Shape):
    """One event of an item's timeline."""

    seq: int
    at: dt.datetime
    actor: str
    acting_for: str | None
    action: str
    data: dict[str, Any]


class History(Shape):
    """An item's timeline, oldest first."""

    events: list[Event]


class ActGiven(Shape):
    """An act on an item."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"action": "report_progress", "comment": "已完成七成", "revision": 3}]},
    )

    action: Action
    comment: Text = ""
    date: dt.date | None = Field(default=None, description="新的期限（延期、退回）")
    to_unit: Short | None = Field(default=None, description="接办单位的名称或代码（转办）")
    reason: Short | None = Field(default=None, description="暂缓事由的代码")
    source: Short | None = Field(default=None, description="代录来源，只由办公室填写")
    problems: Text = ""
    next_steps: Text = ""
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="所见的版本；此后有人办理过的，不予办理"
    )


class ActDone(Shape):
    """How the item stands after the act."""

    item: int
    action: Action
    status: Status
    due: dt.date
    revision: int


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
    value: Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")] = ""
    note: Short = ""
    area: Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")] = ""


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
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class RequestDecided(Shape):
    """How the request stands after the decision."""

    request: int
    state: RequestState
    version: int
    due: dt.date
    revision: int


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


class TaskShape(Shape):
    """A key task's light."""

    number: int
    title: str
    lead_unit: str
    light: Light | None
    units: list[str]
    counts: dict[str, int]
    items: int


class Board(Shape):
    """The lights of all key tasks."""

    as_of: dt.date
    tasks: list[TaskShape]
