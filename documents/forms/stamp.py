"""The stamp of a form: on a hidden sheet it says which form this is, and what stood in the locked cells.

It has no key. Whoever files could as well file a plain sheet, so a forged form gains nothing: what the numbers mean is
compared with the plan, and what they are checked against comes from the database, never from the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from documents.grids import tidy

STAMP_SHEET = "_duban"

MARKER = "duban-form"

TRACE = 8
"""Hex digits that are kept of the locked numbers of each line: enough to find the line that was changed."""

_TRACES_PER_CELL = 2000
"""Traces in one cell, which holds 32,767 characters."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a form says of itself. `definition`, `head` and `traces` are digests: of the definition, of the texts above
    the table, and of the locked numbers of each line in the form's order.
    """

    template: str
    plan: str
    plan_digest: str
    form: str
    unit: str
    period: str
    definition: str
    made_at: str
    head: str
    traces: tuple[str, ...]

    @property
    def made_on(self) -> str:
        """Return the day on which the form was made."""
        return datetime.fromisoformat(self.made_at).date().isoformat()

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield the lines of the hidden sheet: the marker, every field, the seal over them all."""
        lines = [(name, getattr(self, name)) for name in _NAMES]
        yield MARKER, self.template
        yield from lines
        joined = "".join(self.traces)
        size = TRACE * _TRACES_PER_CELL
        for start in range(0, len(joined), size):
            yield "traces", joined[start : start + size]
        yield "seal", _seal(lines, joined)


_NAMES = tuple(field.name for field in fields(Stamp) if field.name != "traces")


def read_stamp(rows: Iterable[tuple[str, ...]]) -> Stamp | None:
    """Return the stamp that the lines of the hidden sheet hold; None when they are no longer what was written."""
    lines = [(row[0], row[1]) for row in rows if len(row) > 1]
    found: Mapping[str, str] = dict(lines)
    joined = "".join(text for name, text in lines if name == "traces")
    if not all(found.get(name) for name in _NAMES):
        return None
    if found.get("seal") != _seal([(name, found[name]) for name in _NAMES], joined):
        return None
    traces = tuple(joined[start : start + TRACE] for start in range(0, len(joined), TRACE))
    return Stamp(**{name: found[name] for name in _NAMES}, traces=traces)


def trace(numbers: Sequence[str]) -> str:
    """Return what is kept of the locked numbers of a line, as they are written."""
    return _digest(numbers)[:TRACE]


def head_digest(texts: Iterable[str]) -> str:
    """Return the digest of the texts above the table, wherever they stand."""
    return _digest([tidy(text) for text in texts if text])


def _seal(lines: Sequence[tuple[str, str]], traces: str) -> str:
    return _digest([part for line in lines for part in line] + [traces])


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
