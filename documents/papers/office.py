"""What all papers of the office have in common: whose they are, how they address a unit, and what marks them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from config.terms import NoticeKind, UnitKind
from documents.official.content import Imprint, Signature
from supervision.in_force import InForce
from supervision.queries.register import is_simulated

SIMULATED = "模拟数据"
"""At the head of every page on a demonstration."""

URGENT = "特急"
"""The 紧急程度 of a matter whose notices wait for no working time."""


@dataclass(frozen=True)
class House:
    """The office as its papers name it; `mark` warns of made-up data."""

    full_name: str
    name: str
    superior: str | None
    plan_title: str
    mark: str

    def signature(self, day: date | None) -> Signature:
        """Return the 落款."""
        return Signature(self.full_name, day)

    def imprint(self, day: date | None) -> Imprint:
        """Return office and date of printing."""
        return Imprint(self.full_name, day)


@dataclass(frozen=True)
class Manner:
    """How a paper is called and speaks towards one unit.

    A central unit answers to its ministry: it is asked (商请) and told (抄送), never supervised or circulated.
    """

    asks: bool
    word: str

    @property
    def name(self) -> str:
        """What such a paper is called."""
        if self.asks:
            return "函"
        return self.word if self.word == NoticeKind.CIRCULAR.label else f"{self.word}单"


def house(session: Session, force: InForce) -> House:
    """Return the office of the plan in force, and whether what it says is made up."""
    office = force.plan.office
    mark = SIMULATED if is_simulated(session, force) else ""
    return House(office.full_name, office.name, office.superior, force.plan.title, mark)


def formal_name(force: InForce, name: str) -> str:
    """Return how a unit is called outside the city: by its official name, unless a successor has taken its place."""
    return next((unit.official_name for unit in force.plan.units if unit.name == name), name)


def addressee(force: InForce, name: str, *, asks: bool) -> str:
    """Return to whom a paper goes: a unit that is asked by its official name, one of the city's as the plan has it.

    Source: GB/T 9704-2012, 7.3.2: 机关全称、规范化简称或者同类型机关统称.
    """
    return formal_name(force, name) if asks else name


def manner(force: InForce, kind: NoticeKind, unit: UnitKind) -> Manner:
    """Return how a paper of that kind addresses a unit of that kind, by the plan's words where it has some."""
    asks = unit is UnitKind.CENTRAL
    usual = {NoticeKind.SUPERVISION_NOTICE: "督办"}.get(kind, kind.label)
    known = next((words for words in force.plan.papers if words.kind == unit.value), None)
    return Manner(asks, str(getattr(known, kind.value, usual)) if known else usual)
