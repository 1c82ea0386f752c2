"""What a form says while it is being filled in: the checks of the filing, as validation and as formulas in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from config.plan import FigureCheck, Form, Indicator, Plan
from documents.forms.columns import NOT_APPLICABLE, REPORTED, Column
from documents.forms.content import FormLine
from supervision.collection.checks import MAY_BE_NEGATIVE
from supervision.exact import plain
from supervision.indicators import PERCENT, RATIOS, WHOLE, MeasureType

LIMIT = Decimal(10) ** 14
"""Above it nobody has counted anything, and a spreadsheet begins to lose digits."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be typed into a value's cell. `stops`: anything else is refused, not only asked about."""

    whole_numbers: bool
    low: Decimal
    high: Decimal
    stops: bool
    in_words: str


def checks_of(plan: Plan, form: Form) -> Mapping[str, FigureCheck]:
    """Return the checks that the form is under, by code."""
    return {check.code: check for check in plan.reporting.checks if check.code in form.checks}


def bounds(checks: Mapping[str, FigureCheck], indicator: Indicator) -> Bounds:
    """Return what the form's checks let a figure of the indicator be."""
    in_force = []
    low, high = -LIMIT, LIMIT
    words = []
    if whole := "decimals" in checks and indicator.decimals == 0:
        in_force.append(checks["decimals"])
        words.append("只能是整数")
    elif "decimals" in checks:
        words.append(f"最多 {indicator.decimals} 位小数")
    if "not_negative" in checks and MeasureType(indicator.measure_type) not in MAY_BE_NEGATIVE:
        in_force.append(checks["not_negative"])
        low = Decimal(0)
        words.append("不得为负")
    if "ratio_range" in checks and is_ratio(indicator):
        in_force.append(checks["ratio_range"])
        low, high = Decimal(0), WHOLE
        words.append("在 0 至 100 之间，5% 填 5")
    stops = all(check.action == "refuse" for check in in_force)
    return Bounds(whole, low, high, stops, "，".join([f"单位：{indicator.unit_of_measure}", *words]))


def is_ratio(indicator: Indicator) -> bool:
    """Return whether the figure is a part of a whole, in percent."""
    return MeasureType(indicator.measure_type) in RATIOS and indicator.unit_of_measure == PERCENT


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: the cells of its columns by name, and the value's cell of the set it is a part of."""

    cells: Mapping[Column, str]
    whole: str | None


def formula(checks: Mapping[str, FigureCheck], indicator: Indicator, line: FormLine, place: Place) -> str:
    """Return the formula of the line's check: the first thing that is wrong, in words; else nothing."""
    value, state = place.cells[Column.VALUE], place.cells[Column.STATE]
    steps = [
        (f'AND({state}="{NOT_APPLICABLE}",{value}<>"")', f"状态为{NOT_APPLICABLE}，本期值应留空"),
        (f'AND({state}="{REPORTED}",{value}="")', "尚未填数：没有发生填 0，尚无数据请清空状态"),
        (f'{value}=""', ""),
        (f"NOT(ISNUMBER({value}))", "不是数，请只填阿拉伯数字"),
    ]
    for check in checks.values():
        for condition, problem in _HITS.get(check.code, _nothing)(check, indicator, line, place):
            if check.action == "refuse":
                steps.append((condition, f"{problem}，请改正"))
            else:
                steps.append((_unexplained(condition, place), f"{problem}，属实的请在说明中写明原因"))
    if is_ratio(indicator):
        doubtful = _unexplained(f"AND({value}>0,{value}<1)", place)
        steps.append((doubtful, "不足 1%，请核对是否把百分数填成了小数（5% 填 5）"))
    found = '""'
    for condition, problem in reversed(steps):
        found = f'IF({condition},"{problem}",{found})'
    return f"={found}"


def _unexplained(condition: str, place: Place) -> str:
    return f'AND({condition},{place.cells[Column.NOTE]}="")'


Hits = Iterator[tuple[str, str]]


def _decimals(_: FigureCheck, indicator: Indicator, line: FormLine, place: Place) -> Hits:
    value = place.cells[Column.VALUE]
    words = f"最多 {indicator.decimals} 位小数" if indicator.decimals else "只能是整数"
    yield f"ROUND({value},{indicator.decimals})<>{value}", words


def _ratio_range(_: FigureCheck, indicator: Indicator, line: FormLine, place: Place) -> Hits:
    value = place.cells[Column.VALUE]
    if is_ratio(indicator):
        yield f"OR({value}<0,{value}>{WHOLE})", f"超出 0 至 {WHOLE} 的范围"


def _not_negative(_: FigureCheck, indicator: Indicator, line: FormLine, place: Place) -> Hits:
    if MeasureType(indicator.measure_type) not in MAY_BE_NEGATIVE:
        yield f"{place.cells[Column.VALUE]}<0", "为负数"


def _subset(_: FigureCheck, indicator: Indicator, line: FormLine, place: Place) -> Hits:
    value = place.cells[Column.VALUE]
    if place.whole is not None:
        yield f"AND(ISNUMBER({place.whole}),{value}>{place.whole})", f"大于其所属的 {indicator.subset_of}"
    elif line.whole is not None:
        condition = _unexplained(f"{value}>{plain(line.whole)}", place)
        yield condition, f"大于其所属的 {indicator.subset_of}（{plain(line.whole)}），确认无误的请写说明"


def _never_falls(_: FigureCheck, indicator: Indicator, line: FormLine, place: Place) -> Hits:
    if indicator.cumulative_never_falls and line.previous is not None:
        cells = place.cells
        condition = f"{cells[Column.VALUE]}<{cells[Column.PREVIOUS]}"
        yield condition, f"小于 {line.previous_period} 的累计数"


def _jump(check: FigureCheck, indicator: Indicator, line: FormLine, place: Place) -> Hits:
    if line.previous is not None and line.previous > 0:
        times, cells = plain(check.threshold or Decimal(0)), place.cells
        condition = f"{cells[Column.VALUE]}>{times}*{cells[Column.PREVIOUS]}"
        yield condition, f"超过 {line.previous_period} 的 {times} 倍"


def _nothing(_: FigureCheck, indicator: Indicator, line: FormLine, place: Place) -> Hits:
    return iter(())


_HITS: Mapping[str, Callable[[FigureCheck, Indicator, FormLine, Place], Hits]] = {
    "decimals": _decimals,
    "ratio_range": _ratio_range,
    "not_negative": _not_negative,
    "subset": _subset,
    "never_falls": _never_falls,
    "jump": _jump,
}
"""By check. The agreement with the districts' sum looks at other forms and is left to the filing."""
