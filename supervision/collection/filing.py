"""From the rows of a file to the figures of a form: every cell of the form has exactly one value, if only nothing."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from config.errors import BadInput
from config.plan import Form, Indicator, Plan
from config.plan import Unit as PlanUnit
from config.terms import FigureState
from supervision.collection.values import BLANK, Value, read_value

NOTE_LENGTH = 500
"""Characters of a note. What is longer belongs into evidence."""

SHOWN = 10
"""Problems that the one line of a refusal lists; all of them stand in `Unacceptable.problems`."""

NAMED = 20
"""Names that a complaint lists before it says 等: a province has more counties than a line can hold."""

CITY = "全市"


class ReportedRow(Protocol):
    """A row of a submission, whatever file or page it comes from; texts are empty when there is none.

    `cell` and `label` are how a person finds the value and the indicator; `unreadable` says why the cell of the
    value holds neither text nor number.
    """

    @property
    def indicator(self) -> str: ...
    @property
    def value_text(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def area(self) -> str: ...
    @property
    def unit_of_measure(self) -> str: ...
    @property
    def cell(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def unreadable(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell, and what to do about it."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}：{self.message}"


class Unacceptable(BadInput):
    """A submission with problems. Its text is one line; `problems` has them all, one line each."""

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        listed = "；".join(str(problem) for problem in self.problems[:SHOWN])
        more = f"；另有 {len(self.problems) - SHOWN} 处" if len(self.problems) > SHOWN else ""
        super().__init__(f"{name} 有 {len(self.problems)} 处需要改正：{listed}{more}")


def in_order(problems: Iterable[Problem], rows: Sequence[ReportedRow]) -> list[Problem]:
    """Return `problems` in the order of the file, so that a person goes through it once."""
    places = {name: place for place, row in enumerate(rows) for name in (row.label, row.cell)}
    return sorted(problems, key=lambda problem: places.get(problem.where, len(places)))


@dataclass(frozen=True, slots=True)
class FiledCell:
    """One cell of a form as filed. `indicator` and `area` are codes; `where` is empty for a cell not in the file."""

    indicator: str
    area: str
    value: Value
    note: str
    where: str


Cells = Mapping[tuple[str, str], FiledCell]
"""The cells of a submission by indicator and area."""


def areas(plan: Plan, form: Form, reporter: PlanUnit) -> tuple[PlanUnit, ...]:
    """Return what the figures are about: the districts, or the reporting unit itself.

    The city's own figures stand under the unit that files them: one value has one owner.
    """
    return plan.districts if form.areas == "districts" else (reporter,)


def read_cells(plan: Plan, form: Form, reporter: PlanUnit, rows: Iterable[ReportedRow]) -> tuple[Cells, list[Problem]]:
    """Return every cell of the form and what is wrong with the rows.

    A cell whose row is absent holds nothing, like one whose row is empty: a submission stands for the whole form.
    A line without value and note that names no indicator is a remark, and passes.
    """
    about = areas(plan, form, reporter)
    asked = _Asked(form, _indicators(plan, form), about, _areas(form, about))
    filed: dict[tuple[str, str], FiledCell] = {}
    problems: list[Problem] = []
    for row in rows:
        try:
            cell = _read_row(asked, row)
        except BadInput as error:
            problems.append(Problem(row.cell if row.indicator else row.label, str(error)))
            continue
        if cell is None:
            continue
        first = filed.setdefault((cell.indicator, cell.area), cell)
        if first is not cell:
            problems.append(Problem(cell.where, f"与 {first.where} 重复填报 {cell.indicator}，请只留一行"))
    empty = {(code, area.code): FiledCell(code, area.code, BLANK, "", "") for code in form.indicators for area in about}
    return {**empty, **filed}, problems


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a form asks for, by every name under which a row may mean it."""

    form: Form
    indicators: Mapping[str, Indicator]
    about: Sequence[PlanUnit]
    areas: Mapping[str, PlanUnit]


def _indicators(plan: Plan, form: Form) -> Mapping[str, Indicator]:
    """Return the form's indicators by code and name; of two of the same name the first is meant."""
    found: dict[str, Indicator] = {}
    for indicator in map(plan.indicator, form.indicators):
        for name in (indicator.code, indicator.name):
            found.setdefault(_same(name), indicator)
    return found


def _areas(form: Form, about: Sequence[PlanUnit]) -> Mapping[str, PlanUnit]:
    """Return what the figures are about by every name."""
    found: dict[str, PlanUnit] = {}
    for unit in about:
        for name in (unit.code, unit.name, unit.official_name, *unit.aliases, *(each.name for each in unit.successors)):
            found.setdefault(_same(name), unit)
    if form.areas == "city":
        found.setdefault(CITY, about[0])
    return found


def _read_row(asked: _Asked, row: ReportedRow) -> FiledCell | None:
    indicator = asked.indicators.get(_same(row.indicator))
    if indicator is None:
        if not (row.value_text or row.note or row.unreadable):
            return None
        named = f"“{row.indicator}”不是本表的指标" if row.indicator else "没有写明指标"
        raise BadInput(f"{named}；本表指标：{'、'.join(asked.form.indicators)}")
    area = _area(asked, row.area)
    if row.unit_of_measure and _same(row.unit_of_measure) != _same(indicator.unit_of_measure):
        raise BadInput(f"计量单位写的是“{row.unit_of_measure}”，{indicator.code} 应按“{indicator.unit_of_measure}”填报")
    if row.unreadable:
        raise BadInput(row.unreadable)
    if len(row.note) > NOTE_LENGTH:
        raise BadInput(f"本行的说明（备注）超过 {NOTE_LENGTH} 字，请压缩，详情另附佐证材料")
    value = read_value(row.value_text, indicator.unit_of_measure)
    return FiledCell(indicator.code, area.code, value, row.note, row.cell)


@lru_cache(maxsize=10_000)
def _same(text: str) -> str:
    """Return `text` as names are compared: compatibility form, without spaces and case."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _area(asked: _Asked, text: str) -> PlanUnit:
    form, about = asked.form, asked.about
    if not text:
        if form.areas == "districts":
            raise BadInput("没有写明区、县（市），本表每行填一个区、县（市）的数")
        return about[0]
    found = asked.areas.get(_same(text))
    if found is not None:
        return found
    if form.areas == "districts":
        names = "、".join(unit.name for unit in about[:NAMED]) + (" 等" if len(about) > NAMED else "")
        raise BadInput(f"“{text}”不是本市的区、县（市），应为：{names}")
    own = CITY if form.areas == "city" else about[0].name
    raise BadInput(f"“{text}”不对，本表只填{own}的数")


def digest(cells: Cells) -> str:
    """Return the SHA-256 over what was filed: the same content has the same digest in whatever file it comes."""
    content = [[c.indicator, c.area, c.value.state.value, c.value.text, c.note] for _, c in sorted(cells.items())]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_empty(cells: Cells) -> bool:
    """Return whether nothing at all was filed."""
    return all(cell.value.state is FigureState.BLANK for cell in cells.values())
