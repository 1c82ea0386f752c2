"""Sharing one indicator's target out among the districts by a base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from config.errors import BadInput, PlanError, Refused
from config.plan import Base, Indicator, Plan
from supervision.apportion.remainder import largest_remainder
from supervision.exact import plain
from supervision.indicators import MeasureType

ADDITIVE_TYPES = frozenset({MeasureType.CUMULATIVE, MeasureType.STOCK, MeasureType.ANNUAL_STOCK})
"""The types whose districts add up to the city; shares, rates and ratings do not."""

ByDistrict = Mapping[str, Decimal]
"""A number for each district, by its code."""


def adds_up(indicator: Indicator) -> bool:
    """Return whether the districts of the indicator sum to the city."""
    return indicator.additive and MeasureType(indicator.measure_type) in ADDITIVE_TYPES


def is_split(indicator: Indicator) -> bool:
    """Return whether the districts' targets are shares of the city's, so that their sum must reach it."""
    return indicator.apportion is not None and indicator.apportion.method == "split"


def quantum_of(indicator: Indicator) -> Decimal:
    """Return the smallest step of a figure of the indicator, in its unit of measure."""
    return Decimal(1).scaleb(-indicator.decimals)


def base_of(plan: Plan, code: str | None, indicator: Indicator) -> Base:
    """Return the base of that code. Raises PlanError, naming the indicator, when the plan has none."""
    for base in plan.assessment.bases:
        if base.code == code:
            return base
    raise PlanError(f"指标 {indicator.code} 的分解基数“{code}”不在 assessment.yaml 的 bases 里，请补上")


def shares_of(plan: Plan, base: Base) -> ByDistrict:
    """Return what each district has of the base. Raises PlanError when one is left out."""
    shares = {plan.unit(share.district).code: share.value for share in base.shares}
    absent = "、".join(district.name for district in plan.districts if district.code not in shares)
    if absent:
        raise PlanError(f"分解基数“{base.code}”缺少：{absent}，请补齐")
    return shares


def split(plan: Plan, indicator: Indicator, base: Base, *, fixed: ByDistrict, caps: ByDistrict) -> ByDistrict:
    """Return the city's target shared out by `base`; who is in `fixed` has that much, and nobody passes their cap.

    Raises PlanError for an indicator that does not add up, Refused when `fixed` alone passes the city's target
    while others wait, leaves a gap when nobody does, or when the caps cannot hold the rest.
    """
    if indicator.target is None or not adds_up(indicator):
        raise PlanError(f"指标 {indicator.code}（{indicator.measure_type}）各区县之和不等于全市，不能按基数分解")
    waiting = [district.code for district in plan.districts if district.code not in fixed]
    if not waiting:
        refuse_shortfall(indicator, fixed.values())
        return fixed
    rest = indicator.target - sum(fixed.values())
    if rest < 0:
        raise Refused(
            f"指标 {indicator.code} 手工指定的目标合计已超出全市目标 {plain(indicator.target)}，请调低或全部指定"
        )
    shares = shares_of(plan, base)
    most = [caps.get(code, rest) for code in waiting]
    try:
        parts = largest_remainder(rest, [shares[code] for code in waiting], quantum=quantum_of(indicator), caps=most)
    except (Refused, BadInput) as error:
        raise type(error)(f"指标 {indicator.code} 不能分解：{error}") from None
    return {**fixed, **dict(zip(waiting, parts, strict=True))}


def refuse_shortfall(indicator: Indicator, targets: Iterable[Decimal]) -> None:
    """Raise Refused when the districts' `targets` sum to less than the city's target."""
    total = sum(targets, Decimal(0))
    if indicator.target is not None and total < indicator.target:
        raise Refused(
            f"指标 {indicator.code} 各区县目标合计 {plain(total)} 少于全市目标 {plain(indicator.target)}"
            f"（差 {plain(indicator.target - total)}），请补足"
        )


def split_source(indicator: Indicator, base: Base) -> str:
    """Return how a target that was split came about: the clause, and the base with its label."""
    return f"{clause_of(indicator)}：按{base.title}（{base.label}）用最大余数法分解"


def clause_of(indicator: Indicator) -> str:
    """Return the clause by which the target is passed on to the districts."""
    return indicator.apportion.source if indicator.apportion else indicator.source
