"""plan.yaml and units.yaml: goals, names, registers of membership, papers and posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from config.plan.checks.folder import Folder, error, repeated, unknown
from config.plan.files import Loc
from config.plan.problems import Problem
from config.plan.schema.units import Group

_DISTRICT_CODE = 6
"""Digits of a code of GB/T 2260."""


def goals(folder: Folder) -> Iterator[Problem]:
    """Goals are numbered once, and the office is housed by a unit of the plan."""
    head = folder.head.content
    if head is None:
        return
    numbers = [(("goals", i, "number"), goal.number) for i, goal in enumerate(head.goals)]
    yield from repeated(folder.head, numbers, "工作目标编号")
    if said := unknown(head.office.unit, folder.units_by_name(), folder.units, "办公室所在单位"):
        yield error(folder.head, ("office", "unit"), said)


def series(folder: Folder) -> Iterator[Problem]:
    """Each series of papers has a character of its own: two kinds in one would hide which is which."""
    head = folder.head.content
    if head is None:
        return
    kinds = ("supervision_notice", "circular", "letter")
    named = [(("office", "series", kind), getattr(head.office.series, kind)) for kind in kinds]
    yield from repeated(folder.head, named, "发文字号的文种用字")


def names(folder: Folder) -> Iterator[Problem]:
    """Every code and every name leads to one unit, and no group bears a unit's name."""
    content = folder.units.content
    if content is None:
        return
    said: list[tuple[Loc, object]] = []
    for i, unit in enumerate(content.units):
        others = (unit.official_name, *unit.aliases, *(successor.name for successor in unit.successors))
        said += [(("units", i), name) for name in dict.fromkeys((unit.code, unit.name, *others))]
        starts = [successor.start for successor in unit.successors]
        if starts != sorted(set(starts)):
            yield error(folder.units, ("units", i, "successors"), f"{unit.name}的更名日期必须由早到晚、互不相同")
        if unit.kind == "district" and not (len(unit.code) == _DISTRICT_CODE and unit.code.isdecimal()):
            yield error(folder.units, ("units", i, "code"), f"{unit.name}的代码应为 GB/T 2260 的 6 位数字，并加引号")
    said += [(("groups", i, "name"), group.name) for i, group in enumerate(content.groups)]
    yield from repeated(folder.units, said, "单位名称、代码、别名或组名")


def registers(folder: Folder) -> Iterator[Problem]:
    """Every group has a register of known units, each of them once at a time; peers are districts."""
    content = folder.units.content
    for i, group in enumerate(content.groups if content else ()):
        loc: Loc = ("groups", i)
        if not group.memberships:
            yield error(folder.units, loc, f"单位组“{group.name}”没有成员名册（memberships），无法展开")
        for j, membership in enumerate(group.memberships):
            for k, name in enumerate(membership.units):
                yield from _member(folder, (*loc, "memberships", j, "units", k), group, name)
        yield from _overlaps(folder, loc, group)
    yield from _peers(folder)


def _member(folder: Folder, loc: Loc, group: Group, name: str) -> Iterator[Problem]:
    if said := unknown(name, folder.units_by_name(), folder.units, "成员单位"):
        yield error(folder.units, loc, said)
        return
    unit = folder.units_by_name().get(name)
    if group.purpose == "peer" and unit is not None and unit.kind != "district":
        yield error(folder.units, loc, f"“{name}”不是区、县（市），不能列入排名分组“{group.name}”")


def _overlaps(folder: Folder, loc: Loc, group: Group) -> Iterator[Problem]:
    spans = [
        (name, membership.start, membership.end or dt.date.max, (*loc, "memberships", j, "units", k))
        for j, membership in enumerate(group.memberships)
        for k, name in enumerate(membership.units)
    ]
    for i, (name, start, end, where) in enumerate(spans):
        if any(name == other and start <= until and since <= end for other, since, until, _ in spans[:i]):
            yield error(folder.units, where, f"“{name}”在单位组“{group.name}”的同一时间里重复，请只留一处")


def _peers(folder: Folder) -> Iterator[Problem]:
    """Each district belongs to exactly one peer group at any time; looked at whenever a register changes."""
    content, head = folder.units.content, folder.head.content
    peers = [group for group in content.groups if group.purpose == "peer"] if content else []
    if content is None or head is None or not peers or not folder.units.whole:
        return
    changes = {membership.start for group in peers for membership in group.memberships}
    days = sorted({head.start, head.end, *(day for day in changes if head.start <= day <= head.end)})
    for i, unit in enumerate(content.units):
        for day in days if unit.kind == "district" else ():
            found = [g.name for g in peers if any(m.covers(day) and unit.name in m.units for m in g.memberships)]
            if len(found) != 1:
                told = "、".join(found) or "无"
                message = f"{unit.name}在 {day} 应属于一个排名分组，现为：{told}"
                yield error(folder.units, ("units", i), message)
                break


def papers(folder: Folder) -> Iterator[Problem]:
    """Every kind of unit in the plan is addressed in one way."""
    content = folder.units.content
    if content is None:
        return
    kinds = [(("papers", i, "kind"), words.kind) for i, words in enumerate(content.papers)]
    yield from repeated(folder.units, kinds, "行文用语的单位类别")
    missing = {unit.kind for unit in content.units} - {words.kind for words in content.papers}
    for kind in sorted(missing) if folder.units.whole else ():
        yield error(folder.units, ("papers",), f"缺少类别 {kind} 的行文用语，请补上")


def posts(folder: Folder) -> Iterator[Problem]:
    """Every account has its own login; templates use {unit} and {unit_name} only."""
    content = folder.units.content
    if content is None:
        return
    logins: list[tuple[Loc, object]] = []
    for i, post in enumerate(content.posts.per_unit):
        loc: Loc = ("posts", "per_unit", i, "login")
        if "{unit}" not in post.login:
            yield error(folder.units, loc, f"岗位账号“{post.login}”必须含 {{unit}}，否则各单位的账号相同")
        for template in (post.login, post.name):
            rest = template.replace("{unit_name}", "").replace("{unit}", "")
            if "{" in rest or "}" in rest:
                yield error(folder.units, loc, f"“{template}”中只能使用 {{unit}} 和 {{unit_name}}")
        logins.append((loc, post.login))
    for i, post in enumerate(content.posts.office):
        loc = ("posts", "office", i, "login")
        if "{" in post.login + post.name:
            yield error(folder.units, loc, "办公室的岗位账号不用 {unit}、{unit_name}，请写明")
        logins.append((loc, post.login))
    yield from repeated(folder.units, logins, "岗位账号")
