"""statistics.yaml and published-values.csv: codes, units, periods, and that every value fits its series."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from config.plan.checks.folder import Folder, error, placed_measures, repeated, unknown
from config.plan.files import Loc, Reading
from config.plan.problems import Problem
from config.plan.published import PublishedFile
from config.plan.schema.base import Frequency
from config.plan.schema.statistics import Index, PublishedValue, Series, StatisticsFile

_PERIODS: dict[Frequency, re.Pattern[str]] = {
    "monthly": re.compile(r"[0-9]{4}-[0-9]{2}"),
    "quarterly": re.compile(r"[0-9]{4}Q[1-4]"),
    "half_yearly": re.compile(r"[0-9]{4}H[12]"),
    "yearly": re.compile(r"[0-9]{4}"),
}
_HOW: dict[Frequency, str] = {"monthly": "2022-07", "quarterly": "2022Q3", "half_yearly": "2022H1", "yearly": "2022"}


def _content(folder: Folder) -> StatisticsFile:
    return folder.statistics.content or StatisticsFile()


def _series(folder: Folder) -> dict[str, Series]:
    return {series.code: series for series in _content(folder).series}


def references(folder: Folder) -> Iterator[Problem]:
    """Codes stand once; modules belong to a series that is there; who files a statistic is a unit of the plan."""
    content, reading = _content(folder), folder.statistics
    lists: tuple[tuple[str, Sequence[Any], str], ...] = (
        ("forms", content.forms, "统计报表编号"),
        ("surveys", content.surveys, "调查编号"),
        ("releases", content.releases, "发布事项编号"),
        ("alerts", content.alerts, "预警编号"),
    )
    for key, entries, what in lists:
        yield from repeated(reading, [((key, i, "code"), entry.code) for i, entry in enumerate(entries)], what)
    codes: list[tuple[Loc, object]] = [(("series", i, "code"), s.code) for i, s in enumerate(content.series)]
    codes += [(("indices", i, "code"), index.code) for i, index in enumerate(content.indices)]
    yield from repeated(reading, codes, "统计序列、指数编号")
    for i, series in enumerate(content.series):
        if series.part_of and (said := unknown(series.part_of, _series(folder), reading, "序列")):
            yield error(reading, ("series", i, "part_of"), said)
        if series.owner and (said := unknown(series.owner, folder.units_by_name(), folder.units, "报送单位")):
            yield error(reading, ("series", i, "owner"), said)
    for i, alert in enumerate(content.alerts):
        if said := unknown(alert.series, _series(folder), reading, "序列"):
            yield error(reading, ("alerts", i, "series"), said)
    yield from _surveys(folder)


def _surveys(folder: Folder) -> Iterator[Problem]:
    for i, survey in enumerate(_content(folder).surveys):
        loc: Loc = ("surveys", i)
        columns = [((*loc, "questions", k, "code"), q.code) for k, q in enumerate(survey.questions)]
        columns += [((*loc, "breakdowns", k, "code"), b.code) for k, b in enumerate(survey.breakdowns)]
        yield from repeated(folder.statistics, columns, f"调查 {survey.code} 的问题、分组编号")
        for k, breakdown in enumerate(survey.breakdowns):
            values = [((*loc, "breakdowns", k, "values", n), name) for n, name in enumerate(breakdown.values)]
            yield from repeated(folder.statistics, values, f"分组 {breakdown.code} 的组")


def returns(folder: Folder) -> Iterator[Problem]:
    """A return asks its reporter for the reporter's own series, each of its frequency and on one return only."""
    content, reading, known = _content(folder), folder.statistics, _series(folder)
    placed = [(("forms", i, "series", k), code) for i, form in enumerate(content.forms) for k, code in _each(form)]
    yield from repeated(reading, placed, "统计报表中的序列")
    for i, form in enumerate(content.forms):
        yield from _measure(folder, ("forms", i, "measure"), form.measure)
        for k, code in _each(form):
            loc: Loc = ("forms", i, "series", k)
            if said := unknown(code, known, reading, "序列"):
                yield error(reading, loc, said)
            elif code in known and known[code].owner != form.reporter:
                yield error(reading, loc, f"{code} 由{known[code].owner or '官方发布'}提供，不由{form.reporter}报送")
            elif code in known and known[code].frequency != form.frequency:
                yield error(reading, loc, f"{code} 的频率与报表 {form.code} 的频率 {form.frequency} 不同")


def _each(entry: Any) -> list[tuple[int, str]]:
    return list(enumerate(entry.series))


def composites(folder: Folder) -> Iterator[Problem]:
    """An index is made of series and indicators that are there; its base is one of its own periods."""
    for i, index in enumerate(_content(folder).indices):
        loc: Loc = ("indices", i)
        if not _PERIODS[index.frequency].fullmatch(index.base_period):
            message = f"基期 {index.base_period} 与频率 {index.frequency} 不符，应写成 {_HOW[index.frequency]}"
            yield error(folder.statistics, (*loc, "base_period"), message)
        modules = [((*loc, "modules", k, "code"), module.code) for k, module in enumerate(index.modules)]
        yield from repeated(folder.statistics, modules, f"指数 {index.code} 的模块")
        yield from _components(folder, loc, index)


def _components(folder: Folder, loc: Loc, index: Index) -> Iterator[Problem]:
    indicators, series = folder.indicators_by_code(), _series(folder)
    placed = [
        ((*loc, "modules", k, "components", n), component)
        for k, module in enumerate(index.modules)
        for n, component in enumerate(module.components)
    ]
    codes = [((*where, "code"), component.code) for where, component in placed]
    yield from repeated(folder.statistics, codes, f"指数 {index.code} 的组成项")
    head = folder.head.content
    strange = [name for name in index.areas if head is not None and name != head.tenant.name]
    if strange and any(component.indicator for _, component in placed):
        message = f"指标的数只有本市和各区、县（市）的，指数 {index.code} 不能有地区“{'”“'.join(strange)}”"
        yield error(folder.statistics, (*loc, "areas"), message)
    for where, component in placed:
        if component.indicator is not None:
            if said := unknown(component.indicator, indicators, folder.indicators, "指标"):
                yield error(folder.statistics, (*where, "indicator"), said)
            elif (found := indicators.get(component.indicator)) and component.increments:
                if found.measure_type != "cumulative":
                    message = f"{found.code} 不是累计指标，不能用 increments 取当期增量"
                    yield error(folder.statistics, (*where, "increments"), message)
        elif said := unknown(component.series, series, folder.statistics, "序列"):
            yield error(folder.statistics, (*where, "series"), said)
        elif (of := series.get(component.series or "")) and of.frequency != index.frequency:
            yield error(folder.statistics, (*where, "series"), f"{of.code} 的频率与指数的频率 {index.frequency} 不同")


def calendar(folder: Folder) -> Iterator[Problem]:
    """What is released together is there, has the release's frequency, and stands in the calendar once."""
    content, reading = _content(folder), folder.statistics
    frequencies = {series.code: series.frequency for series in content.series}
    frequencies |= {index.code: index.frequency for index in content.indices}
    placed = [
        (("releases", i, "series", k), code) for i, entry in enumerate(content.releases) for k, code in _each(entry)
    ]
    yield from repeated(reading, placed, "发布日历中的序列")
    for i, entry in enumerate(content.releases):
        yield from _measure(folder, ("releases", i, "measure"), entry.measure)
        if entry.first_period and not _PERIODS[entry.frequency].fullmatch(entry.first_period):
            message = f"首期 {entry.first_period} 与频率 {entry.frequency} 不符，应写成 {_HOW[entry.frequency]}"
            yield error(reading, ("releases", i, "first_period"), message)
        for k, code in _each(entry):
            if said := unknown(code, frequencies, reading, "序列或指数"):
                yield error(reading, ("releases", i, "series", k), said)
            elif code in frequencies and frequencies[code] != entry.frequency:
                message = f"{code} 的频率与发布事项 {entry.code} 的频率 {entry.frequency} 不同"
                yield error(reading, ("releases", i, "series", k), message)


def _measure(folder: Folder, loc: Loc, code: str | None) -> Iterator[Problem]:
    measures = [measure.code for _, _, measure in placed_measures(folder)]
    if code and (said := unknown(code, measures, folder.tasks, "举措")):
        yield error(folder.statistics, loc, said)


def published(folder: Folder) -> Iterator[Problem]:
    """A published value is of a series, area and period that statistics.yaml knows, and stands once."""
    for reading, loc, value in _published(folder):
        if folder.statistics.content is None and folder.statistics.whole:
            yield error(reading, loc, "没有 statistics.yaml，已发布的数无处可归")
            return
        if said := unknown(value.series, _series(folder), folder.statistics, "序列"):
            yield error(reading, loc, said)
        elif series := _series(folder).get(value.series):
            if said := _misfit(folder, series, value):
                yield error(reading, loc, said)
    content = folder.published.content or PublishedFile()
    keys = [(("values", i), f"{v.series} {v.area} {v.period} {v.released}") for i, v in enumerate(content.values)]
    yield from repeated(folder.published, keys, "已发布的数")


def _published(folder: Folder) -> Iterator[tuple[Reading[Any], Loc, PublishedValue]]:
    for i, value in enumerate(_content(folder).published):
        yield folder.statistics, ("published", i), value
    for i, value in enumerate(folder.published.content.values if folder.published.content else ()):
        yield folder.published, ("values", i), value


def _misfit(folder: Folder, series: Series, value: PublishedValue) -> str | None:
    districts = [u.name for u in folder.units_by_name().values() if u.kind == "district"] if series.districts else []
    if value.area not in (*series.areas, *districts):
        return f"序列 {series.code} 没有地区“{value.area}”，请核对，或补入 areas"
    if not _PERIODS[series.frequency].fullmatch(value.period):
        return f"周期 {value.period} 与序列 {series.code} 的频率不符，应写成 {_HOW[series.frequency]}"
    exponent = value.value.as_tuple().exponent if value.value is not None else 0
    if isinstance(exponent, int) and -exponent > series.decimals:
        return f"{value.value} 的小数位超过序列 {series.code} 规定的 {series.decimals} 位"
    return None
