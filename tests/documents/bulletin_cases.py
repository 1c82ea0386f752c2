"""Facts for bulletins, with sane defaults, and how what a paper says is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from chart_cases import a_case

from config.plan import Plan
from config.terms import AssessmentState, Population
from documents.bulletin.facts import Facts, ItemFact, RunFact
from documents.official.content import Block, Cell, Heading, Landscape, Paper, Paragraph, Picture, Table
from supervision.collection.verdicts import Rate
from supervision.scoring import assess, read_case
from supervision.workdays import published

DRAFT = RunFact(vintage=1, state=AssessmentState.DRAFT, as_of=date(2022, 7, 25), simulated=False)
PUBLISHED = replace(DRAFT, state=AssessmentState.PUBLISHED, published_on=date(2022, 8, 9))


def the_facts(plan: Plan, *districts: Mapping[str, Any], run: RunFact = DRAFT, **other: Any) -> Facts:
    """The facts of a run over these districts (or member units, when the population says so).

    Items are as the case has them, called 事项1, 事项2, …; rates follow from its requests.
    """
    population = other.pop("population", Population.DISTRICTS)
    scheme = other.pop("scheme", {})
    case = read_case(a_case(districts, targets=population is Population.DISTRICTS, **scheme))
    result = assess(case, calendar=published())
    items = {
        score.code: tuple(
            ItemFact(credit, f"事项{number}", "2022年第一季度", 1, credit.item.due)
            for part in score.components
            for number, credit in enumerate(part.credits, 1)
        )
        for score in result.districts
    }
    given = {"items": items, "rates": {each.code: _rate(each.requests) for each in case.districts}, **other}
    return Facts(
        plan=plan,
        scheme=plan.scheme(population.value, quarter="2022Q2"),
        population=population,
        run=run,
        case=case,
        result=result,
        calendar=published(),
        **given,
    )


def _rate(requests: Sequence[Any]) -> Rate:
    received = [each for each in requests if not each.missing]
    on_time = sum(not each.late for each in received)
    return Rate(len(requests), len(received), on_time, sum(each.returned > 0 for each in requests))


def said(content: Paper | Sequence[Block]) -> str:
    """Return everything that a paper or its blocks say, a line for each paragraph, heading, cell and caption."""
    if isinstance(content, Paper):
        attached = [block for attachment in content.attachments for block in attachment.blocks]
        lines = [content.title, content.addressee, *_lines([*content.blocks, *attached]), *content.copied_to]
        return "\n".join([*lines, content.closing_note])
    return "\n".join(_lines(content))


def _lines(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(text=text):
                yield text
            case Paragraph(runs=runs):
                yield "".join(run.text for run in runs)
            case Table(columns=columns, rows=rows, caption=caption, note=note):
                yield from (caption, note, *(column.title for column in columns))
                yield from (cell.text if isinstance(cell, Cell) else cell for row in rows for cell in row)
            case Picture(caption=caption, alternative=alternative):
                yield from (caption, alternative)
            case Landscape(blocks=inner):
                yield from _lines(inner)


def rows_of(content: Sequence[Block], caption: str) -> list[dict[str, str]]:
    """Return the rows of the table of that caption, each by its columns' titles."""
    (table,) = (block for block in content if isinstance(block, Table) and block.caption == caption)
    titles = [column.title for column in table.columns]
    cells = ([cell.text if isinstance(cell, Cell) else cell for cell in row] for row in table.rows)
    return [dict(zip(titles, row, strict=True)) for row in cells]


def headings(paper: Paper) -> list[str]:
    """Return the headings of the first level."""
    return [block.text for block in paper.blocks if isinstance(block, Heading) and block.level == 1]


BROKEN = re.compile(
    "[，。；：、]{2,}|（）|（[，。；：、]|[，；：、]）|[：，；、]\n|\\bNone\\b|\\bnan\\b|Fraction|Decimal"
    "|[\u4e00-\u9fff] [\u4e00-\u9fff]|[a-z]{2,}_[a-z]+|0个（|个个|的的|《《|》》"
)
"""What no sentence may hold: doubled or dangling punctuation, empty brackets, traces of the program."""
