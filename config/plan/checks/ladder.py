"""ladder.yaml: nobody is escalated unwarned, and papers are signed by a person."""

from __future__ import annotations

from collections.abc import Iterator

from config.plan.checks.folder import Folder, error, repeated
from config.plan.files import Loc
from config.plan.problems import Problem
from config.plan.schema.ladder import Level, Rung

_GRAVER: tuple[Level, ...] = ("remind", "warn", "urge", "supervision_notice", "circular")

_BEFORE_DUE: frozenset[Level] = frozenset({"remind", "warn"})

_PAPERS: frozenset[Level] = frozenset({"supervision_notice", "circular"})

_LIGHTS = {"item": {"green", "yellow", "red", "blue"}, "figure": {"green", "yellow", "red", "grey"}}


def rungs(folder: Folder) -> Iterator[Problem]:
    """Offsets rise without 0, levels never fall, 催办 comes first after the due date."""
    content = folder.ladder.content
    if content is None:
        return
    for i, rung in enumerate(content.rungs):
        yield from _rung(folder, ("rungs", i), rung)
        before = content.rungs[i - 1] if i else None
        if before and rung.offset <= before.offset:
            yield error(folder.ladder, ("rungs", i, "offset"), "台阶的 offset 必须由小到大、互不相同")
        if before and _GRAVER.index(rung.level) < _GRAVER.index(before.level):
            yield error(folder.ladder, ("rungs", i, "level"), f"台阶只能由轻到重：{'、'.join(_GRAVER)}")
    overdue = [(i, rung) for i, rung in enumerate(content.rungs) if rung.offset > 0]
    if not folder.ladder.whole:
        return
    if not overdue:
        yield error(folder.ladder, ("rungs",), "台阶至少要有逾期后的催办（urge）")
    elif overdue[0][1].level != "urge":
        message = "逾期后的第一级必须是催办（urge）：不得未经催办直接督办、通报"
        yield error(folder.ladder, ("rungs", overdue[0][0], "level"), message)


def _rung(folder: Folder, loc: Loc, rung: Rung) -> Iterator[Problem]:
    if rung.offset == 0:
        yield error(folder.ladder, (*loc, "offset"), "到期当日不设台阶，offset 不能为 0")
    if rung.offset < 0 and rung.level not in _BEFORE_DUE:
        yield error(folder.ladder, (*loc, "level"), "到期之前只能提醒、预警（remind、warn）")
    if rung.offset > 0 and rung.level in _BEFORE_DUE:
        yield error(folder.ladder, (*loc, "level"), "逾期之后不再提醒、预警，应为催办（urge）")
    if rung.level in _PAPERS and not rung.signed:
        yield error(folder.ladder, loc, f"{rung.level} 是由人签发的文稿，请写 signed: true")
    if rung.level not in _PAPERS and rung.signed:
        yield error(folder.ladder, loc, f"{rung.level} 自动发出，不须签发，请去掉 signed")
    audience = [((*loc, "audience", k), name) for k, name in enumerate(rung.audience)]
    yield from repeated(folder.ladder, audience, "发送对象")


def lights(folder: Folder) -> Iterator[Problem]:
    """Each light of both scales has one name and colour."""
    content = folder.ladder.content
    if content is None:
        return
    named = [(("lights", i), f"{light.scale} {light.code}") for i, light in enumerate(content.lights)]
    yield from repeated(folder.ladder, named, "灯号")
    given = {(light.scale, light.code) for light in content.lights}
    for i, light in enumerate(content.lights):
        if light.code not in _LIGHTS[light.scale]:
            yield error(folder.ladder, ("lights", i, "code"), f"{light.scale} 没有 {light.code} 灯")
    needed = {(scale, code) for scale, codes in _LIGHTS.items() for code in codes}
    for scale, code in sorted(needed - given) if folder.ladder.whole else ():
        yield error(folder.ladder, ("lights",), f"缺少灯号 {scale} {code} 的名称和颜色")
