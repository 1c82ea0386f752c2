"""What the office changes in the districts' targets, worked out before anything is written.

A change is proposed as a whole: the districts named, the others that share what is left, and the parts that no
longer fit into their set. What comes out always adds up, or the change is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from config.errors import BadInput, Refused
from config.plan import Indicator, Plan
from supervision.apportion.bounds import refuse_impossible, refuse_impossible_baseline, refuse_unsplittable
from supervision.apportion.splitting import (
    ByDistrict,
    clause_of,
    is_split,
    refuse_shortfall,
    split,
    split_source,
)
from supervision.exact import plain

Place = tuple[str, str]
"""An indicator and a district, as codes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A district's target as it stands. `base`: the code of the base it was split by; `by_hand`: the office set it."""

    target: Decimal
    base: str | None = None
    by_hand: bool = False
    baseline: Decimal | None = None


Table = Mapping[Place, Standing]


@dataclass(frozen=True, slots=True)
class Resplit:
    """Split the city's target anew by `base` (a code; None: the one in use), around what was set by hand or not."""

    indicator: str
    base: str | None = None
    keep_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Overridden:
    """Give one district (a code) another target; the others share the rest, unless they keep what they have."""

    indicator: str
    district: str
    target: Decimal
    keep_others: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """Targets and baselines exactly as they are given, by indicator and district; everything else stays."""

    targets: Mapping[Place, Decimal] = field(default_factory=dict)
    baselines: Mapping[Place, Decimal] = field(default_factory=dict)


Wanted = Resplit | Overridden | Given


@dataclass(frozen=True, slots=True)
class Proposed:
    """A district's target before and after; `source` says how it came about. Nothing stands before the first."""

    indicator: str
    district: str
    before: Standing | None
    after: Standing
    source: str


def propose(plan: Plan, table: Table, wanted: Wanted) -> tuple[Proposed, ...]:
    """Return what `wanted` changes in `table`, in the plan's and official order; what stays is left out.

    A target that was split stays split: after each change the districts without one by hand share exactly what
    the others leave. A part that no longer fits into its set is split anew within it.
    Raises UnknownName or BadInput for what cannot be meant, Refused when the districts would fall short of the
    city's target, a part would exceed its set, or nothing would change.
    """
    after = dict(table)
    match wanted:
        case Resplit():
            _resplit(plan, after, plan.indicator(wanted.indicator), wanted.base, keep=wanted.keep_by_hand)
        case Overridden():
            _override(plan, after, wanted)
        case Given():
            _take(plan, after, wanted)
    found = tuple(_changes(plan, table, after))
    if not found:
        raise Refused("与现行目标相同，没有可改的")
    return found


def _resplit(plan: Plan, after: dict[Place, Standing], indicator: Indicator, base: str | None, *, keep: bool) -> None:
    refuse_unsplittable(indicator)
    by = plan.base(base or _base_in_use(after, indicator))
    fixed = _by_hand(plan, after, indicator) if keep else {}
    parts = split(plan, indicator, by, fixed=fixed, caps=_caps(plan, after, indicator))
    for code, target in parts.items():
        if code not in fixed:
            old = after.get((indicator.code, code))
            after[indicator.code, code] = Standing(target, by.code, baseline=old.baseline if old else None)
    _fit_parts(plan, after, indicator)


def _override(plan: Plan, after: dict[Place, Standing], wanted: Overridden) -> None:
    indicator = plan.indicator(wanted.indicator)
    _set(plan, after, indicator, wanted.district, wanted.target)
    _refuse_beyond(plan, indicator, after)
    if wanted.keep_others or not is_split(indicator):
        if is_split(indicator):
            refuse_shortfall(indicator, _targets(plan, after, indicator).values())
        for part in _parts(plan, after, indicator):
            _refuse_beyond(plan, part, after)
        return
    _resplit(plan, after, indicator, None, keep=True)


def _take(plan: Plan, after: dict[Place, Standing], wanted: Given) -> None:
    for (code, district), target in wanted.targets.items():
        _set(plan, after, plan.indicator(code), district, target)
    for (code, district), baseline in wanted.baselines.items():
        refuse_impossible_baseline(plan, plan.indicator(code), district, baseline)
        if (code, district) not in after:
            raise BadInput(f"{plan.unit(district).name} {code}：还没有目标值，请先定目标")
        after[code, district] = replace(after[code, district], baseline=baseline)
    touched = dict.fromkeys(code for code, _ in wanted.targets)
    for indicator in (plan.indicator(code) for code in touched):
        if is_split(indicator):
            refuse_shortfall(indicator, _targets(plan, after, indicator).values())
        for each in (indicator, *_parts(plan, after, indicator)):
            _refuse_beyond(plan, each, after)


def _set(plan: Plan, after: dict[Place, Standing], indicator: Indicator, district: str, target: Decimal) -> None:
    refuse_impossible(plan, indicator, district, target)
    old = after.get((indicator.code, district))
    by_hand = is_split(indicator) or target != indicator.target
    after[indicator.code, district] = Standing(target, by_hand=by_hand, baseline=old.baseline if old else None)


def _fit_parts(plan: Plan, after: dict[Place, Standing], whole: Indicator) -> None:
    """Split the parts of `whole` anew that do not fit any more. Raises Refused for one that stands by hand."""
    for part in _parts(plan, after, whole):
        caps, held = _caps(plan, after, part), _targets(plan, after, part)
        if all(target <= caps.get(code, target) for code, target in held.items()):
            continue
        by_hand = _by_hand(plan, after, part)
        if not is_split(part) or any(target > caps.get(code, target) for code, target in by_hand.items()):
            _refuse_beyond(plan, part, after)
        _resplit(plan, after, part, None, keep=True)


def _refuse_beyond(plan: Plan, part: Indicator, after: Table) -> None:
    """Raise Refused when a district's target of `part` exceeds its target of the set."""
    caps = _caps(plan, after, part)
    for code, target in _targets(plan, after, part).items():
        if target > caps.get(code, target):
            raise Refused(f"{plan.unit(code).name} {part.code} 的目标 {plain(target)} 超过其所属的"
                          f" {part.subset_of}（{plain(caps[code])}），请调整")  # fmt: skip


def _caps(plan: Plan, after: Table, part: Indicator) -> ByDistrict:
    return {} if part.subset_of is None else _targets(plan, after, plan.indicator(part.subset_of))


def _targets(plan: Plan, after: Table, indicator: Indicator) -> ByDistrict:
    places = ((district.code, after.get((indicator.code, district.code))) for district in plan.districts)
    return {code: standing.target for code, standing in places if standing is not None}


def _by_hand(plan: Plan, after: Table, indicator: Indicator) -> ByDistrict:
    held = _targets(plan, after, indicator)
    return {code: target for code, target in held.items() if after[indicator.code, code].by_hand}


def _parts(plan: Plan, after: Table, whole: Indicator) -> list[Indicator]:
    """Return the indicators that are part of `whole` and have targets in the districts."""
    parts = (each for each in plan.indicators if each.subset_of == whole.code)
    return [part for part in parts if _targets(plan, after, part)]


def _base_in_use(after: Table, indicator: Indicator) -> str:
    """Return the base by which the districts' targets stand split, else the plan's."""
    used = (standing.base for (code, _), standing in after.items() if code == indicator.code)
    planned = indicator.apportion.base if indicator.apportion else None
    return next((base for base in used if base is not None), planned or "")


def _changes(plan: Plan, before: Table, after: Table) -> Iterable[Proposed]:
    for indicator in plan.indicators:
        for district in plan.districts:
            place = indicator.code, district.code
            new = after.get(place)
            if new is not None and new != before.get(place):
                yield Proposed(*place, before.get(place), new, _source(plan, indicator, before.get(place), new))


def _source(plan: Plan, indicator: Indicator, before: Standing | None, after: Standing) -> str:
    if after.base is not None:
        return split_source(indicator, plan.base(after.base))
    if after.by_hand:
        return f"{clause_of(indicator)}：手工指定"
    return f"{clause_of(indicator)}：与全市目标相同"
