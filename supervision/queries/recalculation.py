"""Checking a stored assessment: is its result what its input gives, and is its input what was known on its day?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from models import Assessment
from supervision import scoring
from supervision.in_force import InForce
from supervision.periods import parse_period
from supervision.queries.case import gather


@dataclass(frozen=True)
class Recalculation:
    """Whether a run stands. `changes` names what is known otherwise today, by its place in the input."""

    same_result: bool
    same_input: bool
    changes: tuple[str, ...]


def recalculate(session: Session, force: InForce, run: Assessment) -> Recalculation:
    """Calculate the run again from its stored input, and gather the input again as known on its day.

    The result must agree to the byte. The input differs only where something was recorded later with an earlier date
    (代录), which is then named. The order of rows that have no name, such as requests, means nothing.
    """
    result = scoring.assess(scoring.read_case(run.case), calendar=force.calendar).as_json()
    frozen_on = date.fromisoformat(run.case["as_of"])
    quarter = parse_period(run.quarter)
    now = gather(session, force, quarter, run.population, as_of=frozen_on, known_on=run.as_of).case
    changes = tuple(_differences(run.case, now, ""))
    return Recalculation(result == run.result, not changes, changes)


def _differences(before: Any, after: Any, place: str) -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from _differences(before.get(key), after.get(key), f"{place}.{key}" if place else key)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        if _rows(before) == _rows(after):
            return
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _differences(old, new, f"{place}[{_name(old, index)}]")
    elif before != after:
        yield f"{place}：{_shown(before)} → {_shown(after)}"


def _rows(entries: list[Any]) -> list[Any]:
    """Return the entries to be compared: sorted when they have no names."""
    if any(_is_named(entry) for entry in entries):
        return entries
    return sorted(entries, key=lambda entry: json.dumps(entry, sort_keys=True))


def _is_named(entry: Any) -> bool:
    return isinstance(entry, Mapping) and ("name" in entry or "code" in entry)


def _name(entry: Any, index: int) -> object:
    return entry.get("name") or entry.get("code") or index if isinstance(entry, Mapping) else index


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} 项"
    return "无" if value is None else str(value)
