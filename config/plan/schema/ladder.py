"""ladder.yaml: the rungs of reminder and escalation, working time, and the colours of lights."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.plan.schema.base import Entry, Source, Text

Level = Literal["remind", "warn", "urge", "supervision_notice", "circular"]

Audience = Literal["liaison", "unit_head", "office", "leading_group"]


class Rung(Entry):
    """One rung, `offset` working days from the due date (negative: before it).

    `signed`: the ladder only drafts the paper, a person signs it before it goes out.
    """

    offset: int
    level: Level
    audience: Annotated[tuple[Audience, ...], Field(min_length=1)]
    signed: bool = False
    source: Source


class WorkingTime(Entry):
    """Notices leave from `opens` until just before `closes` on working days; digests from `digest_from` on."""

    opens: dt.time
    closes: dt.time
    digest_from: dt.time
    source: Source

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.opens <= self.digest_from < self.closes:
            raise ValueError("工作时间次序不对：opens ≤ digest_from < closes")
        return self


class LightName(Entry):
    """How a light is called and drawn. `scale`: of an item, or of a figure."""

    scale: Literal["item", "figure"]
    code: Literal["green", "yellow", "red", "blue", "grey"]
    name: Text
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
    meaning: Text
    source: Source


class LadderFile(Entry):
    """ladder.yaml. An item turns yellow `due_soon_days` working days before its due date, that day included."""

    due_soon_days: Annotated[int, Field(ge=1, le=60)]
    due_soon_source: Source
    rungs: Annotated[tuple[Rung, ...], Field(min_length=1)]
    working_time: WorkingTime
    lights: tuple[LightName, ...]
