"""The composite index: individual indices against the base period, weighted into modules and into one number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from config.plan.schema.statistics import Index, IndexComponent, IndexModule
from supervision.exact import exact, half_up
from supervision.indices import OWN
from supervision.indices.roots import Parts, arithmetic_mean, geometric_mean

BASE = 100
"""The index of the base period."""

_MEANS: Mapping[str, Callable[[Parts], Fraction]] = {"arithmetic": arithmetic_mean, "geometric": geometric_mean}

METHODS = {"arithmetic": "加权算术平均", "geometric": "加权几何平均"}

Values = Mapping[str, Decimal | None]
"""By the component's code, in one period; absent or None: not known."""


class PartStatus(StrEnum):
    """Whether a component could be compared with its base period."""

    OK = "ok"
    MISSING = "missing"
    NOT_COMPARABLE = "not_comparable"


STATUS_WORDS = {PartStatus.MISSING: "缺数", PartStatus.NOT_COMPARABLE: "无法与基期比较"}


@dataclass(frozen=True, slots=True)
class ComponentIndex:
    """One component: its value and the base period's, its individual index, and the share of the total it carries.

    `weight` is after sharing out (all weights of an index sum to 1), `nominal` before; both 0–1.
    """

    code: str
    name: str
    status: PartStatus
    base: Decimal | None
    value: Decimal | None
    nominal: Fraction
    weight: Fraction
    index: Fraction | None


@dataclass(frozen=True, slots=True)
class ModuleIndex:
    """One module; its weight is after sharing out. `index` is None when nothing of it could be compared."""

    code: str
    name: str
    nominal: Fraction
    weight: Fraction
    index: Fraction | None
    components: tuple[ComponentIndex, ...]


@dataclass(frozen=True, slots=True)
class CompositeIndex:
    """A composite index that explains itself. `index` is None when it may not be given; `because` says why.

    `coverage` is the share of the nominal weight that could be compared. `label` goes wherever the index is printed.
    """

    code: str
    title: str
    area: str
    period: str
    base_period: str
    method: str
    index: Fraction | None
    coverage: Fraction
    because: str
    modules: tuple[ModuleIndex, ...]
    source: str
    label: str = OWN


def composite(index: Index, *, area: str, period: str, base: Values, current: Values) -> CompositeIndex:
    """Return the index of `period` for `area`, the base period being exactly 100.

    Every individual index is 100 x value / base (`inverse`: 100 x base / value); negative values and a base of 0
    cannot be compared. The weighted mean is taken inside each module, then over the modules, unrounded.
    Source: statistics.yaml, indices.
    """
    total = sum((exact(module.weight) for module in index.modules), Fraction(0))
    whole = [_components(module, exact(module.weight) / total, base, current) for module in index.modules]
    coverage = sum((part.nominal for parts in whole for part in parts if part.status is PartStatus.OK), Fraction(0))
    present = sum((part.nominal for parts in whole if _ok(parts) for part in parts), Fraction(0))
    mean = _MEANS[index.method]
    modules = tuple(
        _module(module, parts, present, mean) for module, parts in zip(index.modules, whole, strict=True)
    )  # fmt: skip
    because = _why_not(index, modules, coverage)
    parts = [(module.weight, module.index) for module in modules if module.index is not None]
    return CompositeIndex(
        code=index.code,
        title=index.title,
        area=area,
        period=period,
        base_period=index.base_period,
        method=index.method,
        index=None if because else mean(parts),
        coverage=coverage,
        because=because,
        modules=modules,
        source=index.source,
    )


def _components(module: IndexModule, share: Fraction, base: Values, current: Values) -> list[ComponentIndex]:
    inside = sum((exact(component.weight) for component in module.components), Fraction(0))
    return [
        _component(component, share * exact(component.weight) / inside, base.get(component.code),
                   current.get(component.code))
        for component in module.components
    ]  # fmt: skip


def _component(
    component: IndexComponent, nominal: Fraction, base: Decimal | None, value: Decimal | None
) -> ComponentIndex:
    if base is None or value is None:
        status, index = PartStatus.MISSING, None
    else:
        below, above = (value, base) if component.inverse else (base, value)
        comparable = base > 0 and value >= 0 and below > 0
        status = PartStatus.OK if comparable else PartStatus.NOT_COMPARABLE
        index = BASE * exact(above) / exact(below) if comparable else None
    return ComponentIndex(component.code, component.name, status, base, value, nominal, Fraction(0), index)


def _ok(parts: Sequence[ComponentIndex]) -> bool:
    return any(part.status is PartStatus.OK for part in parts)


def _module(
    module: IndexModule, parts: Sequence[ComponentIndex], present: Fraction, mean: Callable[[Parts], Fraction]
) -> ModuleIndex:
    """Return the module with the weights shared out: inside it, and from the modules that have nothing."""
    nominal = sum((part.nominal for part in parts), Fraction(0))
    known = [(part.nominal, part.index) for part in parts if part.index is not None]
    weight = nominal / present if known else Fraction(0)
    there = sum((share for share, _ in known), Fraction(0))
    shared = tuple(
        ComponentIndex(part.code, part.name, part.status, part.base, part.value, part.nominal,
                       part.nominal / there * weight if part.index is not None else Fraction(0), part.index)
        for part in parts
    )  # fmt: skip
    return ModuleIndex(module.code, module.name, nominal, weight, mean(known) if known else None, shared)


def _why_not(index: Index, modules: Sequence[ModuleIndex], coverage: Fraction) -> str:
    """Return why no index may be given; empty when it may."""
    absent = [
        f"{part.name}（{STATUS_WORDS[part.status]}）"
        for module in modules
        for part in module.components
        if part.status is not PartStatus.OK
    ]
    if index.missing == "refuse" and absent:
        return f"{'、'.join(absent)}；该指数要求数据齐全，缺数时不予计算"
    if coverage < exact(index.min_coverage):
        share, least = (half_up(number * 100, 1) for number in (coverage, exact(index.min_coverage)))
        return f"{'、'.join(absent)}；有数的权重只占 {share}%，不足 {least}%，不予计算"
    return ""
