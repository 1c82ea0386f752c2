"""assessment.yaml, bases of apportionment and baselines; rulings.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from config.plan.checks.folder import Folder, error, placed_measures, repeated, unknown, warning
from config.plan.files import Loc
from config.plan.problems import Problem
from config.plan.schema.assessment import Base


def bases(folder: Folder) -> Iterator[Problem]:
    """A base has a share for every district, once."""
    content = folder.assessment.content
    if content is None:
        return
    codes = [(("bases", i, "code"), base.code) for i, base in enumerate(content.bases)]
    yield from repeated(folder.assessment, codes, "分解基数")
    for i, base in enumerate(content.bases):
        yield from _shares(folder, ("bases", i), base)


def _shares(folder: Folder, loc: Loc, base: Base) -> Iterator[Problem]:
    named = [((*loc, "shares", k, "district"), share.district) for k, share in enumerate(base.shares)]
    yield from repeated(folder.assessment, named, f"基数 {base.code} 的区县")
    districts = [unit.name for unit in folder.units_by_name().values() if unit.kind == "district"]
    for where, name in named:
        if said := unknown(name, districts, folder.units, "区、县（市）"):
            yield error(folder.assessment, where, said)
    missing = [name for name in districts if name not in {share.district for share in base.shares}]
    if missing and folder.assessment.whole:
        yield error(folder.assessment, (*loc, "shares"), f"基数 {base.code} 缺少：{'、'.join(missing)}")


def baselines(folder: Folder) -> Iterator[Problem]:
    """Baselines are of known indicators, once each; a stock without one is measured against its whole target."""
    content = folder.assessment.content
    if content is None:
        return
    known = folder.indicators_by_code()
    districts = [unit.name for unit in folder.units_by_name().values() if unit.kind == "district"]
    placed = [(("baselines", i), f"{b.indicator} {b.district or '全市'}") for i, b in enumerate(content.baselines)]
    yield from repeated(folder.assessment, placed, "基期值")
    for i, entry in enumerate(content.baselines):
        loc: Loc = ("baselines", i)
        if said := unknown(entry.indicator, known, folder.indicators, "指标"):
            yield error(folder.assessment, (*loc, "indicator"), said)
        if entry.district and (said := unknown(entry.district, districts, folder.units, "区、县（市）")):
            yield error(folder.assessment, (*loc, "district"), said)
        if entry.value is None:
            yield warning(folder.assessment, loc, f"{entry.indicator} 的基期值尚未核定，应达值暂按目标值计")
    given = {entry.indicator for entry in content.baselines}
    for code, indicator in known.items():
        if indicator.measure_type == "stock" and code not in given and folder.assessment.whole:
            yield warning(folder.assessment, ("baselines",), f"存量指标 {code} 没有基期值，应达值将按目标值计")


def rulings(folder: Folder) -> Iterator[Problem]:
    """A topic is ruled once, and rulings touch indicators and measures of the plan."""
    content = folder.rulings.content
    if content is None:
        return
    topics = [(("rulings", i, "topic"), ruling.topic) for i, ruling in enumerate(content.rulings)]
    yield from repeated(folder.rulings, topics, "裁定事项")
    codes = {measure.code for _, _, measure in placed_measures(folder)} | set(folder.indicators_by_code())
    readable = folder.tasks.whole and folder.indicators.whole
    for i, ruling in enumerate(content.rulings):
        for k, code in enumerate(ruling.affects):
            if readable and code not in codes:
                yield error(folder.rulings, ("rulings", i, "affects", k), f"计划里没有指标或举措“{code}”，请核对")
