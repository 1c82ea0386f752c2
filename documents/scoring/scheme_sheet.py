"""The sheet 办法: every parameter, weight and threshold of the scheme with its source, for formulas to refer to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from documents.scoring import words
from documents.scoring.book import Book, Sheet
from documents.scoring.cells import PLAIN, SIX, WHOLE, Cell, Look, computed, given, text
from documents.scoring.formulas import DECIMALS_OF_A_DIFFERENCE, has_schedule
from documents.scoring.layout import STEP, VALUE, Knot, Layout, knots_of
from documents.scoring.parameters import Parameter
from documents.scoring.table import Block, whole
from documents.scoring.tables import LINES, SCHEME
from documents.scoring.words import STATUSES
from supervision.indicators import LineStatus, MeasureType, PointRule
from supervision.scoring.case import ComponentCode, Item

_WIDTHS = (14, 28, 14, 12, 9, 12, 10, 15, 15, 8, 46, 24, 14)
_EMPTY = ""
_CHECK = 3
"""The column, counted from 0, in which the check of the weights stands."""


def write_scheme(book: Book, layout: Layout) -> None:
    """Write the sheet and give its values their names."""
    sheet = book.sheet(SCHEME, _WIDTHS)
    sheet.head(
        f"{book.title}——{SCHEME}", f"{layout.labels.scheme or '考核办法'}；蓝色单元格为办法参数，其他表的公式都引用这里"
    )
    sheet.worksheet.freeze_panes(2, 2)
    sheet.worksheet.repeat_rows(0, 1)
    _parameters(sheet, layout)
    _components(sheet, layout)
    _grades(sheet, layout)
    if layout.run.scheme.items:
        _items(sheet, layout)
        _trajectories(sheet, layout)


def _list(sheet: Sheet, rows: Block, title: str, headings: Sequence[str]) -> None:
    """Write the title and the headings above the lines of a list."""
    sheet.put(rows.first - 2, 0, text(title, Look.SECTION))
    sheet.line(rows.first - 1, [text(heading, Look.HEADING) for heading in headings])


def _parameters(sheet: Sheet, layout: Layout) -> None:
    rows = layout.scheme.parameters
    _list(sheet, rows, "一、考核期和计分参数", ("序号", "参数", "数值", "出处和说明"))
    for number, (row, parameter) in enumerate(zip(rows.rows, layout.parameters, strict=True), start=1):
        cells = [
            given(number, Look.TEXT),
            text(parameter.name),
            _value_of(parameter),
            text(parameter.source, Look.REMARK),
        ]
        sheet.line(row, cells)
        sheet.book.name(parameter.name, layout.scheme.cell(VALUE, row))


def _value_of(parameter: Parameter) -> Cell:
    value = parameter.value
    if isinstance(value, str):
        return text(value, Look.PARAMETER)
    if isinstance(value, date):
        return given(value, Look.PARAMETER, parameter.number)
    number = float(value)
    if parameter.formula is not None:
        return computed(parameter.formula, number, parameter.number)
    return Cell(number, Look.PARAMETER, parameter.number)


def _components(sheet: Sheet, layout: Layout) -> None:
    rows, sources = layout.scheme.components, layout.labels.component_sources
    _list(sheet, rows, "二、组成部分", ("代码", "组成部分", "权重", "出处"))
    for row, part in zip(rows.rows, layout.run.scheme.components, strict=True):
        source = text(sources.get(part.code, _EMPTY), Look.REMARK)
        cells = [text(part.code.value), text(words.COMPONENTS[part.code]), given(part.weight, Look.PARAMETER), source]
        sheet.line(row, cells)


def _grades(sheet: Sheet, layout: Layout) -> None:
    rows = layout.scheme.grades
    _list(sheet, rows, "三、等次", ("序号", "等次", "起始分", "说明"))
    for number, (row, grade) in enumerate(zip(rows.rows, layout.run.scheme.grades, strict=True), start=1):
        lowest = "数据不足、不参加排名的，一律为此等次" if row == rows.last else _EMPTY
        note = text(lowest, Look.REMARK)
        sheet.line(row, [given(number, Look.TEXT), text(grade.name), given(grade.at_least, Look.PARAMETER), note])
    sheet.book.name("等次名称", layout.scheme.run("B", rows))
    sheet.book.name("等次起始分", layout.scheme.run(VALUE, rows))


_ITEM_HEADINGS = (
    "代码", "指标名称", "权重", "序时进度", "容差（百分点）", "最优值", "计量单位", "指标类型", "计分规则",
    "须超过目标", "完成率和得分率的算法", "计划表述", "出处",
)  # fmt: skip


def _items(sheet: Sheet, layout: Layout) -> None:
    rows, scheme = layout.scheme.items, layout.run.scheme
    _list(sheet, rows, "四、指标", _ITEM_HEADINGS)
    sheet.put(rows.first - 2, _CHECK, _weights_check(layout))
    for row, item in zip(rows.rows, scheme.items, strict=True):
        _item(sheet, layout, row, item)


def _weights_check(layout: Layout) -> Cell:
    """Return the cell that says whether the weights of the indicators still sum to the component's."""
    rows, codes = layout.scheme, [part.code for part in layout.run.scheme.components]
    listed = rows.run(VALUE, rows.items)
    whole = rows.cell(VALUE, rows.components.first + codes.index(ComponentCode.TARGETS))
    right, wrong = "权重之和与目标任务的权重一致", "权重之和与目标任务的权重不一致，请核对"
    formula = f'IF(ROUND(SUM({listed})-{whole},{DECIMALS_OF_A_DIFFERENCE})=0,"{right}","{wrong}")'
    return computed(formula, right, look=Look.REMARK)


def _item(sheet: Sheet, layout: Layout, row: int, item: Item) -> None:
    label, rule, measure = layout.labels.indicator(item.code), layout.run.scheme.rule_of(item), item.measure
    relative = measure.measure_type is MeasureType.RELATIVE
    cells = [
        text(item.code),
        text(label.name),
        given(item.weight, Look.PARAMETER),
        _scheduled(layout, item),
        given(measure.tolerance, Look.PARAMETER) if relative else text(None, Look.UNUSED),
        _best(layout, row, item),
        text(label.unit_of_measure),
        text(words.kind_of(measure)),
        text(words.RULES[rule]),
        text(words.YES if measure.strict else words.NO),
        text(f"完成率＝{words.attainment_in_words(measure)}；{words.EARNED[rule]}"),
        text(label.wording),
        text(label.source),
    ]
    sheet.line(row, cells)


def _scheduled(layout: Layout, item: Item) -> Cell:
    """Return s: the quarters elapsed over those of the plan, or what the item's trajectory says."""
    if not has_schedule(item.measure):
        return text(None, Look.UNUSED)
    share = float(item.scheduled(layout.run.case.span, layout.run.case.quarter))
    steps = layout.scheme.steps.get(item.code)
    if steps is None:
        return computed("已过季度数/计划季度数", share, SIX)
    numbers, shares = layout.scheme.run(STEP, steps), layout.scheme.run(VALUE, steps)
    return computed(interpolated(numbers, shares, "已过季度数"), share, SIX)


def interpolated(numbers: str, values: str, at: str) -> str:
    """Return the value at `at`, straight between the knots whose numbers rise; `at` lies among them."""
    here = f"MATCH({at},{numbers},1)"
    after = f"MIN({here}+1,ROWS({numbers}))"
    rise = f"INDEX({values},{after})-INDEX({values},{here})"
    length = f"MAX(1,INDEX({numbers},{after})-INDEX({numbers},{here}))"
    return f"INDEX({values},{here})+({rise})*({at}-INDEX({numbers},{here}))/{length}"


def _best(layout: Layout, row: int, item: Item) -> Cell:
    """Return the highest value of all whose line counts, at least 0; only `best_takes_full` looks at it."""
    scheme = layout.run.scheme
    if scheme.rule_of(item) is not PointRule.BEST_TAKES_FULL:
        return text(None, Look.UNUSED)
    every = whole(layout.lines)
    code, status, value = (LINES.run(key, every) for key in ("indicator", "status", "value"))
    formula = f'SUMPRODUCT(MAX(EXACT({code},$A${row})*({status}="{STATUSES[LineStatus.OK]}")*{value}))'
    return computed(formula, _best_value(layout, item), PLAIN)


def _best_value(layout: Layout, item: Item) -> float:
    lines = (line for _, score in layout.run.districts for part in score.components for line in part.lines)
    return float(next(line.gauge.best for line in lines if line.code == item.code))


def _trajectories(sheet: Sheet, layout: Layout) -> None:
    """Write the knots of every trajectory; the two that no scheme needs to list are not to be filled in."""
    steps = layout.scheme.steps
    if not steps:
        return
    _list(sheet, whole(tuple(steps.values())), "五、进度安排", ("指标", "季度", "应完成份额", "计划第几季度"))
    for item in layout.run.scheme.items:
        if item.code not in steps:
            continue
        for row, knot in zip(steps[item.code].rows, knots_of(item, layout.run.case.span), strict=True):
            sheet.line(row, [text(item.code), *_knot(row, knot)])


def _knot(row: int, knot: Knot) -> tuple[Cell, Cell, Cell]:
    share = float(knot.share)
    if knot.quarter is not None:
        number = f"(VALUE(LEFT($B{row},4))-YEAR(计划起始日))*4+VALUE(RIGHT($B{row},1))-ROUNDUP(MONTH(计划起始日)/3,0)+1"
        cell = Cell(share, Look.PARAMETER)
        return text(str(knot.quarter), Look.PARAMETER), cell, computed(number, knot.number, WHOLE)
    if knot.number == 0:
        return text("计划开始之前"), Cell(0, Look.FORMULA), Cell(0, Look.FORMULA)
    return text("计划结束"), Cell(1, Look.FORMULA), computed("计划季度数", knot.number, WHOLE)
