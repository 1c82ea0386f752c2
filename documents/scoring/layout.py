"""Which rows of which sheet belong to whom: settled before anything is written, so that sheets can name each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from config.errors import BadInput
from documents.scoring.formulas import has_schedule
from documents.scoring.labels import Labels
from documents.scoring.parameters import Parameter, parameters_of
from documents.scoring.run import Run
from documents.scoring.table import FIRST, LAST_ROW, Block, Table, blocks
from documents.scoring.tables import SCHEME, conduct_table, summary_table
from supervision.exact import exact
from supervision.periods import Period
from supervision.scoring.case import ComponentCode, Item, Span

VALUE = "C"
"""The column of 办法 in which every value stands that has a list of its own or a name."""

SCHEDULED, TOLERANCE, BEST = "D", "E", "F"
"""The columns of 办法 that the lines of an indicator look at beside its weight."""

STEP = "D"
"""The column of 办法 with the number of the quarter to which a step of a trajectory belongs."""

_TITLE_ROW = 3
"""The row of 办法 with the title of its first list; the headings follow, then the lines."""


class Knot(NamedTuple):
    """A point of a trajectory: the share scheduled by the end of the plan's quarter of that number.

    `quarter` is None for the two that no scheme needs to list: nothing at the eve of the plan, all at its end.
    """

    quarter: Period | None
    number: int
    share: Fraction


@dataclass(frozen=True)
class SchemeRows:
    """The rows of the sheet 办法: one list below the other."""

    parameters: Block
    components: Block
    grades: Block
    items: Block
    """Without a meaning where the scheme has no targets."""
    steps: Mapping[str, Block]
    """By the code of an item whose measure follows a trajectory."""

    def cell(self, column: str, row: int) -> str:
        """Return a cell of the sheet as formulas name it."""
        return f"'{SCHEME}'!${column}${row}"

    def run(self, column: str, rows: Block) -> str:
        """Return a run of a column of the sheet as formulas name it."""
        return f"'{SCHEME}'!${column}${rows.first}:${column}${rows.last}"


@dataclass(frozen=True)
class Layout:
    """What stands where. The blocks are those of the districts, in the order of publication."""

    run: Run
    labels: Labels
    parameters: tuple[Parameter, ...]
    scheme: SchemeRows
    summary: Table
    conduct: Table
    totals: Block
    parts: tuple[Block, ...]
    lines: tuple[Block, ...]
    key_tasks: tuple[Block, ...]
    requests: tuple[Block, ...]
    conducts: tuple[Block, ...]

    def has(self, code: ComponentCode) -> bool:
        """Return whether the scheme has that component."""
        return any(part.code is code for part in self.run.scheme.components)

    def part(self, district: int, code: ComponentCode) -> int:
        """Return the row of a component in the sheet 组成部分."""
        codes = [part.code for part in self.run.scheme.components]
        return self.parts[district].first + codes.index(code)


def lay_out(run: Run, labels: Labels) -> Layout:
    """Return the layout of a run. Raises BadInput when a sheet would need more rows than a spreadsheet has."""
    districts, scheme = run.case.districts, run.scheme
    parameters = parameters_of(run, labels)
    layout = Layout(
        run=run,
        labels=labels,
        parameters=parameters,
        scheme=_scheme_rows(run, len(parameters)),
        summary=summary_table(scheme, vetoed=bool(run.vetoes)),
        conduct=conduct_table(scheme),
        totals=Block(FIRST, FIRST + len(districts) - 1),
        parts=blocks(len(scheme.components) for _ in districts),
        lines=blocks(len(scheme.items) for _ in districts),
        key_tasks=blocks(len(district.items_due) for district in districts),
        requests=blocks(len(district.requests) for district in districts),
        conducts=blocks(len(district.adjustments) for district in districts),
    )
    longest = max(rows[-1].last for rows in (layout.lines, layout.key_tasks, layout.requests, layout.conducts))
    if longest > LAST_ROW:
        raise BadInput(f"考核数据过多：工作簿需要 {longest} 行，而一张工作表最多 {LAST_ROW} 行，不能生成")
    return layout


def _scheme_rows(run: Run, parameters: int) -> SchemeRows:
    scheme = run.scheme
    stepped = [item for item in scheme.items if item.trajectory and has_schedule(item.measure)]
    knots = [len(knots_of(item, run.case.span)) for item in stepped]
    sizes = (parameters, len(scheme.components), len(scheme.grades), len(scheme.items), sum(knots))
    lists = tuple(_lists(size for size in sizes if size))
    parameter_rows, component_rows, grade_rows, *others = lists
    return SchemeRows(
        parameters=parameter_rows,
        components=component_rows,
        grades=grade_rows,
        items=others[0] if others else Block(0, 0),
        steps=dict(zip((item.code for item in stepped), blocks(knots, start=lists[-1].first), strict=True)),
    )


def _lists(sizes: Iterable[int]) -> Iterator[Block]:
    """Return the lines of lists one below the other, each under its title and headings, an empty row between."""
    title = _TITLE_ROW
    for size in sizes:
        lines = Block(title + 2, title + 1 + size)
        yield lines
        title = lines.last + 2


def knots_of(item: Item, span: Span) -> tuple[Knot, ...]:
    """Return the points between which the scheduled share of `item` runs straight."""
    listed = [Knot(when, span.elapsed(when), exact(share)) for when, share in item.trajectory]
    closing = [] if listed and listed[-1].number == span.quarters else [Knot(None, span.quarters, Fraction(1))]
    return (Knot(None, 0, Fraction(0)), *listed, *closing)
