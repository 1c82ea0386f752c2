"""What a file of statistical values says: each line a value of a series, checked against the series' definition."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from config.errors import BadInput
from config.plan import Plan
from config.plan.schema.statistics import Series
from config.terms import Cadence, FigureState, ReleaseStatus, ValueMark
from supervision.collection.values import read_value
from supervision.indices.lines import DataFile, Line, refuse
from supervision.periods import parse_period, periods

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "series": ("series", "序列", "序列编号", "index", "指数"),
    "module": ("module", "模块"),
    "area": ("area", "地区", "区县"),
    "period": ("period", "周期", "时期", "year", "年份"),
    "value": ("value", "数值", "指数值"),
    "growth": ("growth", "同比", "同比增速", "yoy_pct"),
    "mark": ("mark", "性质"),
    "status": ("status", "发布状态"),
    "released": ("released", "发布日期"),
    "source": ("source", "来源", "出处"),
    "note": ("note", "备注", "说明"),
}
"""The columns of a file of values, with the headings that are understood."""

REQUIRED = frozenset({"period"})

TOTAL = "总"
"""How a file calls an index itself in the column of its modules."""

DITTO = "同上"

_DERIVED = "推算"
"""A note that begins with it says that the value was worked out from what was published."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class NewValue:
    """One value to be recorded. `status` and `released` are None where the file and the options do not say."""

    series: str
    area: str
    period: str
    value: Decimal | None
    growth: Decimal | None
    mark: ValueMark
    status: ReleaseStatus | None
    released: date | None
    source: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a line that does not say it itself is taken to say."""

    series: str = ""
    area: str = ""
    source: str = ""
    released: date | None = None
    status: ReleaseStatus | None = None


def read_values(file: DataFile, plan: Plan, defaults: Defaults) -> tuple[NewValue, ...]:
    """Return every value of the file.

    Raises BadInput that names file, line and column of what is wrong; then no line of the file counts. Taken: the
    series by code or name (an index beside its module), full-width digits, thousands separators, 万 and 亿, 同上 for
    the source of the line above, and a note that begins with 推算 as the mark of a derived value.
    """
    found: dict[tuple[str, str, str, date | None], tuple[int, NewValue]] = {}
    complaints: list[str] = []
    above = defaults.source
    for line in file.lines:
        reader = _Reader(file, plan, defaults, line, complaints)
        value = reader.value(above)
        above = reader.source(above)
        if value is None:
            continue
        key = (value.series, value.area, value.period, value.released)
        if key in found:
            complaints.append(f"第 {line.number} 行与第 {found[key][0]} 行是同一序列、地区、周期的数，请只留一行")
        found[key] = (line.number, value)
    refuse(file.name, complaints)
    return tuple(value for _, value in found.values())


@dataclass(frozen=True)
class _Reader:
    """One line on its way to a value; what is wrong with it goes to `complaints`."""

    file: DataFile
    plan: Plan
    defaults: Defaults
    line: Line
    complaints: list[str]

    def value(self, above: str) -> NewValue | None:
        """Return the value of the line; None when anything of it was complained about."""
        before = len(self.complaints)
        series = self._try("series", self._series)
        period = self._try("period", lambda: self._period(series))
        area = self._try("area", lambda: self._area(series))
        value = self._try("value", lambda: self._number("value", series))
        growth = self._try("growth", lambda: self._number("growth", series))
        mark = self._try("mark", lambda: self._mark(series))
        status = self._try("status", self._status)
        released = self._try("released", self._released)
        source = self.source(above)
        if not source:
            self._say("source", "没有来源；请补上，或用 --source 写明整个文件的来源")
        if value is None and growth is None and len(self.complaints) == before:
            self._say("value", "是空的；没有数的行请删去")
        if len(self.complaints) > before or series is None:
            return None
        return NewValue(
            series.code, area or "", period or "", value, growth, mark or ValueMark.PUBLISHED, status, released,
            source, self.line["note"] or None,
        )  # fmt: skip

    def source(self, above: str) -> str:
        """Return the source of the line; 同上 is the one of the line above."""
        own = self.line["source"]
        return above if own == DITTO else own or self.defaults.source

    def _try(self, column: str, read: Callable[[], Found | None]) -> Found | None:
        try:
            return read()
        except BadInput as error:
            self._say(column, str(error))
        return None

    def _say(self, column: str, complaint: str) -> None:
        self.complaints.append(f"{self.file.place(self.line, column)}：{complaint}")

    def _series(self) -> Series:
        statistics = self.plan.statistics
        said, module = self.line["series"] or self.defaults.series, self.line["module"]
        if not said:
            raise BadInput("没有写序列；请补上，或用 --series 写明")
        names = {said, f"{said}·{module}"} if module in ("", TOTAL) else {f"{said}·{module}"}
        named = [series for series in statistics.series if series.name in names]
        if any(index.code == said for index in statistics.indices):
            raise BadInput(f"{said} 是内部测算的指数，只由 duban index compute 记入")
        return named[0] if named else statistics.series_of(said)

    def _period(self, series: Series | None) -> str | None:
        period = parse_period(self.line["period"])
        if series is None:
            return None
        (expected,) = periods(Cadence(series.frequency), start=period.first, end=period.first)
        if period != expected:
            raise BadInput(f"“{period}”与序列 {series.code} 的频率不符，应写成 {expected} 的形式")
        return str(period)

    def _area(self, series: Series | None) -> str | None:
        if series is None:
            return None
        districts = self.plan.districts if series.districts else ()
        said = self.line["area"] or self.defaults.area
        if not said and len(series.areas) == 1 and not districts:
            return series.areas[0]
        if not said:
            raise BadInput(
                f"没有写地区；序列 {series.code} 有：{'、'.join(series.areas)}{' 和各区县' * bool(districts)}"
            )
        for name in series.areas:
            if _alike(said) == _alike(name):
                return name
        for unit in districts:
            if _alike(said) in map(_alike, (unit.code, unit.name, unit.official_name, *unit.aliases)):
                return unit.name
        raise BadInput(
            f"序列 {series.code} 没有地区“{said}”，有：{'、'.join(series.areas)}{' 和各区县' * bool(districts)}"
        )

    def _number(self, column: str, series: Series | None) -> Decimal | None:
        unit = "%" if column == "growth" or series is None else series.unit_of_measure
        found = read_value(self.line[column], unit)
        if found.state is FigureState.NOT_APPLICABLE:
            raise BadInput("统计序列没有“不适用”；没有数的行请删去")
        if column == "value" and found.number is not None and series is not None:
            exponent = found.number.as_tuple().exponent
            if isinstance(exponent, int) and -exponent > series.decimals:
                raise BadInput(f"“{self.line[column]}”的小数位超过序列规定的 {series.decimals} 位")
        return found.number

    def _mark(self, series: Series | None) -> ValueMark | None:
        said = self.line["mark"]
        if series is not None and series.kind == "statistic":
            if said not in ("", ValueMark.FILED, ValueMark.FILED.label):
                raise BadInput(f"{series.code} 是报送的统计数，不写“{said}”")
            return ValueMark.FILED
        for mark in (ValueMark.PUBLISHED, ValueMark.DERIVED):
            if said in (mark.value, mark.label):
                return mark
        if said:
            raise BadInput(f"“{said}”只能是 发布数 或 推算")
        return ValueMark.DERIVED if self.line["note"].startswith(_DERIVED) else ValueMark.PUBLISHED

    def _status(self) -> ReleaseStatus | None:
        said = self.line["status"]
        if not said:
            return self.defaults.status
        for status in ReleaseStatus:
            if said in (status.value, status.label, f"{status.label}数"):
                return status
        raise BadInput(f"“{said}”只能是 {'、'.join(status.label for status in ReleaseStatus)}")

    def _released(self) -> date | None:
        said = self.line["released"]
        if not said:
            return self.defaults.released
        try:
            if _DATE.fullmatch(said):
                return date.fromisoformat(said)
        except ValueError:
            pass
        raise BadInput(f"“{said}”不是日期，应写成 2022-07-01")


def _alike(name: str) -> str:
    """Return `name` as it compares: full-width brackets are brackets."""
    return unicodedata.normalize("NFKC", name).casefold()
