"""What was read out of a plan document: frozen values, and their form as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.plans.deadline import Deadline
from documents.plans.head import Head
from documents.plans.target import Target

Data = dict[str, object]


@dataclass(frozen=True, order=True)
class Doubt:
    """What a person must look at, and in which line of the document."""

    line: int
    message: str


@dataclass(frozen=True)
class Team:
    """Who is responsible. Several `leads` only where the text says so; `wording` is the text."""

    leads: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    wording: str = ""

    def data(self) -> Data:
        """Return the keys of `plan show`, with `lead_units` when several lead."""
        several: Data = {"lead_units": list(self.leads)} if len(self.leads) > 1 else {}
        return {
            "lead_unit": self.leads[0] if self.leads else None,
            **several,
            "supporting_units": list(self.supporting),
            "groups": list(self.groups),
        }


@dataclass(frozen=True)
class DraftMeasure:
    """A part of a task that has its own number, units or deadline."""

    code: str
    title: str
    clause: str
    line: int
    team: Team = Team()
    deadline: Deadline | None = None

    def data(self) -> Data:
        """Return the measure as JSON; its units only where they are its own."""
        own: Data = self.team.data() if self.team != Team() else {}
        head: Data = {"code": self.code, "title": self.title, **_when(self.deadline), "clause": self.clause}
        return {**head, **own, "line": self.line}


@dataclass(frozen=True)
class DraftTask:
    """A key task or safeguard as the document has it."""

    number: int
    title: str
    part: int
    clause: str
    line: int
    team: Team
    deadline: Deadline | None = None
    measures: tuple[DraftMeasure, ...] = ()

    def data(self) -> Data:
        """Return the task as JSON."""
        return {
            "number": self.number,
            "title": self.title,
            **self.team.data(),
            **_when(self.deadline),
            "measures": [measure.data() for measure in self.measures],
            "source": self.clause,
            "line": self.line,
        }


@dataclass(frozen=True)
class Heading:
    """A goal or a heading above key tasks."""

    number: int
    title: str
    clause: str
    line: int


@dataclass(frozen=True)
class DraftIndicator:
    """A target with its place: the goal's number, or the key task's for one that no goal names."""

    code: str
    goal: int | None
    task: int | None
    clause: str
    line: int
    target: Target
    owners: tuple[str, ...] = ()
    subset_of: str | None = None

    def data(self) -> Data:
        """Return the indicator as JSON; exact numbers as strings."""
        target = self.target
        return {
            "code": self.code,
            "goal": self.goal,
            "key_task": self.task,
            "name": target.name,
            "measure_type": target.measure_type,
            "target": figure(target.target),
            "unit_of_measure": target.unit_of_measure,
            "text": target.text,
            "comparator": target.comparator,
            "strict": target.strict,
            "by": _iso(target.by),
            "subset_of": self.subset_of,
            "reference": target.reference,
            "owners": list(self.owners),
            "source": self.clause,
            "line": self.line,
        }


@dataclass(frozen=True)
class DraftUnit:
    """A unit that the document names."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class PlanDraft:
    """Everything that was read out of one document."""

    head: Head
    goals: tuple[Heading, ...]
    indicators: tuple[DraftIndicator, ...]
    parts: tuple[Heading, ...]
    tasks: tuple[DraftTask, ...]
    safeguards: tuple[DraftTask, ...]
    units: tuple[DraftUnit, ...]
    groups: tuple[str, ...]
    doubts: tuple[Doubt, ...]

    def data(self) -> Data:
        """Return what `duban plan read --json` prints: the keys of `plan show` where they apply, and `warnings`."""
        head = self.head
        return {
            "plan": {
                "code": None,
                "title": head.title,
                "start": _iso(head.start),
                "end": _iso(head.end),
                "issued": _iso(head.issued),
                "signed": _iso(head.signed),
                "issuer": head.issuer or None,
                "document_number": head.number or None,
                "basis": head.basis or None,
                "cc": list(head.copies),
            },
            "goals": [{"number": goal.number, "title": goal.title, "source": goal.clause} for goal in self.goals],
            "indicators": [indicator.data() for indicator in self.indicators],
            "key_tasks": [task.data() for task in self.tasks],
            "safeguards": [task.data() for task in self.safeguards],
            "units": [{"code": unit.code, "name": unit.name, "kind": unit.kind} for unit in self.units],
            "groups": list(self.groups),
            "rulings": [],
            "warnings": [{"line": doubt.line, "message": doubt.message} for doubt in self.doubts],
        }


def figure(value: Decimal | None) -> str | None:
    """Return an exact number without exponent or trailing zeros."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _when(deadline: Deadline | None) -> Data:
    return {"cadence": deadline.cadence if deadline else None, "due": deadline.due if deadline else None}
