"""What every shape is made of, and what a refusal looks like."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(max_length=20_000, pattern=r"^[^\x00]*$")]
Short = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]
Name = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]
Revision = Annotated[int, Field(ge=1, le=2**31 - 1)]

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""The number of something in an address."""
Day = Annotated[dt.date, Field(ge=dt.date(1990, 1, 1), le=dt.date(2199, 12, 31))]
"""A day that an office may mean."""
PageNumber = Annotated[int, Query(ge=1, le=1_000_000, description="第几页，从 1 起")]
PageSize = Annotated[int, Query(ge=1, le=500, description="每页多少条")]


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
