"""indicators.yaml: references, subsets, and whether each target says what its wording says."""

from __future__ import annotations

from collections.abc import Iterator

from config.plan.checks.folder import Folder, error, repeated, unknown, warning
from config.plan.checks.wording import comparators, numbers, says_unit
from config.plan.files import Loc
from config.plan.problems import Problem
from config.plan.schema.indicators import Indicator


def references(folder: Folder) -> Iterator[Problem]:
    """Codes are used once; goals, owners, reporters and bases exist; every goal has an indicator."""
    content, head = folder.indicators.content, folder.head.content
    if content is None:
        return
    codes = [(("indicators", i, "code"), indicator.code) for i, indicator in enumerate(content.indicators)]
    yield from repeated(folder.indicators, codes, "指标编号")
    for i, indicator in enumerate(content.indicators):
        yield from _unit_names(folder, ("indicators", i), indicator)
        yield from _goal_and_base(folder, ("indicators", i), indicator)
    covered = {indicator.goal for indicator in content.indicators}
    for i, goal in enumerate(head.goals if head and folder.indicators.whole else ()):
        if goal.number not in covered:
            yield warning(folder.head, ("goals", i), f"工作目标 {goal.number} 没有指标，请确认")


def _unit_names(folder: Folder, loc: Loc, indicator: Indicator) -> Iterator[Problem]:
    owners = [((*loc, "owners", k), name) for k, name in enumerate(indicator.owners)]
    yield from repeated(folder.indicators, owners, f"{indicator.code} 的责任单位")
    named = [*owners, ((*loc, "reported_by"), indicator.reported_by)]
    for where, name in named:
        if name and (said := unknown(name, folder.units_by_name(), folder.units, "单位")):
            yield error(folder.indicators, where, said)


def _goal_and_base(folder: Folder, loc: Loc, indicator: Indicator) -> Iterator[Problem]:
    head, assessment = folder.head.content, folder.assessment.content
    numbered = [str(goal.number) for goal in head.goals] if head else []
    if head and str(indicator.goal) not in numbered and indicator.goal not in folder.head.declared:
        yield error(folder.indicators, (*loc, "goal"), f"工作目标 {indicator.goal} 不在 {folder.head.name} 中，请核对")
    if indicator.apportion and indicator.apportion.base:
        bases = [base.code for base in assessment.bases] if assessment else []
        if said := unknown(indicator.apportion.base, bases, folder.assessment, "分解基数"):
            yield error(folder.indicators, (*loc, "apportion", "base"), said)


def subsets(folder: Folder) -> Iterator[Problem]:
    """A subset names another indicator of the same unit, its target is not larger, and both are split alike."""
    content = folder.indicators.content
    known = folder.indicators_by_code()
    for i, part in enumerate(content.indicators if content else ()):
        if part.subset_of is None:
            continue
        loc: Loc = ("indicators", i, "subset_of")
        if said := unknown(part.subset_of, known, folder.indicators, "总数指标"):
            yield error(folder.indicators, loc, said)
        elif (whole := known.get(part.subset_of)) is not None:
            yield from _part_of(folder, loc, part, whole)


def _part_of(folder: Folder, loc: Loc, part: Indicator, whole: Indicator) -> Iterator[Problem]:
    seen, above = {part.code}, whole
    while above.code not in seen and above.subset_of in folder.indicators_by_code():
        seen.add(above.code)
        above = folder.indicators_by_code()[above.subset_of]
    if above.code in seen:
        yield error(folder.indicators, loc, f"{part.code} 与 {whole.code} 互为其中数，请改正")
        return
    if part.unit_of_measure != whole.unit_of_measure or part.measure_type != whole.measure_type:
        message = f"{part.code} 是 {whole.code} 的其中数，计量单位和指标类型应当相同"
        yield error(folder.indicators, loc, message)
    elif part.target is not None and whole.target is not None and part.target > whole.target:
        message = f"{part.code} 的目标值 {part.target} 大于其总数 {whole.code} 的目标值 {whole.target}，请核对"
        yield error(folder.indicators, loc, message)
    if _split(part) and _split(part) != _split(whole):
        message = f"{part.code} 与 {whole.code} 须按同一基数分解，否则某个区县的其中数会大于总数"
        yield error(folder.indicators, loc, message)


def _split(indicator: Indicator) -> tuple[str, str | None] | None:
    return (indicator.apportion.method, indicator.apportion.base) if indicator.apportion else None


def wordings(folder: Folder) -> Iterator[Problem]:
    """Comparator, number and unit of a target are those of its wording."""
    content = folder.indicators.content
    for i, indicator in enumerate(content.indicators if content else ()):
        loc: Loc = ("indicators", i)
        allowed = comparators(indicator.text)
        if allowed is not None and indicator.comparator not in allowed:
            told = "、".join(f'"{sign}"' for sign in sorted(allowed))
            message = f"{indicator.code} 原文“{indicator.text}”应写 comparator: {told}"
            yield error(folder.indicators, (*loc, "comparator"), message)
        if indicator.target is None:
            continue
        if indicator.comparator is None:
            yield error(folder.indicators, (*loc, "comparator"), f"{indicator.code} 有目标值，必须写明 comparator")
        if indicator.target not in numbers(indicator.text, indicator.unit_of_measure):
            message = f"{indicator.code} 的目标值 {indicator.target} 与原文“{indicator.text}”不符，请核对"
            yield error(folder.indicators, (*loc, "target"), message)
        if not says_unit(indicator.text, indicator.unit_of_measure):
            message = f"{indicator.code} 的计量单位“{indicator.unit_of_measure}”不在原文“{indicator.text}”中，请核对"
            yield error(folder.indicators, (*loc, "unit_of_measure"), message)
