"""Deadlines and cadences as plans word them, in the grammar of due rules (config/plan/due.py)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from documents.plans.deadline import Deadline, Years
from documents.plans.recurring import OFTEN, met_often

_NUMBER = "零一二三四五六七八九十"
_YEAR = r"(?P<year>(?:19|20)\d\d)年(?:度)?"
_SOON = r"(?P<soon>今年|本年度?|当年|明年)"
_BEFORE = r"(?:之前|以前|前)"
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR_ENDS = ("年底", "年末", "年内")
_TENTHS = {"上旬": 10, "中旬": 20}
_ONCE = re.compile(
    rf"(?<!\d)(?=[到至截今本当明年\d第一二三四上下])(?:(?P<by>到|至|截至)?(?:{_YEAR}|{_SOON})的?)?(?:"
    rf"(?P<month>1[0-2]|0?[1-9])月(?P<day>3[01]|[12]\d|0?[1-9])[日号](?P<daytail>{_BEFORE})?"
    rf"|(?P<tenmonth>1[0-2]|0?[1-9])月份?(?P<tenth>上旬|中旬|下旬|底|末)?(?P<monthtail>{_BEFORE}|内)?"
    rf"|第?(?P<quarter>[一二三四1-4])季度(?:末|底|内)?(?P<quartertail>{_BEFORE})?"
    rf"|(?P<half>[上下])半年(?:末|底)?(?P<halftail>{_BEFORE})?"
    rf"|(?P<yearend>年?[底末]|年?内)?(?P<yeartail>{_BEFORE})?)"
)
_SPAN = re.compile(
    r"(?:19|20)\d\d年?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:—|-|~|至|到)+(?P<last>(?:19|20)\d\d)年?(?:(?P<lastmonth>\d{1,2})月)?"
)

_FIVE_YEARS = re.compile(r"(?:到|至)?“?(?P<which>十[三四五六]五)”?(?:规划)?(?:期|时期)?(?:末|底|期间)(?:之前|以前|前)?")
_PLANNED = {"十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035}
"""The last years of the national five-year plans."""

_ALWAYS = re.compile(
    r"长期坚持|长期推进|长期|持续推进|持续实施|持续开展|持续|常态化推进|常态化开展|常态化|常年|(?:(?P<year>(?:19|20)\d\d)年)?全年(?:推进|开展)?|贯穿全程|每日|每周"
)

_ACTS = re.compile(r"完成|出台|建成|制定|印发|实现|投用|投入|上线|开工|启动|竣工")
_MASKED = re.compile(r"《[^》]{0,80}》|“[^”]{0,40}”|〔\d{4}〕\d+号")


def deadlines(text: str, *, years: Years, is_label: bool = False) -> list[Deadline]:
    """Return the deadlines that `text` names, in order.

    `is_label`: the text is what stands behind 完成时限：, so that a bare 2024年6月 or 长期 is a deadline as well;
    elsewhere a date must say 前, 底, 末, 内 or 到.
    """
    found = _five_years(text)
    masked = _MASKED.sub(lambda found: "＊" * len(found[0]), text)
    found += [*_spans(masked), *_always(masked, years)] if is_label else []
    masked = _starred(masked, [(deadline.start, deadline.start + len(deadline.text)) for deadline in found])
    recurring = list(OFTEN.finditer(masked))
    found += [met_often(often) for often in recurring]
    masked = _starred(masked, [often.span() for often in recurring])
    year: int | None = None
    for once in _ONCE.finditer(masked):
        year = int(once["year"]) if once["year"] else year
        if (met := _once(once, years, year, is_label)) and not _is_past(masked, once):
            found.append(met)
    return sorted(found, key=lambda deadline: deadline.start)


def _starred(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return `text` with stars over the `spans`, which may overlap. Keeps the length."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        start, end = max(at, start), max(at, end)
        pieces += [text[at:start], "＊" * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])


def main_one(found: list[Deadline]) -> Deadline | None:
    """Return the deadline that completes a task out of those that it names: the last day, else the first cadence."""
    once = [deadline for deadline in found if deadline.on]
    if once:
        return max(once, key=lambda deadline: deadline.on or date.min)
    return found[0] if found else None


def _five_years(text: str) -> list[Deadline]:
    """Return the ends of five-year plans: 到“十四五”期末."""
    return [
        _on(date(_PLANNED[found["which"]], 12, 31), found[0], found.start()) for found in _FIVE_YEARS.finditer(text)
    ]


def _always(masked: str, years: Years) -> list[Deadline]:
    """Return what only a label makes a deadline: what goes on for good (长期坚持), and 2024年全年, its last day."""
    found = []
    for words in _ALWAYS.finditer(masked):
        year = int(words["year"] or years.only or 0) if words[0].endswith("全年") else 0
        whole = _on(date(year, 12, 31), words[0], words.start()) if year else None
        found.append(whole or Deadline("continuous", "period_end", words[0], words.start()))
    return found


def _spans(masked: str) -> list[Deadline]:
    """Return the ends of spans of years, which only a label makes a deadline (2021—2023年)."""
    found = []
    for span in _SPAN.finditer(masked):
        month = int(span["lastmonth"] or 12)
        if 1 <= month <= 12:
            found.append(_on(_month_end(int(span["last"]), month), span[0], span.start()))
    return found


def _is_past(text: str, found: re.Match[str]) -> bool:
    """Return whether the date tells of something that was, or begins: 自2021年起, 截至2020年底已…, 比2020年底."""
    if found[0].endswith("前"):
        return False
    before, after = text[max(0, found.start() - 3) : found.start()], text[found.end() : found.end() + 12]
    if re.search(r"(?:自|从|比|较|于|在|由|同|以|截至|截止)$", before):
        return True
    return (found["by"] or "") == "截至" or bool(
        re.match(r"(?:印发|发布|以来|起(?!草)|开始|的?基础|已|，已|水平|相比|基数)", after)
    )


def _once(found: re.Match[str], years: Years, year: int | None, is_label: bool) -> Deadline | None:
    day, doubt = _day_of(found, years, year, is_label)
    return None if day is None else replace(_on(day, found[0], found.start()), doubt=doubt)


def _on(day: date, text: str, start: int) -> Deadline:
    return Deadline("once", f"on {day.isoformat()}", text, start, on=day)


def _day_of(found: re.Match[str], years: Years, year: int | None, is_label: bool) -> tuple[date | None, str]:
    month = found["month"] or found["tenmonth"]
    if found["quarter"]:
        month = str(_QUARTERS[found["quarter"]] * 3)
    if found["half"]:
        month = "6" if found["half"] == "上" else "12"
    strong = any(
        found[key] for key in ("daytail", "tenth", "monthtail", "quartertail", "halftail", "by", "yearend", "yeartail")
    )
    strong = (
        strong
        or bool(found["soon"])
        or bool(_ACTS.match(found.string, found.end()))
        or (bool(found["quarter"]) and found[0][-1] in "末底内")
    )
    if not (strong or is_label) or not (found["year"] or found["soon"] or month or found["yearend"] in _YEAR_ENDS):
        return None, ""
    if found["month"] is None and month is None and found["year"]:
        return _year_end(found)
    which, doubt = _which_year(found, years, year, int(month) if month else 12)
    if which is None:
        return None, ""
    day = int(found["day"]) if found["month"] else _TENTHS.get(found["tenth"] or "", 0)
    try:
        if month is None:
            return date(which, 12, 31), doubt
        if found["quartertail"] and not re.search("[末底内]", found[0]):
            eve = _eve(which, int(month) - 2)
            earliest = max((day for day in (years.start, years.issued) if day), default=eve)
            if eve < earliest:
                return _month_end(which, int(month)), f"“{found[0]}”按该季度末之前理解，请核对"
            return eve, f"“{found[0]}”按该季度开始之前理解，如指该季度末前请改正"
        if found["monthtail"] and not found["tenth"] and found["monthtail"] != "内":
            return _eve(which, int(month)), f"“{found[0]}”按{int(month)}月之前（不含当月）理解，请核对"
        return (date(which, int(month), day) if day else _month_end(which, int(month))), doubt
    except ValueError:
        return None, ""


def _year_end(found: re.Match[str]) -> tuple[date, str]:
    year = int(found["year"])
    if found["yeartail"] and not found["yearend"]:
        return date(year - 1, 12, 31), f"“{found[0]}”按{year - 1}年底前理解，如指{year}年底前请改正"
    return date(year, 12, 31), ""


def _which_year(found: re.Match[str], years: Years, year: int | None, month: int) -> tuple[int | None, str]:
    """Return the year that is meant, and what to confirm when it had to be concluded."""
    if found["year"]:
        return int(found["year"]), ""
    base = years.only or (years.issued.year if years.issued else None)
    if found["soon"] or not month:
        following = found["soon"] == "明年"
        if base is None:
            base = years.start.year if years.start else None
        return (
            base + following if base else None
        ), "" if years.only or years.issued else f"“{found[0]}”没有写年份，请核对"
    if years.only:
        return years.only, ""
    if year:
        return year, f"“{found[0]}”没有写年份，按前文的{year}年计，请核对"
    if years.issued:
        which = years.issued.year + (month < years.issued.month)
        return which, f"“{found[0]}”没有写年份，按印发之后最近的{which}年计，请核对"
    if years.start:
        return years.start.year, f"“{found[0]}”没有写年份，按计划起始的{years.start.year}年计，请核对"
    return None, ""


def _eve(year: int, month: int) -> date:
    return _month_end(year - 1, 12) if month == 1 else _month_end(year, month - 1)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
