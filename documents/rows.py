"""What was read from a file that a unit files: its lines as they stand in it, before anybody asks what they mean."""

from __future__ import annotations

from dataclasses import dataclass

from config.plan import Plan


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a submission as it stands in the file, every text on one line.

    `cell` names the value's cell and `label` the indicator's, as a person finds them: B7, or 第 7 行“数值”列.
    `unreadable` says why the value's cell holds neither text nor number; empty when it does. `area` and
    `unit_of_measure` are empty where the file has no such column.
    """

    indicator: str
    value_text: str
    note: str
    area: str
    unit_of_measure: str
    cell: str
    label: str
    unreadable: str = ""


@dataclass(frozen=True)
class Sheet:
    """A file as it was read: its name, and its lines with content in order."""

    name: str
    rows: tuple[Row, ...]

    def of(self, plan: Plan, *, form: str, unit: str, period: str) -> Sheet:
        """Return the sheet itself: a plain one says nothing about which form it is."""
        return self
