"""A whole survey: the sample, its response rates, and every question in total and by breakdown, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from config.errors import BadInput
from config.plan.schema.surveys import Breakdown, Question, Survey
from supervision.exact import exact, half_up
from supervision.indices import OWN
from supervision.indices.estimate import Estimate, estimate
from supervision.indices.sample import (
    RESPONDED,
    Respondent,
    ResponseRates,
    Sampled,
    respondents,
    response_rates,
)
from supervision.indices.suppression import Shown, suppressed, words

ALL = "合计"

PLACES = 6
"""Decimals of rates and variations, which are 0–1, as they are printed."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a group's estimate, already withheld where it may not be seen. `mark` tells how reliable it is."""

    group: str
    shown: Shown
    text: str
    estimate: Estimate | None
    respondents: int
    mark: str


@dataclass(frozen=True, slots=True)
class Table:
    """One question by one breakdown; the first cell is the total. `breakdown` None: the total alone."""

    question: Question
    breakdown: Breakdown | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a survey found. `drawn` units were drawn, `responded` of them answered."""

    survey: Survey
    period: str
    drawn: int
    responded: int
    rates: ResponseRates
    weighted_rates: ResponseRates
    population: int
    tables: tuple[Table, ...]
    label: str = OWN

    def as_json(self) -> dict[str, Any]:
        """Return the findings as plain data, exact numbers as strings; nothing that is withheld is in it."""
        return {
            "survey": self.survey.code,
            "title": self.survey.title,
            "period": self.period,
            "label": self.label,
            "population": self.population,
            "sample": self.drawn,
            "respondents": self.responded,
            "response_rates": _rates(self.rates),
            "weighted_response_rates": _rates(self.weighted_rates),
            "min_respondents": self.survey.min_respondents,
            "tables": [_table(table) for table in self.tables],
            "source": self.survey.source,
        }


def findings(survey: Survey, period: str, sample: Sequence[Sampled], population: Mapping[str, int]) -> Findings:
    """Return what the `sample` says about a `population` given by stratum.

    Raises BadInput for a stratum nobody of which answered a question: its part of the population would be left out.
    """
    tables: list[Table] = []
    for question in survey.questions:
        answers = respondents(sample, question.code)
        silent = [name for name in population if not any(r.stratum == name for r in answers)]
        if silent:
            raise BadInput(
                f"“{question.title}”在层“{'”“'.join(silent)}”没有一份有效回答，不能推算总体；请补充调查，"
                "或在抽样文件和总体文件中把该层与相近的层合并"
            )
        total = _cell(survey, question, ALL, estimate(answers, question.kind, population=population), Shown.SHOWN)
        if total.respondents < survey.min_respondents:
            total = _withheld(survey, ALL, Shown.TOO_FEW, total.respondents)
        tables.append(Table(question, None, (total,)))
        tables += [
            Table(question, breakdown, (total, *_groups(survey, question, breakdown, answers, population)))
            for breakdown in survey.breakdowns
        ]
    return Findings(
        survey=survey,
        period=period,
        drawn=len(sample),
        responded=sum(unit.disposition in RESPONDED for unit in sample),
        rates=response_rates(sample, weighted=False),
        weighted_rates=response_rates(sample, weighted=True),
        population=sum(population.values()),
        tables=tuple(tables),
    )


def _groups(
    survey: Survey,
    question: Question,
    breakdown: Breakdown,
    answers: Sequence[Respondent],
    population: Mapping[str, int],
) -> list[Cell]:
    counts = {name: sum(r.groups[breakdown.code] == name for r in answers) for name in breakdown.values}
    found = []
    for name, shown in suppressed(counts, least=survey.min_respondents).items():
        if shown is not Shown.SHOWN:
            found.append(_withheld(survey, name, shown, counts[name]))
            continue
        inside = partial(_belongs, breakdown=breakdown.code, group=name)
        result = estimate(answers, question.kind, population=population, inside=inside)
        found.append(_cell(survey, question, name, result, shown))
    return found


def _belongs(respondent: Respondent, *, breakdown: str, group: str) -> bool:
    return respondent.groups[breakdown] == group


def _withheld(survey: Survey, group: str, shown: Shown, count: int) -> Cell:
    return Cell(group, shown, words(shown, survey.min_respondents), None, count, "")


def _cell(survey: Survey, question: Question, group: str, result: Estimate, shown: Shown) -> Cell:
    variation = result.variation
    marks = [entry.mark for entry in survey.quality if variation is not None and variation > exact(entry.above)]
    text = _in_units(question, result.value)
    return Cell(group, shown, "—" if text is None else text, result, result.respondents, marks[-1] if marks else "")


def _in_units(question: Question, number: Fraction | None) -> str | None:
    """Return an estimate or its standard error in the question's unit and decimals; a share in percent."""
    return None if number is None else half_up(number * 100 if question.kind == "share" else number, question.decimals)


def _rates(rates: ResponseRates) -> dict[str, str]:
    return {name: half_up(getattr(rates, name), PLACES) for name in ("rr1", "rr2", "rr3")}


def _table(table: Table) -> dict[str, Any]:
    return {
        "question": table.question.code,
        "title": table.question.title,
        "kind": table.question.kind,
        "unit_of_measure": table.question.unit_of_measure,
        "breakdown": table.breakdown.code if table.breakdown else None,
        "cells": [_cell_json(table.question, cell) for cell in table.cells],
    }


def _cell_json(question: Question, cell: Cell) -> dict[str, Any]:
    result = cell.estimate
    value, error, variation = (
        (None, None, None) if result is None else (result.value, result.standard_error, result.variation)
    )
    return {
        "group": cell.group,
        "shown": cell.shown.value,
        "text": cell.text,
        "value": _in_units(question, value),
        "standard_error": _in_units(question, error),
        "variation": None if variation is None else half_up(variation, PLACES),
        "respondents": cell.respondents,
        "mark": cell.mark,
        "because": "" if result is None else result.because,
    }
