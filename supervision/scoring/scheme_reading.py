"""Reading the scheme of an assessment, and every refusal of one that contradicts itself.

Defaults of what is absent are those of docs/scoring.md, Input.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from supervision.exact import exact, plain, total_of
from supervision.indicators import DEFAULT_TOLERANCE, Basis, Measure, MeasureType, PointRule
from supervision.periods import Period
from supervision.points import RATES, WITHOUT_EFFICACY
from supervision.scoring.case import Component, ComponentCode, Grade, Item, Scheme, Span
from supervision.scoring.entries import Entry, number_in, quarter_in, refusal, rows_in, shown, text_in

DEFAULT_RULE = PointRule.CAPPED
DEFAULT_CAP = Decimal(1)
DEFAULT_MIN_COVERAGE = Decimal("0.8")
DEFAULT_ADJUSTMENT_LIMIT = Decimal(5)
DEFAULT_YELLOW_FROM = Decimal("0.8")
DEFAULT_GRADES = (
    Grade(Decimal(90), "优秀"),
    Grade(Decimal(80), "良好"),
    Grade(Decimal(60), "合格"),
    Grade(Decimal(0), "不合格"),
)

_SCHEME_KEYS = frozenset(
    {"rule", "cap", "min_coverage", "adjustment_limit", "max_total", "lights", "components", "grades"}
)
_LIGHT_KEYS = frozenset({"yellow_from"})
_COMPONENT_KEYS = frozenset({"code", "weight", "items"})
_ITEM_KEYS = frozenset({"code", "weight", "measure_type", "rule", "strict", "basis", "trajectory", "tolerance"})


def read_scheme(case: Entry, key: str, span: Span) -> Scheme:
    """Return the scheme at `key`, checked against itself and, for trajectories, against the plan's span."""
    entry = case.child(key, _SCHEME_KEYS)
    rule = entry.term("rule", PointRule) or DEFAULT_RULE
    lights = entry.child("lights", _LIGHT_KEYS)
    return Scheme(
        rule=rule,
        cap=_above_zero(entry, "cap", DEFAULT_CAP),
        min_coverage=entry.number("min_coverage", DEFAULT_MIN_COVERAGE, most=1),
        adjustment_limit=entry.number("adjustment_limit", DEFAULT_ADJUSTMENT_LIMIT),
        max_total=None if entry.get("max_total") is None else _above_zero(entry, "max_total"),
        yellow_from=lights.number("yellow_from", DEFAULT_YELLOW_FROM, most=1),
        components=_components(entry, rule, span),
        grades=_grades(entry),
    )


def _above_zero(entry: Entry, key: str, default: Decimal | None = None) -> Decimal:
    """Return a number above 0; required when there is no default."""
    number = entry.optional(key, number_in) if default is not None else entry.required(key, number_in)
    if number is None:
        number = default or Decimal(0)
    if number <= 0:
        raise refusal(entry.at(key), f"应大于 0，现为 {shown(number)}")
    return number


def _components(scheme: Entry, rule: PointRule, span: Span) -> tuple[Component, ...]:
    parts = tuple(_component(row, place, rule, span) for row, place in scheme.rows("components"))
    if not parts:
        raise refusal(scheme.at("components"), "缺少，至少要有一个组成部分")
    _refuse_repetition((part.code for part in parts), scheme.at("components"))
    return parts


def _component(row: object, place: str, rule: PointRule, span: Span) -> Component:
    entry = Entry(row, place, _COMPONENT_KEYS)
    code = entry.term("code", ComponentCode)
    if code is None:
        raise refusal(entry.at("code"), "缺少，必须填写")
    weight = _above_zero(entry, "weight")
    items = tuple(_item(row, place, rule, span) for row, place in entry.rows("items"))
    if code is not ComponentCode.TARGETS:
        if items:
            raise refusal(entry.at("items"), "只有 targets 可以列出指标")
        return Component(code, weight)
    _refuse_repetition((item.code for item in items), entry.at("items"))
    listed = total_of(exact(item.weight) for item in items)
    if listed != exact(weight):
        total = plain(sum((item.weight for item in items), Decimal(0)))
        raise refusal(entry.at("items"), f"各指标权重之和为 {total}，应等于 targets 的权重 {plain(weight)}")
    return Component(code, weight, items)


def _refuse_repetition(codes: Iterable[str], place: str) -> None:
    seen: set[str] = set()
    for index, code in enumerate(codes):
        if code in seen:
            raise refusal(f"{place}[{index}].code", f"{shown(code)} 重复，每个代码只能出现一次")
        seen.add(code)


def _item(row: object, place: str, scheme_rule: PointRule, span: Span) -> Item:
    entry = Entry(row, place, _ITEM_KEYS)
    kind = entry.term("measure_type", MeasureType)
    if kind is None:
        raise refusal(entry.at("measure_type"), f"缺少，应为 {'、'.join(MeasureType)} 之一")
    measure = Measure(
        kind,
        basis=entry.term("basis", Basis) or Basis.LEVEL,
        strict=entry.flag("strict"),
        tolerance=entry.number("tolerance", DEFAULT_TOLERANCE),
    )
    item = Item(
        code=entry.required("code", text_in),
        weight=_above_zero(entry, "weight"),
        measure=measure,
        rule=entry.term("rule", PointRule),
        trajectory=_trajectory(entry, span),
    )
    _refuse_contradiction(item, item.rule or scheme_rule, entry)
    return item


def _refuse_contradiction(item: Item, rule: PointRule, entry: Entry) -> None:
    """Raise BadInput when the measure type, the options and the rule in force do not go together."""
    kind = item.measure.measure_type
    if item.measure.strict and kind is MeasureType.EXACT_RATE:
        raise refusal(entry.at("strict"), "exact_rate 不可能超过目标，不能设 strict")
    if item.measure.basis is Basis.GAIN and kind is not MeasureType.STOCK:
        raise refusal(entry.at("basis"), f"gain 只适用于 stock，不适用于 {kind}")
    if rule is PointRule.BEST_TAKES_FULL and kind not in RATES:
        raise refusal(entry.at("rule"), f"best_takes_full 只适用于 {'、'.join(sorted(RATES))}，不适用于 {kind}")
    if rule is PointRule.EFFICACY and kind in WITHOUT_EFFICACY:
        raise refusal(entry.at("rule"), f"efficacy 不适用于 {kind}")


def _trajectory(item: Entry, span: Span) -> tuple[tuple[Period, Decimal], ...]:
    """Return the scheduled shares listed; quarters rise inside the plan, shares never fall and stay in 0…1."""
    steps: list[tuple[Period, Decimal]] = []
    for row, place in item.rows("trajectory"):
        quarter, share = _pair(row, place, "[季度, 份额]")
        step = quarter_in(quarter, f"{place}[0]"), number_in(share, f"{place}[1]")
        if not span.covers(step[0]):
            raise refusal(f"{place}[0]", f"{step[0]} 不在行动计划 {span.start} 至 {span.end} 之内")
        if not 0 <= step[1] <= 1:
            raise refusal(f"{place}[1]", f"应在 0 与 1 之间，现为 {shown(step[1])}")
        if steps and step[0] <= steps[-1][0]:
            raise refusal(f"{place}[0]", "季度必须依次递增")
        if steps and step[1] < steps[-1][1]:
            raise refusal(f"{place}[1]", "份额不能比前一季度少")
        steps.append(step)
    return tuple(steps)


def _pair(row: object, place: str, form: str) -> tuple[object, object]:
    cells = rows_in(row, place)
    if len(cells) != 2:
        raise refusal(place, f"应为 {form} 两项，现有 {len(cells)} 项")
    return cells[0], cells[1]


def _grades(scheme: Entry) -> tuple[Grade, ...]:
    """Return the grades from the highest down; together they cover every total from 0 up."""
    if scheme.get("grades") is None:
        return DEFAULT_GRADES
    grades: list[Grade] = []
    for row, place in scheme.rows("grades"):
        at_least, name = _pair(row, place, "[起始分, 等次]")
        grade = Grade(number_in(at_least, f"{place}[0]"), text_in(name, f"{place}[1]"))
        if grades and grade.at_least >= grades[-1].at_least:
            raise refusal(f"{place}[0]", "等次须按起始分从高到低排列")
        grades.append(grade)
    if not grades or grades[-1].at_least != 0:
        raise refusal(scheme.at("grades"), "最低等次的起始分应为 0，使每个得分都有等次")
    return tuple(grades)
