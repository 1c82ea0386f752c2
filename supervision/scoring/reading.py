"""Reading a case from JSON. What cannot be meant is refused in one line that names the place."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation

from config.errors import BadInput
from supervision.indicators import Basis, Figure, MeasureType, PointRule
from supervision.scoring.case import (
    Adjustment,
    Case,
    District,
    DueItem,
    Item,
    Request,
    Scheme,
    Span,
    Supervision,
)
from supervision.scoring.entries import Entry, day_in, number_in, quarter_in, refusal, shown, text_in
from supervision.scoring.scheme_reading import read_scheme

_CASE_KEYS = frozenset({"plan", "quarter", "as_of", "scheme", "districts"})
_PLAN_KEYS = frozenset({"start", "end"})
_DISTRICT_KEYS = frozenset({"code", "name", "group", "figures", "items_due", "requests", "supervision", "adjustments"})
_FIGURE_NUMBERS = frozenset({"target", "value", "baseline", "reference", "rating", "good", "bad"})
_FIGURE_KEYS = _FIGURE_NUMBERS | {"reported_by_other", "not_applicable"}
_DUE_KEYS = frozenset({"due", "completed"})
_REQUEST_KEYS = frozenset({"late", "returned", "missing"})
_SUPERVISION_KEYS = frozenset({"supervision_notices", "circulars"})
_ADJUSTMENT_KEYS = frozenset({"points", "reason"})

RATINGS = (Decimal(0), Decimal("0.5"), Decimal(1))
"""What the office may give under a rubric."""


def loads_case(text: str) -> Case:
    """Return the case written as JSON in `text`; decimals are read exactly as they are written.

    Raises BadInput for broken JSON, NaN and Infinity, a key that stands twice in one object, and for
    everything that `read_case` refuses.
    """
    try:
        data = json.loads(
            text.removeprefix("\ufeff"),  # Windows editors put a byte order mark before the text
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise BadInput(f"不是有效的 JSON：第 {error.lineno} 行第 {error.colno} 列附近（{error.msg}）") from error
    except RecursionError as error:
        raise BadInput("不是有效的输入：JSON 嵌套过深") from error
    except InvalidOperation as error:
        raise BadInput("JSON 中有无法表示的数字，请检查指数") from error
    except BadInput:
        raise
    except ValueError as error:  # Python's own limit on the digits of an integer
        raise BadInput("JSON 中有位数过多的整数") from error
    return read_case(data)


def _refuse_constant(name: str) -> object:
    raise BadInput(f"JSON 中不能使用 {name}，数字必须有限")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadInput(f"JSON 的同一对象中 {shown(twice)} 出现两次，请删去一处")
    return found


def read_case(data: object) -> Case:
    """Return the case in parsed JSON: dicts, lists, text, integers and Decimals.

    Raises BadInput, naming the place, for what contradicts itself and for what cannot be meant.
    """
    entry = Entry(data, "", _CASE_KEYS)
    span = _span(entry.child("plan", _PLAN_KEYS))
    quarter = entry.required("quarter", quarter_in)
    if not span.covers(quarter):
        raise refusal("quarter", f"{quarter} 不在行动计划 {span.start} 至 {span.end} 之内")
    as_of = entry.required("as_of", day_in)
    scheme = read_scheme(entry, "scheme", span)
    districts = tuple(_district(row, place, scheme) for row, place in entry.rows("districts"))
    if not districts:
        raise refusal("districts", "缺少，至少要有一个考核对象")
    seen: set[str] = set()
    for index, district in enumerate(districts):
        if district.code in seen:
            raise refusal(f"districts[{index}].code", f"{shown(district.code)} 重复，每个代码只能出现一次")
        seen.add(district.code)
    return Case(span, quarter, as_of, scheme, districts)


def _span(plan: Entry) -> Span:
    span = Span(plan.required("start", day_in), plan.required("end", day_in))
    if span.end < span.start:
        raise refusal("plan.end", f"{span.end} 早于起始日期 {span.start}")
    return span


def _district(row: object, place: str, scheme: Scheme) -> District:
    entry = Entry(row, place, _DISTRICT_KEYS)
    conduct = entry.child("supervision", _SUPERVISION_KEYS)
    return District(
        code=entry.required("code", text_in),
        name=entry.required("name", text_in),
        group=entry.optional("group", text_in),
        figures=_figures(entry, scheme),
        items_due=tuple(_due_item(row, place) for row, place in entry.rows("items_due")),
        requests=tuple(_request(row, place) for row, place in entry.rows("requests")),
        supervision=Supervision(conduct.count("supervision_notices"), conduct.count("circulars")),
        adjustments=tuple(_adjustment(row, place) for row, place in entry.rows("adjustments")),
    )


def _due_item(row: object, place: str) -> DueItem:
    entry = Entry(row, place, _DUE_KEYS)
    return DueItem(entry.required("due", day_in), entry.optional("completed", day_in))


def _request(row: object, place: str) -> Request:
    entry = Entry(row, place, _REQUEST_KEYS)
    return Request(entry.flag("late"), entry.count("returned"), entry.flag("missing"))


def _adjustment(row: object, place: str) -> Adjustment:
    entry = Entry(row, place, _ADJUSTMENT_KEYS)
    return Adjustment(entry.required("points", number_in), entry.optional("reason", text_in))


def _figures(district: Entry, scheme: Scheme) -> tuple[Figure, ...]:
    items = scheme.items
    known = frozenset(item.code for item in items)
    entries = district.child("figures", known)
    return tuple(_figure(entries.get(item.code), entries.at(item.code), item, scheme) for item in items)


def _figure(data: object, place: str, item: Item, scheme: Scheme) -> Figure:
    if data is None:
        raise refusal(place, '缺少该指标的条目；未报请写 {}，不适用请写 {"not_applicable": true}')
    entry = Entry(data, place, _FIGURE_KEYS)
    figure = Figure(
        **entry.numbers(_FIGURE_NUMBERS),
        reported_by_other=entry.flag("reported_by_other"),
        not_applicable=entry.flag("not_applicable"),
    )
    _refuse_impossible(figure, item, entry)
    if scheme.rule_of(item) is PointRule.EFFICACY:
        _refuse_without_bounds(figure, entry)
    return figure


def _refuse_impossible(figure: Figure, item: Item, entry: Entry) -> None:
    """Raise BadInput for a figure that its measure cannot be applied to."""
    kind, target = item.measure.measure_type, figure.target
    if target is not None and target <= 0:
        if kind is MeasureType.AVERAGE_GROWTH:
            raise refusal(entry.at("target"), f"average_growth 的目标值应大于 0，现为 {shown(target)}")
        if target < 0:
            raise refusal(entry.at("target"), f"目标值不能为负，现为 {shown(target)}")
    if item.measure.basis is Basis.GAIN:
        if figure.baseline is None and not figure.not_applicable:
            raise refusal(entry.at("baseline"), "basis 为 gain 时必须给出基期值")
    elif kind is MeasureType.STOCK and figure.baseline is not None and figure.baseline < 0:
        raise refusal(entry.at("baseline"), f"存量的基期值不能为负，现为 {shown(figure.baseline)}")
    if kind is MeasureType.RUBRIC:
        _refuse_rating(figure, entry)
    elif figure.rating is not None and figure.value is None:
        raise refusal(entry.at("rating"), f"{kind} 按数值计分，请填 value")


def _refuse_rating(figure: Figure, entry: Entry) -> None:
    if figure.rating is None:
        if figure.value is not None:
            raise refusal(entry.at("value"), "rubric 按评定计分，请填 rating")
    elif figure.rating not in RATINGS:
        raise refusal(entry.at("rating"), f"应为 0、0.5 或 1，现为 {shown(figure.rating)}")


def _refuse_without_bounds(figure: Figure, entry: Entry) -> None:
    for key, bound in (("good", figure.good), ("bad", figure.bad)):
        if bound is None and not figure.not_applicable:
            raise refusal(entry.at(key), "按 efficacy 计分时必须给出")
    if figure.good is not None and figure.good == figure.bad:
        raise refusal(entry.at("good"), "good 与 bad 相等，无法按 efficacy 计分")
