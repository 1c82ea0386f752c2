"""Tables of targets (指标表): their rows, with the last aim of each and the years before it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from config.plan.numerals import TENS, number
from documents.plans.characters import tidied
from documents.plans.quantities import TOO_LONG
from documents.plans.source import Table

_HEADING_ROWS = 4
_NAME = re.compile(r"(?:主要|具体|核心|发展|工作)?指标(?:名称|内容)?|目标名称|指标项")

_UNIT = re.compile(r"(?:计量)?单位")
_AIM = re.compile(r".*目标.*|(?:到)?20\d\d年?(?:末|底)?(?:值|预期)?")

_BASE = re.compile(r".*(?:基期|基数|现状|实际|完成|基准).*")
_FIGURE = re.compile(
    r"\s*(?P<sign>[≥>≤<＞＜=约]|不低于|不少于|超过|达到|以内)?\s*(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<tens>万亿|万|亿)?(?P<unit>[^\d以左≥≤（(\s]{0,8})\s*(?P<tail>以上|左右|以内|以下)?\s*"
)

_SIGNS = {
    "≥": ">=",
    ">": ">",
    "＞": ">",
    "≤": "<=",
    "<": "<",
    "＜": "<",
    "约": "~",
    "不低于": ">=",
    "不少于": ">=",
    "超过": ">",
    "以上": ">=",
    "左右": "~",
    "以内": "<=",
    "以下": "<=",
    "达到": ">=",
}

_MONEY = ("元", "美元")


@dataclass(frozen=True)
class AimRow:
    """A row of a table of targets: name, unit, wording and number of the last aim; None for one in words.

    `year` is the one that the heading of the aim names, `earlier` holds the years before it with what stands there.
    `is_bare`: no word or sign says how the number compares.
    """

    line: int
    name: str
    unit: str
    text: str
    comparator: str
    target: Decimal | None
    year: int | None = None
    earlier: tuple[tuple[int, str], ...] = ()
    is_bare: bool = False


def aim_rows(table: Table) -> list[AimRow]:
    """Return the rows of a table with a column of indicators and one of aims; none for any other table."""
    for index in range(min(_HEADING_ROWS, len(table.rows))):
        headings = [re.sub(r"\s", "", tidied(cell)) for cell in table.rows[index]]
        name = next((i for i, heading in enumerate(headings) if _NAME.fullmatch(heading)), None)
        aims = [i for i, h in enumerate(headings) if _AIM.fullmatch(h) and not _BASE.fullmatch(h) and i != name]
        if name is not None and aims:
            unit = next((i for i, heading in enumerate(headings) if _UNIT.fullmatch(heading)), None)
            found = re.compile(r"20\d\d")
            years = {i: int(year[0]) for i, heading in enumerate(headings) if (year := found.search(heading))}
            columns = _AimColumns(name, unit, aims, years)
            return [row for n in range(index + 1, len(table.rows)) if (row := _aim(table, n, columns))]
    return []


@dataclass(frozen=True)
class _AimColumns:
    """Where name, unit and aims stand in a table of targets, and the years that its headings name."""

    name: int
    unit: int | None
    aims: Sequence[int]
    years: Mapping[int, int]


def _aim(table: Table, index: int, columns: _AimColumns) -> AimRow | None:
    cells = [tidied(cell).strip() for cell in table.rows[index]]
    if max(columns.name, *columns.aims) >= len(cells) or not cells[columns.name]:
        return None
    chosen = next((place for place in reversed(columns.aims) if cells[place]), columns.aims[-1])
    words, line = cells[chosen], table.line + index
    year = columns.years.get(chosen)
    earlier = tuple(
        (other, cells[place])
        for place, other in columns.years.items()
        if place < len(cells) and other < (year or 0) and re.search(r"\d", cells[place])
    )
    bracket = re.search(r"[（(]([^）)]{1,8})[）)]$", cells[columns.name])
    label = cells[columns.name][: bracket.start()] if bracket else cells[columns.name]
    measured = cells[columns.unit].strip("—-/") if columns.unit is not None and columns.unit < len(cells) else ""
    measured = measured or (bracket[1] if bracket else "")
    figure = None if TOO_LONG.search(words) else _FIGURE.fullmatch(words)
    value = number(figure["number"]) if figure else None
    if figure is None or value is None:
        return AimRow(line, label, measured, words, "", None, year, earlier) if words else None
    tens, unit = figure["tens"] or "", measured or figure["unit"]
    if tens and unit.removeprefix(tens) in _MONEY:
        unit = tens + unit.removeprefix(tens)
    elif tens and not unit.startswith(tens):
        value *= TENS[tens]
    sign = figure["sign"] or figure["tail"] or ""
    comparator = _SIGNS.get(sign) or _direction(value, earlier)
    return AimRow(line, label, unit, words, comparator, value, year, earlier, is_bare=sign not in _SIGNS)


def _direction(value: Decimal, earlier: Sequence[tuple[int, str]]) -> str:
    """Return the comparator of a bare number: not more where the numbers fall, or where it is zero; else not less."""
    before = [
        found for _, text in earlier if (figure := _FIGURE.fullmatch(text)) and (found := number(figure["number"]))
    ]
    return "<=" if value == 0 or (before and before[0] > value) else ">="
