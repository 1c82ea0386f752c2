"""Apportioning the city's targets to its districts, so that the sum is exact and a part never exceeds its whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from config.errors import BadInput, PlanError, Refused
from config.plan import Base, Indicator, Plan
from supervision.exact import exact, plain
from supervision.indicators import MeasureType

ADDITIVE_TYPES = frozenset({MeasureType.CUMULATIVE, MeasureType.STOCK, MeasureType.ANNUAL_STOCK})
"""The types whose districts add up to the city; shares, rates and ratings do not."""


@dataclass(frozen=True, slots=True)
class Override:
    """A district's target set by hand, in the indicator's unit of measure, and why. `district`: code or name."""

    indicator: str
    district: str
    target: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class DistrictTargetLine:
    """One district's target. `indicator` and `district` are codes; `source` says how the number came about.

    `baseline` is split like the target where the city's is established, else None.
    """

    indicator: str
    district: str
    target: Decimal
    baseline: Decimal | None
    source: str


def largest_remainder(
    total: Decimal, weights: Sequence[Decimal], *, quantum: Decimal, caps: Sequence[Decimal] | None = None
) -> tuple[Decimal, ...]:
    """Return `total` shared out by `weights` in whole multiples of `quantum`, summing to exactly `total`.

    Everybody gets the whole quanta of their quota; what is left goes one by one to the largest remainders, the
    earlier in order first when they are equal. With `caps` nobody gets more than theirs; the excess is shared out
    among the others in the same way.
    Raises BadInput for a negative total or weight, weights that are all zero, or a total that `quantum` does not
    divide; Refused when the caps do not hold the total.
    """
    units = _units(total, quantum)
    shares = [exact(weight) for weight in weights]
    if units < 0 or any(share < 0 for share in shares) or not any(shares):
        raise BadInput("分解的总数和基数不得为负，基数不得全为零")
    most = [units] * len(shares) if caps is None else [int(exact(cap) // exact(quantum)) for cap in caps]
    return tuple(Decimal(part) * quantum for part in _capped(units, shares, most))


def _units(amount: Decimal, quantum: Decimal) -> int:
    parts = exact(amount) / exact(quantum)
    if parts.denominator != 1:
        raise BadInput(f"{plain(amount)} 不是最小计数 {plain(quantum)} 的整数倍，请核对小数位数")
    return parts.numerator


def _capped(units: int, shares: Sequence[Fraction], caps: Sequence[int]) -> list[int]:
    """Share out, fix whoever would exceed their cap at it, and share the rest out among the others, until it fits."""
    given = [0] * len(shares)
    open_to = [place for place, share in enumerate(shares) if share]
    while units:
        if not open_to:
            raise Refused(f"上限之和不足，还有 {units} 个计数单位分不出去")
        parts = dict(zip(open_to, _by_remainder(units, [shares[place] for place in open_to]), strict=True))
        full = {place: caps[place] for place, part in parts.items() if part > caps[place]}
        for place, part in (full or parts).items():
            given[place] = part
        units -= sum((full or parts).values())
        open_to = [place for place in open_to if place not in full]
    return given


def _by_remainder(units: int, shares: Sequence[Fraction]) -> list[int]:
    whole = sum(shares)
    quotas = [units * share / whole for share in shares]
    parts = [int(quota) for quota in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda place: parts[place] - quotas[place])
    for place in by_remainder[: units - sum(parts)]:
        parts[place] += 1
    return parts


def district_targets(plan: Plan, *, overrides: Sequence[Override] = ()) -> list[DistrictTargetLine]:
    """Return every district's target of every indicator that the plan apportions, in the plan's and official order.

    `split` shares the city's target out by its base, after the overrides; `same` gives each district the city's.
    A subset's target never exceeds its set's in any district. Raises PlanError for a plan that cannot be split,
    BadInput for an override that names nothing, has no reason or is no possible number, Refused when overrides
    leave the districts short of the city's target, or exceed it while others still wait for their share.
    Source: domain §7, largest-remainder method, ties by official order.
    """
    given = _by_place(plan, overrides)
    found: dict[str, Mapping[str, Decimal]] = {}
    for indicator in _sets_first(plan):
        found[indicator.code] = _targets(plan, indicator, given.get(indicator.code, {}), found)
    return [
        DistrictTargetLine(
            indicator=indicator.code,
            district=district.code,
            target=found[indicator.code][district.code],
            baseline=baselines.get(district.code),
            source=_source(plan, indicator, given.get(indicator.code, {}).get(district.code)),
        )
        for indicator in plan.indicators
        if indicator.code in found
        for baselines in (_baselines(plan, indicator),)
        for district in plan.districts
    ]


def _by_place(plan: Plan, overrides: Iterable[Override]) -> Mapping[str, Mapping[str, Override]]:
    codes = {district.code for district in plan.districts}
    found: dict[str, dict[str, Override]] = {}
    for override in overrides:
        indicator, district = plan.indicator(override.indicator), plan.unit(override.district)
        place = f"{district.name} {indicator.code}"
        if indicator.apportion is None or district.code not in codes:
            raise BadInput(f"{place}：该指标不分解到这个单位，不能指定目标")
        if not override.reason.strip():
            raise BadInput(f"{place}：手工指定目标必须写明理由")
        if override.target < 0:
            raise BadInput(f"{place}：目标 {plain(override.target)} 不得为负")
        _units(override.target, _quantum(indicator))
        if district.code in found.setdefault(indicator.code, {}):
            raise BadInput(f"{place}：重复指定目标，请只留一个")
        found[indicator.code][district.code] = override
    return found


def _sets_first(plan: Plan) -> list[Indicator]:
    """Return the indicators to be apportioned, each after the set it belongs to."""
    ordered: dict[str, Indicator] = {}

    def place(indicator: Indicator, below: frozenset[str]) -> None:
        if indicator.code in below:
            raise PlanError(f"指标 {indicator.code} 的 subset_of 互相包含，请改正")
        if indicator.subset_of is not None:
            place(plan.indicator(indicator.subset_of), below | {indicator.code})
        ordered.setdefault(indicator.code, indicator)

    for indicator in plan.indicators:
        place(indicator, frozenset())
    return [indicator for indicator in ordered.values() if indicator.apportion is not None]


def _targets(
    plan: Plan, indicator: Indicator, given: Mapping[str, Override], found: Mapping[str, Mapping[str, Decimal]]
) -> Mapping[str, Decimal]:
    """Return the targets by district's code, within the targets of the set."""
    whole = found.get(indicator.subset_of or "", {})
    for code, override in given.items():
        if code in whole and override.target > whole[code]:
            raise Refused(f"{plan.unit(code).name} {indicator.code} 的目标 {plain(override.target)} 超过其所属的"
                          f" {indicator.subset_of}（{plain(whole[code])}），请调整")  # fmt: skip
    if indicator.target is None or indicator.apportion is None:
        raise PlanError(f"指标 {indicator.code} 没有目标值，不能分解")
    fixed = {code: override.target for code, override in given.items()}
    if indicator.apportion.method == "split":
        return _split(plan, indicator, indicator.target, fixed, whole)
    same = {district.code: fixed.get(district.code, indicator.target) for district in plan.districts}
    if any(code in whole and target > whole[code] for code, target in same.items()):
        raise Refused(f"指标 {indicator.code} 的目标超过其所属的 {indicator.subset_of}，请改用 split 或调整")
    return same


def _split(
    plan: Plan, indicator: Indicator, target: Decimal, fixed: Mapping[str, Decimal], whole: Mapping[str, Decimal]
) -> Mapping[str, Decimal]:
    if not indicator.additive or MeasureType(indicator.measure_type) not in ADDITIVE_TYPES:
        raise PlanError(f"指标 {indicator.code}（{indicator.measure_type}）各区县之和不等于全市，不能按基数分解")
    rest = target - sum(fixed.values())
    waiting = [district.code for district in plan.districts if district.code not in fixed]
    if not waiting:
        refuse_shortfall(indicator, fixed.values())
        return fixed
    if rest < 0:
        raise Refused(f"指标 {indicator.code} 手工指定的目标合计已超出全市目标 {plain(target)}，请调低或全部指定")
    shares = _shares(plan, indicator)
    caps = [whole.get(code, rest) for code in waiting]
    try:
        parts = largest_remainder(rest, [shares[code] for code in waiting], quantum=_quantum(indicator), caps=caps)
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


def _baselines(plan: Plan, indicator: Indicator) -> Mapping[str, Decimal]:
    """Return the city's baseline split as the target is, by district's code; empty where there is none to split."""
    known = [each.value for each in plan.assessment.baselines if each.indicator == indicator.code]
    if indicator.apportion is None or indicator.apportion.method != "split" or not known or known[0] is None:
        return {}
    shares = _shares(plan, indicator)
    codes = [district.code for district in plan.districts]
    parts = largest_remainder(known[0], [shares[code] for code in codes], quantum=_quantum(indicator))
    return dict(zip(codes, parts, strict=True))


def _base(plan: Plan, indicator: Indicator) -> Base:
    code = indicator.apportion.base if indicator.apportion else None
    for base in plan.assessment.bases:
        if base.code == code:
            return base
    raise PlanError(f"指标 {indicator.code} 的分解基数“{code}”不在 assessment.yaml 的 bases 里，请补上")


def _shares(plan: Plan, indicator: Indicator) -> Mapping[str, Decimal]:
    base = _base(plan, indicator)
    shares = {plan.unit(share.district).code: share.value for share in base.shares}
    absent = "、".join(district.name for district in plan.districts if district.code not in shares)
    if absent:
        raise PlanError(f"分解基数“{base.code}”缺少：{absent}，请补齐")
    return shares


def _quantum(indicator: Indicator) -> Decimal:
    return Decimal(1).scaleb(-indicator.decimals)


def _source(plan: Plan, indicator: Indicator, override: Override | None) -> str:
    clause = indicator.apportion.source if indicator.apportion else ""
    if override is not None:
        return f"{clause}：手工指定，理由：{override.reason.strip()}"
    if indicator.apportion is None or indicator.apportion.method == "same":
        return f"{clause}：与全市目标相同"
    base = _base(plan, indicator)
    return f"{clause}：按{base.title}（{base.label}）用最大余数法分解"
