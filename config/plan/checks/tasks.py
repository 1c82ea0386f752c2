"""tasks.yaml: responsible units, measures, and whether each can fall due when it says."""

from __future__ import annotations

from collections.abc import Iterator

from config.plan.checks.folder import Folder, error, placed_matters, placed_measures, repeated, unknown
from config.plan.files import Loc
from config.plan.problems import Problem


def numbering(folder: Folder) -> Iterator[Problem]:
    """Numbers and codes are used once, and every key task stands under a heading."""
    content = folder.tasks.content
    if content is None:
        return
    parts = [(("parts", i, "number"), part.number) for i, part in enumerate(content.parts)]
    yield from repeated(folder.tasks, parts, "任务分部编号")
    for key, what in (("key_tasks", "重点任务编号"), ("safeguards", "保障措施编号")):
        placed = [((*loc, "number"), matter.number) for loc, matter in placed_matters(folder) if loc[0] == key]
        yield from repeated(folder.tasks, placed, what)
    codes = [((*loc, "code"), measure.code) for loc, _, measure in placed_measures(folder)]
    yield from repeated(folder.tasks, codes, "举措编号")
    numbers = {number for _, number in parts}
    for i, task in enumerate(content.key_tasks):
        if task.part not in numbers and task.part not in folder.tasks.declared:
            yield error(folder.tasks, ("key_tasks", i, "part"), f"任务分部 {task.part} 不在 parts 中，请核对")


def responsible_units(folder: Folder) -> Iterator[Problem]:
    """The lead is a unit and stands once; supporting units and groups exist; groups stand under groups."""
    units, groups = folder.units_by_name(), folder.groups_by_name()
    for loc, matter in placed_matters(folder):
        named = [((*loc, "lead"), matter.lead)]
        named += [((*loc, "supporting", k), name) for k, name in enumerate(matter.supporting)]
        for where, name in named:
            if name in groups:
                yield error(folder.tasks, where, f"“{name}”是单位组，请列入 groups")
            elif said := unknown(name, units, folder.units, "责任单位"):
                yield error(folder.tasks, where, said)
        yield from repeated(folder.tasks, named, "责任单位")
        for k, name in enumerate(matter.groups):
            yield from _group(folder, (*loc, "groups", k), name)


def _group(folder: Folder, loc: Loc, name: str) -> Iterator[Problem]:
    groups = folder.groups_by_name()
    if said := unknown(name, groups, folder.units, "单位组"):
        yield error(folder.tasks, loc, said)
    elif name in groups and groups[name].purpose != "responsible":
        yield error(folder.tasks, loc, f"“{name}”是排名分组，不能作责任单位")


def wording(folder: Folder) -> Iterator[Problem]:
    """Lead and supporting units stand in the wording of responsibility, in that order."""
    content = folder.tasks.content
    for i, task in enumerate(content.key_tasks if content else ()):
        places = [task.responsible.find(name) for name in (task.lead, *task.supporting)]
        absent = [n for n in (task.lead, *task.supporting, *task.groups) if n not in task.responsible]
        loc: Loc = ("key_tasks", i, "responsible")
        if absent:
            yield error(folder.tasks, loc, f"责任单位原文里没有“{'”“'.join(absent)}”，请核对")
        elif places != sorted(places) or places[0] != 0:
            yield error(folder.tasks, loc, "牵头单位、配合单位的次序与责任单位原文不一致，请按原文排列")


def measure_units(folder: Folder) -> Iterator[Problem]:
    """The units of a measure belong to its task; a measure for the districts needs districts."""
    some_district = any(unit.kind == "district" for unit in folder.units_by_name().values())
    for loc, matter, measure in placed_measures(folder):
        inside = {matter.lead, *matter.supporting, *matter.groups}
        inside |= {name for group in matter.groups for name in folder.members(group)}
        named = [((*loc, "units", k), name) for k, name in enumerate(measure.units)]
        yield from repeated(folder.tasks, named, f"{measure.code} 的承办单位")
        for where, name in named:
            if name not in inside and folder.units.whole:
                yield error(folder.tasks, where, f"{measure.code} 的承办单位“{name}”不是“{matter.title}”的责任单位")
        if measure.districts and not some_district and folder.units.whole:
            yield error(folder.tasks, (*loc, "districts"), f"{measure.code} 要求各区县办理，但计划里没有区、县（市）")
