"""assessment.yaml, schemes: what the calculator would refuse is refused when the plan is checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from config.plan.checks.folder import Folder, error, repeated, unknown, warning
from config.plan.due import parse
from config.plan.files import Loc
from config.plan.problems import Problem
from config.plan.schema.assessment import Component, Scheme, SchemeItem
from config.plan.schema.base import MeasureType, PointRule
from config.plan.schema.head import HeadFile
from config.plan.schema.indicators import Indicator

_FULL_MARKS = 100

_QUARTER_MONTHS = 3

_ONLY_FOR: dict[PointRule, frozenset[MeasureType]] = {
    "best_takes_full": frozenset({"average_growth", "floor_ratio", "exact_rate"}),
    "efficacy": frozenset(
        {
            "cumulative",
            "stock",
            "annual_stock",
            "average_growth",
            "floor_ratio",
            "ceiling_ratio",
            "exact_rate",
        }
    ),
}
"""Point rules that suit some measure types only; the others suit all."""


def schemes(folder: Folder) -> Iterator[Problem]:
    """Schemes have their own code and beginning, inside the plan; their parts sum up."""
    content = folder.assessment.content
    if content is None:
        return
    codes = [(("schemes", i, "code"), scheme.code) for i, scheme in enumerate(content.schemes)]
    yield from repeated(folder.assessment, codes, "考核办法编号")
    starts = [
        (("schemes", i, "first_quarter"), f"{scheme.population} {scheme.first_quarter}")
        for i, scheme in enumerate(content.schemes)
    ]
    yield from repeated(folder.assessment, starts, "同一对象、同一起始季度的办法")
    for i, scheme in enumerate(content.schemes):
        yield from _scheme(folder, ("schemes", i), scheme)


def _scheme(folder: Folder, loc: Loc, scheme: Scheme) -> Iterator[Problem]:
    if said := _not_in_plan(scheme.first_quarter, folder.head.content):
        yield error(folder.assessment, (*loc, "first_quarter"), said)
    if parse(scheme.freeze.rule).kind != "day":
        yield error(folder.assessment, (*loc, "freeze"), "冻结日 freeze 只能写成 day 25 month +1 的形式")
    names = [((*loc, "grades", k), name) for k, (_, name) in enumerate(scheme.grades)]
    yield from repeated(folder.assessment, names, "等次")
    components = [((*loc, "components", k, "code"), part.code) for k, part in enumerate(scheme.components)]
    yield from repeated(folder.assessment, components, "考核部分")
    if not folder.assessment.whole:
        return
    total = sum(component.weight for component in scheme.components)
    if total != _FULL_MARKS:
        yield warning(folder.assessment, (*loc, "components"), f"各部分权重合计 {total}，不是 {_FULL_MARKS}，请确认")
    for k, component in enumerate(scheme.components):
        yield from _weights(folder, (*loc, "components", k), scheme, component)


def _weights(folder: Folder, loc: Loc, scheme: Scheme, component: Component) -> Iterator[Problem]:
    total = sum(item.weight for item in component.items)
    if component.items and total != component.weight:
        message = f"各指标权重合计 {total}，应等于 {component.code} 的权重 {component.weight}"
        yield error(folder.assessment, (*loc, "items"), message)
    if component.code == "targets" and scheme.population == "units":
        yield error(folder.assessment, loc, "成员单位没有分解目标，办法里不能有 targets")


def _not_in_plan(quarter: str, head: HeadFile | None) -> str | None:
    if head is None or _quarter(head.start) <= quarter <= _quarter(head.end):
        return None
    return f"季度 {quarter} 不在计划期（{_quarter(head.start)} 至 {_quarter(head.end)}）内，请核对"


def _quarter(day: dt.date) -> str:
    return f"{day.year}Q{(day.month - 1) // _QUARTER_MONTHS + 1}"


def items(folder: Folder) -> Iterator[Problem]:
    """Scored indicators exist, have reached the districts, and suit their point rule."""
    content = folder.assessment.content
    for i, scheme in enumerate(content.schemes if content else ()):
        for j, component in enumerate(scheme.components):
            loc: Loc = ("schemes", i, "components", j, "items")
            codes = [((*loc, k, "code"), item.code) for k, item in enumerate(component.items)]
            yield from repeated(folder.assessment, codes, "考核指标")
            for k, item in enumerate(component.items):
                known = folder.indicators_by_code()
                if said := unknown(item.code, known, folder.indicators, "指标"):
                    yield error(folder.assessment, (*loc, k, "code"), said)
                elif item.code in known:
                    for message in _refusals(folder, scheme, item, known[item.code]):
                        yield error(folder.assessment, (*loc, k), f"{item.code}：{message}")


def _refusals(folder: Folder, scheme: Scheme, item: SchemeItem, indicator: Indicator) -> Iterator[str]:
    kind = indicator.measure_type
    rule = item.rule or scheme.rule
    if indicator.apportion is None:
        yield "目标没有分解到区、县（市），不能列入考核"
    if rule in _ONLY_FOR and kind not in _ONLY_FOR[rule]:
        yield f"计分规则 {rule} 不适用于指标类型 {kind}"
    elif said := _good_and_bad(rule, item, indicator):
        yield said
    if indicator.strict and kind == "exact_rate":
        yield "指标类型 exact_rate 不能用“超过”“低于”"
    if item.basis == "gain" and kind != "stock":
        yield "basis: gain 只适用于存量指标（stock）"
    elif item.basis == "gain" and (missing := _without_baseline(folder, item.code)):
        yield f"basis: gain 需要各区县的基期值，尚缺：{'、'.join(missing)}"
    if item.tolerance is not None and kind != "relative":
        yield "tolerance 只适用于比较指标（relative）"
    if item.trajectory is not None and kind not in ("cumulative", "stock"):
        yield "trajectory 只适用于累计和存量指标（cumulative、stock）"
    for quarter, _ in item.trajectory or ():
        if said := _not_in_plan(quarter, folder.head.content):
            yield f"trajectory：{said}"


def _good_and_bad(rule: PointRule, item: SchemeItem, indicator: Indicator) -> str | None:
    """Return what is wrong with the values between which `efficacy` places a figure; None when nothing is."""
    if rule != "efficacy":
        return "good、bad 只用于计分规则 efficacy" if (item.good, item.bad) != (None, None) else None
    if indicator.apportion is not None and indicator.apportion.method == "split":
        return "按基数分解的指标各区县大小不同，不能用同一个满意值和不允许值，请给该项另选 rule"
    if item.good is None or item.bad is None or item.good == item.bad:
        return "计分规则 efficacy 须写明互不相同的满意值 good 和不允许值 bad"
    return None


def _without_baseline(folder: Folder, code: str) -> list[str]:
    content = folder.assessment.content
    entries = content.baselines if content else ()
    given = {entry.district for entry in entries if entry.indicator == code and entry.value is not None}
    return [u.name for u in folder.units_by_name().values() if u.kind == "district" and u.name not in given]
