"""units.yaml: organisations, their registers of membership, how papers address them, and post accounts."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.plan.schema.base import Code, Entry, Role, Source, Text

UnitKind = Literal["municipal", "central", "district"]


class Successor(Entry):
    """The unit's name from `start` on: open items, targets and history go with it under the same code."""

    name: Text
    start: dt.date
    source: Source


class Unit(Entry):
    """An organisation. `name` is the name in the plan, `code` never changes; districts carry their GB/T 2260 code.

    `aliases` are other names under which documents mention it. The order of units is the official one.
    """

    code: Code
    name: Text
    official_name: Text
    kind: UnitKind
    aliases: tuple[Text, ...] = ()
    successors: tuple[Successor, ...] = ()
    source: Source

    def name_on(self, day: dt.date) -> str:
        """Return the name the unit bears on `day`: the latest successor's that has begun, else the plan's."""
        begun = [s for s in self.successors if s.start <= day]
        return max(begun, key=lambda s: s.start).name if begun else self.name


class Membership(Entry):
    """Units that belong to a group from `start` through `end` (both included; no end: until further notice)."""

    units: Annotated[tuple[Text, ...], Field(min_length=1)]
    start: dt.date
    end: dt.date | None = None
    source: Source

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"成员止期 {self.end} 早于起期 {self.start}，请核对")
        return self

    def covers(self, day: dt.date) -> bool:
        """Return whether `day` lies in the membership."""
        return self.start <= day and (self.end is None or day <= self.end)


class Group(Entry):
    """A name that stands for several units, expanded by a dated register.

    `purpose` is `responsible` for a group that the plan makes responsible, `peer` for districts ranked together.
    """

    name: Text
    purpose: Literal["responsible", "peer"]
    memberships: tuple[Membership, ...] = ()
    source: Source


class PaperWords(Entry):
    """How the papers of each level address a kind of unit (central units are asked, not circulated)."""

    kind: UnitKind
    urge: Text
    supervision_notice: Text
    circular: Text
    source: Source


class Post(Entry):
    """A post account (岗位账号), not a person. `{unit}` and `{unit_name}` stand for the unit's code and name."""

    login: Text
    name: Text
    role: Role
    source: Source


class Posts(Entry):
    """Accounts made for every unit, and those of the office."""

    per_unit: tuple[Post, ...]
    office: tuple[Post, ...]


class UnitsFile(Entry):
    """units.yaml."""

    units: Annotated[tuple[Unit, ...], Field(min_length=1)]
    groups: tuple[Group, ...] = ()
    papers: tuple[PaperWords, ...]
    posts: Posts
