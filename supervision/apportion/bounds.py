"""Which numbers a district can be given as a target or baseline, and which targets can be split at all."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from config.errors import BadInput, Refused
from config.plan import Indicator, Plan
from supervision.apportion.remainder import in_quanta
from supervision.apportion.splitting import adds_up, is_split, quantum_of
from supervision.exact import plain
from supervision.indicators import PERCENT, RATIOS, WHOLE, MeasureType

_WHY_NOT: Mapping[MeasureType, str] = {
    MeasureType.AVERAGE_GROWTH: "增速",
    MeasureType.FLOOR_RATIO: "比率",
    MeasureType.CEILING_RATIO: "比率",
    MeasureType.EXACT_RATE: "比率",
    MeasureType.RELATIVE: "与参照值比较的指标",
    MeasureType.DIRECTION: "只看增减的指标",
    MeasureType.RUBRIC: "评定类指标",
}
"""What a type is called that does not add up."""


def refuse_unsplittable(indicator: Indicator) -> None:
    """Raise Refused, with the reason, for an indicator whose target cannot be split among the districts."""
    named = f"指标 {indicator.code}（{indicator.name}）"
    if not adds_up(indicator):
        what = _WHY_NOT.get(MeasureType(indicator.measure_type), "不可加总的指标")
        raise Refused(
            f"{named}是{what}，各区、县（市）之和不等于全市，不能按基数分解；"
            "各地目标与全市相同，个别调整请用 duban target set"
        )
    _refuse_not_passed_on(indicator)
    if indicator.apportion is not None and indicator.apportion.method != "split":
        raise Refused(f"{named}按计划各地目标与全市相同，不分解；要分解请先改 indicators.yaml 的 apportion")


def _refuse_not_passed_on(indicator: Indicator) -> None:
    if indicator.apportion is None:
        why = f"（{indicator.note}）" if indicator.note else ""
        raise Refused(f"指标 {indicator.code}（{indicator.name}）不分解到区、县（市）{why}")


def refuse_impossible(plan: Plan, indicator: Indicator, district: str, target: Decimal) -> None:
    """Raise BadInput when `target` cannot be that district's (a code); Refused when it has none of the indicator."""
    _refuse_not_passed_on(indicator)
    place = _place(plan, indicator, district)
    if indicator.target is None:
        raise Refused(f"指标 {indicator.code}（{indicator.name}）没有目标值，只与参照值比较，不能定数")
    _check_number(place, indicator, target)
    if is_split(indicator) and target > indicator.target:
        raise BadInput(f"{place}：{plain(target)} 一地就超过全市目标 {plain(indicator.target)}，请核对计量单位")
    kind = MeasureType(indicator.measure_type)
    if kind in RATIOS and indicator.unit_of_measure == PERCENT and target > WHOLE:
        raise BadInput(f"{place}：{plain(target)}% 超过 100%，请核对")
    if kind is MeasureType.AVERAGE_GROWTH and target <= 0:
        raise BadInput(f"{place}：年均增长的目标必须大于 0，否则无法计算完成率")


def refuse_impossible_baseline(plan: Plan, indicator: Indicator, district: str, baseline: Decimal) -> None:
    """Raise BadInput when `baseline` cannot be that district's (a code): only a stock is measured from one."""
    _refuse_not_passed_on(indicator)
    place = _place(plan, indicator, district)
    if MeasureType(indicator.measure_type) is not MeasureType.STOCK:
        raise BadInput(f"{place}：只有存量指标（stock）从基期值算起，{indicator.code} 不用基期值")
    _check_number(place, indicator, baseline)


def _place(plan: Plan, indicator: Indicator, district: str) -> str:
    unit = plan.unit(district)
    if unit.kind != "district":
        raise BadInput(f"{unit.name} {indicator.code}：目标只分解到区、县（市），{unit.name}不是")
    return f"{unit.name} {indicator.code}"


def _check_number(place: str, indicator: Indicator, number: Decimal) -> None:
    if number < 0:
        raise BadInput(f"{place}：{plain(number)} 不得为负")
    try:
        in_quanta(number, quantum_of(indicator))
    except BadInput as error:
        raise BadInput(f"{place}：{error}") from None
