"""statistics.yaml: series, their forms and releases, composite indices and alerts; surveys stand beside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Annotated, Literal, Protocol, Self, TypeVar

from pydantic import Field, model_validator

from config.errors import UnknownName
from config.plan.due import DueKind, parse
from config.plan.schema.base import Code, DueText, Entry, Figure, Frequency, Source, Text
from config.plan.schema.surveys import Survey

AnEntry = TypeVar("AnEntry", bound=Entry)

PeriodText = Annotated[str, Field(pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2])|Q[1-4]|H[12])?$")]
"""A month 2022-07, quarter 2022Q3, half-year 2022H1 or year 2022; in YAML a year needs quotes."""

Weight = Annotated[Figure, Field(gt=0, max_digits=8, decimal_places=2)]

Decimals = Annotated[int, Field(ge=0, le=6)]

RECURRING: frozenset[DueKind] = frozenset({"day", "workday"})
"""What a date that comes back every period can be written as."""


class Series(Entry):
    """One statistical series (统计序列).

    `kind`: official ones are published by somebody else and only taken in; statistics are filed to the office by
    `owner`. `areas` are what it is known for, in the publisher's words; `districts` adds every district of the plan.
    A module of an index is `part_of` it. `decimals` is how many places a value may have.
    """

    code: Code
    name: Text
    kind: Literal["official", "statistic"]
    unit_of_measure: Text
    decimals: Decimals
    frequency: Frequency
    areas: tuple[Text, ...] = ()
    districts: bool = False
    part_of: Code | None = None
    owner: Text | None = None
    note: Text | None = None
    source: Source

    @model_validator(mode="after")
    def _has_areas_and_an_owner(self) -> Self:
        if not self.areas and not self.districts:
            raise ValueError("序列须写明地区 areas，或 districts: true")
        if (self.kind == "statistic") != (self.owner is not None):
            raise ValueError("统计序列（statistic）须写明报送单位 owner，官方序列（official）不写")
        return self


class StatisticsForm(Entry):
    """A statistical return (统计报表): series that one unit files together, by `due` after each period."""

    code: Code
    title: Text
    series: Annotated[tuple[Code, ...], Field(min_length=1)]
    reporter: Text
    frequency: Frequency
    due: DueText
    measure: Code | None = None
    source: Source

    @model_validator(mode="after")
    def _due_comes_back(self) -> Self:
        return _recurring(self, self.due)


class IndexComponent(Entry):
    """One thing that a composite index is made of: a series, or an indicator's confirmed figure.

    `increments`: of a plan-to-date figure, what the period alone adds. `inverse`: less is better.
    """

    code: Code
    name: Text
    weight: Weight
    series: Code | None = None
    indicator: Code | None = None
    increments: bool = False
    inverse: bool = False

    @model_validator(mode="after")
    def _comes_from_one_place(self) -> Self:
        if (self.series is None) == (self.indicator is None):
            raise ValueError("指数的组成项须写 series 或 indicator 之一")
        return self


class IndexModule(Entry):
    """A module of a composite index; the weights inside it share out the module's own."""

    code: Code
    name: Text
    weight: Weight
    components: Annotated[tuple[IndexComponent, ...], Field(min_length=1)]


class Index(Entry):
    """A composite index of the office's own (内部测算): the base period is 100.

    `missing`: `refuse` gives no index while anything is missing; `share` hands the weight of what is missing to the
    others of its module, and of an empty module to the other modules, as long as `min_coverage` of the weight is there.
    """

    code: Code
    title: Text
    frequency: Frequency
    base_period: PeriodText
    areas: tuple[Text, ...] = ()
    districts: bool = False
    method: Literal["arithmetic", "geometric"]
    missing: Literal["refuse", "share"]
    min_coverage: Annotated[Figure, Field(gt=0, le=1)]
    decimals: Annotated[int, Field(ge=1, le=6)]
    modules: Annotated[tuple[IndexModule, ...], Field(min_length=1)]
    source: Source

    @property
    def components(self) -> Iterator[IndexComponent]:
        """Yield the components of all modules, in order."""
        return (component for module in self.modules for component in module.components)

    @model_validator(mode="after")
    def _has_areas(self) -> Self:
        if not self.areas and not self.districts:
            raise ValueError("指数须写明地区 areas，或 districts: true")
        return self


class Release(Entry):
    """An entry of the release calendar: series and indices that are published together after each period.

    `provisional` (none: there is only a final release) and `final` are rules like `day 20 month +1`. `first_period`
    is the first that is released; without it, the first whose release fell due after the plan was issued.
    """

    code: Code
    title: Text
    series: Annotated[tuple[Code, ...], Field(min_length=1)]
    frequency: Frequency
    provisional: DueText | None = None
    final: DueText
    first_period: PeriodText | None = None
    measure: Code | None = None
    source: Source

    @model_validator(mode="after")
    def _dates_come_back_in_order(self) -> Self:
        if self.provisional is not None:
            _recurring(self, self.provisional)
            before, after = parse(self.provisional), parse(self.final)
            if (before.months, before.day) >= (after.months, after.day):
                raise ValueError("初步数的发布日期必须早于最终数（provisional < final）")
        return _recurring(self, self.final)


class Alert(Entry):
    """An alert when a series goes up (`rise`) or down (`fall`) by more than `threshold` percent.

    `compare`: with the period before (环比) or the same one a year ago (同比). For a series in % the threshold is in
    percentage points.
    """

    code: Code
    title: Text
    series: Code
    direction: Literal["rise", "fall"]
    compare: Literal["previous", "year_ago"]
    threshold: Annotated[Figure, Field(ge=0)]
    source: Source


class PublishedValue(Entry):
    """One line of published-values.csv: a fact that somebody published, with where it was read.

    `value` or `growth` (同比 in %, as published) may be absent, not both. `mark` derived: worked out from what was
    published, printed as 推算 wherever it shows. `released` is absent where the day of publication is not known.
    """

    series: Code
    area: Text
    period: PeriodText
    value: Figure | None = None
    growth: Figure | None = None
    mark: Literal["published", "derived"] = "published"
    released: dt.date | None = None
    source: Source
    note: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.value is None and self.growth is None:
            raise ValueError("value 和 growth 至少要有一个数")
        return self


class StatisticsFile(Entry):
    """statistics.yaml; `published` stands in published-values.csv beside it."""

    series: tuple[Series, ...] = ()
    forms: tuple[StatisticsForm, ...] = ()
    indices: tuple[Index, ...] = ()
    surveys: tuple[Survey, ...] = ()
    releases: tuple[Release, ...] = ()
    alerts: tuple[Alert, ...] = ()
    published: tuple[PublishedValue, ...] = ()

    def series_of(self, code: str) -> Series:
        """Return the series of that code. Raises UnknownName, like the look-ups below."""
        return _found(self.series, code, "统计序列", "duban series list")

    def index_of(self, code: str) -> Index:
        """Return the composite index of that code."""
        return _found(self.indices, code, "指数", "duban index list")

    def survey_of(self, code: str) -> Survey:
        """Return the survey of that code."""
        return _found(self.surveys, code, "抽样调查", "duban survey list")

    def release_of(self, code: str) -> Release:
        """Return the entry of the release calendar of that code."""
        return _found(self.releases, code, "发布事项", "duban release list")


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


ACoded = TypeVar("ACoded", bound=_Coded)


def _found(entries: Sequence[ACoded], code: str, what: str, listed_by: str) -> ACoded:
    for entry in entries:
        if entry.code == code:
            return entry
    near = get_close_matches(code, [entry.code for entry in entries], n=1)
    hint = f"，是不是 {near[0]}" if near else f"；可用 {listed_by} 查看"
    raise UnknownName(f"计划里没有{what}“{code}”{hint}")


def _recurring(entry: AnEntry, due: str) -> AnEntry:
    if parse(due).kind not in RECURRING:
        raise ValueError("统计报表和发布的日期只能写成 day 20 month +1 或 workday 5 month +1 的形式")
    return entry
