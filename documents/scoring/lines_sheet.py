"""The sheet 指标得分: one line for each indicator of each district, from the figure to the points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from documents.scoring import words
from documents.scoring.book import Book
from documents.scoring.cells import PLAIN, SIX, Cell, Look, computed, given, text
from documents.scoring.conditions import colour_lights, guard_lines
from documents.scoring.formulas import DECIMALS_OF_A_DIFFERENCE, LineFormulas, has_schedule, line_formulas
from documents.scoring.layout import BEST, SCHEDULED, TOLERANCE, VALUE, Layout
from documents.scoring.run import printed
from documents.scoring.table import whole
from documents.scoring.tables import LINES, PARTS
from supervision.indicators import Figure, MeasureType
from supervision.scoring.case import ComponentCode, Item
from supervision.scoring.result import Line

_REMARK = "黄色单元格为填报数据，可以改动试算；白色为公式。填报值留空即为未报，填 0 为报了零"
_NUMBERS = ("target", "baseline", "reference", "value", "good", "bad")
_AS_TEXT = frozenset({"status", "light"})


@dataclass(frozen=True)
class _Kind:
    """What the lines of one indicator have in common."""

    item: Item
    decimals: int
    formulas: LineFormulas
    elsewhere: Mapping[str, str]
    """Cells of the sheet 办法 that its formulas look at."""
    same: Mapping[str, Cell]


def write_lines(book: Book, layout: Layout) -> None:
    """Write the sheet; the scheme has targets."""
    sheet = book.table(LINES, _REMARK, frozen="title")
    kinds = [_kind(layout, index, item) for index, item in enumerate(layout.run.scheme.items)]
    for index, (_, score) in enumerate(layout.run.districts):
        row = layout.part(index, ComponentCode.TARGETS)
        part = {"weight_of_targets": PARTS.cell("weight", row), "weight_applying": PARTS.cell("amount", row)}
        who = {"code": text(score.code), "name": text(score.name)}
        targets = next(part for part in score.components if part.code is ComponentCode.TARGETS)
        for row, kind, line in zip(layout.lines[index].rows, kinds, targets.lines, strict=True):
            names = LINES.cells(row) | dict(kind.elsewhere) | part
            sheet.row(LINES, row, {**who, **kind.same, **_given(kind, line.figure), **_computed(kind, line, names)})
    every = whole(layout.lines)
    sheet.filters(LINES, every)
    sheet.two_pages_wide(LINES, second="scheduled", repeated="title")
    guard_lines(sheet, every)
    colour_lights(sheet, LINES, every)


def _kind(layout: Layout, index: int, item: Item) -> _Kind:
    rule, row = layout.run.scheme.rule_of(item), layout.scheme.items.first + index
    label = layout.labels.indicator(item.code)
    columns = {"weight_of_item": VALUE, "scheduled_share": SCHEDULED, "tolerance": TOLERANCE, "best": BEST}
    return _Kind(
        item=item,
        decimals=label.decimals,
        formulas=line_formulas(item.measure, rule),
        elsewhere={key: layout.scheme.cell(column, row) for key, column in columns.items()},
        same={
            "indicator": text(item.code),
            "title": text(label.name),
            "unit": text(label.unit_of_measure),
            "kind": text(words.kind_of(item.measure)),
            "rule": text(words.RULES[rule]),
            "wording": text(label.wording),
            "clause": text(label.source),
        },
    )


def _given(kind: _Kind, figure: Figure) -> dict[str, Cell]:
    """Return what was filed, and grey cells where this kind of line looks at nothing."""
    rubric = kind.item.measure.measure_type is MeasureType.RUBRIC
    places = max(kind.decimals, _decimals(figure))
    number = PLAIN if rubric else "#,##0." + "0" * places if places else "#,##0"
    cells = {key: text(None, Look.UNUSED) for key in _NUMBERS}
    for key in kind.formulas.inputs & set(_NUMBERS):
        value = figure.rating if key == "value" and rubric else getattr(figure, key)
        cells[key] = given(value, number=number)
    flags = {"by_other": figure.reported_by_other, "not_applicable": figure.not_applicable}
    return cells | {key: text(words.YES if flag else None, Look.INPUT) for key, flag in flags.items()}


def _decimals(figure: Figure) -> int:
    """Return the most decimals that a number of the figure has."""
    numbers = (figure.target, figure.value, figure.baseline, figure.reference, figure.good, figure.bad)
    return max((_places(number) for number in numbers if number is not None), default=0)


def _places(number: Decimal) -> int:
    return max(0, -int(number.normalize().as_tuple().exponent))


def _computed(kind: _Kind, line: Line, names: dict[str, str]) -> dict[str, Cell]:
    """Return the formulas of a line, each with what the stored run found."""
    names["places"] = str(max(DECIMALS_OF_A_DIFFERENCE, _decimals(line.figure)))
    found = _found(line)
    cells = {
        key: computed(template.format_map(names), found[key], PLAIN if key in _AS_TEXT else SIX)
        for key, template in kind.formulas.by_column.items()
    }
    if has_schedule(kind.item.measure):
        cells["scheduled"] = computed(kind.elsewhere["scheduled_share"], float(line.gauge.scheduled), SIX)
    else:
        cells["scheduled"] = text(None, Look.UNUSED)
    return cells


def _found(line: Line) -> dict[str, str | float | None]:
    """Return by column what the stored run found, numbers as it prints them."""
    reading = line.reading
    numbers = {
        "expected": reading.expected,
        "attainment": reading.attainment,
        "weight": line.weight,
        "points": line.points,
    }
    return {
        **{key: None if number is None else printed(number) for key, number in numbers.items()},
        "status": words.STATUSES[reading.status],
        "share": None if line.share is None else float(line.share),
        "nominal": float(line.gauge.item.weight),
        "light": None if line.light is None else words.LIGHTS[line.light],
    }
