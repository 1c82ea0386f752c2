"""tasks.yaml: key tasks with their responsible units, safeguards, and the measures of both."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.plan.schema.base import Cadence, Code, DueText, Entry, Source, Text


class Part(Entry):
    """A heading under which key tasks are grouped."""

    number: Annotated[int, Field(ge=1)]
    title: Text
    source: Source


class Measure(Entry):
    """One action that can be assigned, reported on and verified.

    `units` are names of units or groups of its key task, the first one leads; empty means all units of the task.
    `districts` adds an item for every district. `clause` is where the plan names the action, `source` where
    cadence, due date and units come from.
    """

    code: Code
    title: Text
    cadence: Cadence
    due: DueText
    deliverable: Text
    evidence: Text
    units: tuple[Text, ...] = ()
    districts: bool = False
    clause: Text
    source: Source


class KeyTask(Entry):
    """A key task (重点任务). `supporting` are names in the order of the text, without the lead and the groups."""

    number: Annotated[int, Field(ge=1)]
    part: int
    title: Text
    lead: Text
    supporting: tuple[Text, ...] = ()
    groups: tuple[Text, ...] = ()
    responsible: Text
    measures: Annotated[tuple[Measure, ...], Field(min_length=1)]
    source: Source


class Safeguard(Entry):
    """A safeguard (保障措施), or the closing mandate: like a key task, but outside the numbered twelve."""

    number: Annotated[int, Field(ge=1)]
    title: Text
    lead: Text
    supporting: tuple[Text, ...] = ()
    groups: tuple[Text, ...] = ()
    measures: Annotated[tuple[Measure, ...], Field(min_length=1)]
    source: Source


class TasksFile(Entry):
    """tasks.yaml."""

    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    key_tasks: Annotated[tuple[KeyTask, ...], Field(min_length=1)]
    safeguards: tuple[Safeguard, ...] = ()
