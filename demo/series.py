"""The statistics of a made-up city: which returns fall due when, and what stands in their files. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from config.plan import Plan
from config.plan.schema.statistics import Alert, PublishedValue, Release, Series, StatisticsForm
from config.terms import Cadence, SeriesKind
from demo import words
from demo.lots import Lots
from supervision.exact import plain
from supervision.indices.releases import day_named
from supervision.periods import Period, periods
from supervision.workdays import Workdays

LEVELS: Mapping[str, tuple[Decimal, Decimal]] = {
    "%": (Decimal("0.35"), Decimal("0.55")),
    "家": (Decimal(2000), Decimal(6000)),
    "亿元": (Decimal(80), Decimal(400)),
    "元": (Decimal(1500), Decimal(4000)),
    "点": (Decimal(110), Decimal(160)),
}
"""Between which numbers a series begins, by unit of measure; like all that follows, made up to look like a city."""
ANY_LEVEL = Decimal(100), Decimal(200)

GROWTH = Decimal("0.012")
"""What a series grows from period to period; one that is watched moves as far to the good."""
WOBBLE = Decimal("0.004")
JOLT = Decimal("0.04")
"""How far the one series that raises an alert moves to the bad."""
JOLTED = 1
"""Number, from 0, of the period in which it does: the second that anybody files."""

COLUMNS = ("序列", "地区", "周期", "数值", "发布日期", "来源", "备注")
_NOTE = words.MADE_UP.strip("（）")
_ONE = Decimal(1)


@dataclass(frozen=True)
class Return:
    """One statistical return: the form, and the period that it is about."""

    form: StatisticsForm
    period: Period

    @property
    def names(self) -> tuple[str, str]:
        """What lots about the return are drawn by."""
        return self.form.code, str(self.period)


def owed(plan: Plan, form: StatisticsForm, calendar: Workdays) -> Sequence[Period]:
    """Return the periods of the plan for which the return falls due after the plan was issued."""
    found = periods(Cadence(form.frequency), start=plan.start, end=plan.end)
    return [each for each in found if day_named(form.due, each, calendar=calendar).day >= plan.issued]


def watched(plan: Plan) -> Alert | None:
    """Return the alert that a made-up figure raises once: the first that compares with the period before."""
    return next((each for each in plan.statistics.alerts if each.compare == "previous"), None)


def value_of(plan: Plan, series: Series, area: str, number: int, lots: Lots) -> Decimal:
    """Return the figure of the period with that number, from 0, in whole steps of the series.

    What is watched gets better from period to period, and once, in JOLTED, so much worse that it raises the alert.
    """
    low, high = LEVELS.get(series.unit_of_measure, ANY_LEVEL)
    begins = low + (high - low) * lots.share("series", series.code, area)
    alert = watched(plan)
    wobble = WOBBLE * lots.share("series", series.code, area, number)
    if alert is None or alert.series != series.code:
        moved = begins * (_ONE + GROWTH * number + wobble)
    else:
        bad = 1 if alert.direction == "rise" else -1
        moved = begins * (_ONE - bad * GROWTH * number)
        if number == JOLTED:
            threshold = alert.threshold if series.unit_of_measure == "%" else begins * alert.threshold / 100
            moved = begins * (_ONE + bad * JOLT) + bad * threshold
    return moved.quantize(Decimal(1).scaleb(-series.decimals), rounding=ROUND_HALF_EVEN)


def return_file(plan: Plan, what: Return, number: int, lots: Lots) -> bytes:
    """Return the .csv that the unit files: each series of the form for each area of its own, else each district."""
    lines = []
    for code in what.form.series:
        series = plan.statistics.series_of(code)
        for area in series.areas or [unit.name for unit in plan.districts]:
            value = plain(value_of(plan, series, area, number, lots))
            lines.append((code, area, str(what.period), value, "", f"{what.form.title}{words.MADE_UP}", _NOTE))
    return _file(lines)


def file_name(title: str, period: Period) -> str:
    """Return what a file is called."""
    return f"{title}{period}{words.MADE_UP}.csv"


def is_official(plan: Plan, release: Release) -> bool:
    """Return whether everything that is released together is only taken in, as somebody else published it."""
    kinds = {series.code: series.kind for series in plan.statistics.series}
    return all(kinds.get(code) == SeriesKind.OFFICIAL.value for code in release.series)


def official_file(plan: Plan, codes: Collection[str], period: Period, lots: Lots) -> bytes:
    """Return the .csv with a value of each official series of `codes` for the period.

    What the plan knows as really published stands as it is, with its source; only the rest is made up, and says so.
    """
    lines: list[tuple[str, ...]] = []
    for code in codes:
        known = list(_published(plan, code, period))
        for each in known:
            lines.append(
                (code, each.area, str(period), plain(each.value or Decimal(0)), "", each.source, each.note or "")
            )
        if not known:
            series = plan.statistics.series_of(code)
            value = plain(value_of(plan, series, series.areas[0], 0, lots))
            lines.append((code, series.areas[0], str(period), value, "", f"年度公报{words.MADE_UP}", _NOTE))
    return _file(lines)


def _published(plan: Plan, code: str, period: Period) -> Iterator[PublishedValue]:
    for each in plan.statistics.published:
        if (each.series, each.period) == (code, str(period)) and each.value is not None:
            yield each


def _file(lines: Sequence[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(lines)
    return text.getvalue().encode()
