"""What the plan itself gives each district: the city's targets and baselines, shared out or passed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from config.errors import BadInput, PlanError, Refused
from config.plan import Indicator, Plan
from supervision.apportion.remainder import in_quanta, largest_remainder
from supervision.apportion.splitting import (
    ADDITIVE_TYPES,
    ByDistrict,
    base_of,
    clause_of,
    is_split,
    quantum_of,
    refuse_shortfall,
    shares_of,
    split,
    split_source,
)
from supervision.exact import plain

__all__ = ["ADDITIVE_TYPES", "DistrictTargetLine", "Override", "district_targets", "family", "refuse_shortfall"]


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

    `baseline` is the district's own, or its share of the city's where that is established, else None; `base` is
    the code of the base that the target was split by, None when it was not.
    """

    indicator: str
    district: str
    target: Decimal
    baseline: Decimal | None
    source: str
    base: str | None = None


def district_targets(plan: Plan, *, overrides: Sequence[Override] = ()) -> list[DistrictTargetLine]:
    """Return every district's target of every indicator that the plan apportions, in the plan's and official order.

    `split` shares the city's target out by its base, after the overrides; `same` gives each district the city's. An
    indicator without a number has no targets: each district is held against its reference.
    A subset's target never exceeds its set's in any district. Raises PlanError for a plan that cannot be split,
    BadInput for an override that names nothing, has no reason or is no possible number, Refused when overrides
    leave the districts short of the city's target, or exceed it while others still wait for their share.
    Source: domain §7, largest-remainder method, ties by official order.
    """
    given = _by_place(plan, overrides)
    found: dict[str, ByDistrict] = {}
    for indicator in _sets_first(plan):
        found[indicator.code] = _targets(plan, indicator, given.get(indicator.code, {}), found)
    return [
        _line(plan, indicator, district.code, targets[district.code], by_hand.get(district.code), baselines)
        for indicator in plan.indicators
        if (targets := found.get(indicator.code)) is not None
        for by_hand, baselines in ((given.get(indicator.code, {}), _baselines(plan, indicator)),)
        for district in plan.districts
    ]


def family(plan: Plan, code: str) -> frozenset[str]:
    """Return the indicators bound to that one by being part of one another, itself included."""
    found = {code}
    while True:
        sets = {plan.indicator(each).subset_of for each in found} - {None}
        parts = {each.code for each in plan.indicators if each.subset_of in found}
        if (sets | parts) <= found:
            return frozenset(found)
        found |= parts | {each for each in sets if each is not None}


def _line(
    plan: Plan, indicator: Indicator, district: str, target: Decimal, override: Override | None, baselines: ByDistrict
) -> DistrictTargetLine:
    base = indicator.apportion.base if indicator.apportion and override is None else None
    return DistrictTargetLine(
        indicator=indicator.code,
        district=district,
        target=target,
        baseline=baselines.get(district),
        source=_source(plan, indicator, override),
        base=base,
    )


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
        in_quanta(override.target, quantum_of(indicator))
        if district.code in found.setdefault(indicator.code, {}):
            raise BadInput(f"{place}：重复指定目标，请只留一个")
        found[indicator.code][district.code] = override
    return found


def _sets_first(plan: Plan) -> list[Indicator]:
    """Return the indicators whose number is apportioned, each after the set it belongs to."""
    ordered: dict[str, Indicator] = {}

    def place(indicator: Indicator, below: frozenset[str]) -> None:
        if indicator.code in below:
            raise PlanError(f"指标 {indicator.code} 的 subset_of 互相包含，请改正")
        if indicator.subset_of is not None:
            place(plan.indicator(indicator.subset_of), below | {indicator.code})
        ordered.setdefault(indicator.code, indicator)

    for indicator in plan.indicators:
        place(indicator, frozenset())
    return [
        each for each in ordered.values() if each.apportion is not None and (each.target is not None or is_split(each))
    ]


def _targets(
    plan: Plan, indicator: Indicator, given: Mapping[str, Override], found: Mapping[str, ByDistrict]
) -> ByDistrict:
    """Return the targets by district's code, within the targets of the set."""
    whole = found.get(indicator.subset_of or "", {})
    for code, override in given.items():
        if code in whole and override.target > whole[code]:
            raise Refused(f"{plan.unit(code).name} {indicator.code} 的目标 {plain(override.target)} 超过其所属的"
                          f" {indicator.subset_of}（{plain(whole[code])}），请调整")  # fmt: skip
    fixed = {code: override.target for code, override in given.items()}
    if is_split(indicator) and indicator.apportion is not None:
        return split(plan, indicator, base_of(plan, indicator.apportion.base, indicator), fixed=fixed, caps=whole)
    same = {each.code: fixed.get(each.code, indicator.target or Decimal(0)) for each in plan.districts}
    if any(code in whole and target > whole[code] for code, target in same.items()):
        raise Refused(f"指标 {indicator.code} 的目标超过其所属的 {indicator.subset_of}，请改用 split 或调整")
    return same


def _baselines(plan: Plan, indicator: Indicator) -> ByDistrict:
    """Return the districts' own baselines, and for the others their shares of what is left of the city's.

    The city's is split as the target is; where it is not established, only the districts' own are known.
    Raises PlanError when the districts' own pass the city's.
    """
    entries = [each for each in plan.assessment.baselines if each.indicator == indicator.code]
    own = {plan.unit(e.district).code: e.value for e in entries if e.district is not None and e.value is not None}
    city = next((each.value for each in entries if each.district is None), None)
    waiting = [district.code for district in plan.districts if district.code not in own]
    if city is None or indicator.apportion is None or not is_split(indicator) or not waiting:
        return own
    rest = city - sum(own.values())
    if rest < 0:
        raise PlanError(f"指标 {indicator.code} 各区县基期值合计已超过全市基期值 {plain(city)}，请核对 baselines")
    shares = shares_of(plan, base_of(plan, indicator.apportion.base, indicator))
    parts = largest_remainder(rest, [shares[code] for code in waiting], quantum=quantum_of(indicator))
    return {**own, **dict(zip(waiting, parts, strict=True))}


def _source(plan: Plan, indicator: Indicator, override: Override | None) -> str:
    if override is not None:
        return f"{clause_of(indicator)}：手工指定，理由：{override.reason.strip()}"
    if indicator.apportion is None or not is_split(indicator):
        return f"{clause_of(indicator)}：与全市目标相同"
    return split_source(indicator, base_of(plan, indicator.apportion.base, indicator))
