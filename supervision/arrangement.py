"""One year's arrangement of holidays and make-up days, read from a file in the shape of holiday-cn."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from config.errors import BadInput

_SATURDAY = 5
_DECEMBER = 12
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class ArrangedDay:
    """A day that the arrangement names: a day off, or a weekend day that is worked (调休上班日)."""

    day: date
    is_off: bool
    name: str


@dataclass(frozen=True, slots=True)
class YearArrangement:
    """The arrangement of one year, in order of days. Days it does not name follow the week.

    It may name days of the December before: the new year's holiday belongs to the new year's notice
    (2018-12-29 to 31 stand in the notice for 2019).
    """

    year: int
    days: tuple[ArrangedDay, ...]


def read_arrangement(data: object, name: str) -> YearArrangement:
    """Return the arrangement in `data`: JSON text, or what was parsed from it, in the shape of holiday-cn.

    `name` is what a complaint calls the file. Raises BadInput, naming the entry, for a shape that is not
    {"year", "days": [{"name", "date", "isOffDay"}]}, a day that is outside the year (the December before
    is inside), named twice, or a make-up day that would be worked anyway.
    """
    content = _parsed(data, name)
    year, entries = content.get("year"), content.get("days")
    if not isinstance(year, int) or isinstance(year, bool) or not date.min.year <= year <= date.max.year:
        raise BadInput(f"{name}：year 应为四位年份，现为 {year!r}")
    if not isinstance(entries, list) or not entries:
        raise BadInput(f"{name}：days 应为放假和调休日期的列表，不能为空")
    days: dict[date, ArrangedDay] = {}
    for number, entry in enumerate(entries, start=1):
        arranged = _arranged_day(entry, year, f"{name}：days 第 {number} 项")
        if arranged.day in days:
            raise BadInput(f"{name}：{arranged.day} 重复列出（days 第 {number} 项），请删去一处")
        days[arranged.day] = arranged
    return YearArrangement(year, tuple(days[day] for day in sorted(days)))


def _parsed(data: object, name: str) -> Mapping[object, object]:
    if isinstance(data, str | bytes):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise BadInput(f"{name}：不是有效的 JSON 文件（{error}）") from error
    if not isinstance(data, Mapping):
        raise BadInput(f"{name}：应为含 year 和 days 的 JSON 对象（holiday-cn 格式）")
    return data


def _arranged_day(entry: object, year: int, place: str) -> ArrangedDay:
    if not isinstance(entry, Mapping):
        raise BadInput(f"{place}：应含 name、date、isOffDay")
    name, written, is_off = entry.get("name"), entry.get("date"), entry.get("isOffDay")
    if not isinstance(name, str) or not name.strip():
        raise BadInput(f"{place}：缺少节日名称 name")
    if not isinstance(is_off, bool):
        raise BadInput(f"{place}：isOffDay 应为 true（放假）或 false（上班），现为 {is_off!r}")
    try:
        day = date.fromisoformat(written if isinstance(written, str) else "")
    except ValueError as error:
        raise BadInput(f"{place}：date 应为 {year}-01-01 这样的日期，现为 {written!r}") from error
    if day.year != year and (day.year, day.month) != (year - 1, _DECEMBER):
        raise BadInput(f"{place}：{day} 不在 {year} 年内，请核对文件的年份")
    if not is_off and day.weekday() < _SATURDAY:
        raise BadInput(f"{place}：{day} 是星期{_WEEKDAYS[day.weekday()]}，本来就上班，不能列为调休上班日")
    return ArrangedDay(day, is_off, name.strip())
