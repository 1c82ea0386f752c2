"""What a form asks of a unit for a period: the lines to be filled, and what their numbers mean."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from config.plan import Form, Indicator, Plan, Unit
from documents.grids import tidy
from supervision.collection.filing import areas
from supervision.collection.windows import read_form, read_period, read_reporter
from supervision.periods import Period

TEMPLATE = "1"
"""Version of the layout; a workbook of another one is outdated."""

AS_ABOVE = "同上"
"""Stands for a definition that has been given in full on the indicator's first line."""

Key = tuple[str, str]
"""What a line is about, in codes: indicator and area."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a form, in the words of its locked cells. `area` is empty where there is no such column."""

    key: Key
    code: str
    name: str
    definition: str
    unit_of_measure: str
    area: str


@dataclass(frozen=True)
class Definition:
    """One form of one unit for one period, as the plan defines it now."""

    plan: Plan
    form: Form
    unit: Unit
    period: Period

    @property
    def has_areas(self) -> bool:
        """Return whether each line says which district it is about."""
        return self.form.areas == "districts"

    @property
    def title(self) -> str:
        """Return whose form this is, as complaints say it."""
        return f"{self.unit.name}{self.period.in_words}《{self.form.title}》"

    @property
    def command(self) -> str:
        """Return the command that makes the form anew."""
        return f"duban form {self.form.code} {self.unit.name} {self.period}"

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Return the lines: the indicators in the form's order, each with its areas in official order."""
        about = [
            (unit.code, tidy(unit.name) if self.has_areas else "") for unit in areas(self.plan, self.form, self.unit)
        ]
        found = []
        for indicator in map(self.plan.indicator, self.form.indicators):
            name, unit_of_measure = tidy(indicator.name), tidy(indicator.unit_of_measure)
            meaning = _meaning(self.plan, indicator)
            found += [
                Line((indicator.code, code), indicator.code, name, AS_ABOVE if nth else meaning, unit_of_measure, area)
                for nth, (code, area) in enumerate(about)
            ]
        return tuple(found)

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 over everything that a number in the form gets its meaning from.

        Windows, checks and targets are not in it: they may change without a number meaning anything else.
        """
        full = [line for line in self.lines if line.definition != AS_ABOVE]
        meanings = {line.code: [line.name, line.definition, line.unit_of_measure] for line in full}
        about = list(dict.fromkeys((line.key[1], line.area) for line in self.lines))
        content = [TEMPLATE, self.form.code, self.form.title, self.form.areas, meanings, about]
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def define(plan: Plan, *, form: str, unit: str, period: str) -> Definition:
    """Return the form of the unit for the period.

    Raises UnknownName or BadInput for a form, unit or period that the plan does not have or that do not fit together.
    """
    found = read_form(plan, form)
    when = read_period(plan, found, period)
    return Definition(plan, found, read_reporter(plan, found, when, unit), when)


def _meaning(plan: Plan, indicator: Indicator) -> str:
    """Return what is counted: the plan's own words, the remark on them, and how the office ruled on them."""
    parts = [f"计划原文：{indicator.text}（{indicator.source}）"]
    if indicator.note:
        parts.append(indicator.note)
    if indicator.subset_of:
        parts.append(f"其中数，不大于 {indicator.subset_of}")
    parts += [f"{ruling.topic}：{ruling.ruling}" for ruling in plan.rulings_on(indicator.code)]
    return tidy("；".join(part.strip().rstrip("。；") for part in parts))
