"""forms.yaml: reporters, and that every figure is asked for once."""

from __future__ import annotations

from collections.abc import Iterator

from config.plan.checks.folder import Folder, error, repeated, unknown, warning
from config.plan.due import parse
from config.plan.files import Loc
from config.plan.problems import Problem
from config.plan.schema.forms import Form, FormsFile, position
from config.plan.schema.indicators import Indicator


def references(folder: Folder) -> Iterator[Problem]:
    """Codes are used once; the indicators, reporters and checks of a form exist and stand in it once."""
    content = folder.forms.content
    if content is None:
        return
    codes = [(("forms", i, "code"), form.code) for i, form in enumerate(content.forms)]
    yield from repeated(folder.forms, codes, "报表编号")
    defined = [(("checks", i, "code"), check.code) for i, check in enumerate(content.checks)]
    yield from repeated(folder.forms, defined, "校验")
    for i, form in enumerate(content.forms):
        yield from _named(folder, content, ("forms", i), form)


def _named(folder: Folder, content: FormsFile, loc: Loc, form: Form) -> Iterator[Problem]:
    reporters = [*folder.units_by_name(), *folder.groups_by_name()]
    lists = (
        ("indicators", form.indicators, folder.indicators_by_code(), folder.indicators, "指标"),
        ("reporters", form.reporters, reporters, folder.units, "报送单位"),
        ("checks", form.checks, [check.code for check in content.checks], folder.forms, "校验"),
    )
    for key, values, known, where, what in lists:
        placed = [((*loc, key, k), value) for k, value in enumerate(values)]
        yield from repeated(folder.forms, placed, f"报表 {form.code} 的{what}")
        for at, value in placed:
            if said := unknown(value, known, where, what):
                yield error(folder.forms, at, said)


def owners(folder: Folder) -> Iterator[Problem]:
    """Districts report their own figures; whoever reports the city's or all districts' is the one in charge."""
    content, known = folder.forms.content, folder.indicators_by_code()
    for i, form in enumerate(content.forms if content else ()):
        loc: Loc = ("forms", i, "reporters")
        reporters = {name for reporter in form.reporters for name in folder.members(reporter) or {reporter}}
        units = folder.units_by_name()
        kinds = {units[name].kind == "district" for name in reporters if name in units}
        if form.areas == "self" and False in kinds:
            yield error(folder.forms, loc, f"报表 {form.code} 由区、县（市）自报（self），报送单位只能是区、县（市）")
        if form.areas != "self" and (len(reporters) > 1 or True in kinds):
            yield error(folder.forms, loc, f"报表 {form.code} 的数只由一个市级单位报，请只写一个报送单位")
            continue
        for k, code in enumerate(form.indicators):
            if code in known and (said := _in_charge(form, known[code])):
                yield error(folder.forms, ("forms", i, "indicators", k), said)


def _in_charge(form: Form, indicator: Indicator) -> str | None:
    code, reporter = indicator.code, form.reporters[0]
    if form.areas == "self" and indicator.reported_by:
        return f"{code} 由{indicator.reported_by}统一报各区县的数（reported_by），区、县（市）不再填报"
    if form.areas == "districts" and indicator.reported_by != reporter:
        return f"{code} 各区县的数不由{reporter}统一报送，请核对 reported_by"
    if form.areas == "city" and reporter not in indicator.owners:
        return f"{code} 的责任单位不含{reporter}，请核对 owners"
    return None


def asked_once(folder: Folder) -> Iterator[Problem]:
    """No figure of a district, and none of the city, is asked for by two forms; none is asked for by no form."""
    content = folder.forms.content
    if content is None:
        return
    asked: dict[tuple[str, str], str] = {}
    for i, form in enumerate(content.forms):
        area = "city" if form.areas == "city" else "district"
        for k, code in enumerate(form.indicators):
            other = asked.setdefault((code, area), form.code)
            if other != form.code:
                message = f"{code} 已由报表 {other} 收集，同一个数只报一次"
                yield error(folder.forms, ("forms", i, "indicators", k), message)
    if folder.forms.whole and folder.indicators.content:
        for i, indicator in enumerate(folder.indicators.content.indicators):
            said = _uncollected(indicator, {area for code, area in asked if code == indicator.code})
            if said:
                yield warning(folder.indicators, ("indicators", i), said)


def _uncollected(indicator: Indicator, areas: set[str]) -> str | None:
    if "city" not in areas and not (indicator.additive and "district" in areas):
        return f"{indicator.code} 没有报表收集全市的数，请在 forms.yaml 中安排"
    if indicator.apportion and "district" not in areas:
        return f"{indicator.code} 已分解到区县，但没有报表收集各区县的数"
    return None


def closed_before_freeze(folder: Folder) -> Iterator[Problem]:
    """What a scheme for districts scores has closed before the figures are frozen."""
    content, assessment = folder.forms.content, folder.assessment.content
    schemes = [s for s in assessment.schemes if s.population == "districts"] if assessment else []
    for i, form in enumerate(content.forms if content else ()):
        for scheme in schemes:
            scored = {item.code for component in scheme.components for item in component.items}
            freeze = parse(scheme.freeze.rule)
            late = freeze.kind == "day" and position(parse(form.closes)) >= position(freeze)
            if late and form.areas != "city" and scored & set(form.indicators):
                message = f"报表 {form.code} 关闭日“{form.closes}”不早于考核冻结日“{scheme.freeze.rule}”，会漏数"
                yield error(folder.forms, ("forms", i, "closes"), message)
